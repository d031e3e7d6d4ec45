#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/strong_id.h"
#include "contracts/financing_actions.h"
#include "ledger/state_view.h"

/// What the chain knows of financed items: tags that only lenders can make, and who stands behind them.
/// Source: docs/spec/double-financing.md.
namespace probatum::contracts {

inline constexpr std::size_t kMaxRanks = 8;
/// So long a proposed key waits for its confirmations before another proposal may replace it.
inline constexpr std::uint64_t kKeyPatienceMs = 7ULL * 24 * 60 * 60 * 1000;

/// A key of the lenders. Its secret never comes near the chain.
struct LendersKey {
    std::uint64_t number{0};
    PublicKey key;
    std::string proposer;
    std::vector<std::string> lenders;      ///< Ascending.
    std::vector<std::string> confirmed{};  ///< Ascending; a part of the lenders.
    Digest boxes;
    std::uint64_t items{0};  ///< Tags under this key that stand.
    UnixMs named;            ///< The time of the block that proposed it.

    [[nodiscard]] bool holds(std::string_view organisation) const;
    friend bool operator==(const LendersKey&, const LendersKey&) = default;
};

/// The state value under "financing-keys".
struct LendersKeys {
    std::uint64_t count{0};                ///< Named so far; numbers are never reused.
    std::optional<LendersKey> retiring{};  ///< Still in force while something stands under it.
    std::optional<LendersKey> current{};
    std::optional<LendersKey> proposed{};

    /// Retiring and current, in this order.
    [[nodiscard]] std::vector<const LendersKey*> in_force() const;
    friend bool operator==(const LendersKeys&, const LendersKeys&) = default;
};

struct Financing {
    std::uint64_t rank{0};  ///< 0: the only one. Otherwise 1 is the first.
    std::string lender;
    std::string member;
    std::optional<Digest> contract{};
    Digest transaction;  ///< Of its finance.open.
    Height height;
    UnixMs time;
    friend bool operator==(const Financing&, const Financing&) = default;
};

/// The state value under "financing": everything that stands under one tag, by rank. No value: nothing does.
struct Financings {
    std::uint64_t key{0};  ///< The number of the key that the tag is made with.
    std::vector<Financing> standing{};
    friend bool operator==(const Financings&, const Financings&) = default;
};

[[nodiscard]] Bytes encode(const LendersKeys& keys);
[[nodiscard]] Result<LendersKeys> decode_lenders_keys(ByteView bytes);
[[nodiscard]] Bytes encode(const Financings& financings);
[[nodiscard]] Result<Financings> decode_financings(ByteView bytes);

[[nodiscard]] LendersKeys find_lenders_keys(const ledger::StateView& state);  ///< Empty where there never was one.
[[nodiscard]] Financings find_financings(const ledger::StateView& state, const PublicKey& tag);

}  // namespace probatum::contracts
