#pragma once

#include <utility>

#include "base/key.h"
#include "base/result.h"

namespace probatum::ledger {

class SignatureChecker;

/// A value whose signature was checked. Only a SignatureChecker can make one, so code that takes a Verified<T> cannot
/// be reached by unchecked bytes.
template <class T>
class Verified {
public:
    [[nodiscard]] const T& operator*() const { return value_; }
    [[nodiscard]] const T* operator->() const { return &value_; }
    [[nodiscard]] T take() && { return std::move(value_); }

private:
    friend class SignatureChecker;
    explicit Verified(T value) : value_{std::move(value)} {}
    T value_;
};

/// The port behind which signatures are checked: the real one, or the simulator's keyed-hash stand-in.
/// Threads: implementations are immutable and may be called from any thread.
class SignatureChecker {
public:
    virtual ~SignatureChecker() = default;
    /// bad_signature or high_s_signature.
    [[nodiscard]] virtual Result<void> check(const PublicKey& key, const Digest& digest,
                                             const Signature& signature) const = 0;

    /// Wraps `value` if its signature over `digest` holds under `key`.
    template <class T>
    [[nodiscard]] Result<Verified<T>> verify(T value, const PublicKey& key, const Digest& digest,
                                             const Signature& signature) const {
        PROBATUM_TRY(check(key, digest, signature));
        return Verified<T>{std::move(value)};
    }
};

/// ECDSA through libsecp256k1.
class EcdsaChecker final : public SignatureChecker {
public:
    [[nodiscard]] Result<void> check(const PublicKey& key, const Digest& digest,
                                     const Signature& signature) const override {
        return key.verify(digest, signature);
    }
};

}  // namespace probatum::ledger
