#include "base/check.h"
#include "base/text_encoding.h"
#include "rpc/actions.h"
#include "rpc/methods.h"
#include "rpc/schemas.h"

namespace probatum::rpc {

namespace {

constexpr std::uint64_t kDefaultValidityMs = 60ULL * 60 * 1000;

struct Wanted {
    contracts::Action action;
    contracts::SignerContext signer;
};

/// The key is named by its id, or whole; the caller keeps the secret half.
KeyId read_key(Params& signer) {
    if (const auto id = signer.optional_digest("key_id")) {
        if (signer.has("public_key")) {
            signer.refuse("public_key", {Errc::malformed, {}, "give key_id or public_key, not both"});
        }
        (void)signer.raw("public_key");
        return KeyId{*id};
    }
    const Bytes compressed = signer.bytes("public_key");
    if (signer.failed()) {
        return {};
    }
    const auto key = PublicKey::from_bytes(compressed);
    if (!key) {
        signer.refuse("public_key", key.error());
        return {};
    }
    return key->id();
}

contracts::SignerContext read_signer(Params& params, node::Service& service) {
    contracts::SignerContext out{
        .chain_id = service.chain_id(), .organisation = {}, .key = {}, .idempotency_key = {}, .valid_until = {}};
    Params signer = params.object("signer");
    out.organisation = signer.text("organisation");
    out.key = read_key(signer);
    params.take(signer);
    out.valid_until = params.optional_instant("valid_until").value_or(UnixMs{service.now().raw() + kDefaultValidityMs});
    if (const auto given = params.optional_bytes("idempotency_key")) {
        if (given->size() == out.idempotency_key.size()) {
            std::ranges::copy(*given, out.idempotency_key.begin());
        } else {
            params.refuse("idempotency_key", {Errc::malformed, {}, "16 bytes are needed"});
        }
    } else {
        service.random(out.idempotency_key);
    }
    return out;
}

Json view_of_openings(const std::vector<ledger::Opening>& openings) {
    Json out = Json::array();
    for (const ledger::Opening& opening : openings) {
        out.push_back({{"name", opening.name}, {"salt", to_hex(opening.salt)}, {"value", to_hex(opening.value)}});
    }
    return out;
}

Result<Json> prepare(node::Service& service, const Wanted& wanted) {
    const auto salt = [&service] {
        Salt fresh{};
        service.random(fresh);
        return fresh;
    };
    PROBATUM_LET(draft, contracts::build_transaction(wanted.action, wanted.signer, salt));
    const Bytes to_sign = draft.signing_bytes();
    PROBATUM_LET(summary, summary_of(draft));
    Json out{{"signing_bytes", to_hex(to_sign)},
             {"signing_digest", to_hex(sha256(to_sign))},
             {"protected", to_hex(cose::encode(draft.header))},
             {"payload", to_hex(draft.payload)},
             {"openings", to_hex(ledger::encode_openings(draft.openings))},
             {"opened", view_of_openings(draft.openings)},
             {"side_openings", view_of_openings(draft.side_openings)},
             {"idempotency_key", to_hex(wanted.signer.idempotency_key)},
             {"valid_until", to_rfc3339(wanted.signer.valid_until)},
             {"contract", nullptr},
             {"summary", view_of(summary)}};
    if (draft.header.subject) {
        out["contract"] = *draft.header.subject;
    }
    return out;
}

Json prepared_schema() {
    const Json opened = schema::list(schema::object(
        {{"name", schema::text("")}, {"salt", schema::hex("16 bytes")}, {"value", schema::hex("One CBOR item")}}));
    return schema::object({{"signing_bytes", schema::hex("The exact bytes to sign: Sig_structure of RFC 9052")},
                           {"signing_digest", schema::digest("SHA-256 of signing_bytes: what ECDSA secp256k1 signs")},
                           {"protected", schema::hex("Protected header")},
                           {"payload", schema::hex("Signed payload")},
                           {"openings", schema::hex("Openings that travel with the statement")},
                           {"opened", opened},
                           {"side_openings", opened},
                           {"idempotency_key", schema::hex("16 bytes")},
                           {"valid_until", schema::instant("")},
                           {"contract", schema::nullable(schema::digest("Contract id, where there is one"))},
                           {"summary", schema::reference("Summary")}});
}

std::string joined_action_names() {
    std::string out;
    for (const std::string_view name : contracts::action_names()) {
        out += (out.empty() ? "" : ", ") + std::string{name};
    }
    return out;
}

std::vector<Parameter> prepare_parameters() {
    const Json signer = schema::object({{"organisation", schema::text("In whose name")},
                                        {"key_id?", schema::digest("SHA-256 of the public key")},
                                        {"public_key?", schema::bytes("33 bytes, compressed")}});
    return {{"action", joined_action_names(), true, schema::text("Action")},
            {"body", "Members as docs/rpc.md says for the action", true, schema::any("Body")},
            {"signer", "Who will sign", true, signer},
            {"contract", "Contract id; for every action but contract.register and a deposit of its own", false,
             schema::digest("Contract id")},
            {"valid_until", "At most 24 h ahead; one hour if not given", false, schema::instant("Instant")},
            {"idempotency_key", "16 bytes; fresh ones if not given", false, schema::bytes("16 bytes")},
            {"side", "Texts that stay beside the chain; only their commitments are signed", false,
             schema::any("Name to text")}};
}

}  // namespace

std::vector<Method> prepare_methods(const Context& context) {
    auto handler = [&service = context.service](Params params, const Reply& reply) {
        const std::string name = params.text("action");
        const auto contract = params.optional_digest("contract");
        const contracts::SignerContext signer = read_signer(params, service);
        Json given = params.raw("body");
        const auto side = read_side_fields(params, "side");
        if (auto whole = params.finish(); !whole) {
            return reply(refuse_params(std::move(whole).error()));
        }
        auto action = read_action(name, contract, Params{std::move(given), "body"});
        if (!action) {
            return reply(refuse_params(std::move(action).error()));
        }
        action->side = side;
        auto result = prepare(service, {*std::move(action), signer});
        if (!result) {
            return reply(refuse_params(std::move(result).error()));
        }
        reply(*std::move(result));
    };
    return {{.name = "tx.prepare",
             .summary_en = "The exact bytes to sign for an action, with a readable summary; nothing is recorded",
             .summary_zh = "给出某操作待签名的原始字节与可读摘要；不作任何记录",
             .parameters = prepare_parameters(),
             .result_name = "prepared",
             .result_schema = prepared_schema(),
             .errors = {},
             .handler = std::move(handler)}};
}

}  // namespace probatum::rpc
