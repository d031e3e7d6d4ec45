#include "sample_loan.h"

#include "base/check.h"
#include "base/civil_time.h"

namespace probatum::test {

namespace {

using namespace contracts;

constexpr std::int32_t kBeijingMinutes = 480;

void must(const ledger::Outcome& outcome) {
    PROBATUM_CHECK(outcome.accepted(),
                   "the sample loan is accepted: " + std::to_string(outcome.code) + " " + outcome.field);
}
void must_refuse(const ledger::Outcome& outcome, Errc code) {
    PROBATUM_CHECK(outcome.code == static_cast<std::uint16_t>(code), "the sample loan's refusals are refused");
}

CivilDate date(const char* text) { return CivilDate::parse(text).value(); }

}  // namespace

Bytes sample_document() {
    return to_bytes(as_bytes("流动资金借款合同 HDSF-2026-LD-0317: CNY 1,000,000.00 from bank-a to trader-b\n"));
}

RegisterBody sample_registration(std::string number) {
    const Currency cny = Currency::from_code("CNY").value();
    LoanTerms terms{.currency = cny,
                    .principal_minor = 100'000'000,
                    .contract_date = date("2026-09-01"),
                    .utc_offset_minutes = kBeijingMinutes,
                    .rows = {{date("2027-03-22"), 50'000'000, 2'175'000}, {date("2027-09-21"), 50'000'000, 1'087'500}}};
    return {.number = std::move(number),
            .parties = {{"bank-a", Capacity::lender}, {"trader-b", Capacity::borrower}},
            .terms = std::move(terms),
            .documents = {{digests_of(sample_document()), "流动资金借款合同", "application/pdf"}}};
}

Digest sample_contract_id(const MemoryChain& chain, std::string number) {
    return contract_id({chain.chain_id(), "bank-a", std::move(number)});
}

Payment sample_payment(const MemoryChain& chain, const PaymentWords& words) {
    return {.amount_minor = words.amount_minor,
            .currency = Currency::from_code("CNY").value(),
            .value_date = date_at(chain.now(), kBeijingMinutes),
            .bank = "bank-s",
            .bank_reference = words.reference};
}

Digest record_active_loan(MemoryChain& chain, const std::string& number) {
    const Digest id = sample_contract_id(chain, number);
    const RegisterBody registration = sample_registration(number);
    const SignBody signature{{registration.documents.front().digests}, {}};
    must(chain.record("bank-a/maker-1", {{}, registration, {}}));
    // Both sides sign in one block: order within a block counts too.
    const auto outcomes = chain.add_block(
        {chain.sign("trader-b/cfo-1", {id, signature, {}}), chain.sign("bank-a/maker-1", {id, signature, {}})});
    must(outcomes[0]);
    must(outcomes[1]);
    must(chain.record("bank-a/maker-1", {id, ApproveBody{ApprovalCapacity::maker}, {}}));
    must(chain.record("bank-a/checker-1", {id, ApproveBody{ApprovalCapacity::checker}, {}}));
    must(chain.record("bank-a/maker-1", {id, ActivateBody{}, {}}));
    return id;
}

Digest record_sample_loan(MemoryChain& chain) {
    constexpr std::uint64_t kDisbursement = 6;
    const Digest id = record_active_loan(chain);
    must(chain.record("bank-a/maker-1", {id, DisburseBody{sample_payment(chain, {80'000'000, "BS-2026-0001"})}, {}}));
    must(chain.record("trader-b/cfo-1", {id, AcknowledgeBody{kDisbursement, Answer::accept}, {}}));
    must_refuse(
        chain.record("bank-a/maker-1", {id, DisburseBody{sample_payment(chain, {30'000'000, "BS-2026-0002"})}, {}}),
        Errc::over_disbursement);
    chain.wait_ms(200ULL * 24 * 60 * 60 * 1000);
    must(chain.record("trader-b/cfo-1", {id, RepayBody{sample_payment(chain, {52'175'000, "BS-2027-0107"})}, {}}));
    must(chain.record("bank-a/maker-1", {id, AcknowledgeBody{kDisbursement + 2, Answer::accept}, {}}));
    must_refuse(chain.record("trader-b/cfo-1", {id, RepayBody{sample_payment(chain, {100, "BS-2027-0107"})}, {}}),
                Errc::bank_reference_used);
    must(chain.record("trader-b/cfo-1", {id, RepayBody{sample_payment(chain, {1'000'000, "BS-2027-0108"})}, {}}));
    must(chain.record("bank-a/maker-1", {id, AcknowledgeBody{kDisbursement + 4, Answer::object}, {}}));
    return id;
}

}  // namespace probatum::test
