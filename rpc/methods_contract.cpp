#include "base/text_encoding.h"
#include "contracts/execution.h"
#include "contracts/terms.h"
#include "rpc/contract_view.h"
#include "rpc/methods.h"
#include "rpc/schemas.h"
#include "rpc/views.h"

namespace probatum::rpc {

namespace {

using Kind = contracts::IndexEntry::Kind;

constexpr std::size_t kMaxPage = 200;
constexpr std::size_t kDefaultPage = 50;

struct Search {
    Kind kind{Kind::party};
    Bytes key;
    std::optional<std::uint64_t> after;
    std::size_t limit{kDefaultPage};
};

Search read_search(Params& params, const Digest& chain_id) {
    Search out;
    std::size_t selectors = 0;
    const auto choose = [&](Kind kind, Bytes key) {
        out.kind = kind;
        out.key = std::move(key);
        ++selectors;
    };
    if (const auto party = params.optional_text("party")) {
        choose(Kind::party, to_bytes(as_bytes(*party)));
    }
    if (const auto number = params.optional_text("own_number")) {
        choose(Kind::own_number, to_bytes(as_bytes(*number)));
    }
    if (const auto document = params.optional_digest("document")) {
        choose(Kind::document, to_bytes(document->view()));
    }
    const auto bank = params.optional_text("bank");
    const auto reference = params.optional_text("bank_reference");
    if (bank.has_value() != reference.has_value()) {
        params.refuse(bank ? "bank_reference" : "bank",
                      {Errc::malformed, {}, "a reference is unique per bank: give both"});
    }
    if (bank && reference) {
        const Digest blinded = contracts::blind({.chain_id = chain_id, .bank = *bank, .reference = *reference});
        choose(Kind::bank_reference, to_bytes(blinded.view()));
    }
    if (selectors != 1) {
        params.refuse(
            {}, {Errc::malformed, {}, "give exactly one of party, own_number, document, or bank with bank_reference"});
    }
    if (params.has("cursor")) {
        out.after = params.uint("cursor", UINT64_MAX);
    }
    (void)params.raw("cursor");
    out.limit = params.uint("limit", kMaxPage, kDefaultPage);
    return out;
}

Result<Json> list(const evidence::Source& source, const Search& search) {
    PROBATUM_LET(listed, source.list(static_cast<std::uint8_t>(search.kind), search.key, search.after, search.limit));
    Json items = Json::array();
    for (const auto& item : listed) {
        auto shown = contract_brief(source, item.subject);
        // A document's list names evidence records too; they are evidence.get's to show.
        if (!shown && shown.error().code == Errc::not_found) {
            continue;
        }
        if (!shown) {
            return fail(std::move(shown).error());
        }
        items.push_back(*std::move(shown));
    }
    const bool more = listed.size() == search.limit && search.limit > 0;
    return Json{{"contracts", std::move(items)},
                {"next_cursor", more ? Json(std::to_string(listed.back().cursor)) : Json{}},
                {"height", source.head().height.raw()}};
}

Method list_method(node::Service& service) {
    return {.name = "contract.list",
            .summary_en = "Contracts by party, own number, document digest or bank reference, oldest first, in pages",
            .summary_zh = "按当事人、合同编号、文件摘要或银行流水号分页查询合同",
            .parameters = {{"party", "Organisation id", false, schema::text("bank-a")},
                           {"own_number", "The registering organisation's number of the contract", false,
                            schema::text("Number")},
                           {"document", "SHA-256 of a document", false, schema::digest("Digest")},
                           {"bank", "With bank_reference", false, schema::text("Bank")},
                           {"bank_reference", "With bank", false, schema::text("Reference of a payment")},
                           {"cursor", "next_cursor of the page before", false, schema::text("Opaque")},
                           {"limit", "Contracts per page", false, schema::uint("Count", kMaxPage)}},
            .result_name = "page",
            .result_schema = schema::object(
                {{"contracts", schema::list(schema::any(
                                   "contract, type, status, number, currency, parties, event_count, refused_count"))},
                 {"next_cursor", schema::nullable(schema::text("Null: nothing follows"))},
                 {"height", schema::uint("As of this height")}}),
            .errors = {},
            .handler = answering([&service](Params& params) { return read_search(params, service.chain_id()); },
                                 [&service](const Search& search) { return list(*service.view(), search); })};
}

Method get_method(node::Service& service) {
    return {
        .name = "contract.get",
        .summary_en = "A contract as it stands: terms, parties, signatures, approvals, balances, plan and postings",
        .summary_zh = "合同现状：条款、当事人、签署与审批、余额、还款计划与入账",
        .parameters = {{"contract", "Contract id", true, schema::digest("Contract id")}},
        .result_name = "contract",
        .result_schema = schema::any("Members as docs/rpc.md says, section \"Contract\""),
        .errors = {Errc::not_found},
        .handler = answering([](Params& params) { return params.digest("contract"); },
                             [&service](const Digest& contract) { return contract_view(*service.view(), contract); })};
}

struct Page {
    Digest contract;
    bool refused;
    std::uint64_t from;
    std::size_t limit;
};

Result<Json> history(const evidence::Source& source, const Page& page) {
    PROBATUM_LET(brief, contract_brief(source, page.contract));
    PROBATUM_LET(leaves, source.events(page.contract, page.refused, page.from, page.limit));
    Json events = Json::array();
    for (const ledger::EventLeaf& leaf : leaves) {
        PROBATUM_LET(event, event_view(source, leaf));
        events.push_back(std::move(event));
    }
    const std::uint64_t count = brief[page.refused ? "refused_count" : "event_count"].get<std::uint64_t>();
    const std::uint64_t next = page.from + leaves.size();
    return Json{{"events", std::move(events)},
                {"refused", page.refused},
                {"count", count},
                {"next_from", next < count ? Json(next) : Json{}},
                {"height", source.head().height.raw()}};
}

Method history_method(node::Service& service) {
    return {.name = "contract.history",
            .summary_en =
                "Every accepted event of a contract, or every refused attempt, in order and without gaps, in pages",
            .summary_zh = "合同的全部已接受事件或全部被拒绝的尝试，按序无缺，分页返回",
            .parameters = {{"contract", "Contract id", true, schema::digest("Contract id")},
                           {"refused", "True: the refused attempts", false, schema::boolean("Which log")},
                           {"from", "First sequence number", false, schema::uint("From 0")},
                           {"limit", "Events per page", false, schema::uint("Count", kMaxPage)}},
            .result_name = "page",
            .result_schema = schema::object({{"events", schema::list(schema::reference("Event"))},
                                             {"refused", schema::boolean("")},
                                             {"count", schema::uint("In the whole log")},
                                             {"next_from", schema::nullable(schema::uint("Null: nothing follows"))},
                                             {"height", schema::uint("As of this height")}}),
            .errors = {Errc::not_found, Errc::pruned},
            .handler = answering(
                [](Params& params) {
                    return Page{params.digest("contract"), params.boolean("refused", false),
                                params.uint("from", INT64_MAX, 0), params.uint("limit", kMaxPage, kDefaultPage)};
                },
                [&service](const Page& page) { return history(*service.view(), page); })};
}

}  // namespace

std::vector<Method> contract_methods(const Context& context) {
    return {list_method(context.service), get_method(context.service), history_method(context.service)};
}

}  // namespace probatum::rpc
