#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/text_encoding.h"
#include "tools/commands.h"
#include "tools/contract_lookup.h"

namespace probatum::tools {

namespace {

using rpc::Json;

struct ReadOptions {
    NetworkOptions network;
    std::string contract;
    bool refused{false};
    Json query = Json::object();
    std::string party, own_number, document, bank, bank_reference;
};

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : rpc::to_text(value); }

std::string loan_text(const Session& session, const Json& contract) {
    const Json& summary = contract.at("summary");
    const auto line = [&](std::string_view english, std::string_view chinese, const Json& value) {
        return fmt::format("{}: {}\n", session.say(english, chinese), text_of(value));
    };
    std::string out;
    out += line("as of", "截至", summary.at("as_of"));
    out += line("limit", "额度", summary.at("limit"));
    out += line("disbursed", "已放款", summary.at("disbursed"));
    out += line("principal outstanding", "未还本金", summary.at("principal_outstanding"));
    out += line("principal due", "到期本金", summary.at("principal_due"));
    out += line("interest due", "到期利息", summary.at("interest_due"));
    out += line("suspense", "待处理款", summary.at("suspense"));
    if (summary.at("overdue").get<bool>()) {
        out += std::string{session.say("overdue", "已逾期")} + "\n";
    }
    for (const Json& row : contract.at("plan")) {
        out += fmt::format("  {}  {} {} ({} {})  {} {} ({} {})\n", text_of(row.at("due")),
                           session.say("principal", "本金"), text_of(row.at("principal")), session.say("paid", "已还"),
                           text_of(row.at("principal_paid")), session.say("interest", "利息"),
                           text_of(row.at("interest")), session.say("paid", "已还"), text_of(row.at("interest_paid")));
    }
    return out;
}

std::string receivable_text(const Session& session, const Json& receivable) {
    std::string out = fmt::format("{}: {}\n", session.say("open", "未清"), text_of(receivable.at("open")));
    for (const Json& part : receivable.at("parts")) {
        out +=
            fmt::format("  {} {}  {} {}  {} {}  {} {}\n", session.say("part", "份额"), text_of(part.at("part")),
                        session.say("open", "未清"), text_of(part.at("open")), session.say("holder", "持有人"),
                        text_of(part.at("holder")), session.say("to be paid to", "应付给"), text_of(part.at("payee")));
    }
    for (const Json& step : receivable.at("assignments")) {
        out += fmt::format("  {} {}  {} -> {}  {}  {} {}\n", session.say("assignment", "转让"),
                           text_of(step.at("assignment")), text_of(step.at("assignor")), text_of(step.at("assignee")),
                           text_of(step.at("status")), session.say("binds from", "生效日"),
                           text_of(step.at("binds_from")));
    }
    return out;
}

std::string voucher_text(const Session& session, const Json& voucher) {
    std::string out = fmt::format("{}: {}\n", session.say("open", "未兑付"), text_of(voucher.at("open")));
    for (const Json& piece : voucher.at("pieces")) {
        out += fmt::format("  {} {}  {}  {}  {}  {} {}\n", session.say("piece", "凭证"), text_of(piece.at("piece")),
                           text_of(piece.at("amount")), text_of(piece.at("holder")), text_of(piece.at("status")),
                           session.say("level", "层级"), text_of(piece.at("level")));
    }
    return out;
}

std::string contract_text(const Session& session, const Json& contract) {
    const auto line = [&](std::string_view english, std::string_view chinese, const Json& value) {
        return fmt::format("{}: {}\n", session.say(english, chinese), text_of(value));
    };
    std::string out = line("contract", "合同", contract.at("contract"));
    out += line("number", "编号", contract.at("number"));
    out += line("status", "状态", contract.at("status"));
    for (const Json& party : contract.at("parties")) {
        out += fmt::format("{}: {} ({})\n", session.say("party", "当事人"), text_of(party.at("organisation")),
                           text_of(party.at("capacity")));
    }
    for (const Json& mark : contract.at("signatures")) {
        out += fmt::format("{}: {} / {}\n", session.say("signed by", "已签署"), text_of(mark.at("organisation")),
                           text_of(mark.at("member")));
    }
    out += line("currency", "币种", contract.at("currency"));
    if (contract.contains("summary")) {
        out += loan_text(session, contract);
    }
    if (contract.contains("receivable")) {
        out += receivable_text(session, contract.at("receivable"));
    }
    if (contract.contains("voucher")) {
        out += voucher_text(session, contract.at("voucher"));
    }
    for (const Json& posting : contract.at("postings")) {
        out += fmt::format("  #{}  {}  {}  {}  {}\n", text_of(posting.at("event")), text_of(posting.at("kind")),
                           text_of(posting.at("amount")), text_of(posting.at("value_date")),
                           text_of(posting.at("status")));
    }
    out += line("events", "事件数", contract.at("event_count"));
    out += line("refused attempts", "被拒绝的尝试", contract.at("refused_count"));
    return out;
}

Result<int> get(Session& session, const ReadOptions& options) {
    PROBATUM_LET(client, connect(options.network));
    PROBATUM_LET(id, find_contract_id(session, client, options.contract));
    PROBATUM_LET(contract, fetch_contract(session, client, id));
    session.result(contract, contract_text(session, contract));
    return kExitYes;
}

Result<int> history(Session& session, const ReadOptions& options) {
    PROBATUM_LET(client, connect(options.network));
    PROBATUM_LET(id, find_contract_id(session, client, options.contract));
    Json events = Json::array();
    Json from = 0;
    while (!from.is_null()) {
        PROBATUM_LET(
            page,
            session.call(client, "contract.history",
                         {{"contract", to_hex(id)}, {"refused", options.refused}, {"from", from}, {"limit", 200}}));
        for (const Json& event : page.at("events")) {
            events.push_back(event);
        }
        // A node that names the same page again must not hold us for ever.
        const Json next = page.at("next_from");
        if (!next.is_null() && next <= from) {
            return fail(Errc::malformed, "next_from", "the node does not go on");
        }
        from = next;
    }
    std::string text;
    for (const Json& event : events) {
        const Json& outcome = event.at("outcome");
        text +=
            fmt::format("#{}  {}  {} {}  {} / {}{}\n", text_of(event.at("sequence")), text_of(event.at("time")),
                        session.say("block", "区块"), text_of(event.at("height")), text_of(event.at("organisation")),
                        text_of(event.at("member")), "  " + text_of(event.at("action").at("action")));
        if (!outcome.at("accepted").get<bool>()) {
            text +=
                fmt::format("    {} {}: {}\n", text_of(outcome.at("number")), text_of(outcome.at("name")),
                            text_of(outcome.at(session.language == Language::chinese ? "message_zh" : "message_en")));
        }
    }
    session.result({{"contract", to_hex(id)}, {"refused", options.refused}, {"events", events}}, text);
    return kExitYes;
}

Result<int> list(Session& session, const ReadOptions& options) {
    PROBATUM_LET(client, connect(options.network));
    Json query = Json::object();
    const auto put = [&](const char* name, const std::string& value) {
        if (!value.empty()) {
            query[name] = value;
        }
    };
    put("party", options.party);
    put("own_number", options.own_number);
    put("document", options.document);
    put("bank", options.bank);
    put("bank_reference", options.bank_reference);
    Json found = Json::array();
    for (Json cursor = ""; !cursor.is_null();) {
        if (!cursor.get_ref<const std::string&>().empty()) {
            query["cursor"] = cursor;
        }
        PROBATUM_LET(page, session.call(client, "contract.list", query));
        for (const Json& contract : page.at("contracts")) {
            found.push_back(contract);
        }
        const Json next = page.at("next_cursor");
        if (next == cursor) {
            return fail(Errc::malformed, "next_cursor", "the node does not go on");
        }
        cursor = next;
    }
    std::string text;
    for (const Json& contract : found) {
        text += fmt::format("{}  {}  {}  {}\n", text_of(contract.at("contract")), text_of(contract.at("number")),
                            text_of(contract.at("status")), text_of(contract.at("organisation")));
    }
    session.result({{"contracts", found}}, text);
    return found.empty() ? kExitNo : kExitYes;
}

using Action = Result<int> (*)(Session&, const ReadOptions&);

CLI::App* add_reading(CLI::App& group, Commands& commands, const std::shared_ptr<ReadOptions>& options, Action action,
                      const std::string& name, std::string_view english, std::string_view chinese,
                      std::string_view example) {
    CLI::App* const out = commands.add(group, name, english, chinese, example);
    commands.add_network(*out, options->network);
    out->callback([&commands, options, action] {
        commands.chosen = [&commands, options, action] { return action(commands.session, *options); };
    });
    return out;
}

}  // namespace

void add_contract_reading(CLI::App& group, Commands& commands) {
    const auto getting = std::make_shared<ReadOptions>();
    CLI::App* const gets = add_reading(group, commands, getting, get, "get", "A contract as it stands", "合同现状",
                                       "probatum contract get HDSF-2025-LD-0317 --node http://127.0.0.1:8100");
    gets->add_option("contract", getting->contract,
                     commands.say("Contract id, or its own number", "合同标识或合同编号"))
        ->required();

    const auto reading = std::make_shared<ReadOptions>();
    CLI::App* const reads =
        add_reading(group, commands, reading, history, "history", "Every accepted event, or every refused attempt",
                    "全部已接受事件或全部被拒绝的尝试",
                    "probatum contract history HDSF-2025-LD-0317 --refused --node http://127.0.0.1:8100");
    reads
        ->add_option("contract", reading->contract,
                     commands.say("Contract id, or its own number", "合同标识或合同编号"))
        ->required();
    reads->add_flag("--refused", reading->refused, commands.say("The refused attempts", "被拒绝的尝试"));

    const auto listing = std::make_shared<ReadOptions>();
    CLI::App* const lists =
        add_reading(group, commands, listing, list, "list", "Find contracts; exit code 1 if there is none",
                    "查找合同；没有则退出码为 1", "probatum contract list --party bank-a --node http://127.0.0.1:8100");
    lists->add_option("--party", listing->party, commands.say("Organisation id", "机构标识"));
    lists->add_option("--own-number", listing->own_number, commands.say("The contract's own number", "合同编号"));
    lists->add_option("--document", listing->document, commands.say("SHA-256 of a document", "文件的 SHA-256 摘要"));
    lists->add_option("--bank", listing->bank, commands.say("With --bank-ref", "与 --bank-ref 同用"));
    lists->add_option("--bank-ref", listing->bank_reference,
                      commands.say("Bank reference of a payment", "付款的银行流水号"));
}

}  // namespace probatum::tools
