#include "evidence/x509/judge.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include "base/civil_time.h"
#include "evidence/x509/openssl.h"

namespace probatum::evidence::x509 {

namespace {

constexpr std::string_view kSm2UserId = "1234567812345678";  // GM/T 0009
constexpr int kSecurityLevel = 1;

CertificateAspect aspect(const char* name, AspectVerdict verdict, std::string found) {
    return {name, verdict, std::move(found)};
}

std::string name_text(const X509_NAME* name) {
    const Owned<BIO> out{BIO_new(BIO_s_mem())};
    X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return size <= 0 ? std::string{} : std::string{text, static_cast<std::size_t>(size)};
}

std::string serial_text(X509* certificate) {
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> number{
        ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr), &BN_free};
    if (!number) {
        return {};
    }
    char* const text = BN_bn2hex(number.get());
    std::string out = text == nullptr ? "" : text;
    OPENSSL_free(text);
    return out;
}

enum class KeyKind : std::uint8_t { rsa, p256, sm2, other };

KeyKind kind_of(EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "RSA") == 1) {
        return KeyKind::rsa;
    }
    if (EVP_PKEY_is_a(key, "SM2") == 1) {
        return KeyKind::sm2;
    }
    char group[64]{};
    std::size_t size = 0;
    if (EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1) {
        const std::string_view name{group, size};
        if (name == "prime256v1") {
            return KeyKind::p256;
        }
        if (name == "SM2") {
            return KeyKind::sm2;
        }
    }
    return KeyKind::other;
}

std::string algorithm_text(EVP_PKEY* key) {
    switch (kind_of(key)) {
        case KeyKind::rsa:
            return "RSA " + std::to_string(EVP_PKEY_get_bits(key));
        case KeyKind::p256:
            return "P-256";
        case KeyKind::sm2:
            return "SM2";
        case KeyKind::other:
            break;
    }
    return "unknown";
}

}  // namespace

bool verify_signature(EVP_PKEY* key, ByteView signature, ByteView message) {
    const KeyKind kind = kind_of(key);
    const Owned<EVP_PKEY_CTX> parameters{EVP_PKEY_CTX_new(key, nullptr)};
    const Owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
    if (kind == KeyKind::other || !parameters || !context) {
        return false;
    }
    if (kind == KeyKind::sm2) {
        EVP_PKEY_CTX_set1_id(parameters.get(), kSm2UserId.data(), static_cast<int>(kSm2UserId.size()));
        EVP_MD_CTX_set_pkey_ctx(context.get(), parameters.get());
    }
    const EVP_MD* const digest = kind == KeyKind::sm2 ? EVP_sm3() : EVP_sha256();
    return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
           EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

namespace {

CertificateAspect judge_cross_signature(X509* leaf, const CertificateCase& recorded) {
    const Owned<EVP_PKEY> key{X509_get_pubkey(leaf)};
    if (!key || kind_of(key.get()) == KeyKind::other) {
        return aspect("cross-signature", AspectVerdict::unknown, "a kind of key that this program does not judge");
    }
    const bool good = verify_signature(key.get(), recorded.cross_signature, recorded.statement);
    return aspect("cross-signature", good ? AspectVerdict::good : AspectVerdict::bad,
                  good ? "names this ledger key" : "does not verify");
}

/// Each certificate issued by the next, the last by itself. That the consortium trusts the last one is for the caller
/// to say.
CertificateAspect judge_chain(const std::vector<Owned<X509>>& chain) {
    const Owned<X509_STORE> store{X509_STORE_new()};
    X509_STORE_add_cert(store.get(), chain.back().get());
    const Owned<X509_STORE_CTX> context{X509_STORE_CTX_new()};
    const Stack between = stack_of(chain, 1);
    if (!store || !context ||
        X509_STORE_CTX_init(context.get(), store.get(), chain.front().get(), between.get()) != 1) {
        return aspect("chain", AspectVerdict::unknown, "cannot be judged");
    }
    X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context.get());
    // Whether it was in force is an aspect of its own.
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME);
    X509_VERIFY_PARAM_set_auth_level(parameters, kSecurityLevel);
    if (X509_verify_cert(context.get()) != 1) {
        return aspect("chain", AspectVerdict::bad,
                      X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())));
    }
    return aspect("chain", AspectVerdict::good, std::to_string(chain.size()) + " certificates");
}

CertificateAspect judge_validity(const std::vector<Owned<X509>>& chain, const CertificateCase& recorded) {
    for (std::size_t i = 0; i < chain.size(); ++i) {
        const std::string which = "certificate " + std::to_string(i + 1);
        const ASN1_TIME* const before = X509_get0_notBefore(chain[i].get());
        const ASN1_TIME* const after = X509_get0_notAfter(chain[i].get());
        if (seconds_of(recorded.from) < seconds_of(before)) {
            return aspect("validity", AspectVerdict::bad, which + " not before " + text_of(before));
        }
        if (seconds_of(recorded.until) > seconds_of(after)) {
            return aspect("validity", AspectVerdict::bad, which + " expired " + text_of(after));
        }
    }
    return aspect("validity", AspectVerdict::good,
                  "in force from " + to_rfc3339(recorded.from) + " to " + to_rfc3339(recorded.until));
}

/// One revocation outweighs any number of good answers.
CertificateAspect judge_status(const std::vector<Owned<X509>>& chain, const CertificateCase& recorded) {
    const StatusQuestion question{chain, seconds_of(recorded.from), seconds_of(recorded.until)};
    CertificateAspect out = aspect("status", AspectVerdict::unknown, "no status evidence");
    for (const contracts::StatusEvidence& item : recorded.status) {
        const StatusFinding found = item.kind == contracts::StatusEvidence::Kind::ocsp ? ask_ocsp(item.der, question)
                                                                                       : ask_crl(item.der, question);
        if (found.kind == StatusFinding::Kind::revoked) {
            return aspect("status", AspectVerdict::bad, found.found);
        }
        if (found.kind == StatusFinding::Kind::good) {
            out = aspect("status", AspectVerdict::good, found.found);
        } else if (out.verdict == AspectVerdict::unknown) {
            out.found = found.found;
        }
    }
    return out;
}

Bytes der_of(X509* certificate) {
    unsigned char* out = nullptr;
    const int size = i2d_X509(certificate, &out);
    Bytes bytes = size <= 0 ? Bytes{} : Bytes(out, out + size);
    OPENSSL_free(out);
    return bytes;
}

}  // namespace

Owned<X509> parse_certificate(ByteView der) {
    const unsigned char* at = der.data();
    Owned<X509> out{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
    if (!out || at != der.data() + der.size()) {
        return nullptr;
    }
    // A signature by SM2 is over a user id too.
    if (X509_get_signature_nid(out.get()) == NID_SM2_with_SM3) {
        ASN1_OCTET_STRING* const id = ASN1_OCTET_STRING_new();
        ASN1_OCTET_STRING_set(id, as_bytes(kSm2UserId).data(), static_cast<int>(kSm2UserId.size()));
        X509_set0_distinguishing_id(out.get(), id);
    }
    return out;
}

Stack stack_of(const std::vector<Owned<X509>>& certificates, std::size_t from) {
    Stack out{sk_X509_new_null()};
    for (std::size_t i = from; i < certificates.size(); ++i) {
        sk_X509_push(out.get(), certificates[i].get());
    }
    return out;
}

CertificateJudgement OpenSslJudge::judge(const CertificateCase& recorded) const {
    CertificateJudgement out;
    std::vector<Owned<X509>> chain;
    for (const Bytes& der : recorded.chain) {
        chain.push_back(parse_certificate(der));
        if (!chain.back()) {
            out.aspects.push_back(
                aspect("chain", AspectVerdict::bad, "certificate " + std::to_string(chain.size()) + " does not read"));
            ERR_clear_error();
            return out;
        }
    }
    if (chain.empty()) {
        out.aspects.push_back(aspect("chain", AspectVerdict::bad, "no certificate"));
        return out;
    }
    X509* const leaf = chain.front().get();
    out.subject = name_text(X509_get_subject_name(leaf));
    out.issuer = name_text(X509_get_issuer_name(leaf));
    out.serial = serial_text(leaf);
    const Owned<EVP_PKEY> key{X509_get_pubkey(leaf)};
    out.algorithm = key ? algorithm_text(key.get()) : "unknown";
    out.not_before = text_of(X509_get0_notBefore(leaf));
    out.not_after = text_of(X509_get0_notAfter(leaf));
    out.aspects = {judge_chain(chain), judge_validity(chain, recorded), judge_status(chain, recorded),
                   judge_cross_signature(leaf, recorded)};
    ERR_clear_error();
    return out;
}

Result<std::vector<Bytes>> certificates_of(ByteView file) {
    std::vector<Bytes> out;
    if (const Owned<X509> single = parse_certificate(file)) {
        out.push_back(der_of(single.get()));
    } else {
        const Owned<BIO> in{BIO_new_mem_buf(file.data(), static_cast<int>(file.size()))};
        for (;;) {
            const Owned<X509> next{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)};
            if (!next) {
                break;
            }
            out.push_back(der_of(next.get()));
        }
    }
    ERR_clear_error();
    if (out.empty()) {
        return fail(Errc::unusable_input, "certificate", "no certificate in PEM or DER");
    }
    return out;
}

Result<Bytes> crl_of(ByteView file) {
    const unsigned char* at = file.data();
    Owned<X509_CRL> crl{d2i_X509_CRL(nullptr, &at, static_cast<long>(file.size()))};
    if (!crl) {
        const Owned<BIO> in{BIO_new_mem_buf(file.data(), static_cast<int>(file.size()))};
        crl.reset(PEM_read_bio_X509_CRL(in.get(), nullptr, nullptr, nullptr));
    }
    ERR_clear_error();
    if (!crl) {
        return fail(Errc::unusable_input, "crl", "no CRL in PEM or DER");
    }
    unsigned char* der = nullptr;
    const int size = i2d_X509_CRL(crl.get(), &der);
    Bytes out = size <= 0 ? Bytes{} : Bytes(der, der + size);
    OPENSSL_free(der);
    return out;
}

}  // namespace probatum::evidence::x509
