#pragma once

#include <memory>
#include <optional>

#include "consensus/effects.h"
#include "consensus/events.h"
#include "consensus/leader_schedule.h"
#include "consensus/setup.h"
#include "ledger/verified.h"

namespace probatum::consensus {

/// Where the machine stands, for status and metrics.
struct Status {
    Epoch epoch;
    bool ended{false};  ///< The closing block is final: the next epoch has begun.
    View view;
    ValidatorIndex leader{0};
    bool active{false};                    ///< The view timer is running: there is something to order.
    BlockRef final_block;                  ///< The last one told by Finalized or SyncedToFinal, or the root.
    View certified_view;                   ///< View of the highest finality certificate, 0 for none.
    std::uint32_t view_timeout_ms{0};      ///< What this validator gives a leader at present.
    std::vector<View> last_heard{};        ///< Per validator: the highest view it was heard voting in since the start.
    std::vector<ValidatorIndex> silent{};  ///< Leaders that get no time to propose at present.
    std::vector<ValidatorIndex> misbehaving{};  ///< Sent a bad signature or contradictory votes since the start.
    std::size_t pooled_votes{0};  ///< What memory holds: for metrics, and for the test that it is bounded.
    std::size_t held_certificates{0};
    std::size_t known_blocks{0};
    bool alarmed{false};
};

/// Simplex consensus (Chan and Pass, TCC 2023, IACR ePrint 2023/463) of one epoch as a pure machine. It knows block
/// ids, never blocks; it has no clock, disk, socket or thread.
///
/// Total: any sequence of events gives effects and never crashes. Deterministic: the same events give the same effects.
/// Bounded: unproven input takes memory in proportion to the number of validators and a fixed window of views.
/// Source:  docs/spec/consensus.md (rules C1...), DESIGN section 5.
/// Threads: one at a time.
class Core {
public:
    /// @param checker  outlives the machine.
    /// @param signer   outlives the machine; nullptr exactly for an observer.
    /// Preconditions: own index inside the set; everything in `restored` was written by this validator's own journal.
    Core(Setup setup, const ledger::SignatureChecker& checker, const VoteSigner* signer, Restored restored = {});
    ~Core();
    Core(Core&&) noexcept;
    Core& operator=(Core&&) noexcept;

    [[nodiscard]] Effects step(const Event& event);

    [[nodiscard]] Status status() const;
    /// The finalize certificate of the highest view, whether or not its block is here yet.
    [[nodiscard]] const std::optional<Certificate>& highest_finality() const;

private:
    class Machine;
    std::unique_ptr<Machine> machine_;
};

}  // namespace probatum::consensus
