#include <gtest/gtest.h>

#include "base/cbor.h"
#include "contracts_world.h"

namespace probatum::contracts {
namespace {

using test::key_of;
using test::sample_deposit;
using test::World;

constexpr std::string_view kWho = "supplier-b/treasurer-1";

/// A signed transaction whose parts a test may spoil before it is put together.
struct Parts {
    cose::ProtectedHeader header;
    ledger::Payload payload;
    std::vector<ledger::Opening> openings;

    ledger::TransactionPtr signed_by(std::string_view who) const {
        return *ledger::Transaction::decode(
            ledger::encode_transaction(cose::sign(key_of(who), header, ledger::encode(payload)), openings));
    }
};

Parts parts_of(World& world, const Action& action) {
    const Draft draft = world.draft(kWho, action).value();
    return {draft.header, *ledger::decode_payload(draft.payload), draft.openings};
}

Action payment() {
    return {.contract = sha256(as_bytes("a contract")),
            .body = RepayBody{{.amount_minor = 100,
                               .currency = *Currency::from_code("CNY"),
                               .value_date = CivilDate{20'775},
                               .bank = "bank-d",
                               .bank_reference = "R-1"}}};
}

Errc refusal(const World& world, const ledger::Transaction& transaction) {
    const Result<void> admitted = world.admit(transaction);
    EXPECT_FALSE(admitted.has_value());
    return admitted ? Errc::internal : admitted.error().code;
}

TEST(Admission, TakesWhatIsInOrder) {
    World world;
    EXPECT_TRUE(world.admit(*world.sign(kWho, {.body = sample_deposit()})).has_value());
    EXPECT_TRUE(world.admit(*world.sign(kWho, payment())).has_value());
}

/// The same slip in another spelling would be another claim, so there is one spelling.
TEST(Admission, RefusesABankOrReferenceInAnotherSpelling) {
    World world;
    const auto with = [&](const std::string& bank, const std::string& reference) {
        Action action = payment();
        std::get<RepayBody>(action.body).bank = bank;
        std::get<RepayBody>(action.body).bank_reference = reference;
        return world.draft(kWho, action);
    };
    EXPECT_TRUE(with("icbkcnbj", "FT2026/1121-1.7").has_value());
    for (const char* const bank : {"Bank-D", "bank-d ", " bank-d", "bank\u00A0d", "ｂａｎｋ", "bank_d"}) {
        const auto drafted = with(bank, "R-1");
        ASSERT_FALSE(drafted.has_value()) << bank;
        EXPECT_EQ(drafted.error().code, Errc::malformed);
        EXPECT_EQ(drafted.error().field, "bank");
    }
    for (const char* const reference : {"r-1", "R-1 ", "R 1", "R\u20111", "Ｒ-1", "R_1"}) {
        const auto drafted = with("bank-d", reference);
        ASSERT_FALSE(drafted.has_value()) << reference;
        EXPECT_EQ(drafted.error().field, "bank_reference");
    }
}

TEST(Admission, RefusesAnotherChain) {
    World world;
    Parts parts = parts_of(world, {.body = sample_deposit()});
    parts.header.chain_id = sha256(as_bytes("elsewhere"));
    EXPECT_EQ(refusal(world, *parts.signed_by(kWho)), Errc::foreign_chain);
}

TEST(Admission, RefusesAKeyThatNobodyRegistered) {
    World world;
    Parts parts = parts_of(world, {.body = sample_deposit()});
    parts.header.key_id = key_of("nobody").public_key().id();
    EXPECT_EQ(refusal(world, *parts.signed_by("nobody")), Errc::unknown_key);
}

TEST(Admission, RefusesAKeyOfAnotherOrganisation) {
    World world;
    Parts parts = parts_of(world, {.body = sample_deposit()});
    parts.header.issuer = "bank-a";
    EXPECT_EQ(refusal(world, *parts.signed_by(kWho)), Errc::issuer_mismatch);
}

TEST(Admission, RefusesAnotherContentType) {
    World world;
    Parts parts = parts_of(world, {.body = sample_deposit()});
    parts.header.content_type = "application/vnd.probatum.vote+cbor";
    const Result<ledger::TransactionPtr> decoded = ledger::Transaction::decode(
        ledger::encode_transaction(cose::sign(key_of(kWho), parts.header, ledger::encode(parts.payload)), {}));
    if (decoded) {
        EXPECT_EQ(refusal(world, **decoded), Errc::malformed);
    }
}

TEST(Admission, ValidityEndsWithTheBlockTimeAndLastsADayAtMost) {
    World world;
    Parts parts = parts_of(world, {.body = sample_deposit()});
    const std::uint64_t now = world.time.raw();
    parts.payload.valid_until = UnixMs{now};
    EXPECT_TRUE(world.admit(*parts.signed_by(kWho)).has_value());
    parts.payload.valid_until = UnixMs{now - 1};
    EXPECT_EQ(refusal(world, *parts.signed_by(kWho)), Errc::expired);
    parts.payload.valid_until = UnixMs{now + kMaxValidityMs};
    EXPECT_TRUE(world.admit(*parts.signed_by(kWho)).has_value());
    parts.payload.valid_until = UnixMs{now + kMaxValidityMs + 1};
    EXPECT_EQ(refusal(world, *parts.signed_by(kWho)), Errc::valid_too_long);
}

TEST(Admission, RefusesAnUnknownActionAndABodyOfAnotherShape) {
    World world;
    Parts parts = parts_of(world, {.body = sample_deposit()});
    Parts unknown = parts;
    unknown.payload.action = "contract.burn";
    EXPECT_EQ(refusal(world, *unknown.signed_by(kWho)), Errc::malformed);
    Parts foreign = parts;
    foreign.payload.action = "fund.acknowledge";
    foreign.header.subject = std::string(64, 'a');
    EXPECT_EQ(refusal(world, *foreign.signed_by(kWho)), Errc::malformed);
}

TEST(Admission, TheSubjectOfAContractActionIsAContractIdInLowerCase) {
    World world;
    Parts parts = parts_of(world, payment());
    for (const char* const subject : {"12", "A", "zz"}) {
        Parts bad = parts;
        bad.header.subject = subject;
        if (*subject == 'A') {
            bad.header.subject = std::string(64, 'A');
        }
        EXPECT_EQ(refusal(world, *bad.signed_by(kWho)), Errc::malformed) << subject;
    }
    parts.header.subject.reset();
    EXPECT_EQ(refusal(world, *parts.signed_by(kWho)), Errc::malformed);
}

TEST(Admission, DemandsExactlyTheOpeningsThatTheRulesRead) {
    World world;
    const Parts parts = parts_of(world, payment());
    ASSERT_EQ(parts.openings.size(), 4U);
    for (std::size_t left_out = 0; left_out < 4; ++left_out) {
        Parts bad = parts;
        bad.openings.erase(bad.openings.begin() + static_cast<std::ptrdiff_t>(left_out));
        EXPECT_EQ(refusal(world, *bad.signed_by(kWho)), Errc::missing_opening);
    }
    Parts more = parts;
    more.openings.push_back({.name = "colour", .salt = {}, .value = {0x01}});
    EXPECT_EQ(refusal(world, *more.signed_by(kWho)), Errc::malformed);
    Parts deposit = parts_of(world, {.body = sample_deposit()});
    deposit.openings.push_back({.name = "amount", .salt = {}, .value = {0x01}});
    EXPECT_EQ(refusal(world, *deposit.signed_by(kWho)), Errc::malformed);
}

TEST(Admission, AnOpeningMustLeadToItsCommitment) {
    World world;
    const Parts parts = parts_of(world, payment());
    for (std::size_t i = 0; i < parts.openings.size(); ++i) {
        Parts salted = parts;
        salted.openings[i].salt[0] ^= 1U;
        EXPECT_EQ(refusal(world, *salted.signed_by(kWho)), Errc::bad_commitment);
    }
    Parts other = parts;
    for (ledger::Opening& opening : other.openings) {
        if (opening.name == "amount") {
            opening.value = cbor::Writer{}.integer(99).take();
        }
    }
    EXPECT_EQ(refusal(world, *other.signed_by(kWho)), Errc::bad_commitment);
}

TEST(Admission, RefusesWhatIsLargerOrHeavierThanTheParametersAllow) {
    Genesis genesis = test::sample_genesis();
    genesis.parameters.max_transaction_bytes = 400;
    World small{genesis};
    EXPECT_EQ(refusal(small, *small.sign(kWho, {.body = sample_deposit()})), Errc::too_large);
    genesis = test::sample_genesis();
    genesis.parameters.max_transaction_work = 100;
    World light{genesis};
    EXPECT_TRUE(light.admit(*light.sign(kWho, {.body = sample_deposit()})).has_value());
    EXPECT_EQ(refusal(light, *light.sign(kWho, payment())), Errc::too_much_work);
}

TEST(SideFields, AreSignedAsCommitmentsAndStayBeside) {
    World world;
    Action action{
        .body = sample_deposit(),
        .side = {{"debtor.name", cbor::Writer{}.text("乙公司").take()}, {"memo", cbor::Writer{}.text("x").take()}}};
    const Draft draft = world.draft(kWho, action).value();
    EXPECT_TRUE(draft.openings.empty());
    ASSERT_EQ(draft.side_openings.size(), 2U);
    const auto transaction = *ledger::Transaction::decode(draft.sign(key_of(kWho)));
    const DecodedAction decoded = *decode_action(*transaction);
    ASSERT_EQ(decoded.side.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        const ledger::Opening& opening = draft.side_openings[i];
        EXPECT_EQ(decoded.side[i].name, opening.name);
        EXPECT_EQ(decoded.side[i].commitment, commit(opening.salt, opening.name, opening.value));
    }
    EXPECT_EQ(decoded.side[0].name, "memo");  // Names come in the order of their encodings.
    Action clash = payment();
    clash.side = {{"amount", {0x01}}};
    EXPECT_FALSE(world.draft(kWho, clash).has_value());
}

TEST(Decoding, ReportsHiddenFields) {
    World world;
    Parts parts = parts_of(world, payment());
    parts.openings.clear();
    const DecodedAction decoded = *decode_action(*parts.signed_by(kWho));
    EXPECT_EQ(decoded.hidden, (std::vector<std::string>{"amount", "value_date", "bank", "bank_reference"}));
    EXPECT_FALSE(decoded.blinded_reference.has_value());
}

TEST(Building, RefusesWhatNobodyCouldDecode) {
    World world;
    DepositBody nameless = sample_deposit();
    nameless.media_type = "";
    EXPECT_FALSE(world.draft(kWho, {.body = nameless}).has_value());
    DepositBody bent = sample_deposit();
    bent.title = "two\nlines";
    EXPECT_FALSE(world.draft(kWho, {.body = bent}).has_value());
    DepositBody swapped = sample_deposit();
    std::swap(swapped.digests[0], swapped.digests[1]);
    EXPECT_FALSE(world.draft(kWho, {.body = swapped}).has_value());
    EXPECT_FALSE(world.draft(kWho, {.body = ActivateBody{}}).has_value());
}

}  // namespace
}  // namespace probatum::contracts
