#pragma once

#include "evidence/certificate_judge.h"

/// Judges certificates with OpenSSL 3: RSA (PKCS #1 v1.5, SHA-256), P-256 (ECDSA, SHA-256), SM2 (SM3, user id
/// 1234567812345678). Source: docs/spec/certificates.md, section 4. Threads: pure; OpenSSL's error queue is left empty.
namespace probatum::evidence::x509 {

class OpenSslJudge final : public CertificateJudge {
public:
    [[nodiscard]] CertificateJudgement judge(const CertificateCase& recorded) const override;
};

/// The certificates of a PEM file in its order, or the one of a DER file. unusable_input where there is none.
[[nodiscard]] Result<std::vector<Bytes>> certificates_of(ByteView file);
/// A CRL of a PEM or DER file, as DER. unusable_input where there is none.
[[nodiscard]] Result<Bytes> crl_of(ByteView file);

}  // namespace probatum::evidence::x509
