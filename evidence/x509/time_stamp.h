#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/strong_id.h"
#include "evidence/bundle.h"
#include "evidence/verify.h"

/// Time-stamp tokens of RFC 3161, made and judged by OpenSSL. No network and no clock: requests and responses are
/// bytes.
namespace probatum::evidence::x509 {

/// "sha256", "sha384", "sha512" and whatever else OpenSSL knows under that name.
inline constexpr std::string_view kDefaultHash = "sha256";

/// TimeStampReq (DER) over the digest of `data`, asking for the authority's certificate. A nonce of up to 16 bytes
/// binds the response to it; none where the response comes by another way. unknown_algorithm.
[[nodiscard]] Result<Bytes> make_request(ByteView data, std::string_view hash, ByteView nonce);

/// The TimeStampToken (DER) of a TimeStampResp. evidence_mismatch where the authority refused, or where the token is
/// over another digest or for another nonce than the request; malformed. The signature is not checked.
[[nodiscard]] Result<Bytes> token_of_response(ByteView response, ByteView request);

/// What a token says.
struct TokenFacts {
    UnixMs time;
    std::string authority;         ///< Subject of the signer's certificate, RFC 2253.
    std::string algorithm;         ///< Of the message imprint.
    std::string signature_digest;  ///< Of the signature.
    UnixMs certificate_until;      ///< The signer's certificate is valid to here.
};

/// Verifies a token over `data`: imprint, signature, and the signer's certificate for time-stamping under one of the
/// authorities in `ca_pem`, as of the token's own time. Revocation lists are not consulted.
/// Errors: malformed, unusable_input (ca_pem), evidence_mismatch with OpenSSL's reason as detail.
[[nodiscard]] Result<TokenFacts> verify_token(ByteView token, ByteView data, ByteView ca_pem);

/// From when on the reader holds an algorithm to be weak.
struct WeaknessPolicy {
    /// MD5 since 2009 (RFC 6151), SHA-1 since 2017 (the first published collision).
    std::map<std::string, UnixMs, std::less<>> weak_since{{"md5", UnixMs{1'230'768'000'000}},
                                                          {"sha1", UnixMs{1'487'808'000'000}}};
    std::optional<UnixMs> at{};  ///< The reader's own time: certificates that have run out by then no longer hold.
};

/// The name under which tokens show a digest algorithm, by any that OpenSSL knows it by: "sha256" for "SHA256".
/// unknown_algorithm.
[[nodiscard]] Result<std::string> digest_name(std::string_view name);

/// A judgement for every token of every addition, as VerifyOptions takes them; none after the first that does not hold,
/// because each costs a pass over the bundle. Tokens that do not decode are judged too.
[[nodiscard]] std::vector<TimeStampJudgement> judge_time_stamps(const Bundle& bundle, ByteView ca_pem,
                                                                const WeaknessPolicy& policy);

}  // namespace probatum::evidence::x509
