#include <map>

#include "base/civil_time.h"
#include "base/text_encoding.h"
#include "contracts/execution.h"
#include "evidence/bundle.h"
#include "evidence/gather.h"
#include "rpc/actions.h"
#include "rpc/methods.h"
#include "rpc/schemas.h"
#include "rpc/views.h"

namespace probatum::rpc {

namespace {

constexpr std::size_t kMaxPage = 200;
constexpr std::size_t kDefaultPage = 50;
constexpr auto kDocument = static_cast<std::uint8_t>(contracts::IndexEntry::Kind::document);

Result<Json> record_view(const evidence::Source& source, const Digest& id) {
    PROBATUM_LET(location, source.locate(id));
    PROBATUM_LET(transaction, source.transaction(id));
    PROBATUM_LET(header, source.header(location.height));
    PROBATUM_LET(entry, source.entry(location.log_index));
    PROBATUM_LET(action, contracts::decode_action(*transaction));
    return Json{{"transaction", to_hex(id)},
                {"organisation", transaction->header().issuer},
                {"key_id", to_hex(transaction->header().key_id.digest)},
                {"height", location.height.raw()},
                {"log_index", location.log_index},
                {"time", to_rfc3339(header.time)},
                {"outcome", view_of(entry.outcome)},
                {"content", view_of(action)}};
}

struct Asked {
    Digest id;
    std::optional<std::uint64_t> after;
    std::size_t limit;
};

Asked read_asked(Params& params) {
    Asked out{.id = params.digest("id"), .after = std::nullopt, .limit = 0};
    if (params.has("cursor")) {
        out.after = params.uint("cursor", UINT64_MAX);
    }
    (void)params.raw("cursor");
    out.limit = params.uint("limit", kMaxPage, kDefaultPage);
    return out;
}

/// A transaction id gives one record; a document digest gives everything that uses the document.
Result<Json> find_evidence(node::Service& service, const Asked& asked) {
    const auto source = service.view();
    Json records = Json::array();
    Json contracts = Json::array();
    Json next;
    if (source->locate(asked.id)) {
        PROBATUM_LET(record, record_view(*source, asked.id));
        records.push_back(std::move(record));
        return Json{{"records", std::move(records)}, {"contracts", std::move(contracts)}, {"next_cursor", nullptr}};
    }
    PROBATUM_LET(listed, source->list(kDocument, asked.id.view(), asked.after, asked.limit));
    if (listed.empty() && !asked.after) {
        return fail(Errc::not_found, "id", "neither a transaction nor a document");
    }
    for (const auto& item : listed) {
        if (source->locate(item.subject)) {
            PROBATUM_LET(record, record_view(*source, item.subject));
            records.push_back(std::move(record));
        } else {
            contracts.push_back(to_hex(item.subject));
        }
    }
    if (listed.size() == asked.limit && asked.limit > 0) {
        next = std::to_string(listed.back().cursor);
    }
    return Json{{"records", std::move(records)}, {"contracts", std::move(contracts)}, {"next_cursor", std::move(next)}};
}

Method get_method(node::Service& service) {
    const Json record = schema::object({{"transaction", schema::digest("")},
                                        {"organisation", schema::text("Who signed")},
                                        {"key_id", schema::digest("")},
                                        {"height", schema::uint("")},
                                        {"log_index", schema::uint("")},
                                        {"time", schema::instant("Block time")},
                                        {"outcome", schema::reference("Outcome")},
                                        {"content", schema::reference("Action")}});
    return {.name = "evidence.get",
            .summary_en = "Evidence by transaction id, or everything that uses a document by its digest",
            .summary_zh = "按交易标识查询存证，或按文件摘要查询全部相关记录",
            .parameters = {{"id", "Transaction id, or digest of a document", true, schema::digest("Id")},
                           {"cursor", "next_cursor of the page before", false, schema::text("Opaque")},
                           {"limit", "Records per page", false, schema::uint("Count", kMaxPage)}},
            .result_name = "found",
            .result_schema =
                schema::object({{"records", schema::list(record)},
                                {"contracts", schema::list(schema::digest("Contract that names the document"))},
                                {"next_cursor", schema::nullable(schema::text("Null: nothing follows"))}}),
            .errors = {Errc::not_found, Errc::pruned},
            .handler = answering(read_asked, [&service](const Asked& asked) { return find_evidence(service, asked); })};
}

struct BundleAsked {
    Digest id;
    std::string subject;  ///< Empty: whatever the id is of.
};

BundleAsked read_bundle_asked(Params& params) {
    return {params.digest("id"), params.optional_text("subject").value_or("")};
}

Result<evidence::Bundle> gather_bundle(const evidence::Source& source, const BundleAsked& asked) {
    using Kind = evidence::SubjectKind;
    static const std::map<std::string, Kind, std::less<>> kKinds{{"contract", Kind::contract},
                                                                 {"record", Kind::record},
                                                                 {"document", Kind::document},
                                                                 {"standing", Kind::standing}};
    if (asked.subject.empty()) {
        return evidence::gather(source, asked.id);
    }
    const auto kind = kKinds.find(asked.subject);
    if (kind == kKinds.end()) {
        return fail(Errc::malformed, "subject", "contract, record, document or standing");
    }
    return evidence::gather(source, evidence::Subject{kind->second, asked.id});
}

Method bundle_method(node::Service& service) {
    return {
        .name = "evidence.bundle",
        .summary_en =
            "One self-contained file that proves a contract, a record or a document to somebody with no network",
        .summary_zh = "生成可离线验证的独立证据文件（合同、存证记录或文件）",
        .parameters = {{"id", "Contract id, transaction id, or SHA-256 of a document", true, schema::digest("Id")},
                       {"subject", "contract, record, document or standing; so that a negative answer can be asked for",
                        false, schema::text("Otherwise whatever the id is of, and not_found where it is of nothing")}},
        .result_name = "bundle",
        .result_schema = schema::object({{"bundle", schema::text("base64url without padding")},
                                         {"bytes", schema::uint("Size")},
                                         {"sha256", schema::digest("Of the file")},
                                         {"media_type", schema::text("")},
                                         {"height", schema::uint("As of this height")}}),
        .errors = {Errc::not_found, Errc::too_large, Errc::pruned},
        .handler = answering(read_bundle_asked, [&service](const BundleAsked& asked) -> Result<Json> {
            const auto source = service.view();
            PROBATUM_LET(bundle, gather_bundle(*source, asked));
            const Bytes file = evidence::encode(bundle);
            return Json{{"bundle", to_base64url(file)},
                        {"bytes", file.size()},
                        {"sha256", to_hex(sha256(file))},
                        {"media_type", evidence::kBundleContentType},
                        {"height", source->head().height.raw()}};
        })};
}

}  // namespace

std::vector<Method> evidence_methods(const Context& context) {
    return {get_method(context.service), bundle_method(context.service)};
}

}  // namespace probatum::rpc
