#include "rpc/views.h"

#include "base/civil_time.h"
#include "base/text_encoding.h"
#include "rpc/dispatcher.h"
#include "rpc/params.h"

namespace probatum::rpc {

namespace {

template <class T>
Json hex_list(const std::vector<T>& items) {
    Json out = Json::array();
    for (const T& item : items) {
        out.push_back(to_hex(item));
    }
    return out;
}

std::string_view name_of(ledger::VoteKind kind) {
    switch (kind) {
        case ledger::VoteKind::notarize:
            return "notarize";
        case ledger::VoteKind::nullify:
            return "nullify";
        case ledger::VoteKind::finalize:
            return "finalize";
    }
    return "unknown";
}

Json validator_view(const node::ValidatorStatus& validator) {
    Json out{{"index", validator.index},
             {"organisation", validator.organisation},
             {"address", validator.address},
             {"self", validator.self},
             {"connected", validator.connected},
             {"heard", validator.heard},
             {"last_view_heard", validator.last_view_heard},
             {"last_height", validator.last_height.raw()},
             {"problem", validator.problem}};
    if (validator.clock_offset_ms) {
        out["clock_offset_ms"] = *validator.clock_offset_ms;
    }
    return out;
}

Result<Bytes> hex_at(const Json& object, const char* pointer) {
    const Json::json_pointer place{pointer};
    if (!object.contains(place) || !object[place].is_string()) {
        return fail(Errc::malformed, pointer, "a text is needed");
    }
    auto bytes = from_hex(object[place].get_ref<const std::string&>());
    if (!bytes) {
        return fail(Errc::malformed, pointer, "hexadecimal is needed");
    }
    return bytes;
}

}  // namespace

Json view_of(const ledger::Outcome& outcome) {
    if (outcome.accepted()) {
        return {{"accepted", true}, {"number", 0}};
    }
    Json out{{"accepted", false}, {"number", outcome.code}, {"field", outcome.field}};
    if (const ErrorInfo* const line = find_error(outcome.code)) {
        out["name"] = line->name;
        out["message_en"] = line->english;
        out["message_zh"] = line->chinese;
        out["remedy_en"] = line->remedy_english;
        out["remedy_zh"] = line->remedy_chinese;
    }
    return out;
}

Json view_of(const ledger::Header& header) {
    return {{"id", to_hex(ledger::id_of(header))},
            {"version", header.version},
            {"chain_id", to_hex(header.chain_id)},
            {"epoch", header.epoch.raw()},
            {"height", header.height.raw()},
            {"view", header.view.raw()},
            {"parent", to_hex(header.parent)},
            {"proposer", header.proposer},
            {"time", to_rfc3339(header.time)},
            {"time_ms", header.time.raw()},
            {"payload_root", to_hex(header.payload_root)},
            {"log_size", header.log_size},
            {"log_root", to_hex(header.log_root)},
            {"state_root", to_hex(header.state_root)},
            {"validators", to_hex(header.validators)},
            {"next_validators", to_hex(header.next_validators)},
            {"rules_version", header.rules_version},
            {"parent_certificate", to_hex(header.parent_certificate)},
            {"cbor", to_hex(ledger::encode(header))}};
}

Json view_of(const ledger::Certificate& certificate) {
    Json out{{"kind", name_of(certificate.target.kind)},
             {"epoch", certificate.target.epoch.raw()},
             {"view", certificate.target.view.raw()},
             {"block", to_hex(certificate.target.block)},
             {"signers", Json::array()}};
    for (const auto& signer : certificate.signers) {
        out["signers"].push_back({{"index", signer.index}, {"signature", to_hex(signer.signature)}});
    }
    return out;
}

Json view_of(const ledger::FinalityProof& proof) {
    Json out{
        {"certificate", view_of(proof.certificate)}, {"path", Json::array()}, {"cbor", to_hex(ledger::encode(proof))}};
    for (const ledger::Header& header : proof.path) {
        out["path"].push_back(to_hex(ledger::id_of(header)));
    }
    return out;
}

Json view_of(const ledger::EventLeaf& leaf) {
    return {{"subject", to_hex(leaf.subject)},   {"sequence", leaf.sequence},
            {"previous", to_hex(leaf.previous)}, {"transaction", to_hex(leaf.transaction)},
            {"height", leaf.height.raw()},       {"index", leaf.index},
            {"time", to_rfc3339(leaf.time)},     {"outcome", view_of(leaf.outcome)},
            {"resolved", to_hex(leaf.resolved)}, {"cbor", to_hex(ledger::encode(leaf))}};
}

Json view_without_proof(const node::Receipt& receipt) {
    return {{"transaction", to_hex(receipt.transaction)},
            {"outcome", view_of(receipt.entry.outcome)},
            {"height", receipt.header.height.raw()},
            {"block", to_hex(ledger::id_of(receipt.header))},
            {"time", to_rfc3339(receipt.header.time)},
            {"index", receipt.index},
            {"log_index", receipt.log_index},
            {"already_recorded", receipt.already_recorded}};
}

Json view_of(const node::Receipt& receipt) {
    Json out = view_without_proof(receipt);
    out["proof"] = {
        {"header", view_of(receipt.header)},
        {"entry",
         {{"change_digest", to_hex(receipt.entry.change_digest)}, {"cbor", to_hex(ledger::encode(receipt.entry))}}},
        {"log_path", hex_list(receipt.log_path)},
        {"finality", view_of(receipt.finality)}};
    return out;
}

Json view_of(const node::Status& status) {
    Json out{{"version", status.version},
             {"mode", status.mode},
             {"chain_name", status.chain_name},
             {"chain_id", to_hex(status.chain_id)},
             {"epoch", status.epoch.raw()},
             {"view", status.view.raw()},
             {"view_timeout_ms", status.view_timeout_ms},
             {"height", status.height.raw()},
             {"block", to_hex(status.block)},
             {"state_root", to_hex(status.state_root)},
             {"block_time", to_rfc3339(status.block_time)},
             {"clock_drift_ms", status.clock_drift_ms},
             {"log_size", status.log_size},
             {"quorum", status.quorum},
             {"reachable", status.reachable},
             {"ready", status.ready},
             {"read_only", status.read_only},
             {"alarm", status.alarm},
             {"pool", {{"transactions", status.pool_transactions}, {"bytes", status.pool_bytes}}},
             {"validators", Json::array()},
             {"missing", Json::array()},
             {"misbehaviour_proofs", hex_list(status.misbehaviour)},
             {"stages", Json::array()}};
    for (const node::StageCost& stage : status.stages) {
        out["stages"].push_back({{"stage", stage.stage}, {"count", stage.count}, {"nanoseconds", stage.nanoseconds}});
    }
    for (const node::ValidatorStatus& validator : status.validators) {
        out["validators"].push_back(validator_view(validator));
        if (!validator.self && !validator.connected) {
            out["missing"].push_back(
                {{"index", validator.index}, {"organisation", validator.organisation}, {"problem", validator.problem}});
        }
    }
    return out;
}

Result<std::vector<evidence::ValidatorChange>> read_trust_path(const Json& answer) {
    if (!answer.contains("steps") || !answer["steps"].is_array()) {
        return fail(Errc::malformed, "/steps", "a list is needed");
    }
    std::vector<evidence::ValidatorChange> out;
    for (const Json& step : answer["steps"]) {
        PROBATUM_LET(header, hex_at(step, "/closing/cbor"));
        PROBATUM_LET(finality, hex_at(step, "/finality/cbor"));
        PROBATUM_LET(next, hex_at(step, "/next"));
        PROBATUM_LET(decoded_header, ledger::decode_header(header));
        PROBATUM_LET(decoded_finality, ledger::decode_finality_proof(finality));
        PROBATUM_LET(set, ledger::ValidatorSet::decode(next));
        std::vector<Bytes> succession;
        if (step.contains("succession") && step["succession"].is_array()) {
            for (std::size_t i = 0; i < step["succession"].size(); ++i) {
                PROBATUM_LET(statement, hex_at(step, ("/succession/" + std::to_string(i)).c_str()));
                succession.push_back(std::move(statement));
            }
        }
        out.push_back({{decoded_header, std::move(decoded_finality)}, std::move(set), std::move(succession)});
    }
    return out;
}

Result<evidence::ReceiptParts> read_receipt(const Json& receipt) {
    evidence::ReceiptParts out;
    // Only the members that a proof is made of are read; the rest is for people and may grow.
    const auto bytes_at = [&](const char* pointer) { return hex_at(receipt, pointer); };
    PROBATUM_LET(transaction, bytes_at("/transaction"));
    if (transaction.size() != Digest::kSize) {
        return fail(Errc::malformed, "/transaction", "32 bytes are needed");
    }
    std::ranges::copy(transaction, out.transaction.bytes.begin());
    PROBATUM_LET(header, bytes_at("/proof/header/cbor"));
    PROBATUM_LET(entry, bytes_at("/proof/entry/cbor"));
    PROBATUM_LET(finality, bytes_at("/proof/finality/cbor"));
    PROBATUM_LET(decoded_header, ledger::decode_header(header));
    PROBATUM_LET(decoded_entry, ledger::decode_entry(entry));
    PROBATUM_LET(decoded_finality, ledger::decode_finality_proof(finality));
    out.header = decoded_header;
    out.entry = decoded_entry;
    out.finality = std::move(decoded_finality);
    if (!receipt.contains("log_index") || !receipt["log_index"].is_number_unsigned()) {
        return fail(Errc::malformed, "/log_index", "a whole number is needed");
    }
    out.log_index = receipt["log_index"].get<std::uint64_t>();
    const Json::json_pointer path{"/proof/log_path"};
    if (!receipt.contains(path) || !receipt[path].is_array()) {
        return fail(Errc::malformed, "/proof/log_path", "a list is needed");
    }
    for (const Json& step : receipt[path]) {
        if (!step.is_string()) {
            return fail(Errc::malformed, "/proof/log_path", "texts are needed");
        }
        PROBATUM_LET(digest, digest_from_hex(step.get_ref<const std::string&>()));
        out.log_path.push_back(digest);
    }
    return out;
}

}  // namespace probatum::rpc
