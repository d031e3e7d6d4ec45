#include "node/tls_identity.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "base/hash.h"
#include "node/machine.h"

namespace probatum::node {

namespace {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, FreeWith<X509_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;

tl::unexpected<Error> refused(const char* what) {
    return fail(Errc::internal, "tls", std::string{"OpenSSL refused: "} + what);
}

Result<Digest> key_digest_of(const X509* certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (size <= 0) {
        return fail(Errc::malformed, "certificate", "the public key cannot be encoded");
    }
    const Digest digest = sha256({der, static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return digest;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

bool add_extension(X509* certificate, int id, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const ExtensionPtr extension{X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str())};
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool fill(X509* certificate, EVP_PKEY* key, std::string_view name, Validity validity) {
    ByteArray<16> serial{};
    fill_random(serial);
    serial[0] &= 0x7F;  // RFC 5280 section 4.1.2.2: positive
    serial[0] |= 0x40;
    const std::unique_ptr<BIGNUM, FreeWith<BN_free>> number{BN_bin2bn(serial.data(), serial.size(), nullptr)};
    X509_NAME* subject = X509_get_subject_name(certificate);
    const auto* text = reinterpret_cast<const unsigned char*>(name.data());
    return X509_set_version(certificate, X509_VERSION_3) == 1 && number &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), static_cast<time_t>(validity.not_before.raw() / 1000)) !=
               nullptr &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), static_cast<time_t>(validity.not_after.raw() / 1000)) !=
               nullptr &&
           X509_set_pubkey(certificate, key) == 1 &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, text, static_cast<int>(name.size()), -1, 0) == 1 &&
           X509_set_issuer_name(certificate, subject) == 1 &&
           add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
           add_extension(certificate, NID_ext_key_usage, "serverAuth,clientAuth") &&
           add_extension(certificate, NID_subject_alt_name, "DNS:" + std::string{name}) &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

}  // namespace

Result<TlsIdentity> make_tls_identity(std::string_view name, Validity validity) {
    const KeyPtr key{EVP_EC_gen("P-256")};
    if (!key) {
        return refused("key");
    }
    const CertificatePtr certificate{X509_new()};
    if (!certificate || !fill(certificate.get(), key.get(), name, validity)) {
        return refused("certificate");
    }
    const BioPtr certificate_text{BIO_new(BIO_s_mem())};
    const BioPtr key_text{BIO_new(BIO_s_mem())};
    if (PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1 ||
        PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        return refused("encoding");
    }
    PROBATUM_LET(digest, key_digest_of(certificate.get()));
    return TlsIdentity{text_of(certificate_text.get()), text_of(key_text.get()), digest};
}

Result<Digest> tls_key_digest(std::string_view certificate_pem) {
    const BioPtr bio{BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size()))};
    const CertificatePtr certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
    if (!certificate) {
        return fail(Errc::malformed, "certificate", "this is not a PEM certificate");
    }
    return key_digest_of(certificate.get());
}

}  // namespace probatum::node
