#pragma once

#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "base/key.h"
#include "consensus/setup.h"
#include "ledger/verified.h"
#include "ledger/vote.h"

namespace probatum::sim {

/// A keyed hash in the place of a signature, some hundred times cheaper. Anybody could forge it, so the simulated liars
/// are trusted to sign with their own keys only.
[[nodiscard]] inline Signature keyed_hash(const PublicKey& key, const Digest& digest) {
    std::uint64_t state[2] = {0x6a09e667f3bcc908U, 0xbb67ae8584caa73bU};
    const auto absorb = [&state](const std::uint8_t* from, std::size_t words) {
        for (std::size_t i = 0; i < words; ++i) {
            std::uint64_t word = 0;
            std::memcpy(&word, from + i * 8, 8);
            state[0] = (state[0] ^ word) * 0x9fb21c651e98df25U;
            state[0] ^= state[0] >> 29U;
            state[1] = (state[1] + state[0]) * 0xd6e8feb86659fd93U;
            state[1] ^= state[1] >> 32U;
        }
    };
    absorb(key.bytes().data() + 1, 4);
    absorb(digest.bytes.data(), 4);
    Signature out{};
    for (std::size_t i = 0; i < 8; ++i) {
        state[0] = (state[0] ^ state[1]) * 0x9fb21c651e98df25U;
        state[1] ^= state[0] >> 31U;
        std::memcpy(out.data() + i * 8, &state[i & 1U], 8);
    }
    return out;
}

class KeyedHashChecker final : public ledger::SignatureChecker {
public:
    [[nodiscard]] Result<void> check(const PublicKey& key, const Digest& digest,
                                     const Signature& signature) const override {
        if (signature != keyed_hash(key, digest)) {
            return fail(Errc::bad_signature);
        }
        return {};
    }
};

/// A key of the simulated world, with its name.
struct Key {
    SecretKey secret;
    PublicKey open;
};
[[nodiscard]] Key key_of(const std::string& name);

/// Signs for one key, really or with the stand-in. The key outlives it.
class Signer {
public:
    Signer(const Key& key, bool real) : key_{&key}, real_{real} {}
    [[nodiscard]] const PublicKey& key() const { return key_->open; }
    [[nodiscard]] const SecretKey& secret() const { return key_->secret; }
    [[nodiscard]] Signature sign(const Digest& digest) const {
        return real_ ? key_->secret.sign(digest) : keyed_hash(key_->open, digest);
    }

private:
    const Key* key_;
    bool real_;
};

/// Signs the votes of one validator.
class MemberSigner final : public consensus::VoteSigner {
public:
    MemberSigner(const Signer& signer, const Digest& chain_id) : signer_{signer}, chain_id_{chain_id} {}
    [[nodiscard]] Signature sign(const ledger::VoteTarget& target, const ledger::Validator& self) const override {
        return signer_.sign(ledger::vote_signing_digest(target, chain_id_, self));
    }

private:
    const Signer& signer_;
    Digest chain_id_;
};

}  // namespace probatum::sim
