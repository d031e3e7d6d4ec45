#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "evidence/bundle.h"
#include "evidence/verify.h"

/// The numbered checks of one verification, in their fixed order. Each rests on those before it, so the first failure
/// leaves the rest unmade.
namespace probatum::evidence {

/// The checks of every bundle come first, in this order; docs/spec/evidence.md has the table.
namespace check {
inline constexpr std::string_view kDecoding = "decoding";
inline constexpr std::string_view kGenesisDigest = "genesis-digest";
inline constexpr std::string_view kGenesisFormat = "genesis-format";
inline constexpr std::string_view kValidatorPath = "validator-path";
inline constexpr std::string_view kHeadHeader = "head-header";
inline constexpr std::string_view kFinality = "finality-certificate";
inline constexpr std::string_view kTrustedHeader = "trusted-header";
inline constexpr std::string_view kFreshness = "freshness";
// Of a bundle that shows keys, organisations or certificates beside genesis.
inline constexpr std::string_view kRegistry = "registry";
// Of a contract.
inline constexpr std::string_view kStateProof = "state-proof";
inline constexpr std::string_view kEventLog = "event-log";
inline constexpr std::string_view kEventChain = "event-chain";
inline constexpr std::string_view kEventTransactions = "event-transactions";
inline constexpr std::string_view kEventStatements = "event-statements";
inline constexpr std::string_view kEventSignatures = "event-signatures";
inline constexpr std::string_view kEventOpenings = "event-openings";
inline constexpr std::string_view kRecomputation = "recomputation";
inline constexpr std::string_view kRefusedLog = "refused-log";
inline constexpr std::string_view kRefusedAttempts = "refused-attempts";
inline constexpr std::string_view kRefusedRecomputation = "refused-recomputation";
// Of a record.
inline constexpr std::string_view kRecordStatement = "record-statement";
inline constexpr std::string_view kRecordEntry = "record-entry";
inline constexpr std::string_view kRecordBlock = "record-block";
inline constexpr std::string_view kRecordInclusion = "record-inclusion";
// Of the standing of a contract.
inline constexpr std::string_view kStanding = "standing";
// Of every bundle again.
inline constexpr std::string_view kUseLists = "use-lists";
inline constexpr std::string_view kDocuments = "documents";
// Of a bundle that shows certificates.
inline constexpr std::string_view kCertificates = "certificates";
// Of a bundle with additions by exporters.
inline constexpr std::string_view kAdditions = "additions";
inline constexpr std::string_view kTimeStamps = "time-stamps";
// Of a bundle that came inside a certificate.
inline constexpr std::string_view kPrintedPages = "printed-pages";
// Of a bundle whose path holds a succession by recovery authorities; the last one.
inline constexpr std::string_view kSuccession = "succession";
}  // namespace check

/// What a check compared, free of language.
struct Finding {
    std::string input{};
    std::string expected{};
    std::string found{};
};

/// The reason of a check that needs rules later than this program.
inline constexpr std::string_view kNotSupported = "not-supported";

class CheckList {
public:
    /// Lays out the checks that come before the subject is known.
    CheckList();
    /// Lays out the rest.
    struct Extras {
        bool registry{false};
        bool certificates{false};
        bool additions{false};
        bool succession{false};
        bool printed_pages{false};
    };
    void lay_out(SubjectKind kind, Extras extras);

    /// Each answers whether verification may go on.
    bool pass(std::string_view id, Finding finding);
    bool fail(std::string_view id, Finding finding, const Error& error);
    /// Not a failure: the caller did not ask for it, or the bundle leaves out what it would need.
    bool skip(std::string_view id, Finding finding, std::string_view reason);
    /// pass() where `holds`, otherwise fail() with evidence_mismatch.
    bool decide(std::string_view id, bool holds, Finding finding);

    /// The id of the first check that failed, or nothing.
    [[nodiscard]] const std::string& failed() const { return failed_; }
    /// The id of the first check that was left unmade because this program does not know what it would need, or
    /// nothing.
    [[nodiscard]] const std::string& unsupported() const { return unsupported_; }
    /// The checks that were not reached are left for the same reason.
    void leave_unsupported();
    [[nodiscard]] std::vector<Check> take() && { return std::move(checks_); }

private:
    void append(std::string_view id);
    Check& settle(std::string_view id, Finding finding, Verdict verdict);

    std::vector<Check> checks_;
    std::string failed_;
    std::string unsupported_;
};

}  // namespace probatum::evidence
