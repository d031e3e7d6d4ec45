#pragma once

#include <string>
#include <vector>

#include "base/check.h"
#include "base/hash.h"
#include "consensus/setup.h"
#include "ledger/verified.h"
#include "ledger/vote.h"

/// Cheap stand-ins for signatures: SHA-256 over key and digest. Anybody could forge them, so liars are trusted not to.
namespace probatum::testing {

inline Signature keyed_hash(const PublicKey& key, const Digest& digest) {
    const Digest half = Sha256{}.update(key.bytes()).update(digest.view()).finish();
    Signature out{};
    std::ranges::copy(half.bytes, out.begin());
    std::ranges::copy(half.bytes, out.begin() + 32);
    return out;
}

class KeyedHashChecker final : public ledger::SignatureChecker {
public:
    [[nodiscard]] Result<void> check(const PublicKey& key, const Digest& digest,
                                     const Signature& signature) const override {
        ++checks;
        if (signature != keyed_hash(key, digest)) {
            return fail(Errc::bad_signature);
        }
        return {};
    }
    mutable std::uint64_t checks{0};
};

inline ledger::ValidatorSet validators(std::size_t count) {
    std::vector<ledger::Validator> members;
    for (std::size_t i = 0; i < count; ++i) {
        ByteArray<32> scalar{};
        scalar[30] = 1;
        scalar[31] = static_cast<std::uint8_t>(i + 1);
        members.push_back({"Organisation " + std::to_string(i), SecretKey::from_bytes(scalar)->public_key()});
    }
    return ledger::ValidatorSet::make(std::move(members)).value();
}

/// Signs votes of any member of a set.
class Signers {
public:
    Signers(ledger::ValidatorSet set, Digest chain_id) : set_{std::move(set)}, chain_id_{chain_id} {}
    [[nodiscard]] Signature sign(const ledger::VoteTarget& target, ledger::ValidatorIndex signer) const {
        return keyed_hash(set_.at(signer).key, ledger::vote_signing_digest(target, chain_id_, set_.at(signer)));
    }
    [[nodiscard]] ledger::Vote vote(const ledger::VoteTarget& target, ledger::ValidatorIndex signer) const {
        return {target, signer, sign(target, signer)};
    }
    [[nodiscard]] ledger::Certificate certificate(const ledger::VoteTarget& target,
                                                  const std::vector<ledger::ValidatorIndex>& signers) const {
        ledger::Certificate out{target, {}};
        for (const auto signer : signers) {
            out.signers.push_back({signer, sign(target, signer)});
        }
        return out;
    }
    [[nodiscard]] const ledger::ValidatorSet& set() const { return set_; }

private:
    ledger::ValidatorSet set_;
    Digest chain_id_;
};

class MemberSigner final : public consensus::VoteSigner {
public:
    MemberSigner(const Signers& signers, ledger::ValidatorIndex own) : signers_{signers}, own_{own} {}
    [[nodiscard]] Signature sign(const ledger::VoteTarget& target, const ledger::Validator&) const override {
        return signers_.sign(target, own_);
    }

private:
    const Signers& signers_;
    ledger::ValidatorIndex own_;
};

inline Digest digest_of_text(std::string_view text) { return sha256(as_bytes(text)); }

}  // namespace probatum::testing
