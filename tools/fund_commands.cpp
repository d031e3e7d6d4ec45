#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/text_encoding.h"
#include "contracts/terms.h"
#include "node/machine.h"
#include "tools/commands.h"
#include "tools/contract_lookup.h"

namespace probatum::tools {

namespace {

struct FundOptions {
    SigningOptions signing;
    std::string contract;
    std::string amount, currency, value_date, bank, bank_reference;
    std::optional<std::uint64_t> event;
    bool object{false};
};

/// The payment that was typed; what was left out follows from the contract: its currency, and today under its own
/// offset.
Result<contracts::Payment> payment_of(const FundOptions& options, const rpc::Json& contract) {
    const std::string code = options.currency.empty() ? contract.at("currency").get<std::string>() : options.currency;
    auto currency = Currency::from_code(code);
    if (!currency) {
        return fail(currency.error().code, "--currency", currency.error().detail);
    }
    auto amount = parse_amount(options.amount, *currency);
    if (!amount) {
        return fail(amount.error().code, "--amount",
                    fmt::format("\"{}\" with at most {} decimals is needed", options.amount, currency->decimals()));
    }
    CivilDate date = date_at(node::wall_clock(), contract.at("terms").at("utc_offset_minutes").get<int>());
    if (!options.value_date.empty()) {
        const auto given = CivilDate::parse(options.value_date);
        if (!given) {
            return fail(given.error().code, "--value-date", "a date is YYYY-MM-DD");
        }
        date = *given;
    }
    return contracts::Payment{*amount, *currency, date, options.bank, options.bank_reference};
}

template <class Body>
Result<int> pay(Session& session, const FundOptions& options) {
    PROBATUM_LET(signer, open_signer(session, options.signing));
    PROBATUM_LET(id, find_contract_id(session, signer.network.client, options.contract));
    PROBATUM_LET(contract, fetch_contract(session, signer.network.client, id));
    PROBATUM_LET(payment, payment_of(options, contract));
    return sign_and_submit(session, options.signing, signer, {.contract = id, .body = Body{payment}, .side = {}});
}

/// The posting that a person means: by its event, or by what stands on the bank's statement.
Result<std::uint64_t> find_event(const FundOptions& options, const rpc::Json& contract, const Digest& chain_id) {
    if (options.event) {
        return *options.event;
    }
    if (options.bank.empty() || options.bank_reference.empty()) {
        return fail(Errc::usage, "--event", "give --event, or --bank with --bank-ref");
    }
    const std::string blinded =
        to_hex(contracts::blind({.chain_id = chain_id, .bank = options.bank, .reference = options.bank_reference}));
    for (const rpc::Json& posting : contract.at("postings")) {
        if (posting.at("reference") != blinded) {
            continue;
        }
        if (!options.amount.empty() && posting.at("amount") != options.amount) {
            return fail(Errc::amount_invalid, "--amount",
                        "the posting says " + posting.at("amount").get<std::string>());
        }
        return posting.at("event").get<std::uint64_t>();
    }
    return fail(Errc::event_unknown, "--bank-ref", "the contract has no posting with this reference");
}

Result<int> acknowledge(Session& session, const FundOptions& options) {
    PROBATUM_LET(signer, open_signer(session, options.signing));
    PROBATUM_LET(id, find_contract_id(session, signer.network.client, options.contract));
    PROBATUM_LET(contract, fetch_contract(session, signer.network.client, id));
    PROBATUM_LET(event, find_event(options, contract, signer.network.chain_id));
    const contracts::AcknowledgeBody body{
        .target = event, .answer = options.object ? contracts::Answer::object : contracts::Answer::accept};
    return sign_and_submit(session, options.signing, signer, {.contract = id, .body = body, .side = {}});
}

using Action = Result<int> (*)(Session&, const FundOptions&);

CLI::App* add_fund(CLI::App& group, Commands& commands, const std::shared_ptr<FundOptions>& options, Action action,
                   const std::string& name, std::string_view english, std::string_view chinese,
                   std::string_view example) {
    CLI::App* const out = commands.add(group, name, english, chinese, example);
    out->add_option("contract", options->contract, commands.say("Contract id, or its own number", "合同标识或合同编号"))
        ->required();
    commands.add_signing(*out, options->signing);
    out->callback([&commands, options, action] {
        commands.chosen = [&commands, options, action] { return action(commands.session, *options); };
    });
    return out;
}

void add_payment(CLI::App& command, Commands& commands, FundOptions& options) {
    command
        .add_option("--amount", options.amount,
                    commands.say("Amount in the contract's currency: 100000.00", "金额（合同币种）：100000.00"))
        ->required();
    command.add_option("--bank", options.bank, commands.say("The bank that moved the money", "办理银行"))->required();
    command
        .add_option("--bank-ref", options.bank_reference,
                    commands.say("The bank's reference; used once per bank", "银行流水号；每家银行只能使用一次"))
        ->required();
    command.add_option("--value-date", options.value_date,
                       commands.say("YYYY-MM-DD; today if not given", "起息日 YYYY-MM-DD；缺省为当日"));
    command.add_option("--currency", options.currency,
                       commands.say("ISO 4217 code; the contract's if not given", "ISO 4217 币种代码；缺省为合同币种"));
}

}  // namespace

void add_fund_commands(CLI::App& app, Commands& commands) {
    CLI::App* const group = commands.group(app, "fund", "Record money that moved under a contract, and answer for it",
                                           "记录合同项下资金往来及其确认");

    const auto disbursing = std::make_shared<FundOptions>();
    add_payment(*add_fund(*group, commands, disbursing, pay<contracts::DisburseBody>, "disburse",
                          "Record a disbursement", "记录放款",
                          "probatum fund disburse HDSF-2025-LD-0317 --amount 100000.00 --bank bank-s --bank-ref "
                          "FT2026112100001 --key net/keys/bank-a.maker-1.key"),
                commands, *disbursing);

    const auto repaying = std::make_shared<FundOptions>();
    add_payment(
        *add_fund(*group, commands, repaying, pay<contracts::RepayBody>, "repay", "Record a repayment", "记录还款",
                  "probatum fund repay HDSF-2025-LD-0317 --amount 50000.00 --bank bank-s --bank-ref FT2026112100002 "
                  "--key net/keys/trader-b.cfo-1.key"),
        commands, *repaying);

    const auto answering = std::make_shared<FundOptions>();
    CLI::App* const answers =
        add_fund(*group, commands, answering, acknowledge, "acknowledge",
                 "Acknowledge a recorded payment, or object to it", "确认已记录的款项，或提出异议",
                 "probatum fund acknowledge HDSF-2025-LD-0317 --bank bank-s --bank-ref FT2026112100001 --key "
                 "net/keys/trader-b.cfo-1.key");
    answers->add_option("--event", answering->event,
                        commands.say("Sequence number of the payment's event; or name the payment:",
                                     "款项的事件序号；或以下列方式指明："));
    answers->add_option("--amount", answering->amount,
                        commands.say("What your statement says; compared", "您的对账单金额，用于核对"));
    answers->add_option("--bank", answering->bank, commands.say("The bank that moved the money", "办理银行"));
    answers->add_option("--bank-ref", answering->bank_reference, commands.say("The bank's reference", "银行流水号"));
    answers->add_flag("--object", answering->object, commands.say("Object instead", "提出异议"));
}

}  // namespace probatum::tools
