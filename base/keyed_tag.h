#pragma once

#include "base/key.h"

/// Tags of items under a secret that a group shares: equal items have equal tags, and who lacks the secret can neither
/// make a tag nor find the item of one. One tag can be opened for a third person without giving the secret away, and be
/// carried over to a new secret in public without showing the item.
///
/// tag = secret · hash_to_point(item) on secp256k1: the construction of RFC 9381 (ECVRF) with this curve; proofs are
/// Chaum and Pedersen's, made non-interactive with SHA-256. Source: docs/spec/double-financing.md, section 2.
namespace probatum::keyed_tag {

/// A multiple of a point by a number that stays secret.
struct Step {
    PublicKey from;
    PublicKey to;
};

/// That one secret number leads along both steps. Shows nothing else about it.
struct Proof {
    ByteArray<32> challenge{};
    ByteArray<32> response{};
    friend bool operator==(const Proof&, const Proof&) = default;
};

/// The item's own point, without any secret.
[[nodiscard]] PublicKey point_of(ByteView item);
[[nodiscard]] PublicKey tag_of(const SecretKey& secret, ByteView item);

/// Precondition: secret · a.from = a.to and secret · b.from = b.to. The nonce follows from the secret and the steps.
[[nodiscard]] Proof prove(const SecretKey& secret, const Step& a, const Step& b);
/// invalid_proof where no one number leads along both steps. Threads: pure.
[[nodiscard]] Result<void> verify(const Proof& proof, const Step& a, const Step& b);

/// That `tag` is the only tag of the item under the secret of `group_key`.
[[nodiscard]] Proof open_item(const SecretKey& secret, ByteView item);
struct Opened {
    const PublicKey& group_key;
    ByteView item;
    const PublicKey& tag;
};
[[nodiscard]] Result<void> verify_item(const Proof& proof, const Opened& opened);

/// The same item under the next secret. Anybody verifies it by `verify(proof, {old key, new key}, {old tag, new tag})`.
struct Carried {
    PublicKey tag;
    Proof proof;
};
[[nodiscard]] Carried carry_over(const SecretKey& from, const SecretKey& to, const PublicKey& tag);

}  // namespace probatum::keyed_tag
