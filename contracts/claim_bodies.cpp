#include "contracts/body_parts.h"
#include "contracts/contract_terms.h"

/// A receivable: its terms as they stand in a registration, and what is done with it.
namespace probatum::contracts::bodies {
namespace {

void write_answer(cbor::Writer& out, Answer answer) { out.uint(static_cast<std::uint64_t>(answer)); }
Answer read_answer(cbor::Reader& in) { return codec::read_enum(in, "answer", Answer::object); }
std::uint64_t count(bool there) { return there ? 1U : 0U; }

/// {1: assignment}
template <class Body>
void write_assignment(Writing to, const Body& body) {
    to.out.map(pairs(1, to.side)).uint(1).uint(body.assignment);
    to.sealer.write_side(to.out, to.side);
}
template <class Body>
ActionBody read_assignment(Reading from) {
    Body body;
    read_fields(from, {1}, [&](std::uint64_t key) {
        if (key == 1) {
            body.assignment = from.in.field("assignment").uint();
        }
        return key == 1;
    });
    return body;
}

/// {1: assignment, 2: answer}
template <class Body>
void write_answered(Writing to, const Body& body) {
    write_answer(to.out.map(pairs(2, to.side)).uint(1).uint(body.assignment).uint(2), body.answer);
    to.sealer.write_side(to.out, to.side);
}
template <class Body>
ActionBody read_answered(Reading from) {
    Body body;
    read_fields(from, {1, 2}, [&](std::uint64_t key) {
        if (key == 1) {
            body.assignment = from.in.field("assignment").uint();
        } else if (key == 2) {
            body.answer = read_answer(from.in);
        }
        return key == 1 || key == 2;
    });
    return body;
}

}  // namespace

void write_terms(Writing to, const ReceivableTerms& terms) {
    to.out.map(8).uint(1).text(terms.currency.code());
    codec::write_date(to.out.uint(2), terms.contract_date);
    codec::write_date(to.out.uint(3).integer(terms.utc_offset_minutes).uint(4), terms.due);
    to.sealer.seal(to.out.uint(5), "amount", encoded_integer(terms.amount_minor));
    cbor::Writer invoices;
    codec::write_invoices(invoices, terms.invoices);
    to.sealer.seal(to.out.uint(6), "invoices", invoices.take());
    to.out.uint(7).uint(static_cast<std::uint64_t>(terms.notice));
    codec::write_basis(to.out.uint(8), terms.basis);
}

KindTerms read_receivable(Reading from) {
    cbor::Reader& in = from.in;
    ReceivableTerms terms = codec::no_receivable_terms();
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
                open_into(from, "invoices", terms.invoices, codec::read_invoices);
                break;
            case 7:
                terms.notice = codec::read_enum(in, "terms.notice", NoticeRule::answer);
                break;
            case 8:
                terms.basis = codec::read_basis(in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2, 3, 4, 5, 6, 7, 8});
    return terms;
}

void write(Writing to, const ConfirmBody& body) {
    write_answer(to.out.map(pairs(6U + count(body.document.has_value()), to.side)).uint(1), body.answer);
    to.out.uint(2).boolean(body.existence).uint(3).boolean(body.amount).uint(4).boolean(body.no_defences);
    to.sealer.seal(to.out.uint(5), "amount", encoded_integer(body.amount_minor));
    if (body.document) {
        to.out.uint(6).digest(*body.document);
    }
    to.out.uint(7).text(body.currency.code());
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_confirm(Reading from) {
    cbor::Reader& in = from.in;
    ConfirmBody body{.currency = codec::placeholder_currency()};
    read_fields(from, {1, 2, 3, 4, 5, 7}, [&](std::uint64_t key) {
        switch (key) {
            case 1:
                body.answer = read_answer(in);
                return true;
            case 2:
                body.existence = in.field("existence").boolean();
                return true;
            case 3:
                body.amount = in.field("amount").boolean();
                return true;
            case 4:
                body.no_defences = in.field("no_defences").boolean();
                return true;
            case 5:
                open_amount(from, "amount", body.amount_minor);
                return true;
            case 6:
                body.document = in.field("document").digest();
                return true;
            case 7:
                body.currency = codec::read_currency(in);
                return true;
            default:
                return false;
        }
    });
    return body;
}

void write(Writing to, const AssignBody& body) {
    const std::uint64_t own = 6U + count(body.competes_with.has_value()) + count(body.registration.has_value());
    to.out.map(pairs(own, to.side)).uint(1).uint(body.part).uint(2).text(body.assignee);
    to.sealer.seal(to.out.uint(3), "amount", encoded_integer(body.amount_minor));
    to.out.uint(4).boolean(body.recourse).uint(5).digest(body.document);
    if (body.competes_with) {
        to.out.uint(6).uint(*body.competes_with);
    }
    if (body.registration) {
        codec::write(to.out.uint(7), *body.registration);
    }
    to.out.uint(8).text(body.currency.code());
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_assign(Reading from) {
    cbor::Reader& in = from.in;
    AssignBody body{.currency = codec::placeholder_currency()};
    read_fields(from, {1, 2, 3, 4, 5, 8}, [&](std::uint64_t key) {
        switch (key) {
            case 1:
                body.part = in.field("part").uint();
                return true;
            case 2:
                body.assignee = codec::read_text(in, {"assignee", kMaxNumberBytes});
                return true;
            case 3:
                open_amount(from, "amount", body.amount_minor);
                return true;
            case 4:
                body.recourse = in.field("recourse").boolean();
                return true;
            case 5:
                body.document = in.field("document").digest();
                return true;
            case 6:
                body.competes_with = in.field("competes_with").uint();
                return true;
            case 7:
                body.registration = codec::read_registration(in);
                return true;
            case 8:
                body.currency = codec::read_currency(in);
                return true;
            default:
                return false;
        }
    });
    return body;
}

void write(Writing to, const AcceptAssignmentBody& body) { write_answered(to, body); }
ActionBody read_accept_assignment(Reading from) { return read_answered<AcceptAssignmentBody>(from); }
void write(Writing to, const RespondBody& body) { write_answered(to, body); }
ActionBody read_respond(Reading from) { return read_answered<RespondBody>(from); }
void write(Writing to, const WithdrawAssignmentBody& body) { write_assignment(to, body); }
ActionBody read_withdraw_assignment(Reading from) { return read_assignment<WithdrawAssignmentBody>(from); }
void write(Writing to, const BuyBackBody& body) { write_assignment(to, body); }
ActionBody read_buy_back(Reading from) { return read_assignment<BuyBackBody>(from); }

void write(Writing to, const NotifyBody& body) {
    to.out.map(pairs(1U + count(body.document.has_value()), to.side)).uint(1).uint(body.assignment);
    if (body.document) {
        to.out.uint(2).digest(*body.document);
    }
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_notify(Reading from) {
    NotifyBody body;
    read_fields(from, {1}, [&](std::uint64_t key) {
        if (key == 1) {
            body.assignment = from.in.field("assignment").uint();
        } else if (key == 2) {
            body.document = from.in.field("document").digest();
        }
        return key == 1 || key == 2;
    });
    return body;
}

void write(Writing to, const RegisterAssignmentBody& body) {
    to.out.map(pairs(2, to.side)).uint(1).uint(body.assignment);
    codec::write(to.out.uint(2), body.registration);
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_register_assignment(Reading from) {
    RegisterAssignmentBody body;
    read_fields(from, {1, 2}, [&](std::uint64_t key) {
        if (key == 1) {
            body.assignment = from.in.field("assignment").uint();
        } else if (key == 2) {
            body.registration = codec::read_registration(from.in);
        }
        return key == 1 || key == 2;
    });
    return body;
}

void write(Writing to, const PayClaimBody& body) {
    to.out.map(pairs(7, to.side));
    write_payment_fields(to, body);
    to.out.uint(6).uint(body.part).uint(7).text(body.payee);
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_pay_claim(Reading from) {
    PayClaimBody body{no_payment()};
    read_fields(from, {1, 2, 3, 4, 5, 6, 7}, [&](std::uint64_t key) {
        if (key == 6) {
            body.part = from.in.field("part").uint();
            return true;
        }
        if (key == 7) {
            body.payee = codec::read_text(from.in, {"payee", kMaxNumberBytes});
            return true;
        }
        return read_payment_field(from, key, body);
    });
    return body;
}

void write(Writing to, const SetOffBody& body) {
    to.out.map(pairs(8, to.side)).uint(1).uint(body.part);
    to.sealer.seal(to.out.uint(2), "amount", encoded_integer(body.amount_minor));
    codec::write_date(to.out.uint(3).text(body.against).uint(4), body.arose);
    codec::write_date(to.out.uint(5), body.due);
    to.out.uint(6).boolean(body.same_contract).uint(7).digest(body.document);
    to.out.uint(8).text(body.currency.code());
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_set_off(Reading from) {
    cbor::Reader& in = from.in;
    SetOffBody body{.currency = codec::placeholder_currency()};
    read_fields(from, {1, 2, 3, 4, 5, 6, 7, 8}, [&](std::uint64_t key) {
        switch (key) {
            case 1:
                body.part = in.field("part").uint();
                return true;
            case 2:
                open_amount(from, "amount", body.amount_minor);
                return true;
            case 3:
                body.against = codec::read_text(in, {"against", kMaxNumberBytes});
                return true;
            case 4:
                body.arose = codec::read_date(in.field("arose"));
                return true;
            case 5:
                body.due = codec::read_date(in.field("due"));
                return true;
            case 6:
                body.same_contract = in.field("same_contract").boolean();
                return true;
            case 7:
                body.document = in.field("document").digest();
                return true;
            case 8:
                body.currency = codec::read_currency(in);
                return true;
            default:
                return false;
        }
    });
    return body;
}

}  // namespace probatum::contracts::bodies
