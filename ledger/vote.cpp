#include "ledger/vote.h"

#include <string>

#include "base/cbor.h"
#include "base/cose.h"
#include "base/hash.h"

namespace probatum::ledger {

namespace {

constexpr std::size_t kSignerBytes = 72;

void write_block_id(cbor::Writer& writer, const VoteTarget& target) {
    if (target.kind == VoteKind::nullify) {
        writer.null();
    } else {
        writer.digest(target.block);
    }
}

void write_target(cbor::Writer& writer, const VoteTarget& target) {
    writer.uint(static_cast<std::uint64_t>(target.kind)).uint(target.epoch.raw()).uint(target.view.raw());
    write_block_id(writer, target);
}

VoteTarget read_target(cbor::Reader& reader) {
    VoteTarget out;
    const std::uint64_t kind = reader.field("kind").uint();
    if (kind < 1 || kind > 3) {
        reader.refuse(Errc::malformed, "expected 1, 2 or 3");
    }
    out.kind = static_cast<VoteKind>(kind);
    out.epoch = Epoch{reader.field("epoch").uint()};
    out.view = View{reader.field("view").uint()};
    reader.field("block");
    if (out.kind == VoteKind::nullify) {
        reader.null();
        return out;
    }
    out.block = reader.digest();
    if (out.block.is_zero()) {
        reader.refuse(Errc::malformed, "zero names no block");
    }
    return out;
}

ValidatorIndex read_signer(cbor::Reader& reader) {
    return static_cast<ValidatorIndex>(reader.field("signer").uint_at_most(kMaxValidators - 1));
}

cose::ProtectedHeader header_of(const Digest& chain_id, const Validator& signer, const KeyId& key_id) {
    return {std::string{kVoteContentType}, key_id, chain_id, signer.organisation};
}

Digest signing_digest(ByteView payload, const Digest& chain_id, const Validator& signer, const KeyId& key_id) {
    return cose::signing_digest(cose::encode(header_of(chain_id, signer, key_id)), payload);
}

std::string signer_name(std::size_t position) { return "signers[" + std::to_string(position) + "]"; }

}  // namespace

Bytes vote_payload(const VoteTarget& target, const Digest& chain_id) {
    cbor::Writer writer{96};
    writer.array(5).uint(static_cast<std::uint64_t>(target.kind)).digest(chain_id);
    writer.uint(target.epoch.raw()).uint(target.view.raw());
    write_block_id(writer, target);
    return writer.take();
}

Bytes vote_protected_header(const Digest& chain_id, const Validator& signer) {
    return cose::encode(header_of(chain_id, signer, signer.key.id()));
}

Digest vote_signing_digest(const VoteTarget& target, const Digest& chain_id, const Validator& signer) {
    return signing_digest(vote_payload(target, chain_id), chain_id, signer, signer.key.id());
}

Bytes encode(const Vote& vote) {
    cbor::Writer writer{64 + kSignerBytes};
    writer.array(6);
    write_target(writer, vote.target);
    writer.uint(vote.signer).bytes(vote.signature);
    return writer.take();
}

Result<Vote> decode_vote(ByteView bytes) {
    cbor::Reader reader{bytes};
    Vote out;
    reader.array_of(6);
    out.target = read_target(reader);
    out.signer = read_signer(reader);
    out.signature = reader.field("signature").byte_array<64>();
    PROBATUM_TRY(reader.finish());
    return out;
}

Result<Verified<Vote>> verify_vote(const Vote& vote, const ValidatorSet& set, const Digest& chain_id,
                                   const SignatureChecker& checker) {
    if (vote.signer >= set.size()) {
        return fail(Errc::malformed, "signer", "no such member of the set");
    }
    const Validator& signer = set.at(vote.signer);
    const Digest digest =
        signing_digest(vote_payload(vote.target, chain_id), chain_id, signer, set.key_id(vote.signer));
    return checker.verify(vote, signer.key, digest, vote.signature);
}

Bytes encode(const Certificate& certificate) {
    cbor::Writer writer{64 + certificate.signers.size() * kSignerBytes};
    writer.array(5);
    write_target(writer, certificate.target);
    writer.array(certificate.signers.size());
    for (const Certificate::Signer& signer : certificate.signers) {
        writer.array(2).uint(signer.index).bytes(signer.signature);
    }
    return writer.take();
}

Result<Certificate> decode_certificate(ByteView bytes) {
    cbor::Reader reader{bytes, {.items = kMaxValidators}};
    Certificate out;
    reader.array_of(5);
    out.target = read_target(reader);
    const std::uint64_t count = reader.field("signers").array();
    if (count == 0) {
        reader.refuse(Errc::malformed, "at least one signer");
    }
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        Certificate::Signer signer;
        reader.array_of(2);
        signer.index = read_signer(reader);
        signer.signature = reader.field("signature").byte_array<64>();
        reader.leave();
        if (!out.signers.empty() && signer.index <= out.signers.back().index) {
            reader.refuse(Errc::malformed, "signers do not ascend");
        }
        out.signers.push_back(signer);
    }
    PROBATUM_TRY(reader.finish());
    return out;
}

Digest digest_of(const Certificate& certificate) { return sha256(encode(certificate)); }

Result<Verified<Certificate>> verify_certificate(const Certificate& certificate, const ValidatorSet& set,
                                                 const Digest& chain_id, const SignatureChecker& checker) {
    const std::vector<Certificate::Signer>& signers = certificate.signers;
    if (signers.size() != set.quorum()) {
        return fail(Errc::certificate_invalid, "signers",
                    std::to_string(signers.size()) + " signers where the quorum is " + std::to_string(set.quorum()));
    }
    if ((certificate.target.kind == VoteKind::nullify) != certificate.target.block.is_zero()) {
        return fail(Errc::certificate_invalid, "block", "a nullification names no block, any other kind names one");
    }
    // All indices before any signature: what is cheap to refuse costs no curve arithmetic.
    for (std::size_t i = 0; i < signers.size(); ++i) {
        if (signers[i].index >= set.size()) {
            return fail(Errc::certificate_invalid, signer_name(i), "not a member");
        }
        if (i > 0 && signers[i].index <= signers[i - 1].index) {
            return fail(Errc::certificate_invalid, signer_name(i), "signers do not ascend");
        }
    }
    const Bytes payload = vote_payload(certificate.target, chain_id);
    Result<Verified<Certificate>> out = fail(Errc::certificate_invalid, "signers", "no signers");
    for (std::size_t i = 0; i < signers.size(); ++i) {
        const Validator& signer = set.at(signers[i].index);
        const Digest digest = signing_digest(payload, chain_id, signer, set.key_id(signers[i].index));
        const bool last = i + 1 == signers.size();
        if (last) {
            out = checker.verify(certificate, signer.key, digest, signers[i].signature);
        }
        const Result<void> held =
            last ? (out ? Result<void>{} : fail(out.error())) : checker.check(signer.key, digest, signers[i].signature);
        if (!held) {
            return fail(Errc::certificate_invalid, signer_name(i), held.error().to_string());
        }
    }
    return out;
}

}  // namespace probatum::ledger
