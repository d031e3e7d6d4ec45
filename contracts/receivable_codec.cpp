#include "contracts/codec.h"
#include "contracts/contract_terms.h"
#include "contracts/receivable.h"

namespace probatum::contracts {
namespace codec {
namespace {

void write_optional_number(cbor::Writer& out, const std::optional<std::uint64_t>& number) {
    if (number) {
        out.uint(*number);
    } else {
        out.null();
    }
}

void write_assignment(cbor::Writer& out, const Assignment& assignment) {
    out.array(13).uint(assignment.part).uint(assignment.source).text(assignment.assignee);
    out.boolean(assignment.recourse).boolean(assignment.competes);
    write_optional_number(out, assignment.returns);
    out.uint(static_cast<std::uint64_t>(assignment.state));
    write_mark(out, assignment.made);
    if (assignment.registration) {
        write(out, *assignment.registration);
    } else {
        out.null();
    }
    write_optional_mark(out, assignment.notified);
    write_optional_mark(out, assignment.answered);
    out.boolean(assignment.accepted_by_debtor);
    if (assignment.binds_from) {
        write_date(out, *assignment.binds_from);
    } else {
        out.null();
    }
}

Assignment read_assignment(cbor::Reader& in) {
    Assignment out;
    in.field("assignments").array_of(13);
    out.part = in.uint();
    out.source = in.uint();
    out.assignee = read_text(in, {"assignments.assignee", kMaxNumberBytes});
    out.recourse = in.boolean();
    out.competes = in.boolean();
    if (!in.take_null()) {
        out.returns = in.uint();
    }
    out.state = read_enum(in, "assignments.state", AssignmentState::lapsed);
    out.made = read_mark(in, "assignments.made");
    if (!in.take_null()) {
        out.registration = read_registration(in);
    }
    out.notified = read_optional_mark(in, "assignments.notified");
    out.answered = read_optional_mark(in, "assignments.answered");
    out.accepted_by_debtor = in.boolean();
    if (!in.take_null()) {
        out.binds_from = read_date(in);
    }
    in.leave();
    return out;
}

void write_part(cbor::Writer& out, const Part& part) {
    out.array(7).uint(part.parent).uint(part.source).integer(part.amount_minor).integer(part.moved_minor);
    out.integer(part.paid_minor).integer(part.set_off_minor).integer(part.to_pass_on_minor);
}

Part read_part(cbor::Reader& in) {
    Part out;
    in.field("parts").array_of(7);
    out.parent = in.uint();
    out.source = in.uint();
    out.amount_minor = in.integer();
    out.moved_minor = in.integer();
    out.paid_minor = in.integer();
    out.set_off_minor = in.integer();
    out.to_pass_on_minor = in.integer();
    in.leave();
    return out;
}

void write_confirmation(cbor::Writer& out, const std::optional<Confirmation>& confirmation) {
    if (!confirmation) {
        out.null();
        return;
    }
    write_mark(out.array(5), confirmation->by);
    out.boolean(confirmation->existence).boolean(confirmation->amount).boolean(confirmation->no_defences);
    out.integer(confirmation->amount_minor);
}

std::optional<Confirmation> read_confirmation(cbor::Reader& in) {
    if (in.field("confirmation").take_null()) {
        return std::nullopt;
    }
    Confirmation out;
    in.array_of(5);
    out.by = read_mark(in, "confirmation");
    out.existence = in.boolean();
    out.amount = in.boolean();
    out.no_defences = in.boolean();
    out.amount_minor = in.integer();
    in.leave();
    return out;
}

void write_objection(cbor::Writer& out, const std::optional<Objection>& objection) {
    if (!objection) {
        out.null();
        return;
    }
    write_mark(out.array(2), objection->by);
    out.integer(objection->disputed_minor);
}

std::optional<Objection> read_objection(cbor::Reader& in) {
    if (in.field("objection").take_null()) {
        return std::nullopt;
    }
    Objection out;
    in.array_of(2);
    out.by = read_mark(in, "objection");
    out.disputed_minor = in.integer();
    in.leave();
    return out;
}

/// Numbers lead backwards only, so that whoever follows them comes to an end.
void check_numbers(cbor::Reader& in, const ReceivableBook& book) {
    for (std::size_t i = 0; i < book.parts.size(); ++i) {
        if (book.parts[i].parent > i || (book.parts[i].parent == 0) != (i == 0) ||
            book.parts[i].source > book.assignments.size()) {
            in.refuse(Errc::malformed, "a part of nothing");
        }
    }
    for (std::size_t i = 0; i < book.assignments.size(); ++i) {
        const Assignment& assignment = book.assignments[i];
        if (assignment.source > i || assignment.part == 0 || assignment.part > book.parts.size() ||
            assignment.returns.value_or(0) > i) {
            in.refuse(Errc::malformed, "an assignment of nothing");
        }
    }
}

}  // namespace

void write_invoices(cbor::Writer& out, const std::vector<Invoice>& invoices) {
    out.array(invoices.size());
    for (const Invoice& invoice : invoices) {
        write_digests(out.array(4).text(invoice.number), invoice.digests);
        write_date(out.integer(invoice.amount_minor), invoice.issued);
    }
}

std::vector<Invoice> read_invoices(cbor::Reader& in) {
    std::vector<Invoice> out;
    const std::size_t count = read_count(in, "invoices", kMaxInvoices);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        in.array_of(4);
        std::string number = read_text(in, {"invoices.number", kMaxNumberBytes});
        DocumentDigests digests = read_digests(in);
        const MinorAmount amount = in.field("invoices.amount").integer();
        const CivilDate issued = read_date(in.field("invoices.issued"));
        in.leave();
        out.push_back({std::move(number), std::move(digests), amount, issued});
    }
    in.leave();
    return out;
}

void write_basis(cbor::Writer& out, const std::vector<std::string>& basis) {
    out.array(basis.size());
    for (const std::string& text : basis) {
        out.text(text);
    }
}

std::vector<std::string> read_basis(cbor::Reader& in) {
    std::vector<std::string> out;
    const std::size_t count = read_count(in, "basis", kMaxBasisTexts);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        out.push_back(read_text(in, {"basis", kMaxBasisBytes}));
    }
    in.leave();
    return out;
}

void write(cbor::Writer& out, const ReceivableTerms& terms) {
    write_date(out.array(8).text(terms.currency.code()).integer(terms.amount_minor), terms.contract_date);
    write_date(out.integer(terms.utc_offset_minutes), terms.due);
    write_invoices(out, terms.invoices);
    out.uint(static_cast<std::uint64_t>(terms.notice));
    write_basis(out, terms.basis);
}

ReceivableTerms read_receivable_terms(cbor::Reader& in) {
    ReceivableTerms out = no_receivable_terms();
    in.array_of(8);
    out.currency = read_currency(in);
    out.amount_minor = in.field("amount").integer();
    out.contract_date = read_date(in.field("contract_date"));
    out.utc_offset_minutes = read_utc_offset(in);
    out.due = read_date(in.field("due"));
    out.invoices = read_invoices(in);
    out.notice = read_enum(in, "notice", NoticeRule::answer);
    out.basis = read_basis(in);
    in.leave();
    return out;
}

void write(cbor::Writer& out, const Registration& registration) {
    out.array(3).text(registration.registry).text(registration.number).uint(registration.at.raw());
}

Registration read_registration(cbor::Reader& in) {
    in.array_of(3);
    std::string registry = read_text(in, {"registration.registry", kMaxNumberBytes});
    std::string number = read_text(in, {"registration.number", kMaxNumberBytes});
    const UnixMs at{in.field("registration.at").uint()};
    in.leave();
    return {std::move(registry), std::move(number), at};
}

}  // namespace codec

void write(cbor::Writer& out, const ReceivableBook& book) {
    out.array(8).text(book.creditor).text(book.debtor);
    codec::write_confirmation(out, book.confirmation);
    codec::write_objection(out, book.objection);
    out.array(book.parts.size());
    for (const Part& part : book.parts) {
        codec::write_part(out, part);
    }
    out.array(book.assignments.size());
    for (const Assignment& assignment : book.assignments) {
        codec::write_assignment(out, assignment);
    }
    codec::write_totals(out, book.payments);
    codec::write_totals(out, book.set_offs);
}

ReceivableBook read_receivable_book(cbor::Reader& in) {
    ReceivableBook out;
    in.array_of(8);
    out.creditor = codec::read_text(in, {"creditor", kMaxNumberBytes});
    out.debtor = codec::read_text(in, {"debtor", kMaxNumberBytes});
    out.confirmation = codec::read_confirmation(in);
    out.objection = codec::read_objection(in);
    const std::size_t parts = codec::read_count(in, "parts", kMaxParts);
    for (std::size_t i = 0; i < parts && !in.failed(); ++i) {
        out.parts.push_back(codec::read_part(in));
    }
    in.leave();
    const std::size_t assignments = codec::read_count(in, "assignments", kMaxAssignments);
    for (std::size_t i = 0; i < assignments && !in.failed(); ++i) {
        out.assignments.push_back(codec::read_assignment(in));
    }
    in.leave();
    out.payments = codec::read_totals(in);
    out.set_offs = codec::read_totals(in);
    in.leave();
    codec::check_numbers(in, out);
    return out;
}

}  // namespace probatum::contracts
