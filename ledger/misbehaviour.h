#pragma once

#include <array>

#include "ledger/validator_set.h"
#include "ledger/verified.h"
#include "ledger/vote.h"

namespace probatum::ledger {

/// Whether one honest validator can never have voted for both: two notarize or two finalize votes of one view for
/// different blocks, or nullify and finalize of one view. Notarize beside nullify is allowed, and so is notarize for
/// one block beside finalize for another. The order does not matter.
[[nodiscard]] bool contradict(const VoteTarget& one, const VoteTarget& other);

/// Proof that a validator contradicted itself. It carries the key, so that it can be checked without the validator set
/// of the epoch: whether the key was a validator's is for the reader to look up.
///
/// Source:  docs/spec/ledger.md section 4.
struct Misbehaviour {
    /// One of the two contradictory votes.
    struct Statement {
        VoteKind kind{VoteKind::notarize};
        Digest block;  ///< Zero exactly when kind is nullify.
        Signature signature{};
        friend bool operator==(const Statement&, const Statement&) = default;
    };
    Validator validator;
    Epoch epoch;
    View view;
    std::array<Statement, 2> statements;  ///< Ascending by kind, then block: one proof has one encoding.

    [[nodiscard]] VoteTarget target(std::size_t statement) const;
    friend bool operator==(const Misbehaviour&, const Misbehaviour&) = default;
};

/// malformed unless both votes are of one member of the set, of one epoch and view, and contradict each other.
/// Signatures are not checked.
[[nodiscard]] Result<Misbehaviour> make_misbehaviour(const Vote& one, const Vote& other, const ValidatorSet& set);

/// [[organisation, public key], epoch, view, [kind, block id / null, signature] twice]
[[nodiscard]] Bytes encode(const Misbehaviour& proof);
/// malformed unless the two statements contradict each other and stand in order.
[[nodiscard]] Result<Misbehaviour> decode_misbehaviour(ByteView bytes);

/// malformed unless the statements contradict each other and stand in order; bad_signature or high_s_signature unless
/// the key signed both, for this chain and in the organisation's name.
[[nodiscard]] Result<Verified<Misbehaviour>> verify_misbehaviour(const Misbehaviour& proof, const Digest& chain_id,
                                                                 const SignatureChecker& checker);

}  // namespace probatum::ledger
