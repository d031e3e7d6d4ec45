#include <gtest/gtest.h>

#include "contracts/summary.h"
#include "contracts_world.h"

namespace probatum::contracts {
namespace {

using test::LoanWorld;

std::string value_of(const ActionSummary& summary, std::string_view name) {
    for (const SummaryLine& line : summary.lines) {
        if (line.name == name) {
            return line.value;
        }
    }
    return "(no such line)";
}

ActionSummary of(LoanWorld& world, std::string_view who, const Action& action) {
    return summarise_action(*decode_action(*world.sign(who, action)));
}

TEST(Summary, ShowsWhatARegistrationSigns) {
    LoanWorld world;
    const ActionSummary summary = of(world, "bank-a/maker-1", {.body = world.loan});
    EXPECT_EQ(summary.action, "contract.register");
    EXPECT_EQ(value_of(summary, "number"), "HT-2026-0001");
    EXPECT_EQ(value_of(summary, "principal"), "1000.00 CNY");
    EXPECT_EQ(value_of(summary, "contract_date"), "2026-11-10");
    EXPECT_EQ(value_of(summary, "row.2"), "2027-01-10 500.00 20.00 CNY");
    EXPECT_EQ(value_of(summary, "allocation"), "costs, interest, principal");
    EXPECT_EQ(value_of(summary, "contract"), to_hex(world.id));
}

TEST(Summary, ShowsAPaymentAndHidesWhatIsHidden) {
    LoanWorld world;
    const Action action = world.on(world.payment<RepayBody>(123'456));
    const Draft draft = world.draft("supplier-b/treasurer-1", action).value();
    const auto shown = summarise_action(*decode_action(*ledger::Transaction::decode(draft.assemble({})).value()));
    EXPECT_EQ(value_of(shown, "amount"), "1234.56 CNY");
    EXPECT_EQ(value_of(shown, "bank"), "bank-d");
    const Bytes bare = ledger::encode_transaction(cose::assemble(draft.header, draft.payload, {}), {});
    const auto hidden = summarise_action(*decode_action(*ledger::Transaction::decode(bare).value()));
    EXPECT_EQ(value_of(hidden, "amount"), "(hidden / 未披露)");
    EXPECT_EQ(value_of(hidden, "bank_reference"), "(hidden / 未披露)");
    EXPECT_EQ(value_of(hidden, "currency"), "CNY");
}

TEST(Summary, EveryActionHasATitleInBothLanguages) {
    LoanWorld world;
    const PublicKey key = test::key_of("member").public_key();
    for (const ActionBody& body :
         std::initializer_list<ActionBody>{test::sample_deposit(),
                                           world.loan,
                                           world.signature(),
                                           ApproveBody{},
                                           ActivateBody{},
                                           SettleBody{},
                                           world.payment<DisburseBody>(1),
                                           world.payment<RepayBody>(1),
                                           AcknowledgeBody{},
                                           ProposeBody{},
                                           VoteBody{},
                                           EnactBody{},
                                           ReadyBody{test::key_of("validator").public_key(), {}},
                                           ReportBody{},
                                           AddMemberBody{"m", "n", key, {Role::borrower}, {1}},
                                           SetRolesBody{"m", {Role::borrower}},
                                           RemoveMemberBody{"m"},
                                           RotateMemberBody{key, {1}},
                                           BindCertificateBody{{{1}}, {1}, {}},
                                           PublishFixingBody{"LPR-1Y", {}, {}}}) {
        const bool alone = std::holds_alternative<RegisterBody>(body) || is_governance_action(action_name(body)) ||
                           is_identity_action(action_name(body));
        const ActionSummary summary = of(world, "bank-a/maker-1", alone ? Action{.body = body} : world.on(body));
        EXPECT_FALSE(summary.english.empty()) << summary.action;
        EXPECT_FALSE(summary.chinese.empty()) << summary.action;
        const std::string text = to_text(summary);
        EXPECT_EQ(text.back(), '\n');
        EXPECT_NE(text.find(summary.chinese), std::string::npos);
    }
}

TEST(Summary, ADepositShowsItsProvenance) {
    LoanWorld world;
    const ActionSummary summary = of(world, "bank-a/maker-1", {.body = test::sample_deposit()});
    EXPECT_EQ(value_of(summary, "provenance.system"), "erp");
    EXPECT_EQ(value_of(summary, "provenance.method"), "upload");
    EXPECT_EQ(value_of(summary, "provenance.reference"), "bank-receipt R-1");
    EXPECT_EQ(value_of(summary, "provenance.captured_at"), to_rfc3339(UnixMs{1'795'000'000'123}));
}

}  // namespace
}  // namespace probatum::contracts
