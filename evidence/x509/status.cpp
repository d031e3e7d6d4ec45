#include <limits>

#include "base/civil_time.h"
#include "evidence/x509/openssl.h"

namespace probatum::evidence::x509 {

namespace {

StatusFinding unknown(std::string why) { return {StatusFinding::Kind::unknown, std::move(why)}; }

/// Whether a statement made for [this update, next update] says something about the time of signing.
bool covers(const ASN1_TIME* next_update, const StatusQuestion& question) {
    return next_update == nullptr || seconds_of(next_update) >= question.from;
}

StatusFinding revoked_at(const ASN1_TIME* time, const char* source, const StatusQuestion& question) {
    const std::string found = std::string{source} + " revoked " + text_of(time);
    // Revoked after the last signature: it was good when it signed.
    return {seconds_of(time) > question.until ? StatusFinding::Kind::good : StatusFinding::Kind::revoked, found};
}

/// OpenSSL verifies a CRL signed by SM2 without a user id alone; authorities sign with one.
bool signed_with_user_id(X509_CRL* crl, EVP_PKEY* issuer) {
    const ASN1_BIT_STRING* signature = nullptr;
    const X509_ALGOR* algorithm = nullptr;
    X509_CRL_get0_signature(crl, &signature, &algorithm);
    unsigned char* signed_part = nullptr;
    const int size = i2d_re_X509_CRL_tbs(crl, &signed_part);
    if (size <= 0) {
        return false;
    }
    const Bytes message(signed_part, signed_part + size);
    OPENSSL_free(signed_part);
    const ASN1_OBJECT* kind = nullptr;
    X509_ALGOR_get0(&kind, nullptr, nullptr, algorithm);
    return OBJ_obj2nid(kind) == NID_SM2_with_SM3 &&
           verify_signature(issuer, {signature->data, static_cast<std::size_t>(signature->length)}, message);
}

/// Of one distribution point, of some kind of certificate, or the difference to another list: what does not stand in it
/// may stand elsewhere.
bool is_whole(const X509_CRL* crl) {
    return X509_CRL_get_ext_by_NID(crl, NID_issuing_distribution_point, -1) < 0 &&
           X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) < 0;
}

}  // namespace

std::int64_t seconds_of(const ASN1_TIME* time) {
    int days = 0;
    int seconds = 0;
    const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> epoch{ASN1_TIME_set(nullptr, 0), &ASN1_TIME_free};
    if (time == nullptr || !epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), time) != 1) {
        return std::numeric_limits<std::int64_t>::min();
    }
    return static_cast<std::int64_t>(days) * 86'400 + seconds;
}

std::string text_of(const ASN1_TIME* time) {
    const std::int64_t seconds = seconds_of(time);
    return seconds < 0 ? "?" : to_rfc3339(UnixMs{static_cast<std::uint64_t>(seconds) * 1000});
}

StatusFinding ask_ocsp(ByteView der, const StatusQuestion& question) {
    const unsigned char* at = der.data();
    const Owned<OCSP_RESPONSE> response{d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(der.size()))};
    if (!response || OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
        return unknown("ocsp: not a successful response");
    }
    const Owned<OCSP_BASICRESP> basic{OCSP_response_get1_basic(response.get())};
    if (!basic || question.chain.size() < 2) {
        return unknown("ocsp: no issuer to check it by");
    }
    // Signed by the issuer itself, or by a responder that the issuer certified for it.
    const Owned<X509_STORE> store{X509_STORE_new()};
    X509_STORE_add_cert(store.get(), question.chain[1].get());
    X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
    const Stack issuers = stack_of(question.chain, 1);
    if (OCSP_basic_verify(basic.get(), issuers.get(), store.get(), 0) != 1) {
        return unknown("ocsp: not signed by the issuer or its responder");
    }
    int status = V_OCSP_CERTSTATUS_UNKNOWN;
    int reason = 0;
    ASN1_GENERALIZEDTIME* revoked = nullptr;
    ASN1_GENERALIZEDTIME* this_update = nullptr;
    ASN1_GENERALIZEDTIME* next_update = nullptr;
    bool found = false;
    for (const EVP_MD* const digest : {EVP_sha1(), EVP_sha256(), EVP_sm3()}) {
        const Owned<OCSP_CERTID> id{OCSP_cert_to_id(digest, question.chain[0].get(), question.chain[1].get())};
        found = id && OCSP_resp_find_status(basic.get(), id.get(), &status, &reason, &revoked, &this_update,
                                            &next_update) == 1;
        if (found) {
            break;
        }
    }
    if (!found) {
        return unknown("ocsp: about another certificate");
    }
    if (status == V_OCSP_CERTSTATUS_REVOKED) {
        return revoked_at(revoked, "ocsp", question);
    }
    if (status != V_OCSP_CERTSTATUS_GOOD || !covers(next_update, question)) {
        return unknown("ocsp: says nothing about the time of signing, " + text_of(this_update));
    }
    return {StatusFinding::Kind::good, "ocsp good " + text_of(this_update)};
}

StatusFinding ask_crl(ByteView der, const StatusQuestion& question) {
    const unsigned char* at = der.data();
    const Owned<X509_CRL> crl{d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size()))};
    if (!crl || question.chain.size() < 2) {
        return unknown("crl: does not read, or no issuer to check it by");
    }
    const Owned<EVP_PKEY> issuer{X509_get_pubkey(question.chain[1].get())};
    if (!issuer || (X509_CRL_verify(crl.get(), issuer.get()) != 1 && !signed_with_user_id(crl.get(), issuer.get()))) {
        return unknown("crl: not signed by the issuer");
    }
    X509_REVOKED* entry = nullptr;
    const int found = X509_CRL_get0_by_cert(crl.get(), &entry, question.chain[0].get());
    if (found == 1) {
        return revoked_at(X509_REVOKED_get0_revocationDate(entry), "crl", question);
    }
    if (!is_whole(crl.get())) {
        return unknown("crl: of some certificates only, and not of this one as far as it says");
    }
    if (!covers(X509_CRL_get0_nextUpdate(crl.get()), question)) {
        return unknown("crl: says nothing about the time of signing, " + text_of(X509_CRL_get0_lastUpdate(crl.get())));
    }
    return {StatusFinding::Kind::good, "crl good " + text_of(X509_CRL_get0_lastUpdate(crl.get()))};
}

}  // namespace probatum::evidence::x509
