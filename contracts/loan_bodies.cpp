#include "contracts/body_parts.h"
#include "contracts/contract_terms.h"

/// The terms of a loan as they stand in a registration.
namespace probatum::contracts::bodies {

void write_terms(Writing to, const LoanTerms& terms) {
    to.out.map(6U + (terms.max_back_value_days ? 1U : 0U));
    to.out.uint(1).text(terms.currency.code());
    codec::write_date(to.out.uint(2), terms.contract_date);
    to.out.uint(3).integer(terms.utc_offset_minutes).uint(4);
    to.sealer.seal(to.out, "principal", encoded_integer(terms.principal_minor));
    to.out.uint(5);
    cbor::Writer rows;
    codec::write_rows(rows, terms.rows);
    to.sealer.seal(to.out, "rows", rows.take());
    codec::write_allocation(to.out.uint(6), terms.allocation);
    if (terms.max_back_value_days) {
        to.out.uint(7).uint(*terms.max_back_value_days);
    }
}

KindTerms read_loan_terms(Reading from) {
    cbor::Reader& in = from.in;
    LoanTerms terms = codec::no_loan_terms();
    codec::MapReader map{in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                terms.currency = codec::read_currency(in);
                break;
            case 2:
                terms.contract_date = codec::read_date(in.field("terms.contract_date"));
                break;
            case 3:
                terms.utc_offset_minutes = codec::read_utc_offset(in);
                break;
            case 4:
                open_amount(from, "principal", terms.principal_minor);
                break;
            case 5:
                open_into(from, "rows", terms.rows, codec::read_rows);
                break;
            case 6:
                terms.allocation = codec::read_allocation(in);
                break;
            case 7:
                terms.max_back_value_days =
                    static_cast<std::uint32_t>(in.field("terms.max_back_value_days").uint_at_most(kMaxBackValueDays));
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2, 3, 4, 5, 6});
    return terms;
}

}  // namespace probatum::contracts::bodies
