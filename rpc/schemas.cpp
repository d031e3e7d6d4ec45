#include "rpc/schemas.h"

namespace probatum::rpc::schema {

namespace {

Json typed(std::string_view type, std::string_view description) {
    Json out{{"type", type}};
    if (!description.empty()) {
        out["description"] = description;
    }
    return out;
}

Json header() {
    return object({{"id", digest("Block id: SHA-256 of cbor")},
                   {"version", uint("Format version")},
                   {"chain_id", digest("SHA-256 of genesis")},
                   {"epoch", uint("Validator set")},
                   {"height", uint("From 1")},
                   {"view", uint("View of the first proposal")},
                   {"parent", digest("Parent's id; the chain id for height 1")},
                   {"proposer", uint("Validator index")},
                   {"time", instant("Block time")},
                   {"time_ms", uint("Block time, milliseconds since 1970")},
                   {"payload_root", digest("Over the transactions")},
                   {"log_size", uint("Entries in the evidence log")},
                   {"log_root", digest("RFC 9162 root of the evidence log")},
                   {"state_root", digest("After this block")},
                   {"validators", digest("Set that agrees on this block")},
                   {"next_validators", digest("Set that agrees on its children")},
                   {"rules_version", uint("Rules in force")},
                   {"parent_certificate", digest("Zero for height 1")},
                   {"cbor", hex("The exact header")}},
                  "A block header");
}

Json finality() {
    return object(
        {{"certificate",
          object({{"kind", text("finalize")},
                  {"epoch", uint("")},
                  {"view", uint("")},
                  {"block", digest("")},
                  {"signers", list(object({{"index", uint("Validator index")}, {"signature", hex("r and s")}}))}})},
         {"path", list(digest("Block id"), "From the certified block back to the child of this one; usually empty")},
         {"cbor", hex("The exact proof")}},
        "Why a block is final");
}

Json outcome() {
    return object({{"accepted", boolean("False: refused by a rule, and recorded as refused")},
                   {"number", uint("0, or a number of the error registry")},
                   {"name?", text("")},
                   {"field?", text("The field to blame")},
                   {"message_en?", text("")},
                   {"message_zh?", text("")},
                   {"remedy_en?", text("")},
                   {"remedy_zh?", text("")}},
                  "How a transaction ended");
}

Json receipt() {
    return object(
        {{"transaction", digest("Transaction id")},
         {"outcome", reference("Outcome")},
         {"height", uint("")},
         {"block", digest("")},
         {"time", instant("Block time")},
         {"index", uint("Position in the block")},
         {"log_index", uint("Position in the evidence log")},
         {"already_recorded", boolean("The identical transaction was there before")},
         {"proof?", object({{"header", reference("Header")},
                            {"entry", object({{"change_digest", digest("")},
                                              {"cbor", hex("The exact leaf of the evidence log")}})},
                            {"log_path", list(digest(""), "RFC 9162 inclusion of the entry in header.log_root")},
                            {"finality", reference("FinalityProof")}})}},
        "All that is needed to verify offline against the genesis digest");
}

Json event() {
    return object({{"subject", digest("Contract id")},
                   {"sequence", uint("From 0, no gaps")},
                   {"previous", digest("Leaf hash of the leaf before")},
                   {"transaction", digest("")},
                   {"height", uint("")},
                   {"index", uint("")},
                   {"time", instant("Block time")},
                   {"outcome", reference("Outcome")},
                   {"resolved", hex("What was looked up in the world outside the contract")},
                   {"cbor", hex("The exact leaf")},
                   {"organisation", text("Who signed")},
                   {"member", text("Whose key")},
                   {"key_id", digest("Key that signed")},
                   {"action", reference("Action")}},
                  "One event of a contract, or one refused attempt");
}

Json action() {
    return object(
        {{"action", text("\"fund.disburse\"")},
         {"contract", nullable(digest("Contract id"))},
         {"body", any("Members as docs/rpc.md says; hidden ones are null")},
         {"hidden", list(text("Field whose opening is not there"))},
         {"side", list(object({{"name", text("")}, {"commitment", digest("")}}), "Fields that stay beside the chain")}},
        "What was signed");
}

Json summary() {
    return object(
        {{"action", text("\"fund.disburse\"")},
         {"en", text("The action in English")},
         {"zh", text("The action in Chinese")},
         {"text", text("All of it in both languages; its SHA-256 may serve as `seen`")},
         {"lines", list(object({{"name", text("Stable")}, {"en", text("")}, {"zh", text("")}, {"value", text("")}}))}},
        "Every field that the signature covers, for people");
}

Json digests() {
    return object({{"sha-256", digest("FIPS 180-4")}, {"sm3", digest("GB/T 32905")}}, "Digests of one document");
}

Json error() {
    return object({{"number", uint("Number of the error registry")},
                   {"name", text("")},
                   {"message_en", text("")},
                   {"message_zh", text("")},
                   {"remedy_en", text("")},
                   {"remedy_zh", text("")},
                   {"field", text("The offending field, dotted; empty where none is to blame")},
                   {"detail", text("English")},
                   {"retry_after_ms?", uint("How long to wait, where waiting helps")}},
                  "`data` of an error");
}

Json status() {
    const Json validator = object(
        {{"index", uint("")},
         {"organisation", text("")},
         {"address", text("")},
         {"self", boolean("")},
         {"connected", boolean("")},
         {"heard", boolean("A vote was heard in the recent views")},
         {"last_view_heard", uint("")},
         {"last_height", uint("")},
         {"clock_offset_ms", typed("integer", "Its clock minus this node's, as it last told; absent if it has not")},
         {"problem", text("Why it is not connected")}});
    return object(
        {{"version", text("")},
         {"mode", text("validator, observer, or follower: it has an identity that this epoch's set does not have")},
         {"chain_name", text("")},
         {"chain_id", digest("")},
         {"epoch", uint("")},
         {"view", uint("")},
         {"view_timeout_ms", uint("What this node gives a leader at present")},
         {"height", uint("Last final height")},
         {"block", digest("")},
         {"state_root", digest("")},
         {"block_time", instant("")},
         {"clock_drift_ms", typed("integer", "Own clock minus the median of the peers' clocks")},
         {"log_size", uint("")},
         {"quorum", uint("")},
         {"reachable", uint("Validators connected, this one included")},
         {"ready", boolean("")},
         {"read_only", boolean("")},
         {"alarm", text("Empty if all is well")},
         {"pool", object({{"transactions", uint("")}, {"bytes", uint("")}})},
         {"validators", list(validator)},
         {"missing", list(object({{"index", uint("")}, {"organisation", text("")}, {"problem", text("")}}),
                          "Who is not connected, and why")},
         {"misbehaviour_proofs",
          list(text(""), "Proofs that this node found since its start, for misbehaviour.report; hex")},
         {"stages", list(object({{"stage", text("decode, check, pool, execute, tree, disk, vote")},
                                 {"count", uint("Transactions measured; of vote: votes")},
                                 {"nanoseconds", uint("CPU time of this process")}}),
                         "What each stage has cost since the start")}},
        "The node's state");
}

}  // namespace

Json text(std::string_view description) { return typed("string", description); }
Json boolean(std::string_view description) { return typed("boolean", description); }

Json uint(std::string_view description, std::uint64_t maximum) {
    Json out = typed("integer", description);
    out["minimum"] = 0;
    if (maximum != INT64_MAX) {
        out["maximum"] = maximum;
    }
    return out;
}

Json one_of(std::string_view description, std::initializer_list<std::string_view> values) {
    Json out = text(description);
    out["enum"] = values;
    return out;
}

Json hex(std::string_view description) {
    Json out = text(description);
    out["pattern"] = "^([0-9a-f]{2})*$";
    return out;
}

Json digest(std::string_view description) {
    Json out = text(description);
    out["pattern"] = "^[0-9a-fA-F]{64}$";
    return out;
}

Json bytes(std::string_view description) {
    Json out = text(std::string{description} + ". Hexadecimal, or base64url without padding");
    out["pattern"] = "^[0-9A-Za-z_-]*$";
    return out;
}

Json instant(std::string_view description) {
    Json out = text(description);
    out["format"] = "date-time";
    return out;
}

Json nullable(Json schema) { return {{"oneOf", Json::array({std::move(schema), Json{{"type", "null"}}})}}; }

Json list(Json items, std::string_view description) {
    Json out = typed("array", description);
    out["items"] = std::move(items);
    return out;
}

Json any(std::string_view description) { return typed("object", description); }

Json object(Members members, std::string_view description) {
    Json out = typed("object", description);
    out["properties"] = Json::object();
    out["required"] = Json::array();
    for (const auto& [name, schema] : members) {
        const bool optional = name.ends_with('?');
        const std::string bare{optional ? name.substr(0, name.size() - 1) : name};
        out["properties"][bare] = schema;
        if (!optional) {
            out["required"].push_back(bare);
        }
    }
    return out;
}

Json reference(std::string_view name) { return {{"$ref", "#/components/schemas/" + std::string{name}}}; }

Json components() {
    return {{"Action", action()},          {"Digests", digests()}, {"Error", error()},     {"Event", event()},
            {"FinalityProof", finality()}, {"Header", header()},   {"Outcome", outcome()}, {"Receipt", receipt()},
            {"Status", status()},          {"Summary", summary()}};
}

}  // namespace probatum::rpc::schema
