#pragma once

#include <string>
#include <vector>

#include "base/cbor.h"
#include "base/commitment.h"
#include "base/cose.h"
#include "base/hash.h"
#include "base/key.h"
#include "ledger/block.h"
#include "ledger/transaction.h"
#include "ledger/validator_set.h"
#include "ledger/vote.h"

/// Small real things to test with: the same bytes on every machine, from names and numbers alone.
namespace probatum::test {

inline Digest named_digest(std::string_view name) { return sha256(as_bytes(name)); }

inline SecretKey named_key(std::string_view name) {
    return SecretKey::from_bytes(named_digest("key of " + std::string{name}).view()).value();
}

inline Digest sample_chain() { return named_digest("sample chain"); }

/// Validators "bank-0".. with the keys named so.
inline ledger::ValidatorSet sample_set(std::size_t size) {
    std::vector<ledger::Validator> validators;
    for (std::size_t i = 0; i < size; ++i) {
        const std::string name = "bank-" + std::to_string(i);
        validators.push_back({name, named_key(name).public_key()});
    }
    return ledger::ValidatorSet::make(std::move(validators)).value();
}

inline ledger::Vote sample_vote(const ledger::VoteTarget& target, const ledger::ValidatorSet& set,
                                ledger::ValidatorIndex signer, const Digest& chain_id = sample_chain()) {
    const ledger::Validator& validator = set.at(signer);
    const Digest digest = ledger::vote_signing_digest(target, chain_id, validator);
    return {target, signer, named_key(validator.organisation).sign(digest)};
}

/// Signed by the first quorum of the set.
inline ledger::Certificate sample_certificate(const ledger::VoteTarget& target, const ledger::ValidatorSet& set,
                                              const Digest& chain_id = sample_chain()) {
    ledger::Certificate out{target, {}};
    for (ledger::ValidatorIndex i = 0; i < set.quorum(); ++i) {
        out.signers.push_back({i, sample_vote(target, set, i, chain_id).signature});
    }
    return out;
}

/// A deposit of `body_bytes` of content under one sealed field, signed by "lender-a".
inline Bytes sample_transaction_bytes(std::uint64_t number, std::size_t body_bytes = 64) {
    const Salt salt{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    const Bytes amount = cbor::Writer{}.uint(10'000'000 + number).take();
    cbor::Writer body;
    body.map(2).uint(1).bytes(Bytes(body_bytes, 0x5A)).uint(2).digest(commit(salt, "amount", amount));
    ledger::Payload payload;
    payload.idempotency_key[0] = 0xA5;
    for (std::size_t i = 0; i < 8; ++i) {
        payload.idempotency_key[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    }
    payload.valid_until = UnixMs{1'795'305'600'000};
    payload.action = "evidence.deposit";
    payload.body = body.take();
    const SecretKey key = named_key("lender-a");
    const cose::ProtectedHeader header{std::string{ledger::kTransactionContentType}, key.public_key().id(),
                                       sample_chain(), "lender-a"};
    return ledger::encode_transaction(cose::sign(key, header, ledger::encode(payload)), {{"amount", salt, amount}});
}

inline ledger::TransactionPtr sample_transaction(std::uint64_t number, std::size_t body_bytes = 64) {
    return ledger::Transaction::decode(sample_transaction_bytes(number, body_bytes)).value();
}

inline ledger::Header sample_header(std::uint64_t height, const Digest& parent, const ledger::ValidatorSet& set) {
    ledger::Header out;
    out.chain_id = sample_chain();
    out.height = Height{height};
    out.view = View{height};
    out.parent = parent;
    out.proposer = static_cast<ledger::ValidatorIndex>(height % set.size());
    out.time = UnixMs{1'795'219'200'000 + height};
    out.log_size = height;
    out.log_root = named_digest("log root " + std::to_string(height));
    out.state_root = named_digest("state root " + std::to_string(height));
    out.validators = set.digest();
    out.next_validators = set.digest();
    return out;
}

/// A chain of blocks from height 1 with `transactions` in each, parents notarized by the set.
inline std::vector<ledger::BlockPtr> sample_chain_of_blocks(std::size_t count, const ledger::ValidatorSet& set,
                                                            std::size_t transactions = 2) {
    std::vector<ledger::BlockPtr> out;
    for (std::uint64_t height = 1; height <= count; ++height) {
        std::vector<ledger::TransactionPtr> content;
        for (std::uint64_t i = 0; i < transactions; ++i) {
            content.push_back(sample_transaction(height * 10'000 + i));
        }
        const Digest parent = out.empty() ? sample_chain() : out.back()->id;
        std::optional<ledger::Certificate> certificate;
        if (height > 1) {
            certificate =
                sample_certificate({ledger::VoteKind::notarize, Epoch{0}, out.back()->header.view, parent}, set);
        }
        out.push_back(ledger::make_block(sample_header(height, parent, set), certificate, std::move(content)));
    }
    return out;
}

}  // namespace probatum::test
