// Who counts as a party where a claim changes hands: docs/spec/evidence.md section 6.

#include <gtest/gtest.h>

#include <algorithm>

#include "base/civil_time.h"
#include "evidence/disclose.h"
#include "evidence/gather.h"
#include "evidence/report.h"
#include "evidence/verify.h"
#include "sample_loan.h"

namespace probatum::evidence {
namespace {

using contracts::Capacity;
using contracts::Role;

/// The network of a supply chain: who owes, who delivered and two financiers run the validators.
contracts::Genesis supply_chain_genesis() {
    contracts::Genesis out = test::sample_genesis();
    const std::pair<const char*, Role> members[] = {{"core-a", Role::core_enterprise},
                                                    {"supplier-b", Role::borrower},
                                                    {"bank-d", Role::lender_maker},
                                                    {"factor-e", Role::lender_maker}};
    for (std::size_t i = 0; i < std::size(members); ++i) {
        const std::string id = members[i].first;
        out.organisations.push_back({id, "Organisation " + id, ""});
        out.members.push_back({.organisation = id,
                               .id = "one",
                               .name = "Member of " + id,
                               .key = test::named_key(id + "/one").public_key(),
                               .roles = {members[i].second}});
        out.validators.at(i).organisation = id;
    }
    std::ranges::sort(out.organisations, {}, &contracts::Organisation::id);
    return out;
}

contracts::RegisterBody receivable() {
    const auto date = [](const char* text) { return CivilDate::parse(text).value(); };
    const auto digests = [](std::string_view paper) { return contracts::digests_of(as_bytes(paper)); };
    return {.number = "YS-2026-0001",
            .parties = {{"supplier-b", Capacity::creditor},
                        {"core-a", Capacity::debtor},
                        {"bank-s", Capacity::settlement_bank}},
            .terms = contracts::ReceivableTerms{.currency = Currency::from_code("CNY").value(),
                                                .amount_minor = 10'000,
                                                .contract_date = date("2026-09-01"),
                                                .due = date("2027-03-01"),
                                                .invoices = {{"INV-1", digests("invoice"), 10'000, date("2026-09-01")}},
                                                .notice = contracts::NoticeRule::record,
                                                .basis = {"Civil Code arts 545-549, 761-769"}},
            .documents = {{digests("the supply contract"), "the supply contract", "application/pdf"}}};
}

class Neutrality : public testing::Test {
protected:
    Neutrality() : id_{contracts::contract_id({chain_.chain_id(), "supplier-b", "YS-2026-0001"})} {
        must(chain_.record("supplier-b/one", {{}, receivable(), {}}));
    }
    static void must(const ledger::Outcome& outcome) {
        EXPECT_TRUE(outcome.accepted()) << outcome.code << " " << outcome.field;
    }
    void assign_to(const std::string& assignee) {
        must(chain_.record("supplier-b/one", {id_,
                                              contracts::AssignBody{.currency = Currency::from_code("CNY").value(),
                                                                    .assignee = assignee,
                                                                    .amount_minor = 10'000,
                                                                    .document = sha256(as_bytes("the agreement"))},
                                              {}}));
    }
    [[nodiscard]] Report verified(const Bundle& bundle) const {
        return verify(encode(bundle), {.genesis_digest = chain_.chain_id()});
    }
    static std::vector<std::string> parties_among_validators(const Report& report) {
        EXPECT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
        std::vector<std::string> out;
        for (const ValidatorFact& validator : report.facts.validators) {
            if (validator.party) {
                out.push_back(validator.organisation);
            }
        }
        return out;
    }

    test::MemoryChain chain_{supply_chain_genesis()};
    Digest id_;
};

TEST_F(Neutrality, WhoeverBecameAHolderIsAParty) {
    using Names = std::vector<std::string>;
    EXPECT_EQ(parties_among_validators(verified(gather_contract(chain_, id_).value())),
              (Names{"core-a", "supplier-b"}));
    assign_to("bank-d");
    EXPECT_EQ(parties_among_validators(verified(gather_contract(chain_, id_).value())),
              (Names{"core-a", "supplier-b", "bank-d"}));
    must(chain_.record("bank-d/one", {id_, contracts::AcceptAssignmentBody{.assignment = 1}, {}}));
    const Bundle bundle = gather_contract(chain_, id_).value();
    const Report report = verified(bundle);
    EXPECT_EQ(parties_among_validators(report), (Names{"core-a", "supplier-b", "bank-d"}));
    EXPECT_EQ(report.facts.independent_validators, 1U);
    // Names are never sealed, so it holds for a withheld state as well.
    EXPECT_EQ(parties_among_validators(verified(disclose(bundle, {}).value())),
              (Names{"core-a", "supplier-b", "bank-d"}));
}

}  // namespace
}  // namespace probatum::evidence
