#include "base/civil_time.h"
#include "base/text_encoding.h"
#include "evidence/gather.h"
#include "rpc/methods.h"
#include "rpc/schemas.h"
#include "rpc/views.h"

namespace probatum::rpc {

namespace {

Json member_view(const contracts::Member& member) {
    Json out{{"organisation", member.organisation},
             {"id", member.id},
             {"name", member.name},
             {"key", to_hex(member.key.bytes())},
             {"key_id", to_hex(member.key.id().digest)},
             {"roles", Json::array()}};
    for (const contracts::Role role : member.roles) {
        out["roles"].push_back(contracts::name(role));
    }
    return out;
}

Json genesis_view(const contracts::Genesis& genesis) {
    Json out{{"chain_name", genesis.chain_name},
             {"time", to_rfc3339(genesis.time)},
             {"rules_version", genesis.rules_version},
             {"organisations", Json::array()},
             {"members", Json::array()},
             {"validators", Json::array()}};
    for (const contracts::Organisation& organisation : genesis.organisations) {
        out["organisations"].push_back(
            {{"id", organisation.id}, {"name", organisation.name}, {"identifier", organisation.identifier}});
    }
    for (const contracts::Member& member : genesis.members) {
        out["members"].push_back(member_view(member));
    }
    for (const ledger::Validator& validator : genesis.validators) {
        out["validators"].push_back({{"organisation", validator.organisation},
                                     {"key", to_hex(validator.key.bytes())},
                                     {"key_id", to_hex(validator.key.id().digest)}});
    }
    return out;
}

Result<Json> block_at(const evidence::Source& source, Height height) {
    PROBATUM_LET(header, source.header(height));
    PROBATUM_LET(finality, source.finality(height));
    std::uint64_t first = 0;
    if (height.raw() > 1) {
        PROBATUM_LET(parent, source.header(Height{height.raw() - 1}));
        first = parent.log_size;
    }
    Json transactions = Json::array();
    for (std::uint64_t at = first; at < header.log_size; ++at) {
        PROBATUM_LET(entry, source.entry(at));
        transactions.push_back(
            {{"id", to_hex(entry.transaction)}, {"log_index", at}, {"outcome", view_of(entry.outcome)}});
    }
    return Json{
        {"header", view_of(header)}, {"finality", view_of(finality)}, {"transactions", std::move(transactions)}};
}

Json block_schema() {
    return schema::object(
        {{"header", schema::reference("Header")},
         {"finality", schema::reference("FinalityProof")},
         {"transactions", schema::list(schema::object({{"id", schema::digest("")},
                                                       {"log_index", schema::uint("")},
                                                       {"outcome", schema::reference("Outcome")}}))}});
}

Json genesis_schema() {
    return schema::object({{"chain_id", schema::digest("SHA-256 of cbor: the name of the network")},
                           {"cbor", schema::hex("The exact genesis")},
                           {"chain_name", schema::text("")},
                           {"time", schema::instant("")},
                           {"rules_version", schema::uint("")},
                           {"organisations", schema::list(schema::any("id, name, identifier"))},
                           {"members", schema::list(schema::any("organisation, id, name, key, key_id, roles"))},
                           {"validators", schema::list(schema::any("organisation, key, key_id"))}});
}

Method status_method(node::Service& service) {
    return {.name = "chain.status",
            .summary_en = "How this node stands: last final block, peers, who is missing and why",
            .summary_zh = "本节点状态：最新最终区块、各验证节点、缺席者及原因",
            .parameters = {},
            .result_name = "status",
            .result_schema = schema::reference("Status"),
            .errors = {},
            .handler = answering([](Params&) { return 0; },
                                 [&service](int) { return Result<Json>{view_of(service.status())}; })};
}

Method block_method(node::Service& service) {
    return {.name = "chain.block",
            .summary_en = "A final block: header, why it is final, and its transactions with their outcomes",
            .summary_zh = "最终区块：区块头、最终性证明、交易及其结果",
            .parameters = {{"height", "From 1; the last final one if not given", false, schema::uint("Height")}},
            .result_name = "block",
            .result_schema = block_schema(),
            .errors = {Errc::not_found, Errc::pruned},
            .handler = answering(
                [](Params& params) {
                    return params.has("height") ? std::optional{params.uint("height", INT64_MAX)}
                                                : (params.raw("height"), std::nullopt);
                },
                [&service](const std::optional<std::uint64_t>& height) -> Result<Json> {
                    const auto view = service.view();
                    const Height wanted = height ? Height{*height} : view->head().height;
                    if (wanted.raw() == 0) {
                        return fail(Errc::not_found, "height", "genesis has no header; see chain.genesis");
                    }
                    return block_at(*view, wanted);
                })};
}

Method genesis_method(node::Service& service) {
    return {.name = "chain.genesis",
            .summary_en = "The first agreement: organisations, members, roles and validators, with the exact bytes",
            .summary_zh = "创世信息：机构、成员、角色与验证节点，附原始字节",
            .parameters = {},
            .result_name = "genesis",
            .result_schema = genesis_schema(),
            .errors = {},
            .handler = answering([](Params&) { return 0; },
                                 [&service](int) -> Result<Json> {
                                     Json out = genesis_view(service.genesis());
                                     out["chain_id"] = to_hex(service.chain_id());
                                     out["cbor"] = to_hex(service.view()->genesis());
                                     return out;
                                 })};
}

Json hex_list(const std::vector<Bytes>& items) {
    Json out = Json::array();
    for (const Bytes& item : items) {
        out.push_back(to_hex(item));
    }
    return out;
}

Method trust_path_method(node::Service& service) {
    const Json step = schema::object(
        {{"closing", schema::reference("Header")},
         {"finality", schema::reference("FinalityProof")},
         {"next", schema::hex("The next validator set, encoded")},
         {"succession", schema::list(schema::hex("Of a recovery authority"), "Empty: the set chose its successor")}});
    return {.name = "chain.trust_path",
            .summary_en = "The closing headers that lead from the validators of genesis to those of today",
            .summary_zh = "由创世验证节点集合通往当前集合的各纪元终结区块头",
            .parameters = {},
            .result_name = "path",
            .result_schema = schema::object({{"steps", schema::list(step)}}),
            .errors = {Errc::pruned},
            .handler = answering([](Params&) { return 0; },
                                 [&service](int) -> Result<Json> {
                                     const auto source = service.view();
                                     Json steps = Json::array();
                                     if (source->head().height.raw() > 0) {
                                         PROBATUM_LET(path, evidence::gather_validator_path(*source));
                                         for (const evidence::ValidatorChange& change : path) {
                                             steps.push_back({{"closing", view_of(change.closing.header)},
                                                              {"finality", view_of(change.closing.finality)},
                                                              {"next", to_hex(change.next.encode())},
                                                              {"succession", hex_list(change.succession)}});
                                         }
                                     }
                                     return Json{{"steps", std::move(steps)}};
                                 })};
}

}  // namespace

std::vector<Method> chain_methods(const Context& context) {
    return {status_method(context.service), block_method(context.service), genesis_method(context.service),
            trust_path_method(context.service)};
}

}  // namespace probatum::rpc
