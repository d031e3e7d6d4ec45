#pragma once

#include <cstddef>
#include <cstdint>

namespace probatum::consensus {

/// How much time a leader gets, within the bounds that the chain sets. It only decides when this validator gives up
/// waiting, never what is valid.
///
/// Grows: more than f views in a row whose time ran out here mean that an honest leader had too little; each doubles
/// the time. At most f liars cannot bring that about. Shrinks on views notarized within a quarter of the time. Above
/// what the chain starts with, where only trouble can have brought it, more than f of them in a row halve it, so that
/// one bad leader after a storm costs little. At that value and below, as many in a row as there are validators, every
/// leader's turn, take a quarter off it; so four times what the slowest leader needed remains. Views that ended
/// otherwise (a silent leader's, a refused proposal's) count for nothing. Source: docs/spec/consensus.md, rule C21.
class ViewPace {
public:
    struct Rule {
        std::uint32_t start_ms{0};
        std::uint32_t minimum_ms{0};
        std::uint32_t maximum_ms{0};
        std::size_t validators{0};
        std::size_t max_faulty{0};
    };
    explicit ViewPace(Rule rule) : rule_{rule}, timeout_ms_{rule.start_ms} {}

    [[nodiscard]] std::uint32_t timeout_ms() const { return timeout_ms_; }
    /// Up to here a view counts as quick.
    [[nodiscard]] std::uint32_t quick_ms() const { return timeout_ms_ / 4 + 1; }
    /// Whether it matters if a view is quick.
    [[nodiscard]] bool can_shrink() const { return timeout_ms_ > rule_.minimum_ms; }

    void notarized(bool quick);
    void ran_out();

private:
    Rule rule_;
    std::uint32_t timeout_ms_;
    std::size_t quick_in_a_row_{0};
    std::size_t ran_out_in_a_row_{0};
};

}  // namespace probatum::consensus
