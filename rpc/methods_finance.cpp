#include "base/text_encoding.h"
#include "contracts/financing.h"
#include "contracts/state_keys.h"
#include "evidence/bundle.h"
#include "rpc/claims_json.h"
#include "rpc/governance_json.h"
#include "rpc/methods.h"
#include "rpc/schemas.h"
#include "rpc/views.h"

namespace probatum::rpc {

namespace {

Json optional_key(const std::optional<contracts::LendersKey>& key) { return key ? view_of(*key) : Json{}; }

Result<Json> keys(const evidence::Source& source) {
    const contracts::LendersKeys found = contracts::find_lenders_keys(SourceState{source});
    return Json{{"retiring", optional_key(found.retiring)},
                {"current", optional_key(found.current)},
                {"proposed", optional_key(found.proposed)},
                {"height", source.head().height.raw()}};
}

Method keys_method(node::Service& service) {
    return {.name = "finance.keys",
            .summary_en = "The lenders' keys: in force, retiring and proposed; never a secret",
            .summary_zh = "贷款机构密钥：现行、退役中与提议中的公钥；不含任何私密内容",
            .parameters = {},
            .result_name = "keys",
            .result_schema = schema::object(
                {{"retiring", schema::nullable(schema::any("number, key, proposer, lenders, confirmed, boxes, items"))},
                 {"current", schema::nullable(schema::any("As retiring"))},
                 {"proposed", schema::nullable(schema::any("As retiring"))},
                 {"height", schema::uint("As of this height")}}),
            .errors = {},
            .handler = answering([](Params&) { return 0; }, [&service](int) { return keys(*service.view()); })};
}

/// The proof holds without this node: state root in the header, header final by its certificate.
Result<Json> check(const evidence::Source& source, const PublicKey& tag) {
    const Digest key = contracts::state_keys::financing(tag);
    const std::optional<Bytes> value = source.state(key);
    PROBATUM_LET(finality, source.finality(source.head().height));
    const contracts::Financings found = contracts::find_financings(SourceState{source}, tag);
    return Json{{"tag", to_hex(tag.bytes())},
                {"financed", !found.standing.empty()},
                {"financings", view_of(found)},
                {"height", source.head().height.raw()},
                {"proof",
                 {{"key", to_hex(key)},
                  {"value", value ? Json(to_hex(*value)) : Json{}},
                  {"path", to_hex(ledger::encode(source.prove_state(key)))},
                  {"header", to_hex(ledger::encode(source.head()))},
                  {"finality", to_hex(ledger::encode(finality))}}}};
}

Method check_method(node::Service& service) {
    return {
        .name = "finance.check",
        .summary_en = "What stands under a tag, with a proof of its presence or of its absence",
        .summary_zh = "查询标签下的有效融资，附存在或不存在的证明",
        .parameters = {{"tag", "33 bytes in hexadecimal; only lenders can make it", true, schema::text("Tag")}},
        .result_name = "standing",
        .result_schema = schema::object(
            {{"tag", schema::text("")},
             {"financed", schema::boolean("")},
             {"financings", schema::list(schema::any("rank, key, lender, member, contract, transaction, height, "
                                                     "time"))},
             {"height", schema::uint("As of this height")},
             {"proof", schema::any("key, value (null: absent), path, header, finality: the bytes of "
                                   "docs/formats.cddl in hexadecimal")}}),
        .errors = {Errc::pruned},
        .handler = answering([](Params& params) { return read_public_key(params, "tag"); },
                             [&service](const std::optional<PublicKey>& tag) { return check(*service.view(), *tag); })};
}

}  // namespace

std::vector<Method> finance_methods(const Context& context) {
    return {keys_method(context.service), check_method(context.service)};
}

}  // namespace probatum::rpc
