#include "contracts/loan_book.h"

#include <array>

#include "contracts/book_codec.h"
#include "contracts/codec.h"
#include "contracts/contract_terms.h"

namespace probatum::contracts {
namespace {

constexpr std::array<std::string_view, 3> kStatusNames{"claimed", "acknowledged", "objected"};
constexpr std::array<std::string_view, 6> kPostingNames{"disbursement", "repayment",  "claim-payment",
                                                        "set-off",      "redemption", "settlement"};

bool has_payee(PostingKind kind) {
    return kind != PostingKind::disbursement && kind != PostingKind::repayment && kind != PostingKind::settlement;
}

}  // namespace

namespace codec {

void write_totals(cbor::Writer& out, const Totals& totals) {
    out.array(3).integer(totals.claimed_minor).integer(totals.acknowledged_minor).integer(totals.objected_minor);
}

Totals read_totals(cbor::Reader& in) {
    in.array_of(3);
    const MinorAmount claimed = in.integer();
    const MinorAmount acknowledged = in.integer();
    const MinorAmount objected = in.integer();
    in.leave();
    return {claimed, acknowledged, objected};
}

}  // namespace codec

namespace {

void write_optional(cbor::Writer& out, const std::optional<std::uint64_t>& number) {
    if (number) {
        out.uint(*number);
    } else {
        out.null();
    }
}

std::optional<std::uint64_t> read_optional_number(cbor::Reader& in, std::string_view field) {
    return in.field(field).take_null() ? std::nullopt : std::optional{in.uint()};
}

void write_split(cbor::Writer& out, const book::Split& split) {
    out.array(book::kClaims + 1);
    for (const book::Claim claim : book::kAllClaims) {
        out.integer(split.paid[claim]);
    }
    out.integer(split.suspense_minor);
}

book::Split read_split(cbor::Reader& in) {
    book::Split out;
    in.field("allocation").array_of(book::kClaims + 1);
    for (const book::Claim claim : book::kAllClaims) {
        out.paid[claim] = in.integer();
    }
    out.suspense_minor = in.integer();
    in.leave();
    return out;
}

/// Costs stand for costs and fee, interest for penalty and interest: Civil Code art. 561 knows three classes.
book::ClaimOrder order_of(const std::vector<Claim>& classes) {
    book::ClaimOrder out{};
    std::size_t at = 0;
    const auto add = [&](std::initializer_list<book::Claim> claims) {
        for (const book::Claim claim : claims) {
            out.at(at++) = claim;
        }
    };
    for (const Claim claim : classes) {
        switch (claim) {
            case Claim::costs:
                add({book::Claim::costs, book::Claim::fee});
                break;
            case Claim::interest:
                add({book::Claim::penalty, book::Claim::interest});
                break;
            case Claim::principal:
                add({book::Claim::principal});
                break;
        }
    }
    return out;
}

}  // namespace

std::string_view name(PostingKind kind) { return kPostingNames.at(static_cast<std::size_t>(kind) - 1); }

std::string_view name(PostingStatus status) { return kStatusNames.at(static_cast<std::size_t>(status) - 1); }

bool is_repayment(PostingKind kind) { return kind == PostingKind::repayment; }

std::vector<book::Terms> versions_of(const LoanTerms& loan) {
    book::Terms out{.plan = {.start = loan.contract_date, .maturity = loan.contract_date}};
    out.plan.shape = schedule::PlanShape::explicit_rows;
    out.plan.principal_minor = loan.principal_minor;
    out.plan.rows.reserve(loan.rows.size());
    for (const DueRow& row : loan.rows) {
        out.plan.rows.push_back({row.due, row.principal_minor, row.interest_minor});
        out.plan.maturity = row.due;
    }
    out.allocation = order_of(loan.allocation);
    // Money that finds nothing to pay is the payer's until it is returned.
    out.keep_suspense = true;
    return {std::move(out)};
}

namespace {

/// Of the postings of a loan; those of other kinds of contract have no book.
book::MovementKind movement_kind(PostingKind kind) {
    switch (kind) {
        case PostingKind::disbursement:
            return book::MovementKind::disburse;
        case PostingKind::repayment:
            return book::MovementKind::repay;
        default:
            return book::MovementKind::close;
    }
}

}  // namespace

book::Movement movement_of(std::uint64_t sequence, const Posting& posting) {
    return {.sequence = sequence,
            .kind = movement_kind(posting.kind),
            .value_date = posting.value_date,
            .amount_minor = posting.amount_minor,
            .reversed = posting.reversed_by.has_value()};
}

void write(cbor::Writer& out, const LoanBook& book) {
    out.array(4);
    if (book.money) {
        codec::write_book(out, *book.money);
    } else {
        out.null();
    }
    codec::write_totals(out, book.disbursements);
    codec::write_totals(out, book.repayments);
    write_optional(out, book.last_movement);
}

LoanBook read_loan_book(cbor::Reader& in) {
    LoanBook out;
    in.array_of(4);
    if (!in.field("money").take_null()) {
        out.money = codec::read_book(in);
    }
    out.disbursements = codec::read_totals(in.field("disbursements"));
    out.repayments = codec::read_totals(in.field("repayments"));
    out.last_movement = read_optional_number(in, "last_movement");
    in.leave();
    return out;
}

Bytes encode(const Posting& posting) {
    cbor::Writer out{224};
    out.array(posting.payee ? 13 : 11)
        .uint(static_cast<std::uint64_t>(posting.kind))
        .text(posting.organisation)
        .integer(posting.amount_minor);
    codec::write_date(out, posting.value_date);
    codec::write_date(out, posting.recorded);
    codec::write_optional(out, posting.reference);
    write_split(out, posting.allocation);
    out.uint(static_cast<std::uint64_t>(posting.status));
    codec::write_optional_mark(out, posting.answered_by);
    codec::write_optional_mark(out, posting.reversed_by);
    write_optional(out, posting.previous);
    if (posting.payee) {
        out.text(*posting.payee).text(posting.holder.value_or(*posting.payee));
    }
    return out.take();
}

Result<Posting> decode_posting(ByteView bytes) {
    cbor::Reader in{bytes};
    Posting out{.organisation = {}, .value_date = {}, .recorded = {}};
    const std::uint64_t members = in.array();
    out.kind = codec::read_enum(in, "kind", PostingKind::settlement);
    if (members != (has_payee(out.kind) ? 13U : 11U)) {
        in.refuse(Errc::malformed, "payee and holder where the kind has them");
    }
    out.organisation = codec::read_text(in, {"organisation", kMaxNumberBytes});
    out.amount_minor = in.field("amount").integer();
    out.value_date = codec::read_date(in.field("value_date"));
    out.recorded = codec::read_date(in.field("recorded"));
    out.reference = codec::read_optional_digest(in.field("reference"));
    out.allocation = read_split(in);
    out.status = codec::read_enum(in, "status", PostingStatus::objected);
    out.answered_by = codec::read_optional_mark(in, "answered_by");
    out.reversed_by = codec::read_optional_mark(in, "reversed_by");
    out.previous = read_optional_number(in, "previous");
    if (has_payee(out.kind)) {
        out.payee = codec::read_text(in, {"payee", kMaxNumberBytes});
        out.holder = codec::read_text(in, {"holder", kMaxNumberBytes});
    }
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

}  // namespace probatum::contracts
