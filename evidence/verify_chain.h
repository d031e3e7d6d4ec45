#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/genesis.h"
#include "evidence/bundle.h"
#include "evidence/check_list.h"

/// The part of verification that every bundle shares: from the digest of genesis to a final header.
namespace probatum::evidence {

/// What a trusted genesis and the path of validator changes give.
struct Trust {
    Digest chain_id;
    contracts::Genesis genesis;
    /// A set and the first epoch that it agreed on; the next one ends its reign. An epoch that changed something else
    /// than the validators begins no reign.
    struct Reign {
        Epoch first;
        ledger::ValidatorSet set;
        std::string reason{};  ///< Of the recovery authorities that named the set; empty where the set before did.
        Height after{};        ///< The last block of the reign before: what that set made above it is not on the chain.
        Digest after_block{};  ///< Its id.
    };
    std::vector<Reign> reigns;  ///< Epochs ascend, from zero; never empty.
    ProvenRegistry registry{};  ///< What the bundle proves beside genesis.

    [[nodiscard]] const ledger::ValidatorSet& set_of(Epoch epoch) const;
};

/// Walks the path of validator changes from the set of genesis. The first change that does not hold is the error:
/// evidence_mismatch, certificate_invalid or succession_invalid. On an error `trust` has come as far as the path held.
[[nodiscard]] Result<void> follow_path(const std::vector<ValidatorChange>& path, Trust& trust);

/// evidence_mismatch or certificate_invalid unless the header belongs to the chain, its epoch's set and the heights of
/// that set's reign, and is final. A set that was succeeded may have gone on signing: `trust` must hold the whole path.
[[nodiscard]] Result<void> check_final_header(const FinalHeader& final_header, const Trust& trust);
/// The first half of the above: chain, epoch and set, without the certificate.
[[nodiscard]] Result<void> check_header(const ledger::Header& header, const Trust& trust);

/// Makes the checks genesis-digest to freshness, and registry where it is laid out; nothing where one failed.
[[nodiscard]] std::optional<Trust> verify_chain(const Bundle& bundle, const VerifyOptions& options, CheckList& checks);

}  // namespace probatum::evidence
