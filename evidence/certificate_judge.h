#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/strong_id.h"
#include "contracts/certificates.h"

/// Who judges X.509 certificates for a verifier. The judgement needs a library that no rule may depend on, so it comes
/// in from outside; evidence/x509 has one. Source: docs/spec/certificates.md.
namespace probatum::evidence {

/// What was recorded about a certificate, and from when until when its ledger key signed.
struct CertificateCase {
    const std::vector<Bytes>& chain;  ///< In DER, the bound one first.
    const Bytes& cross_signature;
    const Bytes& statement;  ///< contracts::cross_statement
    const std::vector<contracts::StatusEvidence>& status;
    UnixMs from;
    UnixMs until;
};

enum class AspectVerdict : std::uint8_t { good = 1, bad = 2, unknown = 3 };
[[nodiscard]] std::string_view name(AspectVerdict verdict);  ///< "good", "bad", "unknown"

/// "chain", "validity", "status", "cross-signature"; the verifier adds "root". `found` is free of language.
struct CertificateAspect {
    std::string name;
    AspectVerdict verdict{AspectVerdict::unknown};
    std::string found;
};

struct CertificateJudgement {
    std::string subject;  ///< RFC 2253, as the certificate names it; UTF-8.
    std::string issuer;
    std::string serial;     ///< Hexadecimal.
    std::string algorithm;  ///< "RSA 2048", "P-256", "SM2"
    std::string not_before;
    std::string not_after;
    std::vector<CertificateAspect> aspects;

    /// Nothing is bad, and everything but the status is known to be good.
    [[nodiscard]] bool holds() const;
};

class CertificateJudge {
public:
    virtual ~CertificateJudge() = default;
    /// Total: what does not parse is a bad aspect. Deterministic: no clock.
    [[nodiscard]] virtual CertificateJudgement judge(const CertificateCase& recorded) const = 0;
};

}  // namespace probatum::evidence
