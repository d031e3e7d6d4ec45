#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace probatum::tools {

/// Sends a TimeStampReq to a time-stamping authority over HTTP (RFC 3161 section 3.4) and gives its TimeStampResp.
/// usage for anything but http://; connection_failed.
[[nodiscard]] Result<Bytes> ask_time_stamp(const std::string& url, ByteView request);

}  // namespace probatum::tools
