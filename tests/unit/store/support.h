#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/cbor.h"
#include "base/hash.h"
#include "base/text_encoding.h"
#include "faulty_files.h"
#include "ledger/store/chain_store.h"
#include "ledger/store/journal.h"
#include "ledger/store/recovery.h"

namespace probatum::test {

namespace store = ledger::store;

/// A fatal handler's way out of a test.
struct StorageFatal {
    Error error;
};

inline void throw_fatal(const Error& error) { throw StorageFatal{error}; }

inline Digest digest_of(std::string_view text) { return sha256(as_bytes(text)); }
inline const Digest kChain = digest_of("chain");
inline constexpr store::Incarnation kIncarnation{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

/// A folder of its own on the real disk, gone afterwards.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "probatum-store-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error{"no temporary folder"};
        }
        path_ = pattern;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const store::Path& path() const { return path_; }

private:
    store::Path path_;
};

/// A transaction that decodes; nobody checks its signature here.
inline ledger::TransactionPtr make_transaction(std::uint64_t number, std::size_t body_bytes = 100) {
    cbor::Writer body;
    body.array(2).uint(number).bytes(Bytes(body_bytes, 0x42));
    ledger::Payload payload{{}, UnixMs{1'800'000'000'000}, "evidence.deposit", body.take()};
    for (std::size_t i = 0; i < 8; ++i) {
        payload.idempotency_key[i] = static_cast<std::uint8_t>(number >> (8 * i));
    }
    cose::ProtectedHeader header{
        std::string{ledger::kTransactionContentType}, KeyId{digest_of("key")}, kChain, "bank-a", {}};
    Signature signature{};
    signature.fill(0x11);
    const Bytes statement = cose::assemble(header, encode(payload), signature);
    return ledger::Transaction::decode(ledger::encode_transaction(statement, {})).value();
}

inline ledger::Certificate make_certificate(ledger::VoteKind kind, View view, const Digest& block) {
    ledger::Certificate certificate{{kind, Epoch{0}, view, block}, {}};
    for (ledger::ValidatorIndex i = 0; i < 3; ++i) {
        certificate.signers.push_back({i, Signature{static_cast<std::uint8_t>(i + 1)}});
    }
    return certificate;
}

inline ledger::Vote make_vote(ledger::VoteKind kind, View view, const Digest& block) {
    return {{kind, Epoch{0}, view, block}, 0, Signature{7}};
}

/// A chain that grows by executing nothing: each transaction writes two values, adds an event and an index entry.
class ChainMaker {
public:
    explicit ChainMaker(ledger::StateOverlay::Writes genesis = {}) : genesis_{std::move(genesis)} {
        tree_ = tree_.apply(ledger::changes_of(genesis_));
    }

    [[nodiscard]] const ledger::StateOverlay::Writes& genesis() const { return genesis_; }
    [[nodiscard]] const ledger::StateTree& tree() const { return tree_; }
    [[nodiscard]] const ledger::log::Frontier& frontier() const { return frontier_; }
    [[nodiscard]] const std::map<Digest, Bytes>& state() const { return state_; }

    /// Per subject: its event log, and with true its log of refused attempts.
    [[nodiscard]] const std::map<std::pair<Digest, bool>, ledger::log::Frontier>& logs() const { return logs_; }

    /// The next block and all it leaves behind; the position is the caller's to fill in.
    store::CommittedBlock next(std::size_t transactions, bool directly_final = true) {
        store::CommittedBlock out;
        std::vector<ledger::TransactionPtr> list;
        height_ = height_.next();
        for (std::uint32_t i = 0; i < transactions; ++i) {
            list.push_back(make_transaction(++count_));
            execute(out, list.back(), i);
        }
        const auto changes = ledger::changes_of(out.writes);
        tree_ = tree_.apply(changes);
        out.block = ledger::make_block(header(), parent_certificate(), std::move(list));
        parent_ = out.block->id;
        if (directly_final) {
            out.finality = make_certificate(ledger::VoteKind::finalize, View{height_.raw()}, parent_);
        }
        return out;
    }

private:
    void execute(store::CommittedBlock& out, const ledger::TransactionPtr& transaction, std::uint32_t index) {
        const Digest own = ledger::state_key("record", transaction->id().view());
        const Digest shared = ledger::state_key("counter", Bytes{static_cast<std::uint8_t>(count_ % 7)});
        put(out.writes, own, Bytes(40, static_cast<std::uint8_t>(count_)));
        put(out.writes, shared, to_bytes(transaction->id().view()));
        const bool refused = count_ % 5 == 0;
        ledger::Entry entry{transaction->id(), {}, digest_of("change")};
        if (refused) {
            entry.outcome = {300, "amount"};
        }
        frontier_.append(ledger::log::leaf_hash(encode(entry)));
        const Digest subject = digest_of("contract " + std::to_string(count_ % 3));
        auto& log = logs_[{subject, refused}];
        Digest& previous = previous_leaves_[{subject, refused}];
        ledger::EventLeaf leaf{subject, log.size,      previous, entry.transaction, height_, index,
                               time(),  entry.outcome, {}};
        cbor::Writer resolved;
        resolved.uint(count_);
        leaf.resolved = resolved.take();
        previous = ledger::log::leaf_hash(encode(leaf));
        log.append(previous);
        out.events.push_back({refused, leaf});
        out.index.push_back({1, to_bytes(as_bytes("party-" + std::to_string(count_ % 3))), transaction->id()});
        out.entries.push_back(std::move(entry));
    }

    void put(ledger::StateOverlay::Writes& writes, const Digest& key, Bytes value) {
        state_[key] = value;
        writes[key] = std::move(value);
    }

    [[nodiscard]] UnixMs time() const { return UnixMs{1'700'000'000'000 + height_.raw()}; }

    [[nodiscard]] ledger::Header header() const {
        ledger::Header out;
        out.chain_id = kChain;
        out.height = height_;
        out.view = View{height_.raw()};
        out.parent = parent_;
        out.time = time();
        out.log_size = frontier_.size;
        out.log_root = frontier_.root();
        out.state_root = tree_.root();
        return out;
    }

    [[nodiscard]] std::optional<ledger::Certificate> parent_certificate() const {
        if (height_ == Height{1}) {
            return std::nullopt;
        }
        return make_certificate(ledger::VoteKind::notarize, View{height_.raw() - 1}, parent_);
    }

    ledger::StateOverlay::Writes genesis_;
    ledger::StateTree tree_;
    ledger::log::Frontier frontier_;
    std::map<Digest, Bytes> state_;
    std::map<std::pair<Digest, bool>, ledger::log::Frontier> logs_;
    std::map<std::pair<Digest, bool>, Digest> previous_leaves_;
    Height height_;
    Digest parent_{kChain};
    std::uint64_t count_{0};
};

}  // namespace probatum::test
