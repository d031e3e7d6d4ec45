#pragma once

#include <string>
#include <vector>

#include "evidence/report.h"

/// Two bundles beside each other: whether the network finalised two histories, and who signed both.
namespace probatum::evidence {

/// One height at which the two bundles prove different blocks final.
struct Contradiction {
    struct Signer {
        std::string organisation;
        std::string organisation_name;
        Digest key_id;
    };
    Height height;
    Digest one;  ///< The block that the first bundle proves final there.
    Digest other;
    /// The certificates are of one epoch and view, so each signer of both contradicted itself beyond doubt. Otherwise
    /// at least one third of the validators broke the rules in the views between, and those who signed both are where
    /// to begin asking.
    bool same_view{false};
    std::vector<Signer> signers;  ///< Signed both certificates, in the order of their keys.
};

enum class ComparisonResult : std::uint8_t {
    not_valid,   ///< One of the two does not hold; nothing follows.
    unrelated,   ///< They prove no block of the same height.
    consistent,  ///< At every height that both prove, the same block.
    contradiction,
};
[[nodiscard]] std::string_view name(ComparisonResult result);  ///< "not-valid", "unrelated", ...

struct Comparison {
    ComparisonResult result{ComparisonResult::not_valid};
    Report one;
    Report other;
    std::vector<Contradiction> contradictions;  ///< By height.
};

/// 0 consistent, 1 a contradiction or a bundle that is not valid, 2 unusable or unrelated.
[[nodiscard]] int exit_code(const Comparison& comparison);

/// Threads: pure.
[[nodiscard]] Comparison compare(ByteView one, ByteView other, const VerifyOptions& options);

[[nodiscard]] std::string render_text(const Comparison& comparison, Language language);
[[nodiscard]] std::string render_json(const Comparison& comparison);

}  // namespace probatum::evidence
