#include "evidence/x509/time_stamp.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>

#include <ctime>
#include <memory>

#include "evidence/additions.h"

namespace probatum::evidence::x509 {

namespace {

template <auto Free>
struct Freer {
    template <class T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Freer<Free>>;

using Request = Owned<TS_REQ, TS_REQ_free>;
using Response = Owned<TS_RESP, TS_RESP_free>;
using Imprint = Owned<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free>;
using Algorithm = Owned<X509_ALGOR, X509_ALGOR_free>;
using Integer = Owned<ASN1_INTEGER, ASN1_INTEGER_free>;
using Token = Owned<PKCS7, PKCS7_free>;
using Info = Owned<TS_TST_INFO, TS_TST_INFO_free>;
using Memory = Owned<BIO, BIO_free_all>;
using Store = Owned<X509_STORE, X509_STORE_free>;
using Context = Owned<TS_VERIFY_CTX, TS_VERIFY_CTX_free>;
using Number = Owned<BIGNUM, BN_free>;

/// OpenSSL's own words for what went wrong; its queue is left empty.
std::string openssl_reason() {
    const unsigned long code = ERR_peek_last_error();
    const char* const reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    ERR_clear_error();
    return reason == nullptr ? std::string{} : std::string{reason};
}

tl::unexpected<Error> mismatch(std::string field) {
    return fail(Errc::evidence_mismatch, std::move(field), openssl_reason());
}

template <class T, class Encode>
Bytes der_of(T* value, Encode encode) {
    const int size = encode(value, nullptr);
    Bytes out(size > 0 ? static_cast<std::size_t>(size) : 0);
    unsigned char* at = out.data();
    encode(value, &at);
    return out;
}

/// Decodes, and demands that nothing follows.
template <class T, class Decode>
T* decode_whole(ByteView bytes, Decode decode) {
    const unsigned char* at = bytes.data();
    T* const value = decode(nullptr, &at, static_cast<long>(bytes.size()));
    if (value != nullptr && at == bytes.data() + bytes.size()) {
        return value;
    }
    openssl_reason();
    return nullptr;
}

Memory memory_of(ByteView bytes) { return Memory{BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))}; }

Result<Bytes> digest_of(ByteView data, const EVP_MD* algorithm) {
    Bytes out(static_cast<std::size_t>(EVP_MD_get_size(algorithm)));
    if (EVP_Digest(data.data(), data.size(), out.data(), nullptr, algorithm, nullptr) != 1) {
        return mismatch("digest");
    }
    return out;
}

/// OpenSSL reads fractions of a second and drops them, so the time is rounded down.
UnixMs unix_of(const ASN1_TIME* time) {
    std::tm broken{};
    if (ASN1_TIME_to_tm(time, &broken) != 1) {
        return {};
    }
    const std::time_t seconds = timegm(&broken);
    return UnixMs{seconds < 0 ? 0 : static_cast<std::uint64_t>(seconds) * 1000};
}

std::string name_of(const X509_NAME* name) {
    const Memory out{BIO_new(BIO_s_mem())};
    X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return size > 0 ? std::string{text, static_cast<std::size_t>(size)} : std::string{};
}

std::string algorithm_name(const X509_ALGOR* algorithm) {
    const ASN1_OBJECT* object = nullptr;
    X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
    const char* const name = OBJ_nid2ln(OBJ_obj2nid(object));
    return name == nullptr ? "unknown" : name;
}

Result<Store> trusted(ByteView ca_pem, UnixMs at) {
    Store store{X509_STORE_new()};
    const Memory pem = memory_of(ca_pem);
    std::size_t count = 0;
    while (X509* const certificate = PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr)) {
        X509_STORE_add_cert(store.get(), certificate);
        X509_free(certificate);
        ++count;
    }
    openssl_reason();
    if (count == 0) {
        return fail(Errc::unusable_input, "tsa-ca", "no certificate in PEM");
    }
    X509_VERIFY_PARAM* const param = X509_STORE_get0_param(store.get());
    X509_VERIFY_PARAM_set_time(param, static_cast<std::time_t>(at.raw() / 1000));
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_USE_CHECK_TIME);
    return store;
}

Result<TokenFacts> facts_of(PKCS7* token) {
    const Info info{PKCS7_to_TS_TST_INFO(token)};
    if (!info) {
        return mismatch("token");
    }
    TokenFacts out;
    out.time = unix_of(TS_TST_INFO_get_time(info.get()));
    out.algorithm = algorithm_name(TS_MSG_IMPRINT_get_algo(TS_TST_INFO_get_msg_imprint(info.get())));
    STACK_OF(X509)* const signers = PKCS7_get0_signers(token, nullptr, 0);
    if (signers == nullptr || sk_X509_num(signers) != 1) {
        sk_X509_free(signers);
        return mismatch("token.signer");
    }
    const X509* const certificate = sk_X509_value(signers, 0);
    out.authority = name_of(X509_get_subject_name(certificate));
    out.certificate_until = unix_of(X509_get0_notAfter(certificate));
    sk_X509_free(signers);
    X509_ALGOR* digest = nullptr;
    PKCS7_SIGNER_INFO* const signer = sk_PKCS7_SIGNER_INFO_value(PKCS7_get_signer_info(token), 0);
    PKCS7_SIGNER_INFO_get0_algs(signer, nullptr, &digest, nullptr);
    out.signature_digest = digest == nullptr ? "unknown" : algorithm_name(digest);
    return out;
}

/// The earlier of two moments from which something no longer holds.
void sooner(std::optional<UnixMs>& weak, UnixMs since) { weak = weak && *weak < since ? *weak : since; }

std::optional<UnixMs> weak_since(const TokenFacts& facts, const WeaknessPolicy& policy) {
    std::optional<UnixMs> out;
    for (const std::string& algorithm : {facts.algorithm, facts.signature_digest}) {
        if (const auto known = policy.weak_since.find(algorithm); known != policy.weak_since.end()) {
            sooner(out, known->second);
        }
    }
    if (policy.at && *policy.at > facts.certificate_until) {
        sooner(out, facts.certificate_until);
    }
    return out;
}

}  // namespace

Result<Bytes> make_request(ByteView data, std::string_view hash, ByteView nonce) {
    const EVP_MD* const algorithm = EVP_get_digestbyname(std::string{hash}.c_str());
    if (algorithm == nullptr) {
        return fail(Errc::unknown_algorithm, "hash", std::string{hash});
    }
    PROBATUM_LET(digest, digest_of(data, algorithm));
    const Algorithm id{X509_ALGOR_new()};
    X509_ALGOR_set0(id.get(), OBJ_nid2obj(EVP_MD_get_type(algorithm)), V_ASN1_NULL, nullptr);
    const Imprint imprint{TS_MSG_IMPRINT_new()};
    const Request request{TS_REQ_new()};
    const bool made = TS_MSG_IMPRINT_set_algo(imprint.get(), id.get()) == 1 &&
                      TS_MSG_IMPRINT_set_msg(imprint.get(), digest.data(), static_cast<int>(digest.size())) == 1 &&
                      TS_REQ_set_version(request.get(), 1) == 1 &&
                      TS_REQ_set_msg_imprint(request.get(), imprint.get()) == 1 &&
                      TS_REQ_set_cert_req(request.get(), 1) == 1;
    if (!made) {
        return mismatch("request");
    }
    if (!nonce.empty()) {
        const Number number{BN_bin2bn(nonce.data(), static_cast<int>(nonce.size()), nullptr)};
        const Integer integer{BN_to_ASN1_INTEGER(number.get(), nullptr)};
        TS_REQ_set_nonce(request.get(), integer.get());
    }
    return der_of(request.get(), i2d_TS_REQ);
}

Result<Bytes> token_of_response(ByteView response_der, ByteView request_der) {
    const Response response{decode_whole<TS_RESP>(response_der, d2i_TS_RESP)};
    const Request request{decode_whole<TS_REQ>(request_der, d2i_TS_REQ)};
    if (!response || !request) {
        return fail(Errc::malformed, "response");
    }
    const Context context{TS_REQ_to_TS_VERIFY_CTX(request.get(), nullptr)};
    if (!context) {
        return mismatch("request");
    }
    // Whoever asks may not know the authority's certificate; the signature is judged when the bundle is verified.
    const bool has_nonce = TS_REQ_get_nonce(request.get()) != nullptr;
    TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_IMPRINT | (has_nonce ? TS_VFY_NONCE : 0U));
    if (TS_RESP_verify_response(context.get(), response.get()) != 1) {
        return mismatch("response");
    }
    return der_of(TS_RESP_get_token(response.get()), i2d_PKCS7);
}

Result<TokenFacts> verify_token(ByteView token_der, ByteView data, ByteView ca_pem) {
    const Token token{decode_whole<PKCS7>(token_der, d2i_PKCS7)};
    if (!token || PKCS7_type_is_signed(token.get()) == 0) {
        return fail(Errc::malformed, "token");
    }
    PROBATUM_LET(facts, facts_of(token.get()));
    PROBATUM_LET(store, trusted(ca_pem, facts.time));
    const Context context{TS_VERIFY_CTX_new()};
    // The context owns what it is given.
    TS_VERIFY_CTX_set_store(context.get(), store.release());
    TS_VERIFY_CTX_set_data(context.get(), memory_of(data).release());
    TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_SIGNATURE | TS_VFY_DATA);
    if (TS_RESP_verify_token(context.get(), token.get()) != 1) {
        return mismatch("token");
    }
    return facts;
}

Result<std::string> digest_name(std::string_view name) {
    const EVP_MD* const algorithm = EVP_get_digestbyname(std::string{name}.c_str());
    const char* const known = algorithm == nullptr ? nullptr : OBJ_nid2ln(EVP_MD_get_type(algorithm));
    if (known == nullptr) {
        return fail(Errc::unknown_algorithm, "hash", std::string{name});
    }
    return std::string{known};
}

std::vector<TimeStampJudgement> judge_time_stamps(const Bundle& bundle, ByteView ca_pem, const WeaknessPolicy& policy) {
    std::vector<TimeStampJudgement> out;
    const Bytes core = encode_core(bundle);
    for (std::size_t i = 0; i < bundle.additions.size(); ++i) {
        const auto statement = cose::decode(bundle.additions[i].statement);
        const auto content = statement ? decode_addition_content(statement->payload)
                                       : Result<AdditionContent>{fail(Errc::malformed, "additions")};
        if (!content) {
            continue;  // The check of the additions names it.
        }
        for (std::size_t j = 0; j < content->tokens.size(); ++j) {
            TimeStampJudgement judgement{
                .addition = i, .token = j, .error = {}, .time = {}, .authority = {}, .algorithm = {}};
            const auto facts = verify_token(content->tokens[j], stamped_bytes(core, content->tokens, j), ca_pem);
            if (facts) {
                judgement.time = facts->time;
                judgement.authority = facts->authority;
                judgement.algorithm = facts->algorithm;
                judgement.weak_since = weak_since(*facts, policy);
            } else {
                judgement.error = facts.error();
            }
            out.push_back(std::move(judgement));
            if (out.back().error) {
                return out;
            }
        }
    }
    return out;
}

}  // namespace probatum::evidence::x509
