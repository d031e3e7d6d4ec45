// Any bytes are answered; what was not sealed by us does not open.

#include "base/key_file.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace probatum;
    const ByteView input{data, size};
    const Result<key_file::Description> described = key_file::describe(input);
    // Files that ask for more work would only make the fuzzer slow.
    if (!described || described->cost.log2_n > 4 || described->cost.r > 2) {
        return 0;
    }

    if (const Result<key_file::Opened> opened = key_file::open(input, "fuzz"); opened) {
        PROBATUM_CHECK(opened->key.public_key() == described->public_key, "the public key is authenticated");
    }
    return 0;
}
