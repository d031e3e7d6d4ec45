#include "contracts/body_parts.h"

namespace probatum::contracts::bodies {
namespace {

void write_payment(Writing to, const Payment& payment) {
    to.out.map(pairs(5, to.side));
    write_payment_fields(to, payment);
    to.sealer.write_side(to.out, to.side);
}

Payment read_payment(Reading from) {
    Payment payment = no_payment();
    read_fields(from, {1, 2, 3, 4, 5}, [&](std::uint64_t key) { return read_payment_field(from, key, payment); });
    return payment;
}

}  // namespace

Payment no_payment() {
    return {.currency = codec::placeholder_currency(), .value_date = {}, .bank = {}, .bank_reference = {}};
}

void write_payment_fields(Writing to, const Payment& payment) {
    to.out.uint(1).text(payment.currency.code());
    to.sealer.seal(to.out.uint(2), "amount", encoded_integer(payment.amount_minor));
    cbor::Writer date{8};
    codec::write_date(date, payment.value_date);
    to.sealer.seal(to.out.uint(3), "value_date", date.take());
    to.sealer.seal(to.out.uint(4), "bank", encoded_text(payment.bank));
    to.sealer.seal(to.out.uint(5), "bank_reference", encoded_text(payment.bank_reference));
}

bool read_payment_field(Reading from, std::uint64_t key, Payment& payment) {
    switch (key) {
        case 1:
            payment.currency = codec::read_currency(from.in);
            return true;
        case 2:
            open_amount(from, "amount", payment.amount_minor);
            return true;
        case 3:
            open_into(from, "value_date", payment.value_date, [](cbor::Reader& in) { return codec::read_date(in); });
            return true;
        case 4:
            open_into(from, "bank", payment.bank, codec::read_bank);
            return true;
        case 5:
            open_into(from, "bank_reference", payment.bank_reference, codec::read_bank_reference);
            return true;
        default:
            return false;
    }
}

void write(Writing to, const DisburseBody& body) { write_payment(to, body); }
void write(Writing to, const RepayBody& body) { write_payment(to, body); }
ActionBody read_disburse(Reading from) { return DisburseBody{read_payment(from)}; }
ActionBody read_repay(Reading from) { return RepayBody{read_payment(from)}; }

void write(Writing to, const AcknowledgeBody& body) {
    to.out.map(pairs(2, to.side)).uint(1).uint(body.target).uint(2).uint(static_cast<std::uint64_t>(body.answer));
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_acknowledge(Reading from) {
    AcknowledgeBody body;
    codec::MapReader map{from.in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                body.target = from.in.field("target").uint();
                break;
            case 2:
                body.answer = codec::read_enum(from.in, "answer", Answer::object);
                break;
            case kSideKey:
                from.side = from.unsealer.read_side(from.in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2});
    return body;
}

}  // namespace probatum::contracts::bodies
