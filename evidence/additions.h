#pragma once

#include <string_view>
#include <vector>

#include "evidence/check_list.h"
#include "evidence/facts.h"
#include "evidence/verify_chain.h"

/// What an exporter adds to a bundle under its own signature: time-stamp tokens (RFC 3161).
/// Source: docs/spec/evidence.md section 8, docs/formats.cddl.
namespace probatum::evidence {

inline constexpr std::string_view kAdditionContentType = "application/vnd.probatum.addition+cbor";
inline constexpr std::size_t kMaxTokens = 64;  ///< Of one addition.
inline constexpr std::size_t kMaxTokenBytes = 64U * 1024U;

/// A chain of tokens: the first over the bundle, each later one renews all before it (RFC 4998).
struct AdditionContent {
    Digest core;                ///< SHA-256 of encode_core(bundle).
    std::vector<Bytes> tokens;  ///< DER, TimeStampToken.
};
/// [core, [+ token]]
[[nodiscard]] Bytes encode(const AdditionContent& content);
[[nodiscard]] Result<AdditionContent> decode_addition_content(ByteView payload);

/// What the message imprint of the token with this number is the digest of: the bundle's core for the first; for a
/// later one the CBOR array [core, token 0, ... token n-1], whole, so that it protects them under its own algorithm.
[[nodiscard]] Bytes stamped_bytes(ByteView core, const std::vector<Bytes>& tokens, std::size_t number);

/// The header that an exporter signs an addition under.
[[nodiscard]] cose::ProtectedHeader addition_header(const Digest& chain_id, const KeyId& key,
                                                    std::string_view organisation);
/// The content of an addition, signature checked, and whether it is about this bundle. Errors: bad_signature,
/// foreign_chain, evidence_mismatch, malformed.
[[nodiscard]] Result<AdditionContent> open_addition(const Addition& addition, const Digest& core,
                                                    const Digest& chain_id);

/// Makes the checks additions and time-stamps; true where there is none.
bool verify_additions(const Bundle& bundle, const Trust& trust, const VerifyOptions& options, CheckList& checks,
                      Facts& facts);

}  // namespace probatum::evidence
