// The holder opens chosen fields only: docs/spec/evidence.md section 4.

#include "evidence/disclose.h"

#include <gtest/gtest.h>

#include "evidence/gather.h"
#include "evidence/report.h"
#include "sample_loan.h"

namespace probatum::evidence {
namespace {

class Disclosure : public testing::Test {
protected:
    Disclosure() : bundle_{gather_contract(chain_, test::record_sample_loan(chain_)).value()} {}
    [[nodiscard]] Report report_of(const Bundle& bundle) const {
        return verify(encode(bundle), {.genesis_digest = chain_.chain_id()});
    }
    [[nodiscard]] static std::string_view reason(const Report& report, std::string_view id) {
        return std::ranges::find(report.checks, id, &Check::id)->reason;
    }
    test::MemoryChain chain_;
    Bundle bundle_;
};

TEST_F(Disclosure, RevealingEverythingChangesNothing) {
    EXPECT_EQ(encode(disclose(bundle_, open_fields(bundle_)).value()), encode(bundle_));
}

TEST_F(Disclosure, HiddenFieldsStayCountedAndTheReportSaysWhatTheyPrevent) {
    const Bundle closed = disclose(bundle_, {"amount", "principal", "rows", "value_date"}).value();
    const Report report = report_of(closed);
    ASSERT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    EXPECT_EQ(report.facts.event_count, bundle_.contract->events.size());
    EXPECT_EQ(reason(report, "recomputation"), "openings-hidden");
    const std::string text = render_text(report, Language::english);
    EXPECT_NE(text.find("bank_reference"), std::string::npos);
    EXPECT_NE(text.find(prevented_by("bank_reference").english), std::string::npos);
    EXPECT_EQ(text.find(prevented_by("amount").english), std::string::npos) << "the amount is shown";
    std::size_t hidden = 0;
    for (const auto& [name, count] : report.facts.hidden_fields) {
        EXPECT_TRUE(name == "bank" || name == "bank_reference") << name;
        hidden += count;
    }
    EXPECT_GT(hidden, 0U);
}

TEST_F(Disclosure, NothingOfWhatIsHiddenIsLeftInTheFile) {
    const Bundle closed = disclose(bundle_, {}).value();
    EXPECT_FALSE(closed.contract->state);
    for (const BundleEvent& event : closed.contract->events) {
        EXPECT_TRUE(event.transaction->openings().empty());
    }
    const std::string bytes{as_text(encode(closed))};
    for (const BundleEvent& event : bundle_.contract->events) {
        for (const ledger::Opening& opening : event.transaction->openings()) {
            EXPECT_EQ(bytes.find(std::string{as_text(opening.salt)}), std::string::npos) << opening.name;
        }
    }
    EXPECT_EQ(report_of(closed).conclusion, Conclusion::valid);
}

TEST_F(Disclosure, ListsOfHiddenReferencesGo) {
    const Bundle closed = disclose(bundle_, {"amount"}).value();
    EXPECT_LT(closed.uses.size(), bundle_.uses.size());
    for (const UseList& list : closed.uses) {
        EXPECT_EQ(list.kind, UseListKind::document);
    }
}

TEST_F(Disclosure, WhatOnlyRefusedAttemptsHideIsListed) {
    std::size_t closed = 0;
    for (BundleEvent& event : bundle_.contract->refused) {
        closed += event.transaction->openings().size();
        event.transaction =
            ledger::Transaction::decode(ledger::encode_transaction(event.transaction->statement_bytes(), {})).value();
    }
    ASSERT_GT(closed, 0U);
    const Report report = report_of(bundle_);
    ASSERT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    EXPECT_EQ(reason(report, "recomputation"), "");
    EXPECT_EQ(reason(report, "refused-recomputation"), "openings-hidden");
    EXPECT_EQ(std::ranges::find(report.checks, "refused-recomputation", &Check::id)->found,
              "hidden amount 2, bank 2, bank_reference 2, value_date 2");
    std::size_t listed = 0;
    for (const auto& [name, count] : report.facts.hidden_fields) {
        listed += count;
    }
    EXPECT_EQ(listed, closed);
    EXPECT_NE(render_text(report, Language::english).find("HIDDEN VALUES"), std::string::npos);
}

TEST_F(Disclosure, WhatARecordHidesIsListed) {
    const Digest repayment = bundle_.contract->events.at(8).leaf.transaction;
    const Bundle record = disclose(gather_record(chain_, repayment).value(), {"value_date"}).value();
    const Report report = report_of(record);
    ASSERT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    const std::vector<std::pair<std::string, std::size_t>> hidden{{"amount", 1}, {"bank", 1}, {"bank_reference", 1}};
    EXPECT_EQ(report.facts.hidden_fields, hidden);
    EXPECT_NE(render_text(report, Language::english).find("HIDDEN VALUES"), std::string::npos);
    EXPECT_NE(render_json(report).find("\"hidden_fields\""), std::string::npos);
}

TEST_F(Disclosure, AFieldThatIsNotThereIsNamed) {
    const auto refused = disclose(bundle_, {"amount", "colour"});
    EXPECT_EQ(refused.error().code, Errc::malformed);
    EXPECT_EQ(refused.error().field, "colour");
    const Bundle closed = disclose(bundle_, {"amount"}).value();
    EXPECT_FALSE(disclose(closed, {"rows"})) << "what is hidden cannot be opened again from the file";
}

}  // namespace
}  // namespace probatum::evidence
