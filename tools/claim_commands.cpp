#include <CLI/CLI.hpp>
#include <map>

#include "base/text_encoding.h"
#include "node/machine.h"
#include "rpc/actions.h"
#include "tools/commands.h"
#include "tools/contract_lookup.h"
#include "tools/documents.h"

/// `probatum claim` and `probatum voucher`: one table of actions and their options.
namespace probatum::tools {

namespace {

using rpc::Json;

enum class Kind : std::uint8_t { text, number, flag, amounts, file, answer };

struct Field {
    std::string_view option;
    std::string_view member;
    Kind kind;
    bool required;
    std::string_view english;
    std::string_view chinese;
};

constexpr Field kPart{
    "--part", "part", Kind::number, false, "Number of the part; 1 if not given", "份额序号；缺省为 1"};
constexpr Field kPiece{"--piece",           "piece", Kind::number, false, "Number of the piece; 1 if not given",
                       "凭证序号；缺省为 1"};
constexpr Field kAssignment{"--assignment", "assignment", Kind::number, true, "Number of the assignment", "转让序号"};
constexpr Field kAmount{"--amount",        "amount", Kind::text, true, "Amount in the contract's currency",
                        "金额（合同币种）"};
constexpr Field kRecourse{"--recourse", "recourse", Kind::flag, false, "With recourse", "有追索权"};
constexpr Field kObject{"--object", "answer", Kind::answer, false, "Object or decline instead", "提出异议或拒绝"};
constexpr Field kAgreement{
    "--document", "document", Kind::file, true, "The paper that says so; digested here", "相关文件，本机计算摘要"};
constexpr Field kPaper{
    "--document", "document", Kind::file, false, "The paper that says so; digested here", "相关文件，本机计算摘要"};
constexpr Field kBank{"--bank", "bank", Kind::text, true, "The bank that moved the money", "办理银行"};
constexpr Field kReference{"--bank-ref",
                           "bank_reference",
                           Kind::text,
                           true,
                           "The bank's reference; used once per bank",
                           "银行流水号；每家银行只能使用一次"};
constexpr Field kValueDate{
    "--value-date", "value_date", Kind::text, false, "YYYY-MM-DD; today if not given", "起息日 YYYY-MM-DD；缺省为当日"};
constexpr Field kRegistry{"--registry", "registration.registry", Kind::text, true, "The public register", "登记机构"};
constexpr Field kEntry{"--registration", "registration.number", Kind::text, true, "Number of the entry", "登记编号"};
constexpr Field kEntered{"--registered-at", "registration.at",   Kind::text, true,
                         "When: RFC 3339",  "登记时间，RFC 3339"};

struct Shape {
    std::string_view group;
    std::string_view name;
    std::string_view action;
    std::string_view english;
    std::string_view chinese;
    std::vector<Field> fields;
    bool money;  ///< Has a currency, which is the contract's.
};

std::vector<Shape> claim_shapes() {
    return {
        {"claim",
         "confirm",
         "claim.confirm",
         "Confirm a receivable, or object to it",
         "确认应收账款，或提出异议",
         {kObject,
          {"--amount", "amount", Kind::text, false, "The amount confirmed or disputed", "确认或争议金额"},
          {"--confirms-amount", "confirms_amount", Kind::flag, false, "The amount is confirmed", "确认金额"},
          {"--no-defences", "no_defences", Kind::flag, false, "There are no defences", "无抗辩"},
          kPaper},
         true},
        {"claim",
         "assign",
         "claim.assign",
         "Assign a part of a receivable, or all of it",
         "转让应收账款",
         {kPart,
          {"--to", "assignee", Kind::text, true, "The assignee", "受让人"},
          kAmount,
          kRecourse,
          kAgreement,
          {"--beside", "competes_with", Kind::number, false, "An earlier assignment of the same part", "竞存转让序号"},
          {"--registry", "registration.registry", Kind::text, false, "The public register", "登记机构"},
          {"--registration", "registration.number", Kind::text, false, "Number of the entry", "登记编号"},
          {"--registered-at", "registration.at", Kind::text, false, "When: RFC 3339", "登记时间，RFC 3339"}},
         true},
        {"claim",
         "accept",
         "claim.accept",
         "Accept an assignment that is offered",
         "接受转让",
         {kAssignment, kObject},
         false},
        {"claim", "withdraw", "claim.withdraw", "Withdraw an offered assignment", "撤回转让", {kAssignment}, false},
        {"claim",
         "notify",
         "claim.notify",
         "Notify the debtor of an assignment",
         "通知债务人",
         {kAssignment, kPaper},
         false},
        {"claim",
         "respond",
         "claim.respond",
         "Answer a notice, as the debtor",
         "债务人答复通知",
         {kAssignment, kObject},
         false},
        {"claim",
         "register",
         "claim.register",
         "Record an assignment's entry in a public register",
         "登载转让登记",
         {kAssignment, kRegistry, kEntry, kEntered},
         false},
        {"claim",
         "buy-back",
         "claim.buy_back",
         "Give an assigned part back to its assignor",
         "回购",
         {kAssignment},
         false},
        {"claim",
         "pay",
         "claim.pay",
         "Record the debtor's payment",
         "登记付款",
         {kPart,
          {"--payee", "payee", Kind::text, true, "Whom the debtor had to pay", "收款机构"},
          kAmount,
          kBank,
          kReference,
          kValueDate},
         true},
        {"claim",
         "set-off",
         "claim.set_off",
         "Set a counterclaim off, as the debtor",
         "抵销",
         {kPart,
          kAmount,
          {"--against", "against", Kind::text, true, "Who owes the counterclaim", "反对债权的债务人"},
          {"--arose", "arose", Kind::text, true, "When it arose: YYYY-MM-DD", "产生日 YYYY-MM-DD"},
          {"--due", "due", Kind::text, true, "When it fell due: YYYY-MM-DD", "到期日 YYYY-MM-DD"},
          {"--same-contract", "same_contract", Kind::flag, false, "From the same contract", "基于同一合同"},
          kAgreement},
         true},
    };
}

std::vector<Shape> voucher_shapes() {
    return {
        {"voucher", "issue", "voucher.issue", "Issue a registered voucher to its first holder", "签发凭证", {}, false},
        {"voucher", "accept", "voucher.accept", "Accept a piece that is offered", "签收凭证", {kPiece, kObject}, false},
        {"voucher", "withdraw", "voucher.withdraw", "Withdraw an offered piece", "撤回转让", {kPiece}, false},
        {"voucher",
         "split",
         "voucher.split",
         "Split a piece",
         "拆分凭证",
         {kPiece,
          {"--amounts", "amounts", Kind::amounts, true, "2 to 32 amounts that add up to the piece", "2 至 32 个金额"}},
         true},
        {"voucher",
         "transfer",
         "voucher.transfer",
         "Offer a piece to somebody",
         "转让凭证",
         {kPiece, {"--to", "to", Kind::text, true, "To whom", "受让人"}},
         false},
        {"voucher",
         "finance",
         "voucher.finance",
         "Offer a piece to a lender for money",
         "凭证融资",
         {kPiece,
          {"--lender", "lender", Kind::text, true, "The lender", "融资机构"},
          {"--price", "price", Kind::text, true, "What the lender pays", "融资金额"},
          kRecourse,
          kAgreement},
         true},
        {"voucher",
         "redeem",
         "voucher.redeem",
         "Record that a piece was paid",
         "登记兑付",
         {kPiece, kAmount, kBank, kReference, kValueDate},
         true},
        {"voucher", "cancel", "voucher.cancel", "Give a piece up", "注销凭证", {kPiece}, false},
    };
}

struct Typed {
    SigningOptions signing;
    std::string contract;
    std::map<std::string, std::string, std::less<>> texts;
    std::map<std::string, std::uint64_t, std::less<>> numbers;
    std::map<std::string, bool, std::less<>> flags;
    std::vector<std::string> amounts;
};

void put(Json& body, std::string_view member, Json value) {
    const auto dot = member.find('.');
    if (dot == std::string_view::npos) {
        body[std::string{member}] = std::move(value);
    } else {
        body[std::string{member.substr(0, dot)}][std::string{member.substr(dot + 1)}] = std::move(value);
    }
}

Result<void> put_field(Json& body, const Typed& typed, const Field& field) {
    const std::string option{field.option};
    const auto text = typed.texts.find(option);
    const bool has_text = text != typed.texts.end() && !text->second.empty();
    switch (field.kind) {
        case Kind::text:
            if (has_text) {
                put(body, field.member, text->second);
            }
            break;
        case Kind::file:
            if (has_text) {
                PROBATUM_LET(document, digest_file(text->second));
                put(body, field.member, to_hex(*contracts::find_digest(document.digests, DigestAlgorithm::sha256)));
            }
            break;
        case Kind::number:
            if (const std::uint64_t number = typed.numbers.at(option); number != 0 || field.required) {
                put(body, field.member, number);
            }
            break;
        case Kind::flag:
            put(body, field.member, typed.flags.at(option));
            break;
        case Kind::answer:
            put(body, field.member, typed.flags.at(option) ? "object" : "accept");
            break;
        case Kind::amounts:
            put(body, field.member, typed.amounts);
            break;
    }
    return {};
}

Result<int> run(Session& session, const Typed& typed, const Shape& shape) {
    PROBATUM_LET(signer, open_signer(session, typed.signing));
    PROBATUM_LET(id, find_contract_id(session, signer.network.client, typed.contract));
    Json body = Json::object();
    for (const Field& field : shape.fields) {
        PROBATUM_TRY(put_field(body, typed, field));
    }
    if (shape.money) {
        PROBATUM_LET(contract, fetch_contract(session, signer.network.client, id));
        body["currency"] = contract.at("currency");
        const auto value_date = std::ranges::find(shape.fields, kValueDate.option, &Field::option);
        if (value_date != shape.fields.end() && !body.contains("value_date")) {
            const int offset = contract.at("terms").at("utc_offset_minutes").get<int>();
            body["value_date"] = date_at(node::wall_clock(), offset).to_string();
        }
    }
    PROBATUM_LET(action, rpc::read_action(shape.action, id, rpc::Params{std::move(body)}));
    return sign_and_submit(session, typed.signing, signer, action);
}

void add_field(CLI::App& command, const Commands& commands, const Field& field, Typed& typed) {
    const std::string option{field.option};
    const std::string words = commands.say(field.english, field.chinese);
    CLI::Option* out = nullptr;
    switch (field.kind) {
        case Kind::text:
        case Kind::file:
            out = command.add_option(option, typed.texts[option], words);
            break;
        case Kind::number:
            out = command.add_option(option, typed.numbers[option], words);
            break;
        case Kind::flag:
        case Kind::answer:
            out = command.add_flag(option, typed.flags[option], words);
            break;
        case Kind::amounts:
            out = command.add_option(option, typed.amounts, words);
            break;
    }
    if (field.required) {
        out->required();
    }
}

std::string example_of(const Shape& shape) {
    std::string out = "probatum " + std::string{shape.group} + " " + std::string{shape.name} + " YS-2026-0001";
    for (const Field& field : shape.fields) {
        if (field.required) {
            out += " " + std::string{field.option} + " " + (field.kind == Kind::amounts ? "600.00 400.00" : "...");
        }
    }
    return out + " --key net/keys/trader-b.cfo-1.key";
}

void add_group(CLI::App& group, Commands& commands, std::vector<Shape> shapes) {
    for (Shape& made : shapes) {
        const auto shape = std::make_shared<Shape>(std::move(made));
        const auto typed = std::make_shared<Typed>();
        CLI::App* const command =
            commands.add(group, std::string{shape->name}, shape->english, shape->chinese, example_of(*shape));
        command
            ->add_option("contract", typed->contract,
                         commands.say("Contract id, or its own number", "合同标识或合同编号"))
            ->required();
        for (const Field& field : shape->fields) {
            add_field(*command, commands, field, *typed);
        }
        commands.add_signing(*command, typed->signing);
        command->callback([&commands, shape, typed] {
            commands.chosen = [&commands, shape, typed] { return run(commands.session, *typed, *shape); };
        });
    }
}

}  // namespace

void add_claim_commands(CLI::App& app, Commands& commands) {
    add_group(*commands.group(app, "claim", "What is done with a receivable", "应收账款操作"), commands,
              claim_shapes());
    add_group(*commands.group(app, "voucher", "What is done with a voucher", "凭证操作"), commands, voucher_shapes());
}

}  // namespace probatum::tools
