#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "evidence/report.h"
#include "evidence/verify.h"

/// The certificate: what a verification of a bundle says, printed, with the bundle inside.
/// Source: docs/spec/certificate.md.
namespace probatum::evidence::pdf {

/// A function of the bundle, the genesis digest and the language alone, so that anybody can make the pages again.
/// evidence_mismatch where the bundle is not valid: there is no certificate of that.
[[nodiscard]] Result<Bytes> make_certificate(ByteView bundle, const Digest& genesis_digest, Language language);

/// Makes the pages again from the bundle inside and compares byte for byte. `unknown` where another renderer or other
/// fonts made them: then only the eye can compare.
[[nodiscard]] PrintedPages check_pages(ByteView pdf, ByteView bundle, const Digest& genesis_digest);

}  // namespace probatum::evidence::pdf
