#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/keyed_tag.h"

/// What lenders do so that no item is financed twice. None of it is about one contract, and no item is ever named.
/// Source: docs/spec/double-financing.md.
namespace probatum::contracts {

inline constexpr std::size_t kMaxFinancingLenders = 64;
inline constexpr std::size_t kMaxKeysInForce = 2;

/// The tag of an item under one of the lenders' keys.
struct KeyedTag {
    std::uint64_t key{0};  ///< The key's number.
    PublicKey tag;
    friend bool operator==(const KeyedTag&, const KeyedTag&) = default;
};

/// finance.key: a lender names the next key of the lenders, whose secret it has sealed to each of them.
struct ProposeKeyBody {
    PublicKey key;
    std::vector<std::string> lenders;  ///< Organisations, ascending, 1..64.
    Digest boxes;                      ///< SHA-256 of the file with the sealed secrets.
    friend bool operator==(const ProposeKeyBody&, const ProposeKeyBody&) = default;
};
/// finance.confirm: a lender has opened its box and found the secret of the key.
struct ConfirmKeyBody {
    PublicKey key;
    friend bool operator==(const ConfirmKeyBody&, const ConfirmKeyBody&) = default;
};
/// finance.open: before money is paid. Refused with double_financing where the item is financed.
struct OpenFinancingBody {
    std::vector<KeyedTag> tags;  ///< One for each key in force, ascending by the key's number.
    /// Exactly where two keys are in force: that both are tags of one item.
    std::optional<keyed_tag::Proof> same_item{};
    std::optional<std::uint64_t> rank{};  ///< Behind those that stand: the next rank. None: the only one.
    std::optional<Digest> contract{};     ///< The contract under which the money is paid.
    friend bool operator==(const OpenFinancingBody&, const OpenFinancingBody&) = default;
};
/// finance.release: the lender's financing of the item has ended.
struct ReleaseFinancingBody {
    PublicKey tag;
    friend bool operator==(const ReleaseFinancingBody&, const ReleaseFinancingBody&) = default;
};
/// finance.retag: what stands under the retiring key stands under the new one from now on.
struct RetagBody {
    PublicKey from;
    PublicKey to;
    keyed_tag::Proof proof;  ///< That both are tags of one item.
    friend bool operator==(const RetagBody&, const RetagBody&) = default;
};

/// By its name: finance.key, finance.confirm, finance.open, finance.release, finance.retag.
[[nodiscard]] bool is_financing_action(std::string_view action);

}  // namespace probatum::contracts
