#include "base/check.h"
#include "base/text_encoding.h"
#include "contracts/action_bodies.h"

namespace probatum::contracts {
namespace {

std::optional<Digest> subject_of(const Action& action, const SignerContext& signer) {
    if (const auto* body = std::get_if<RegisterBody>(&action.body)) {
        return contract_id({.chain_id = signer.chain_id, .organisation = signer.organisation, .number = body->number});
    }
    return action.contract;
}

}  // namespace

Result<Draft> build_transaction(const Action& action, const SignerContext& signer, const SaltSource& salt) {
    cbor::Writer body{512};
    Sealer sealer{salt};
    std::visit([&](const auto& typed) { bodies::write({body, sealer, action.side}, typed); }, action.body);

    Draft draft;
    draft.header = {.content_type = std::string{ledger::kTransactionContentType},
                    .key_id = signer.key,
                    .chain_id = signer.chain_id,
                    .issuer = signer.organisation};
    if (const std::optional<Digest> contract = subject_of(action, signer)) {
        draft.header.subject = to_hex(*contract);
    }
    draft.payload = ledger::encode(ledger::Payload{.idempotency_key = signer.idempotency_key,
                                                   .valid_until = signer.valid_until,
                                                   .action = std::string{action_name(action.body)},
                                                   .body = body.take()});
    draft.openings = std::move(sealer.openings);
    draft.side_openings = std::move(sealer.side_openings);

    // What nobody could decode must not be signed: the reader is the judge of form, and there is only one.
    PROBATUM_LET(transaction, ledger::Transaction::decode(draft.assemble(Signature{})));
    PROBATUM_LET(decoded, decode_action(*transaction));
    PROBATUM_CHECK(decoded.hidden.empty(), "every sealed field was given its opening");
    return draft;
}

Bytes Draft::signing_bytes() const { return cose::signing_bytes(cose::encode(header), payload); }

Bytes Draft::assemble(const Signature& signature) const {
    return ledger::encode_transaction(cose::assemble(header, payload, signature), openings);
}

Bytes Draft::sign(const SecretKey& key) const {
    return ledger::encode_transaction(cose::sign(key, header, payload), openings);
}

}  // namespace probatum::contracts
