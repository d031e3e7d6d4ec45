#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "contracts/epoch_terms.h"

/// Which validators were seen of late, from what blocks carry, and what a change of the set would mean for the quorum.
/// Source: docs/spec/governance.md section 5. Threads: pure.
namespace probatum::contracts {

/// A height and its block id that a validator's readiness may name: every 64th block, the last sixteen.
struct ChainMark {
    Height height;
    Digest block;  ///< The chain id for height 0.
    friend bool operator==(const ChainMark&, const ChainMark&) = default;
};
inline constexpr std::uint64_t kMarkSpacing = 64;
inline constexpr std::size_t kMaxMarks = 16;
[[nodiscard]] std::vector<ChainMark> find_marks(
    const ledger::StateView& state);  ///< Ascending; empty without governance.

/// What a validator, or one that wants to become one, said of itself last.
struct ReadinessRecord {
    std::string organisation;
    PublicKey key;
    ChainMark named{};
    std::uint64_t rules_version{1};  ///< The highest that its program executes.
    Height height{};                 ///< Where this was recorded.
    UnixMs time{};
    friend bool operator==(const ReadinessRecord&, const ReadinessRecord&) = default;
};
/// [organisation, key, named height, named block, rules version, height, time]
[[nodiscard]] Bytes encode(const ReadinessRecord& record);
[[nodiscard]] Result<ReadinessRecord> decode_readiness_record(ByteView bytes);
[[nodiscard]] std::optional<ReadinessRecord> find_readiness(const ledger::StateView& state, const KeyId& key);

/// Height of the last block that carried a vote of each validator of the set in force, or that it proposed; zero: none.
/// [* height]
[[nodiscard]] Bytes encode_liveness(const std::vector<Height>& seen);
[[nodiscard]] std::vector<Height> find_liveness(const ledger::StateView& state);  ///< Empty without governance.

/// What one set can bear.
struct Strength {
    std::size_t validators{0};
    std::size_t quorum{0};
    std::size_t live{0};
    [[nodiscard]] bool holds() const { return live >= quorum; }
    /// How many of the live may crash before blocks stop being final.
    [[nodiscard]] std::size_t may_crash() const { return holds() ? live - quorum : 0; }
    friend bool operator==(const Strength&, const Strength&) = default;
};

/// One place and time from which liveness is judged.
class LivenessView {
public:
    /// @param now     the terms in force; with governance.
    /// @param height  of the block that asks, and its time.
    LivenessView(const ledger::StateView& state, const EpochTerms& now, Height height, UnixMs time);

    /// A member is live if one of the last W blocks carries its vote or its proposal or its readiness; anybody else if
    /// it recorded its readiness, for this organisation, within the lifetime of a proposal.
    [[nodiscard]] bool is_live(const ledger::Validator& validator) const;
    [[nodiscard]] Height last_seen(const ledger::Validator& validator) const;  ///< Zero: never, or no member.
    [[nodiscard]] Strength strength_of(const ledger::ValidatorSet& set) const;
    /// How many of the set have declared that they execute rules of this version.
    [[nodiscard]] std::size_t supporters(const ledger::ValidatorSet& set, std::uint64_t rules_version) const;

private:
    const ledger::StateView& state_;
    const EpochTerms& now_;
    Height height_;
    UnixMs time_;
    std::vector<Height> seen_;
};

}  // namespace probatum::contracts
