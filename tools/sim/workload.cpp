#include "tools/sim/workload.h"

#include <algorithm>

#include "base/hash.h"

namespace probatum::sim {

namespace {

using namespace contracts;

constexpr std::uint64_t kValidMs = 12ULL * 3600 * 1000;  ///< Beyond all that a clock is wrong by.
constexpr std::uint64_t kLoanPercent = 20;
constexpr std::uint64_t kAgainPercent = 5;
constexpr std::uint64_t kUsedKeyPercent = 3;
constexpr std::size_t kRemembered = 64;
constexpr MinorAmount kPrincipal = 100'000;
constexpr std::int32_t kBeijingMinutes = 480;

CivilDate date(const char* text) { return CivilDate::parse(text).value(); }
Currency cny() { return Currency::from_code("CNY").value(); }

}  // namespace

template <std::size_t N>
ByteArray<N> Workload::fresh() {
    ByteArray<N> out{};
    std::ranges::generate(out, [this] { return static_cast<std::uint8_t>(random_.next()); });
    return out;
}

Bytes Workload::sign(std::size_t member, const Action& action, UnixMs now) {
    const World::Member& who = world_.members().at(member);
    ledger::IdempotencyKey key = fresh<16>();
    if (used_key_ && random_.percent(kUsedKeyPercent)) {
        key = *used_key_;
    }
    used_key_ = key;
    const SignerContext signer{.chain_id = world_.chain_id(),
                               .organisation = who.organisation,
                               .key = who.signer.key().id(),
                               .idempotency_key = key,
                               .valid_until = UnixMs{now.raw() + kValidMs}};
    const Draft draft = build_transaction(action, signer, [this] { return fresh<16>(); }).value();
    return draft.assemble(who.signer.sign(sha256(draft.signing_bytes())));
}

Bytes Workload::deposit(UnixMs now) {
    const std::string document = "document " + std::to_string(counter_++) + " of " + std::to_string(random_.next());
    DepositBody body;
    body.digests = digests_of(as_bytes(document));
    body.size_bytes = document.size();
    body.media_type = "application/pdf";
    return sign(random_.below(kMakers), {.body = body}, now);
}

RegisterBody Workload::registration(const std::string& number) const {
    return {.number = number,
            .parties = {{"bank-a", Capacity::lender}, {"trader-b", Capacity::borrower}},
            .terms = LoanTerms{.currency = cny(),
                               .principal_minor = kPrincipal,
                               .contract_date = date("2026-11-10"),
                               .utc_offset_minutes = kBeijingMinutes,
                               .rows = {{date("2027-12-10"), kPrincipal / 2, 3'000},
                                        {date("2028-01-10"), kPrincipal / 2, 2'000}}},
            .documents = {{digests_of(as_bytes(number)), "loan", "application/pdf"}}};
}

/// Steps are sent without waiting for the one before, so that some come too early and are refused by a rule.
Bytes Workload::loan_step(UnixMs now) {
    if (loans_.empty() || random_.percent(10)) {
        const std::string number = "L-" + std::to_string(loans_.size());
        loans_.push_back(
            {number, contract_id({.chain_id = world_.chain_id(), .organisation = "bank-a", .number = number})});
        return sign(0, {.body = registration(number)}, now);
    }
    const std::size_t latest = std::min<std::size_t>(loans_.size(), 4);
    Loan& loan = loans_[loans_.size() - 1 - random_.below(latest)];
    const auto on = [&](std::size_t member, ActionBody body) {
        return sign(member, {.contract = loan.id, .body = std::move(body)}, now);
    };
    const auto payment = [&](MinorAmount amount) {
        return Payment{.amount_minor = amount,
                       .currency = cny(),
                       .value_date = date_at(now, kBeijingMinutes),
                       .bank = "bank-d",
                       .bank_reference = "R-" + std::to_string(counter_++)};
    };
    const SignBody signature{{digests_of(as_bytes(loan.number))}, {}};
    switch (loan.step++) {
        case 0:
            return on(0, signature);
        case 1:
            return on(kBorrower, signature);
        case 2:
            return on(0, ApproveBody{ApprovalCapacity::maker});
        case 3:
            return on(kChecker, ApproveBody{ApprovalCapacity::checker});
        case 4:
            return on(kChecker, ActivateBody{});
        case 5:
            return on(0, DisburseBody{payment(kPrincipal - 10'000)});
        case 6:
            return on(0, DisburseBody{payment(kPrincipal)});
        case 7:
            return on(kBorrower, AcknowledgeBody{6, Answer::accept});
        default:
            return on(kBorrower, RepayBody{payment(static_cast<MinorAmount>(random_.between(1, 3'000)))});
    }
}

Bytes Workload::next(UnixMs now) {
    if (!sent_.empty() && random_.percent(kAgainPercent)) {
        return sent_[random_.below(sent_.size())];
    }
    Bytes made = random_.percent(kLoanPercent) ? loan_step(now) : deposit(now);
    if (sent_.size() < kRemembered) {
        sent_.push_back(made);
    } else {
        sent_[random_.below(kRemembered)] = made;
    }
    return made;
}

}  // namespace probatum::sim
