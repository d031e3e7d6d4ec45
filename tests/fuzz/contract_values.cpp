// Genesis, resolved inputs and state values: one encoding each.

#include "base/check.h"
#include "contracts/financed_item.h"
#include "contracts/financing.h"
#include "contracts/resolved.h"
#include "contracts/view.h"

namespace {

template <class Decode>
void one_encoding(probatum::ByteView input, Decode decode) {
    if (const auto value = decode(input)) {
        PROBATUM_CHECK(probatum::equal(encode(*value), input), "one encoding per value");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace probatum;
    using namespace probatum::contracts;
    const ByteView input{data, size};
    one_encoding(input, decode_genesis);
    one_encoding(input, decode_resolved);
    one_encoding(input, decode_member_key);
    one_encoding(input, decode_record);
    one_encoding(input, decode_contract_head);
    one_encoding(input, decode_contract_terms);
    one_encoding(input, decode_contract_state);
    one_encoding(input, decode_posting);
    one_encoding(input, decode_lenders_keys);
    one_encoding(input, decode_financings);
    one_encoding(input, decode_financed_item);
    return 0;
}
