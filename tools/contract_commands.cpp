#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>

#include "base/text_encoding.h"
#include "node/machine.h"
#include "rpc/actions.h"
#include "tools/commands.h"
#include "tools/contract_lookup.h"
#include "tools/documents.h"

namespace probatum::tools {

namespace {

struct RegisterOptions {
    SigningOptions signing;
    std::filesystem::path terms;
    std::vector<std::filesystem::path> documents;
    std::vector<std::string> titles;
};

struct OnContract {
    SigningOptions signing;
    std::string contract;
    std::vector<std::filesystem::path> documents;
    std::string capacity;
};

Result<contracts::RegisterBody> read_terms(const RegisterOptions& options) {
    PROBATUM_LET(text, node::read_file(options.terms));
    auto parsed = rpc::parse_json(as_text(text));
    if (!parsed) {
        return fail(parsed.error().code, options.terms.string() + " " + parsed.error().field, parsed.error().detail);
    }
    rpc::Params params{*std::move(parsed)};
    contracts::RegisterBody body = rpc::read_register(params, true);
    PROBATUM_TRY(params.finish());
    for (std::size_t i = 0; i < options.documents.size(); ++i) {
        PROBATUM_LET(document, digest_file(options.documents[i]));
        std::string title = i < options.titles.size() ? options.titles[i] : document.file.filename().string();
        body.documents.push_back(
            {.digests = document.digests, .title = std::move(title), .media_type = document.media_type});
    }
    if (body.documents.empty()) {
        return fail(Errc::usage, "--document", "a contract has one document or more");
    }
    return body;
}

Result<int> register_contract(Session& session, const RegisterOptions& options) {
    PROBATUM_LET(body, read_terms(options));
    PROBATUM_LET(signer, open_signer(session, options.signing));
    return sign_and_submit(session, options.signing, signer, {.contract = {}, .body = std::move(body), .side = {}});
}

contracts::DocumentDigests read_registered(const rpc::Json& document) {
    contracts::DocumentDigests out;
    for (const DigestAlgorithm algorithm : {DigestAlgorithm::sha256, DigestAlgorithm::sm3}) {
        const auto found = document.at("digests").find(std::string{name(algorithm)});
        if (found == document.at("digests").end()) {
            continue;
        }
        if (const auto digest = digest_from_hex(found->get<std::string>())) {
            out.push_back({algorithm, *digest});
        }
    }
    return out;
}

/// What is signed is the files at hand where they are given: then the node's word about the registered digests is
/// compared with them and not believed.
Result<contracts::SignBody> sign_body(const rpc::Json& contract, const std::vector<std::filesystem::path>& files) {
    std::vector<LocalDocument> local;
    for (const auto& file : files) {
        PROBATUM_LET(document, digest_file(file));
        local.push_back(std::move(document));
    }
    contracts::SignBody out;
    std::size_t matched = 0;
    for (const rpc::Json& registered : contract.at("documents")) {
        out.documents.push_back(read_registered(registered));
        const auto same = [&](const LocalDocument& document) { return document.digests == out.documents.back(); };
        if (std::ranges::any_of(local, same)) {
            ++matched;
        }
    }
    if (!files.empty() && (matched != out.documents.size() || matched != local.size())) {
        return fail(Errc::document_mismatch, "--document", "the files given are not exactly the registered documents");
    }
    return out;
}

Result<int> sign(Session& session, const OnContract& options) {
    PROBATUM_LET(signer, open_signer(session, options.signing));
    PROBATUM_LET(id, find_contract_id(session, signer.network.client, options.contract));
    PROBATUM_LET(contract, fetch_contract(session, signer.network.client, id));
    PROBATUM_LET(body, sign_body(contract, options.documents));
    if (options.documents.empty()) {
        session.note(session.say("note: no --document given; the digests are the node's word",
                                 "提示：未给出 --document，所签摘要以节点所述为准"));
    }
    return sign_and_submit(session, options.signing, signer, {.contract = id, .body = std::move(body), .side = {}});
}

/// A member with one of the two roles need not say in which capacity it approves.
Result<contracts::ApprovalCapacity> capacity_of(const OnContract& options, const contracts::Member& member) {
    const auto has = [&](contracts::Role role) { return std::ranges::find(member.roles, role) != member.roles.end(); };
    const bool maker = has(contracts::Role::lender_maker);
    const bool checker = has(contracts::Role::lender_checker);
    if (options.capacity == "maker" || (options.capacity.empty() && maker && !checker)) {
        return contracts::ApprovalCapacity::maker;
    }
    if (options.capacity == "checker" || (options.capacity.empty() && checker && !maker)) {
        return contracts::ApprovalCapacity::checker;
    }
    return fail(Errc::usage, "--as", "say maker or checker");
}

Result<int> approve(Session& session, const OnContract& options) {
    PROBATUM_LET(signer, open_signer(session, options.signing));
    PROBATUM_LET(capacity, capacity_of(options, signer.member));
    PROBATUM_LET(id, find_contract_id(session, signer.network.client, options.contract));
    return sign_and_submit(session, options.signing, signer,
                           {.contract = id, .body = contracts::ApproveBody{capacity}, .side = {}});
}

template <class Body>
Result<int> plain(Session& session, const OnContract& options) {
    PROBATUM_LET(signer, open_signer(session, options.signing));
    PROBATUM_LET(id, find_contract_id(session, signer.network.client, options.contract));
    return sign_and_submit(session, options.signing, signer, {.contract = id, .body = Body{}, .side = {}});
}

using Action = Result<int> (*)(Session&, const OnContract&);

CLI::App* add_on_contract(CLI::App& group, Commands& commands, const std::shared_ptr<OnContract>& options,
                          Action action, const std::string& name, std::string_view english, std::string_view chinese) {
    CLI::App* const out =
        commands.add(group, name, english, chinese,
                     "probatum contract " + name + " HDSF-2025-LD-0317 --key net/keys/bank-a.maker-1.key");
    out->add_option("contract", options->contract, commands.say("Contract id, or its own number", "合同标识或合同编号"))
        ->required();
    commands.add_signing(*out, options->signing);
    out->callback([&commands, options, action] {
        commands.chosen = [&commands, options, action] { return action(commands.session, *options); };
    });
    return out;
}

void add_register(CLI::App& group, Commands& commands) {
    auto options = std::make_shared<RegisterOptions>();
    CLI::App* const out =
        commands.add(group, "register", "Register a contract: its terms and its documents", "登记合同：条款与文件",
                     "probatum contract register docs/samples/loan-terms.json --document "
                     "docs/samples/loan-contract.pdf --key net/keys/bank-a.maker-1.key");
    out->add_option("terms", options->terms,
                    commands.say("TERMS.json, see docs/cli.md", "条款文件 TERMS.json，参见 docs/cli.md"))
        ->required();
    out->add_option("--document", options->documents,
                    commands.say("A document of the contract; may be given several times", "合同文件，可多次给出"))
        ->required();
    out->add_option("--title", options->titles,
                    commands.say("Title of the document at the same position; otherwise its file name",
                                 "对应文件的标题；缺省为文件名"));
    commands.add_signing(*out, options->signing);
    out->callback([&commands, options] {
        commands.chosen = [&commands, options] { return register_contract(commands.session, *options); };
    });
}

}  // namespace

void add_contract_commands(CLI::App& app, Commands& commands) {
    CLI::App* const group =
        commands.group(app, "contract", "Register, sign, approve and read contracts", "合同登记、签署、审批与查询");
    add_register(*group, commands);

    const auto signing = std::make_shared<OnContract>();
    CLI::App* const signs = add_on_contract(*group, commands, signing, sign, "sign",
                                            "Sign a contract in the name of a party", "以当事人身份签署合同");
    signs->add_option("--document", signing->documents,
                      commands.say("The documents as you hold them; each must be the registered one",
                                   "您持有的合同文件；须与登记文件一致"));

    const auto approving = std::make_shared<OnContract>();
    CLI::App* const approves =
        add_on_contract(*group, commands, approving, approve, "approve",
                        "Approve a contract as the lender's maker or checker", "以贷款方经办人或复核人身份审批");
    approves
        ->add_option("--as", approving->capacity,
                     commands.say("maker or checker; follows from the member's role if it has but one",
                                  "maker 或 checker；成员仅有一种角色时可省略"))
        ->check(CLI::IsMember({"maker", "checker"}));

    add_on_contract(*group, commands, std::make_shared<OnContract>(), plain<contracts::ActivateBody>, "activate",
                    "Put a signed and approved contract into force", "使已签署并审批的合同生效");
    add_on_contract(*group, commands, std::make_shared<OnContract>(), plain<contracts::SettleBody>, "settle",
                    "Close a contract that is fully paid", "结清已全部偿还的合同");
    add_contract_reading(*group, commands);
}

}  // namespace probatum::tools
