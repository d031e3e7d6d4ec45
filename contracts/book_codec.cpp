#include "contracts/book_codec.h"

#include <limits>

#include "contracts/codec.h"

/// The money of a loan as the state keeps it: open instalments, sums, exact accruals.
namespace probatum::contracts::codec {
namespace {

using book::Book;

constexpr std::size_t kMaxFractionBytes = 512;
constexpr std::size_t kMaxInstalments = 1'300;  ///< Due dates, and those that an amendment or a payoff adds.

void write_optional(cbor::Writer& out, const std::optional<CivilDate>& date) {
    if (date) {
        write_date(out, *date);
    } else {
        out.null();
    }
}

std::optional<CivilDate> read_optional(cbor::Reader& in, std::string_view field) {
    return in.field(field).take_null() ? std::nullopt : std::optional{read_date(in)};
}

void write_fraction(cbor::Writer& out, const schedule::Rational& value) { out.text(value.fraction()); }

schedule::Rational read_fraction(cbor::Reader& in, std::string_view field) {
    const auto value = schedule::Rational::from_fraction(read_text(in, {field, kMaxFractionBytes}));
    if (!value) {
        in.refuse(value.error());
        return {};
    }
    return *value;
}

void write_claims(cbor::Writer& out, const book::PerClaim& amounts) {
    out.array(book::kClaims);
    for (const book::Claim claim : book::kAllClaims) {
        out.integer(amounts[claim]);
    }
}

book::PerClaim read_claims(cbor::Reader& in, std::string_view field) {
    book::PerClaim out;
    in.field(field).array_of(book::kClaims);
    for (const book::Claim claim : book::kAllClaims) {
        out[claim] = in.integer();
    }
    in.leave();
    return out;
}

void write_instalments(cbor::Writer& out, const std::vector<book::Instalment>& instalments) {
    out.array(instalments.size());
    for (const book::Instalment& one : instalments) {
        write_date(out.array(6), one.due);
        write_date(out, one.counted_to);
        out.integer(one.interest_minor).integer(one.interest_open_minor);
        out.integer(one.principal_minor).integer(one.principal_open_minor);
    }
}

std::vector<book::Instalment> read_instalments(cbor::Reader& in) {
    std::vector<book::Instalment> out;
    const std::size_t count = read_count(in, "instalments", kMaxInstalments);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        in.array_of(6);
        book::Instalment one{.due = read_date(in), .counted_to = {}};
        one.counted_to = read_date(in);
        one.interest_minor = in.integer();
        one.interest_open_minor = in.integer();
        one.principal_minor = in.integer();
        one.principal_open_minor = in.integer();
        in.leave();
        out.push_back(one);
    }
    in.leave();
    return out;
}

void write_accruals(cbor::Writer& out, const book::Accruals& accruals) {
    write_fraction(out.array(6), accruals.interest);
    write_date(out, accruals.interest_to);
    write_fraction(out, accruals.late);
    write_fraction(out, accruals.penalty);
    write_fraction(out, accruals.balance_years);
    write_date(out, accruals.late_to);
}

book::Accruals read_accruals(cbor::Reader& in) {
    in.field("accruals").array_of(6);
    book::Accruals out{.interest_to = {}, .late_to = {}};
    out.interest = read_fraction(in, "accruals.interest");
    out.interest_to = read_date(in);
    out.late = read_fraction(in, "accruals.late");
    out.penalty = read_fraction(in, "accruals.penalty");
    out.balance_years = read_fraction(in, "accruals.balance_years");
    out.late_to = read_date(in);
    in.leave();
    return out;
}

void write_holds(cbor::Writer& out, const std::vector<book::Hold>& holds) {
    out.array(holds.size());
    for (const book::Hold& hold : holds) {
        out.array(4).uint(hold.sequence).uint(hold.claim ? static_cast<std::uint64_t>(*hold.claim) : 0);
        write_optional(out, hold.due);
        out.integer(hold.amount_minor);
    }
}

std::vector<book::Hold> read_holds(cbor::Reader& in) {
    std::vector<book::Hold> out;
    const std::size_t count = read_count(in, "holds", book::kMaxHolds);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        in.array_of(4);
        book::Hold one{.sequence = in.field("holds").uint()};
        const std::uint64_t claim = in.uint_at_most(book::kClaims);
        if (claim != 0) {
            one.claim = static_cast<book::Claim>(claim);
        }
        one.due = read_optional(in, "holds.due");
        one.amount_minor = in.integer();
        in.leave();
        out.push_back(one);
    }
    in.leave();
    return out;
}

void write_sums(cbor::Writer& out, const book::Sums& sums) {
    out.array(8).integer(sums.disbursed_minor).integer(sums.received_minor).integer(sums.set_off_minor);
    out.integer(sums.refunded_minor).integer(sums.capitalised_minor);
    write_claims(out, sums.charged);
    write_claims(out, sums.paid);
    write_claims(out, sums.written_off);
}

book::Sums read_sums(cbor::Reader& in) {
    book::Sums out;
    in.field("sums").array_of(8);
    out.disbursed_minor = in.integer();
    out.received_minor = in.integer();
    out.set_off_minor = in.integer();
    out.refunded_minor = in.integer();
    out.capitalised_minor = in.integer();
    out.charged = read_claims(in, "sums.charged");
    out.paid = read_claims(in, "sums.paid");
    out.written_off = read_claims(in, "sums.written_off");
    in.leave();
    return out;
}

void write_accounts(cbor::Writer& out, const book::Accounts& accounts) {
    out.array(book::kAccounts);
    for (const MinorAmount balance : accounts.all()) {
        out.integer(balance);
    }
}

book::Accounts read_accounts(cbor::Reader& in) {
    std::array<MinorAmount, book::kAccounts> balances{};
    in.field("accounts").array_of(book::kAccounts);
    for (MinorAmount& balance : balances) {
        balance = in.integer();
    }
    in.leave();
    return book::Accounts::of(balances);
}

std::uint32_t read_small(cbor::Reader& in, std::string_view field) {
    return static_cast<std::uint32_t>(in.field(field).uint_at_most(std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

void write_book(cbor::Writer& out, const Book& book) {
    out.array(20);
    write_optional(out, book.as_of);
    out.uint(book.movements).uint(book.version).boolean(book.closed);
    write_optional(out, book.first_disbursed);
    write_fraction(out, book.rate);
    write_date(out.uint(book.cursor.next), book.cursor.last);
    out.boolean(book.cursor.ended);
    if (book.fixed_minor) {
        out.integer(*book.fixed_minor);
    } else {
        out.null();
    }
    out.integer(book.not_due_minor);
    write_instalments(out, book.instalments);
    write_claims(out, book.open);
    out.integer(book.suspense_minor).integer(book.row_interest_minor).integer(book.row_principal_minor);
    write_accruals(out, book.accruals);
    write_holds(out, book.holds);
    write_sums(out, book.sums);
    write_accounts(out, book.accounts);
}

Book read_book(cbor::Reader& in) {
    Book out;
    in.field("book").array_of(20);
    out.as_of = read_optional(in, "as_of");
    out.movements = read_small(in, "movements");
    out.version = read_small(in, "version");
    out.closed = in.field("closed").boolean();
    out.first_disbursed = read_optional(in, "first_disbursed");
    out.rate = read_fraction(in, "rate");
    out.cursor.next = read_small(in, "cursor");
    out.cursor.last = read_date(in);
    out.cursor.ended = in.boolean();
    if (!in.field("fixed").take_null()) {
        out.fixed_minor = in.integer();
    }
    out.not_due_minor = in.field("not_due").integer();
    out.instalments = read_instalments(in);
    out.open = read_claims(in, "open");
    out.suspense_minor = in.field("suspense").integer();
    out.row_interest_minor = in.field("row_interest").integer();
    out.row_principal_minor = in.field("row_principal").integer();
    out.accruals = read_accruals(in);
    out.holds = read_holds(in);
    out.sums = read_sums(in);
    out.accounts = read_accounts(in);
    in.leave();
    return out;
}

}  // namespace probatum::contracts::codec
