#include "contracts/loan_state.h"

#include <algorithm>

#include "base/check.h"
#include "contracts/codec.h"

namespace probatum::contracts {
namespace {

constexpr std::array<std::string_view, 3> kPhaseNames{"registered", "active", "settled"};
constexpr std::array<std::string_view, 3> kStatusNames{"claimed", "acknowledged", "objected"};

void write_mark(cbor::Writer& out, const Mark& mark) {
    out.array(3).text(mark.organisation).text(mark.member).uint(mark.sequence);
}

Mark read_mark(cbor::Reader& in, std::string_view field) {
    Mark out;
    in.array_of(3);
    out.organisation = codec::read_text(in, {field, kMaxNumberBytes});
    out.member = codec::read_text(in, {field, kMaxNumberBytes});
    out.sequence = in.uint();
    in.leave();
    return out;
}

void write_optional_mark(cbor::Writer& out, const std::optional<Mark>& mark) {
    if (mark) {
        write_mark(out, *mark);
    } else {
        out.null();
    }
}

std::optional<Mark> read_optional_mark(cbor::Reader& in, std::string_view field) {
    if (in.field(field).take_null()) {
        return std::nullopt;
    }
    return read_mark(in, field);
}

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

void write_money(cbor::Writer& out, const LoanState& state) {
    out.integer(state.disbursed_minor).integer(state.principal_paid_minor);
    out.integer(state.interest_charged_minor).integer(state.interest_paid_minor);
    write_totals(out, state.disbursements);
    write_totals(out, state.repayments);
    out.array(kAccounts);
    for (const MinorAmount balance : state.accounts.all()) {
        out.integer(balance);
    }
}

void read_money(cbor::Reader& in, LoanState& out) {
    out.disbursed_minor = in.field("disbursed").integer();
    out.principal_paid_minor = in.field("principal_paid").integer();
    out.interest_charged_minor = in.field("interest_charged").integer();
    out.interest_paid_minor = in.field("interest_paid").integer();
    out.disbursements = read_totals(in.field("disbursements"));
    out.repayments = read_totals(in.field("repayments"));
    std::array<MinorAmount, kAccounts> balances{};
    in.field("accounts").array_of(kAccounts);
    for (MinorAmount& balance : balances) {
        balance = in.integer();
    }
    in.leave();
    out.accounts = Accounts::of(balances);
}

}  // namespace

std::string_view name(Phase phase) { return kPhaseNames.at(static_cast<std::size_t>(phase) - 1); }
std::string_view name(PostingStatus status) { return kStatusNames.at(static_cast<std::size_t>(status) - 1); }

bool LoanState::signed_by(std::string_view organisation) const {
    return std::ranges::find(signatures, organisation, &Mark::organisation) != signatures.end();
}

Repaid LoanState::repaid() const {
    PROBATUM_CHECK(first_value_date.has_value(), "asked only after a disbursement");
    return {.first_value_date = *first_value_date,
            .disbursed_minor = disbursed_minor,
            .principal_minor = principal_paid_minor,
            .interest_minor = interest_paid_minor};
}

Bytes encode(const LoanState& state) {
    cbor::Writer out{384};
    out.array(16).digest(state.terms).uint(static_cast<std::uint64_t>(state.phase)).uint(state.events);
    write_mark(out, state.registrar);
    out.array(state.signatures.size());
    for (const Mark& mark : state.signatures) {
        write_mark(out, mark);
    }
    write_optional_mark(out, state.maker);
    write_optional_mark(out, state.checker);
    if (state.first_value_date) {
        codec::write_date(out, *state.first_value_date);
    } else {
        out.null();
    }
    write_money(out, state);
    out.uint(state.records);
    return out.take();
}

Result<LoanState> decode_loan_state(ByteView bytes) {
    cbor::Reader in{bytes};
    LoanState out;
    in.array_of(16);
    out.terms = in.field("terms").digest();
    out.phase = codec::read_enum(in, "phase", Phase::settled);
    out.events = in.field("events").uint();
    out.registrar = read_mark(in.field("registrar"), "registrar");
    const std::size_t signatures = codec::read_count(in, "signatures", kMaxParties);
    for (std::size_t i = 0; i < signatures && !in.failed(); ++i) {
        out.signatures.push_back(read_mark(in, "signatures"));
    }
    in.leave();
    out.maker = read_optional_mark(in, "maker");
    out.checker = read_optional_mark(in, "checker");
    if (!in.field("first_value_date").take_null()) {
        out.first_value_date = codec::read_date(in);
    }
    read_money(in, out);
    out.records = in.field("records").uint();
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

Bytes encode(const Posting& posting) {
    cbor::Writer out{192};
    out.array(9)
        .uint(static_cast<std::uint64_t>(posting.kind))
        .text(posting.organisation)
        .integer(posting.amount_minor);
    codec::write_date(out, posting.value_date);
    codec::write_date(out, posting.recorded);
    out.digest(posting.reference).array(4);
    out.integer(posting.allocation.costs_minor).integer(posting.allocation.interest_minor);
    out.integer(posting.allocation.principal_minor).integer(posting.allocation.suspense_minor);
    out.uint(static_cast<std::uint64_t>(posting.status));
    write_optional_mark(out, posting.answered_by);
    return out.take();
}

Result<Posting> decode_posting(ByteView bytes) {
    cbor::Reader in{bytes};
    Posting out;
    in.array_of(9);
    out.kind = codec::read_enum(in, "kind", PostingKind::repayment);
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
    out.answered_by = read_optional_mark(in, "answered_by");
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

}  // namespace probatum::contracts
