#include "contracts/body_parts.h"
#include "contracts/contract_terms.h"
#include "contracts/voucher.h"

/// A voucher: its terms as they stand in a registration, and what is done with it.
namespace probatum::contracts::bodies {
namespace {

/// {1: piece}
template <class Body>
void write_piece(Writing to, const Body& body) {
    to.out.map(pairs(1, to.side)).uint(1).uint(body.piece);
    to.sealer.write_side(to.out, to.side);
}
template <class Body>
ActionBody read_piece(Reading from) {
    Body body;
    read_fields(from, {1}, [&](std::uint64_t key) {
        if (key == 1) {
            body.piece = from.in.field("piece").uint();
        }
        return key == 1;
    });
    return body;
}

std::vector<MinorAmount> read_amounts(cbor::Reader& in) {
    std::vector<MinorAmount> out;
    const std::size_t count = codec::read_count(in, "amounts", kMaxChildrenAtOnce);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        out.push_back(in.integer());
    }
    in.leave();
    return out;
}

}  // namespace

void write_terms(Writing to, const VoucherTerms& terms) {
    to.out.map(6U + (terms.reason ? 1U : 0U)).uint(1).text(terms.currency.code());
    codec::write_date(to.out.uint(2), terms.contract_date);
    codec::write_date(to.out.uint(3).integer(terms.utc_offset_minutes).uint(4), terms.due);
    to.sealer.seal(to.out.uint(5), "amount", encoded_integer(terms.amount_minor));
    to.out.uint(6).uint(terms.max_level);
    if (terms.reason) {
        to.out.uint(7).text(*terms.reason);
    }
}

KindTerms read_voucher(Reading from) {
    cbor::Reader& in = from.in;
    VoucherTerms terms = codec::no_voucher_terms();
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
                terms.due = codec::read_date(in.field("terms.due"));
                break;
            case 5:
                open_amount(from, "amount", terms.amount_minor);
                break;
            case 6:
                terms.max_level =
                    static_cast<std::uint32_t>(in.field("terms.max_level").uint_at_most(kMaxVoucherLevels));
                break;
            case 7:
                terms.reason = codec::read_text(in, {"terms.reason", kMaxVoucherReasonBytes});
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2, 3, 4, 5, 6});
    return terms;
}

void write(Writing to, const IssueBody&) {
    to.out.map(pairs(0, to.side));
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_issue(Reading from) {
    read_fields(from, {}, [](std::uint64_t) { return false; });
    return IssueBody{};
}

void write(Writing to, const AcceptPieceBody& body) {
    to.out.map(pairs(2, to.side)).uint(1).uint(body.piece).uint(2).uint(static_cast<std::uint64_t>(body.answer));
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_accept_piece(Reading from) {
    AcceptPieceBody body;
    read_fields(from, {1, 2}, [&](std::uint64_t key) {
        if (key == 1) {
            body.piece = from.in.field("piece").uint();
        } else if (key == 2) {
            body.answer = codec::read_enum(from.in, "answer", Answer::object);
        }
        return key == 1 || key == 2;
    });
    return body;
}

void write(Writing to, const WithdrawPieceBody& body) { write_piece(to, body); }
ActionBody read_withdraw_piece(Reading from) { return read_piece<WithdrawPieceBody>(from); }
void write(Writing to, const CancelPieceBody& body) { write_piece(to, body); }
ActionBody read_cancel_piece(Reading from) { return read_piece<CancelPieceBody>(from); }

void write(Writing to, const SplitBody& body) {
    to.out.map(pairs(3, to.side)).uint(1).uint(body.piece);
    cbor::Writer amounts;
    amounts.array(body.amounts_minor.size());
    for (const MinorAmount amount : body.amounts_minor) {
        amounts.integer(amount);
    }
    to.sealer.seal(to.out.uint(2), "amounts", amounts.take());
    to.out.uint(3).text(body.currency.code());
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_split(Reading from) {
    SplitBody body{.currency = codec::placeholder_currency()};
    read_fields(from, {1, 2, 3}, [&](std::uint64_t key) {
        if (key == 1) {
            body.piece = from.in.field("piece").uint();
        } else if (key == 2) {
            open_into(from, "amounts", body.amounts_minor, read_amounts);
        } else if (key == 3) {
            body.currency = codec::read_currency(from.in);
        }
        return key >= 1 && key <= 3;
    });
    return body;
}

void write(Writing to, const TransferBody& body) {
    to.out.map(pairs(2, to.side)).uint(1).uint(body.piece).uint(2).text(body.to);
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_transfer(Reading from) {
    TransferBody body;
    read_fields(from, {1, 2}, [&](std::uint64_t key) {
        if (key == 1) {
            body.piece = from.in.field("piece").uint();
        } else if (key == 2) {
            body.to = codec::read_text(from.in, {"to", kMaxNumberBytes});
        }
        return key == 1 || key == 2;
    });
    return body;
}

void write(Writing to, const FinancePieceBody& body) {
    to.out.map(pairs(6, to.side)).uint(1).uint(body.piece).uint(2).text(body.lender);
    to.sealer.seal(to.out.uint(3), "price", encoded_integer(body.price_minor));
    to.out.uint(4).boolean(body.recourse).uint(5).digest(body.document);
    to.out.uint(6).text(body.currency.code());
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_finance_piece(Reading from) {
    cbor::Reader& in = from.in;
    FinancePieceBody body{.currency = codec::placeholder_currency()};
    read_fields(from, {1, 2, 3, 4, 5, 6}, [&](std::uint64_t key) {
        switch (key) {
            case 1:
                body.piece = in.field("piece").uint();
                return true;
            case 2:
                body.lender = codec::read_text(in, {"lender", kMaxNumberBytes});
                return true;
            case 3:
                open_amount(from, "price", body.price_minor);
                return true;
            case 4:
                body.recourse = in.field("recourse").boolean();
                return true;
            case 5:
                body.document = in.field("document").digest();
                return true;
            case 6:
                body.currency = codec::read_currency(in);
                return true;
            default:
                return false;
        }
    });
    return body;
}

void write(Writing to, const RedeemBody& body) {
    to.out.map(pairs(6, to.side));
    write_payment_fields(to, body);
    to.out.uint(6).uint(body.piece);
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_redeem(Reading from) {
    RedeemBody body{no_payment()};
    read_fields(from, {1, 2, 3, 4, 5, 6}, [&](std::uint64_t key) {
        if (key == 6) {
            body.piece = from.in.field("piece").uint();
            return true;
        }
        return read_payment_field(from, key, body);
    });
    return body;
}

}  // namespace probatum::contracts::bodies
