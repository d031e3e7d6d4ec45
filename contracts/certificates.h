#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/key.h"
#include "base/strong_id.h"
#include "ledger/state_view.h"

/// X.509 certificates bound to ledger keys. Recorded as bytes, never judged here: whoever verifies, judges
/// (evidence/x509). Source: docs/spec/certificates.md. Threads: pure.
namespace probatum::contracts {

inline constexpr std::size_t kMaxChainCertificates = 8;
inline constexpr std::size_t kMaxCertificateBytes = 8 * 1024;
inline constexpr std::size_t kMaxCrossSignatureBytes = 1024;
inline constexpr std::size_t kMaxStatusItems = 8;
inline constexpr std::size_t kMaxStatusBytes = 16 * 1024;
/// Of certificates and status evidence together.
inline constexpr std::size_t kMaxBindingBytes = 32 * 1024;

/// What says whether a certificate was revoked.
struct StatusEvidence {
    enum class Kind : std::uint8_t { ocsp = 1, crl = 2 };
    Kind kind{Kind::ocsp};
    Bytes der;  ///< OCSPResponse of RFC 6960, CertificateList of RFC 5280.
    friend bool operator==(const StatusEvidence&, const StatusEvidence&) = default;
};
[[nodiscard]] std::string_view name(StatusEvidence::Kind kind);  ///< "ocsp"

/// Which ledger key a certificate's key speaks for.
struct CrossStatement {
    Digest chain_id;
    std::string organisation;
    std::string member;
    KeyId key;           ///< The ledger key.
    Digest certificate;  ///< SHA-256 of the certificate in DER.
};
/// The bytes that the certificate's key signs: ["probatum-certificate-binding", chain id, organisation, member, key id,
/// certificate]. RSA: PKCS #1 v1.5 with SHA-256. P-256: ECDSA with SHA-256, DER. SM2: with SM3 and the user id
/// 1234567812345678, DER.
[[nodiscard]] Bytes cross_statement(const CrossStatement& statement);

/// The state value of a binding: who bound the certificate, and in which transactions its bytes stand. Recorded again,
/// with fresher status evidence, it is one entry longer.
struct CertificateBinding {
    struct Entry {
        Digest transaction;
        Height height;
        UnixMs time;
        friend bool operator==(const Entry&, const Entry&) = default;
    };
    std::string organisation;
    std::string member;
    std::vector<Entry> entries;  ///< 1..32, in the order of recording.
    friend bool operator==(const CertificateBinding&, const CertificateBinding&) = default;
};
inline constexpr std::size_t kMaxBindingEntries = 32;
/// [organisation, member, [+ [transaction id, height, time]]]
[[nodiscard]] Bytes encode(const CertificateBinding& binding);
[[nodiscard]] Result<CertificateBinding> decode_certificate_binding(ByteView bytes);

/// A certificate that the consortium trusts as the end of a chain.
struct TrustedRoot {
    Digest certificate;  ///< SHA-256 of it in DER.
    std::string name;
    Height since;
    Height until{};  ///< Zero while it is trusted.
    friend bool operator==(const TrustedRoot&, const TrustedRoot&) = default;
};
/// [* [certificate, name, since, until]] in the order in which they were named.
[[nodiscard]] Bytes encode(const std::vector<TrustedRoot>& roots);
[[nodiscard]] Result<std::vector<TrustedRoot>> decode_trusted_roots(ByteView bytes);

[[nodiscard]] std::optional<CertificateBinding> find_binding(const ledger::StateView& state, const KeyId& key,
                                                             const Digest& certificate);
[[nodiscard]] std::vector<TrustedRoot> find_trusted_roots(const ledger::StateView& state);
/// The root where it was trusted at this height, or nullptr.
[[nodiscard]] const TrustedRoot* find_root(const std::vector<TrustedRoot>& roots, const Digest& certificate,
                                           Height height);

}  // namespace probatum::contracts
