#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/strong_id.h"
#include "evidence/batch.h"
#include "evidence/bundle.h"
#include "evidence/facts.h"
#include "ledger/block.h"
#include "ledger/entry.h"

/// Offline verification. No clock, network, disk or trust in who made the file.
namespace probatum::evidence {

/// A file that the caller holds, digested by the caller in one pass.
struct DocumentFile {
    std::string name;  ///< For the report only.
    std::uint64_t size_bytes{0};
    Digest sha256;
    Digest sm3;
};

/// What the caller found about one token of one addition (evidence/x509/time_stamp.h).
struct TimeStampJudgement {
    std::size_t addition{0};
    std::size_t token{0};
    std::optional<Error> error{};  ///< Why it does not hold.
    UnixMs time;
    std::string authority;
    std::string algorithm;               ///< Of the message imprint: "sha256".
    std::optional<UnixMs> weak_since{};  ///< When algorithm or certificate ceased to hold, as far as the caller knows.
};

/// What the caller found about the pages of a certificate that the bundle came in (evidence/pdf/certificate.h).
enum class PrintedPages : std::uint8_t { same, differ, unknown };

struct VerifyOptions {
    Digest genesis_digest;                   ///< Known to the reader from elsewhere: the contract prints it.
    std::optional<Digest> trusted_header{};  ///< The id of a header known by other means; it must stand in the bundle.
    std::vector<DocumentFile> documents{};   ///< Each must be registered under the subject.
    std::vector<BatchProof> batch_proofs{};  ///< For documents that are registered as part of a batch.
    /// Every token of every addition, in order, or to the first that does not hold; nothing: the reader trusts no
    /// time-stamping authority.
    std::optional<std::vector<TimeStampJudgement>> time_stamps{};
    std::optional<PrintedPages> printed_pages{};  ///< Where the bundle came inside a certificate.
    std::optional<Height> min_height{};           ///< An older bundle is not valid.
    std::optional<UnixMs> not_before{};           ///< A bundle whose head is older is not valid.
    /// Judges certificates; without one they are shown and not judged. Outlives the call.
    const CertificateJudge* certificate_judge{nullptr};
    /// A certificate that does not hold, or is named and not shown, makes the bundle not valid; so does a contract or
    /// a record that shows none.
    bool require_certificates{false};
};

enum class Verdict : std::uint8_t { pass, fail, not_checked };
[[nodiscard]] std::string_view name(Verdict verdict);  ///< "pass", "fail", "not-checked"

/// The same sentence in two languages, UTF-8.
struct Text {
    std::string english;
    std::string chinese;
    friend bool operator==(const Text&, const Text&) = default;
};

/// One numbered check. `input`, `expected` and `found` are free of language: digests, counts, identifiers, RFC 3339
/// times.
struct Check {
    std::uint32_t number{0};  ///< From 1, without gaps.
    std::string id;           ///< Stable: "state-proof". docs/spec/evidence.md lists them all.
    Text title;
    std::string input;
    std::string expected;
    std::string found;
    Verdict verdict{Verdict::not_checked};
    std::string reason{};  ///< Stable name of why it did not pass: of the error registry, or "not-requested" and the
                           ///< like (docs/spec/evidence.md). Empty for a pass.
    Text note{};           ///< The same for people.
};

enum class Conclusion : std::uint8_t { valid, not_valid, unusable };
[[nodiscard]] std::string_view name(Conclusion conclusion);  ///< "valid", "not-valid", "unusable"

struct Report {
    Conclusion conclusion{Conclusion::unusable};
    std::string failed_check{};  ///< The id of the first check that failed or is not supported; empty when valid.
    Digest bundle_sha256;
    std::uint64_t bundle_bytes{0};
    Digest genesis_digest;  ///< As the caller demanded.
    std::vector<Check> checks;
    Facts facts{};                  ///< What was read; of use only as far as the checks passed.
    std::vector<Text> not_proven;   ///< Always printed.
    std::vector<Text> assumptions;  ///< What the proof rests on.
};

/// Verifies a bundle. Valid means: no check failed. Checks that cannot be made (hidden openings, no document given) are
/// `not-checked` and named in the report. After the first failure the later checks that depend on it are not-checked.
/// Never throws on any input. Same input, same report.
/// Threads: pure.
[[nodiscard]] Report verify(ByteView bundle, const VerifyOptions& options);

/// 0 valid, 1 not valid, 2 unusable input.
[[nodiscard]] int exit_code(Conclusion conclusion);

/// What a client got with its receipt.
struct ReceiptParts {
    Digest transaction;
    ledger::Header header;
    std::uint64_t log_index{0};
    ledger::Entry entry;
    std::vector<Digest> log_path;
    ledger::FinalityProof finality;
};

/// Whether the entry stands in a block that is final under the validators of its epoch, to whom `path` leads from those
/// of genesis (empty while nobody has changed); steps beyond its epoch bound its height. Errors: wrong_genesis,
/// evidence_mismatch (the entry is of another transaction; the path or the block does not belong), invalid_proof,
/// certificate_invalid.
[[nodiscard]] Result<void> verify_receipt(const ReceiptParts& receipt, ByteView genesis, const Digest& genesis_digest,
                                          const std::vector<ValidatorChange>& path = {});

}  // namespace probatum::evidence
