#include "contracts/action_bodies.h"
#include "contracts/codec.h"
#include "contracts/loan_terms.h"

namespace probatum::contracts::bodies {
namespace {

Bytes encoded_integer(std::int64_t value) {
    cbor::Writer out{9};
    out.integer(value);
    return out.take();
}

/// A body that has nothing but side fields.
template <class Body>
ActionBody read_empty(Reading from) {
    codec::MapReader map{from.in};
    while (map.next()) {
        if (map.key() == kSideKey) {
            from.side = from.unsealer.read_side(from.in);
        } else {
            map.unknown();
        }
    }
    map.require({});
    return Body{};
}

void write_empty(Writing to) {
    to.out.map(pairs(0, to.side));
    to.sealer.write_side(to.out, to.side);
}

MinorAmount open_amount(Reading from, std::string_view name) {
    const ByteView value = from.unsealer.open(from.in, name);
    if (value.empty()) {
        return 0;
    }
    cbor::Reader in{value};
    const MinorAmount amount = in.field(name).integer();
    if (const Result<void> whole = in.finish(); !whole) {
        from.in.refuse(whole.error());
    }
    return amount;
}

std::vector<DueRow> open_rows(Reading from) {
    const ByteView value = from.unsealer.open(from.in, "rows");
    if (value.empty()) {
        return {};
    }
    cbor::Reader in{value};
    std::vector<DueRow> rows = codec::read_rows(in);
    if (const Result<void> whole = in.finish(); !whole) {
        from.in.refuse(whole.error());
    }
    return rows;
}

}  // namespace

void write(Writing to, const RegisterBody& body) {
    const LoanTerms& terms = body.terms;
    to.out.map(pairs(9U + (terms.max_back_value_days ? 1U : 0U), to.side));
    to.out.uint(1).text(body.number);
    codec::write_parties(to.out.uint(2), body.parties);
    to.out.uint(3).text(terms.currency.code()).uint(4);
    to.sealer.seal(to.out, "principal", encoded_integer(terms.principal_minor));
    codec::write_date(to.out.uint(5), terms.contract_date);
    to.out.uint(6).integer(terms.utc_offset_minutes).uint(7);
    cbor::Writer rows;
    codec::write_rows(rows, terms.rows);
    to.sealer.seal(to.out, "rows", rows.take());
    codec::write_allocation(to.out.uint(8), terms.allocation);
    codec::write_documents(to.out.uint(9), body.documents);
    if (terms.max_back_value_days) {
        to.out.uint(10).uint(*terms.max_back_value_days);
    }
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_register(Reading from) {
    cbor::Reader& in = from.in;
    RegisterBody body{.number = {},
                      .parties = {},
                      .terms = {.currency = codec::placeholder_currency(), .contract_date = {}, .rows = {}},
                      .documents = {}};
    codec::MapReader map{in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                body.number = codec::read_text(in, {"number", kMaxNumberBytes});
                break;
            case 2:
                body.parties = codec::read_parties(in);
                break;
            case 3:
                body.terms.currency = codec::read_currency(in);
                break;
            case 4:
                body.terms.principal_minor = open_amount(from, "principal");
                break;
            case 5:
                body.terms.contract_date = codec::read_date(in.field("terms.contract_date"));
                break;
            case 6:
                body.terms.utc_offset_minutes = codec::read_utc_offset(in);
                break;
            case 7:
                body.terms.rows = open_rows(from);
                break;
            case 8:
                body.terms.allocation = codec::read_allocation(in);
                break;
            case 9:
                body.documents = codec::read_documents(in);
                break;
            case 10:
                body.terms.max_back_value_days =
                    static_cast<std::uint32_t>(in.field("terms.max_back_value_days").uint_at_most(kMaxBackValueDays));
                break;
            case kSideKey:
                from.side = from.unsealer.read_side(in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2, 3, 4, 5, 6, 7, 8, 9});
    return body;
}

void write(Writing to, const SignBody& body) {
    to.out.map(pairs(1U + (body.seen ? 1U : 0U), to.side));
    to.out.uint(1).array(body.documents.size());
    for (const DocumentDigests& digests : body.documents) {
        codec::write_digests(to.out, digests);
    }
    if (body.seen) {
        to.out.uint(2).digest(*body.seen);
    }
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_sign(Reading from) {
    cbor::Reader& in = from.in;
    SignBody body;
    codec::MapReader map{in};
    while (map.next()) {
        switch (map.key()) {
            case 1: {
                const std::size_t count = codec::read_count(in, "documents", kMaxDocuments);
                for (std::size_t i = 0; i < count && !in.failed(); ++i) {
                    body.documents.push_back(codec::read_digests(in));
                }
                in.leave();
                break;
            }
            case 2:
                body.seen = in.field("seen").digest();
                break;
            case kSideKey:
                from.side = from.unsealer.read_side(in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1});
    return body;
}

void write(Writing to, const ApproveBody& body) {
    to.out.map(pairs(1, to.side)).uint(1).uint(static_cast<std::uint64_t>(body.capacity));
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_approve(Reading from) {
    ApproveBody body;
    codec::MapReader map{from.in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                body.capacity = codec::read_enum(from.in, "capacity", ApprovalCapacity::checker);
                break;
            case kSideKey:
                from.side = from.unsealer.read_side(from.in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1});
    return body;
}

void write(Writing to, const ActivateBody&) { write_empty(to); }
void write(Writing to, const SettleBody&) { write_empty(to); }
ActionBody read_activate(Reading from) { return read_empty<ActivateBody>(from); }
ActionBody read_settle(Reading from) { return read_empty<SettleBody>(from); }

}  // namespace probatum::contracts::bodies
