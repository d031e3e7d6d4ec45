#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/key.h"
#include "base/result.h"
#include "base/strong_id.h"
#include "ledger/validator_set.h"
#include "ledger/verified.h"

namespace probatum::ledger {

inline constexpr std::string_view kVoteContentType = "application/vnd.probatum.vote+cbor";

/// The kind is signed, so that no vote of one kind counts as another.
enum class VoteKind : std::uint8_t { notarize = 1, nullify = 2, finalize = 3 };

/// What a vote is for. `block` is zero exactly when kind is nullify.
struct VoteTarget {
    VoteKind kind{VoteKind::notarize};
    Epoch epoch;
    View view;
    Digest block;
    friend auto operator<=>(const VoteTarget&, const VoteTarget&) = default;
};

/// The detached payload [kind, chain id, epoch, view, block id / null].
[[nodiscard]] Bytes vote_payload(const VoteTarget& target, const Digest& chain_id);
/// The protected header of a vote, as COSE takes it.
[[nodiscard]] Bytes vote_protected_header(const Digest& chain_id, const Validator& signer);
/// The digest that `signer` signs: Sig_structure over a protected header {ES256K, vote content type, key id, iss =
/// organisation, chain id} and the detached payload.
[[nodiscard]] Digest vote_signing_digest(const VoteTarget& target, const Digest& chain_id, const Validator& signer);

struct Vote {
    VoteTarget target;
    ValidatorIndex signer{0};
    Signature signature{};
    friend bool operator==(const Vote&, const Vote&) = default;
};

/// [kind, epoch, view, block id / null, signer, signature]
[[nodiscard]] Bytes encode(const Vote& vote);
[[nodiscard]] Result<Vote> decode_vote(ByteView bytes);

/// malformed if the signer is not in the set; bad_signature.
[[nodiscard]] Result<Verified<Vote>> verify_vote(const Vote& vote, const ValidatorSet& set, const Digest& chain_id,
                                                 const SignatureChecker& checker);

/// Exactly a quorum of votes for one target, signers ascending. Which quorum is evidence about the certificate and
/// enters no block id but through "digest of the parent's notarization certificate".
struct Certificate {
    struct Signer {
        ValidatorIndex index{0};
        Signature signature{};
        friend bool operator==(const Signer&, const Signer&) = default;
    };
    VoteTarget target;
    std::vector<Signer> signers;
    friend bool operator==(const Certificate&, const Certificate&) = default;
};

/// [kind, epoch, view, block id / null, [+ [signer, signature]]]
[[nodiscard]] Bytes encode(const Certificate& certificate);
/// Signers must ascend strictly; 1..100 of them.
[[nodiscard]] Result<Certificate> decode_certificate(ByteView bytes);
[[nodiscard]] Digest digest_of(const Certificate& certificate);

/// certificate_invalid unless exactly quorum() distinct members signed and every signature holds; one bad signature
/// fails the whole.
[[nodiscard]] Result<Verified<Certificate>> verify_certificate(const Certificate& certificate, const ValidatorSet& set,
                                                               const Digest& chain_id, const SignatureChecker& checker);

}  // namespace probatum::ledger
