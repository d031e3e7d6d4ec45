#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/block.h"
#include "ledger/entry.h"
#include "ledger/state_tree.h"

namespace probatum::evidence {

/// What a bundle is gathered from: one consistent, final view of a chain. The node implements it over its store; tests
/// over a chain in memory. All reads are as of head(); errors are not_found, pruned or storage_corrupt.
/// Threads: one view may be read by any number of threads.
class Source {
public:
    virtual ~Source() = default;

    [[nodiscard]] virtual const Bytes& genesis() const = 0;
    /// The last final block of this view; nothing is final before block 1.
    [[nodiscard]] virtual const ledger::Header& head() const = 0;
    [[nodiscard]] virtual Result<ledger::Header> header(Height height) const = 0;
    /// Prefers a certificate for the block itself; otherwise the nearest later one with the headers between.
    [[nodiscard]] virtual Result<ledger::FinalityProof> finality(Height height) const = 0;

    struct Location {
        Height height;
        std::uint32_t index{0};      ///< Position in the block.
        std::uint64_t log_index{0};  ///< Position in the evidence log.
    };
    [[nodiscard]] virtual Result<Location> locate(const Digest& transaction) const = 0;
    [[nodiscard]] virtual Result<ledger::TransactionPtr> transaction(const Digest& id) const = 0;
    [[nodiscard]] virtual Result<ledger::Entry> entry(std::uint64_t log_index) const = 0;
    /// Path of an entry in the evidence log as of the head's log size.
    [[nodiscard]] virtual Result<std::vector<Digest>> prove_entry(std::uint64_t log_index,
                                                                  std::uint64_t log_size) const = 0;

    [[nodiscard]] virtual std::optional<Bytes> state(const Digest& key) const = 0;
    /// Against head().state_root.
    [[nodiscard]] virtual ledger::StateProof prove_state(const Digest& key) const = 0;

    /// Leaves [from, from + limit) of a subject's event log, or of its log of refused attempts; fewer at the end.
    [[nodiscard]] virtual Result<std::vector<ledger::EventLeaf>> events(const Digest& subject, bool refused,
                                                                        std::uint64_t from,
                                                                        std::size_t limit) const = 0;

    struct Listed {
        std::uint64_t cursor{0};  ///< Pass it as `after` to go on.
        Digest subject;
    };
    /// Derived index, in order of recording. `kind` is contracts::IndexEntry::Kind.
    [[nodiscard]] virtual Result<std::vector<Listed>> list(std::uint8_t kind, ByteView key,
                                                           std::optional<std::uint64_t> after,
                                                           std::size_t limit) const = 0;
};

}  // namespace probatum::evidence
