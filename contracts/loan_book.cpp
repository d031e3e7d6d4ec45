#include "contracts/loan_book.h"

#include <array>

#include "base/check.h"
#include "contracts/codec.h"

namespace probatum::contracts {
namespace {

constexpr std::array<std::string_view, 3> kStatusNames{"claimed", "acknowledged", "objected"};
constexpr std::array<std::string_view, 5> kPostingNames{"disbursement", "repayment", "claim-payment", "set-off",
                                                        "redemption"};

bool has_payee(PostingKind kind) { return kind != PostingKind::disbursement && kind != PostingKind::repayment; }

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

std::string_view name(PostingKind kind) { return kPostingNames.at(static_cast<std::size_t>(kind) - 1); }

std::string_view name(PostingStatus status) { return kStatusNames.at(static_cast<std::size_t>(status) - 1); }

Repaid LoanBook::repaid() const {
    PROBATUM_CHECK(first_value_date.has_value(), "asked only after a disbursement");
    return {.first_value_date = *first_value_date,
            .disbursed_minor = disbursed_minor,
            .principal_minor = principal_paid_minor,
            .interest_minor = interest_paid_minor};
}

void write(cbor::Writer& out, const LoanBook& book) {
    out.array(8);
    if (book.first_value_date) {
        codec::write_date(out, *book.first_value_date);
    } else {
        out.null();
    }
    out.integer(book.disbursed_minor).integer(book.principal_paid_minor);
    out.integer(book.interest_charged_minor).integer(book.interest_paid_minor);
    codec::write_totals(out, book.disbursements);
    codec::write_totals(out, book.repayments);
    out.array(kAccounts);
    for (const MinorAmount balance : book.accounts.all()) {
        out.integer(balance);
    }
}

LoanBook read_loan_book(cbor::Reader& in) {
    LoanBook out;
    in.array_of(8);
    if (!in.field("first_value_date").take_null()) {
        out.first_value_date = codec::read_date(in);
    }
    out.disbursed_minor = in.field("disbursed").integer();
    out.principal_paid_minor = in.field("principal_paid").integer();
    out.interest_charged_minor = in.field("interest_charged").integer();
    out.interest_paid_minor = in.field("interest_paid").integer();
    out.disbursements = codec::read_totals(in.field("disbursements"));
    out.repayments = codec::read_totals(in.field("repayments"));
    std::array<MinorAmount, kAccounts> balances{};
    in.field("accounts").array_of(kAccounts);
    for (MinorAmount& balance : balances) {
        balance = in.integer();
    }
    in.leave();
    in.leave();
    out.accounts = Accounts::of(balances);
    return out;
}

Bytes encode(const Posting& posting) {
    cbor::Writer out{192};
    out.array(posting.payee ? 11 : 9)
        .uint(static_cast<std::uint64_t>(posting.kind))
        .text(posting.organisation)
        .integer(posting.amount_minor);
    codec::write_date(out, posting.value_date);
    codec::write_date(out, posting.recorded);
    out.digest(posting.reference).array(4);
    out.integer(posting.allocation.costs_minor).integer(posting.allocation.interest_minor);
    out.integer(posting.allocation.principal_minor).integer(posting.allocation.suspense_minor);
    out.uint(static_cast<std::uint64_t>(posting.status));
    codec::write_optional_mark(out, posting.answered_by);
    if (posting.payee) {
        out.text(*posting.payee).text(posting.holder.value_or(*posting.payee));
    }
    return out.take();
}

Result<Posting> decode_posting(ByteView bytes) {
    cbor::Reader in{bytes};
    Posting out;
    const std::uint64_t members = in.array();
    out.kind = codec::read_enum(in, "kind", PostingKind::redemption);
    if (members != (has_payee(out.kind) ? 11U : 9U)) {
        in.refuse(Errc::malformed, "payee and holder where the kind has them");
    }
    out.organisation = codec::read_text(in, {"organisation", kMaxNumberBytes});
    out.amount_minor = in.field("amount").integer();
    out.value_date = codec::read_date(in.field("value_date"));
    out.recorded = codec::read_date(in.field("recorded"));
    out.reference = in.field("reference").digest();
    in.field("allocation").array_of(4);
    out.allocation.costs_minor = in.integer();
    out.allocation.interest_minor = in.integer();
    out.allocation.principal_minor = in.integer();
    out.allocation.suspense_minor = in.integer();
    in.leave();
    out.status = codec::read_enum(in, "status", PostingStatus::objected);
    out.answered_by = codec::read_optional_mark(in, "answered_by");
    if (has_payee(out.kind)) {
        out.payee = codec::read_text(in, {"payee", kMaxNumberBytes});
        out.holder = codec::read_text(in, {"holder", kMaxNumberBytes});
    }
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

}  // namespace probatum::contracts
