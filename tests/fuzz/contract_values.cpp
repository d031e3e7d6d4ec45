// Genesis, resolved inputs and state values: one encoding each.

#include "base/check.h"
#include "contracts/certificates.h"
#include "contracts/financed_item.h"
#include "contracts/financing.h"
#include "contracts/governance.h"
#include "contracts/published.h"
#include "contracts/resolved.h"
#include "contracts/standing.h"
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
    one_encoding(input, decode_proposal);
    one_encoding(input, decode_standing);
    one_encoding(input, decode_member_record);
    one_encoding(input, decode_freeze_record);
    one_encoding(input, decode_certificate_binding);
    one_encoding(input, decode_trusted_roots);
    one_encoding(input, decode_calendar);
    one_encoding(input, decode_rate_index);
    one_encoding(input, decode_fixing);
    one_encoding(input, decode_template);
    return 0;
}
