#include "ledger/misbehaviour.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/cbor.h"

namespace probatum::ledger {

namespace {

constexpr std::size_t kMaxOrganisationBytes = 64;

Misbehaviour::Statement statement_of(const Vote& vote) { return {vote.target.kind, vote.target.block, vote.signature}; }

bool in_order(const VoteTarget& first, const VoteTarget& second) {
    return std::pair{first.kind, first.block} < std::pair{second.kind, second.block};
}

Result<void> check(const Misbehaviour& proof) {
    const VoteTarget first = proof.target(0);
    const VoteTarget second = proof.target(1);
    for (const VoteTarget& target : {first, second}) {
        if ((target.kind == VoteKind::nullify) != target.block.is_zero()) {
            return fail(Errc::malformed, "statements.block", "none exactly where the kind is nullify");
        }
    }
    if (!contradict(first, second)) {
        return fail(Errc::malformed, "statements", "an honest validator may have signed both");
    }
    if (!in_order(first, second)) {
        return fail(Errc::malformed, "statements", "do not ascend");
    }
    return {};
}

Misbehaviour::Statement read_statement(cbor::Reader& reader) {
    Misbehaviour::Statement out;
    reader.field("statements").array_of(3);
    const std::uint64_t kind = reader.field("statements.kind").uint();
    if (kind < 1 || kind > 3) {
        reader.refuse(Errc::malformed, "expected 1, 2 or 3");
    }
    out.kind = static_cast<VoteKind>(kind);
    reader.field("statements.block");
    if (out.kind == VoteKind::nullify) {
        reader.null();
    } else {
        out.block = reader.digest();
    }
    out.signature = reader.field("statements.signature").byte_array<64>();
    reader.leave();
    return out;
}

}  // namespace

bool contradict(const VoteTarget& one, const VoteTarget& other) {
    if (one.epoch != other.epoch || one.view != other.view) {
        return false;
    }
    if (one.kind == other.kind) {
        return one.kind != VoteKind::nullify && one.block != other.block;
    }
    return std::min(one.kind, other.kind) == VoteKind::nullify && std::max(one.kind, other.kind) == VoteKind::finalize;
}

VoteTarget Misbehaviour::target(std::size_t statement) const {
    return {statements.at(statement).kind, epoch, view, statements.at(statement).block};
}

Result<Misbehaviour> make_misbehaviour(const Vote& one, const Vote& other, const ValidatorSet& set) {
    if (one.signer != other.signer || one.signer >= set.size()) {
        return fail(Errc::malformed, "signer", "not both of one member of the set");
    }
    if (!contradict(one.target, other.target)) {
        return fail(Errc::malformed, "statements", "an honest validator may have signed both");
    }
    Misbehaviour out{set.at(one.signer), one.target.epoch, one.target.view, {statement_of(one), statement_of(other)}};
    if (!in_order(out.target(0), out.target(1))) {
        std::swap(out.statements[0], out.statements[1]);
    }
    return out;
}

Bytes encode(const Misbehaviour& proof) {
    cbor::Writer writer{384};
    writer.array(5).array(2).text(proof.validator.organisation).bytes(proof.validator.key.bytes());
    writer.uint(proof.epoch.raw()).uint(proof.view.raw());
    for (const Misbehaviour::Statement& statement : proof.statements) {
        writer.array(3).uint(static_cast<std::uint64_t>(statement.kind));
        if (statement.kind == VoteKind::nullify) {
            writer.null();
        } else {
            writer.digest(statement.block);
        }
        writer.bytes(statement.signature);
    }
    return writer.take();
}

Result<Misbehaviour> decode_misbehaviour(ByteView bytes) {
    cbor::Reader reader{bytes};
    reader.array_of(5);
    reader.field("validator").array_of(2);
    const std::string organisation{reader.field("validator.organisation").text_at_most(kMaxOrganisationBytes)};
    const ByteView compressed = reader.field("validator.key").bytes_of(PublicKey::kSize);
    reader.leave();
    const Epoch epoch{reader.field("epoch").uint()};
    const View view{reader.field("view").uint()};
    const Misbehaviour::Statement first = read_statement(reader);
    const Misbehaviour::Statement second = read_statement(reader);
    PROBATUM_TRY(reader.finish());
    if (organisation.empty()) {
        return fail(Errc::malformed, "validator.organisation", "1 to 64 bytes");
    }
    PROBATUM_LET(key, PublicKey::from_bytes(compressed));
    Misbehaviour out{{organisation, key}, epoch, view, {first, second}};
    PROBATUM_TRY(check(out));
    return out;
}

Result<Verified<Misbehaviour>> verify_misbehaviour(const Misbehaviour& proof, const Digest& chain_id,
                                                   const SignatureChecker& checker) {
    PROBATUM_TRY(check(proof));
    const Digest first = vote_signing_digest(proof.target(0), chain_id, proof.validator);
    PROBATUM_TRY(checker.check(proof.validator.key, first, proof.statements[0].signature));
    const Digest second = vote_signing_digest(proof.target(1), chain_id, proof.validator);
    return checker.verify(proof, proof.validator.key, second, proof.statements[1].signature);
}

}  // namespace probatum::ledger
