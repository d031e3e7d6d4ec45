#include <string>

#include "base/cbor.h"
#include "ledger/block.h"

namespace probatum::ledger {

namespace {

constexpr std::size_t kHeaderBytes = 400;

tl::unexpected<Error> invalid(std::string field, std::string why) {
    return fail(Errc::certificate_invalid, std::move(field), std::move(why));
}

/// Whether `child` stands directly on the block with this header and id, within one epoch of one chain.
Result<void> check_link(const Header& child, const Header& parent, const Digest& parent_id, const std::string& name) {
    if (child.parent != parent_id) {
        return invalid(name, "its parent is another block");
    }
    if (child.height.raw() - 1 != parent.height.raw()) {
        return invalid(name, "heights are not consecutive");
    }
    if (child.chain_id != parent.chain_id) {
        return invalid(name, "of another chain");
    }
    if (child.epoch != parent.epoch) {
        return invalid(name, "of another epoch");
    }
    if (child.validators != parent.validators) {
        return invalid(name, "of another validator set");
    }
    return {};
}

}  // namespace

Bytes encode(const FinalityProof& proof) {
    const Bytes certificate = encode(proof.certificate);
    cbor::Writer writer{certificate.size() + 16 + proof.path.size() * kHeaderBytes};
    writer.array(2).raw(certificate).array(proof.path.size());
    for (const Header& header : proof.path) {
        writer.raw(encode(header));
    }
    return writer.take();
}

Result<FinalityProof> decode_finality_proof(ByteView bytes) {
    cbor::Reader reader{bytes};
    FinalityProof out;
    reader.field("finality_proof").array_of(2);
    const ByteView certificate_bytes = reader.field("certificate").raw_item();
    const std::uint64_t count = reader.field("path").array();
    if (count > kMaxFinalityPath) {
        reader.refuse(Errc::too_large, "too many headers");
    }
    PROBATUM_TRY(reader.status());
    PROBATUM_LET(certificate, decode_certificate(certificate_bytes));
    out.certificate = std::move(certificate);
    for (std::uint64_t i = 0; i < count; ++i) {
        const ByteView header_bytes = reader.raw_item();
        PROBATUM_TRY(reader.status());
        PROBATUM_LET(header, decode_header(header_bytes));
        out.path.push_back(header);
    }
    PROBATUM_TRY(reader.finish());
    return out;
}

Result<void> verify_finality(const Header& header, const FinalityProof& proof, const ValidatorSet& set,
                             const SignatureChecker& checker) {
    const VoteTarget& target = proof.certificate.target;
    if (target.kind != VoteKind::finalize) {
        return invalid("certificate.kind", "not a finalization");
    }
    if (target.epoch != header.epoch) {
        return invalid("certificate.epoch", "of another epoch");
    }
    if (header.validators != set.digest()) {
        return invalid("validators", "the header names another set");
    }
    if (proof.path.size() > kMaxFinalityPath) {
        return invalid("path", "too many headers");
    }
    // From the block in question upwards, so that each header is hashed once.
    const Header* below = &header;
    Digest below_id = id_of(header);
    for (std::size_t i = proof.path.size(); i-- > 0;) {
        const Header& next = proof.path[i];
        PROBATUM_TRY(check_link(next, *below, below_id, "path[" + std::to_string(i) + "]"));
        below = &next;
        below_id = id_of(next);
    }
    if (target.block != below_id) {
        return invalid("certificate.block", "names another block");
    }
    PROBATUM_TRY(verify_certificate(proof.certificate, set, header.chain_id, checker));
    return {};
}

}  // namespace probatum::ledger
