#include "contracts/action_bodies.h"
#include "contracts/codec.h"

namespace probatum::contracts::bodies {
namespace {

Bytes encoded_text(std::string_view text) {
    cbor::Writer out{text.size() + 3};
    out.text(text);
    return out.take();
}

void write_payment(Writing to, const Payment& payment) {
    to.out.map(pairs(5, to.side)).uint(1).text(payment.currency.code()).uint(2);
    cbor::Writer amount{9};
    amount.integer(payment.amount_minor);
    to.sealer.seal(to.out, "amount", amount.take());
    cbor::Writer date{8};
    codec::write_date(date, payment.value_date);
    to.sealer.seal(to.out.uint(3), "value_date", date.take());
    to.sealer.seal(to.out.uint(4), "bank", encoded_text(payment.bank));
    to.sealer.seal(to.out.uint(5), "bank_reference", encoded_text(payment.bank_reference));
    to.sealer.write_side(to.out, to.side);
}

/// Opens one sealed field and reads its value whole with `read`.
template <class Value, class Read>
void open_into(Reading from, std::string_view name, Value& out, Read read) {
    const ByteView value = from.unsealer.open(from.in, name);
    if (value.empty()) {
        return;
    }
    cbor::Reader in{value};
    out = read(in.field(name));
    if (const Result<void> whole = in.finish(); !whole) {
        from.in.refuse(whole.error());
    }
}

Payment read_payment(Reading from) {
    cbor::Reader& in = from.in;
    Payment payment{.currency = codec::placeholder_currency(), .value_date = {}, .bank = {}, .bank_reference = {}};
    codec::MapReader map{in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                payment.currency = codec::read_currency(in);
                break;
            case 2:
                open_into(from, "amount", payment.amount_minor, [](cbor::Reader& r) { return r.integer(); });
                break;
            case 3:
                open_into(from, "value_date", payment.value_date, [](cbor::Reader& r) { return codec::read_date(r); });
                break;
            case 4:
                open_into(from, "bank", payment.bank, codec::read_bank);
                break;
            case 5:
                open_into(from, "bank_reference", payment.bank_reference, codec::read_bank_reference);
                break;
            case kSideKey:
                from.side = from.unsealer.read_side(in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2, 3, 4, 5});
    return payment;
}

}  // namespace

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
