// A message has one encoding; whatever else comes from a peer is refused.

#include "node/protocol.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace probatum;
    const ByteView input{data, size};
    if (const auto message = node::decode_message(input)) {
        PROBATUM_CHECK(equal(node::encode(*message), input), "one encoding per message");
    }
    return 0;
}
