#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

/// A file inside a PDF, with QPDF.
namespace probatum::evidence::pdf {

inline constexpr std::string_view kAttachmentName = "case.evidence";
[[nodiscard]] bool is_pdf(ByteView bytes);

/// The PDF with the bundle as an associated file (ISO 32000-2 section 14.13, relationship /Source). Deterministic.
[[nodiscard]] Result<Bytes> attach(ByteView pdf, ByteView bundle);

/// The bundle inside. unusable_input where there is none; too_large above `limit_bytes`, before it is unpacked whole.
/// Total: foreign bytes are answered, never crashed on.
[[nodiscard]] Result<Bytes> attached(ByteView pdf, std::size_t limit_bytes);

/// The renderer named in the metadata; empty where there is none.
[[nodiscard]] std::string renderer_of(ByteView pdf);

}  // namespace probatum::evidence::pdf
