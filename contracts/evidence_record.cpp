#include "contracts/evidence_record.h"

#include "contracts/codec.h"
#include "contracts/permissions.h"

namespace probatum::contracts {

Bytes encode(const Record& record) {
    cbor::Writer out{96};
    out.array(3).text(record.action).digest(record.transaction);
    codec::write_optional(out, record.contract);
    return out.take();
}

Result<Record> decode_record(ByteView bytes) {
    cbor::Reader in{bytes};
    Record out;
    in.array_of(3);
    out.action = codec::read_text(in, {"action", ledger::kMaxActionNameBytes});
    out.transaction = in.field("transaction").digest();
    out.contract = codec::read_optional_digest(in.field("contract"));
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

Bytes use_leaf(UseKind kind, const Digest& subject) {
    cbor::Writer out{40};
    out.array(2).uint(static_cast<std::uint64_t>(kind)).digest(subject);
    return out.take();
}

Result<void> require_both_digests(const DocumentDigests& digests, std::string_view field) {
    if (!find_digest(digests, DigestAlgorithm::sha256) || !find_digest(digests, DigestAlgorithm::sm3)) {
        return fail(Errc::digest_required, std::string{field});
    }
    return {};
}

Result<void> judge_deposit(const DepositBody& body, const Resolved& resolved) {
    if (resolved.idempotency_key_used) {
        return fail(Errc::idempotency_conflict, "idempotency_key");
    }
    PROBATUM_TRY(permit("evidence.deposit", nullptr, resolved));
    return require_both_digests(body.digests, "digests");
}

}  // namespace probatum::contracts
