// What all contracts share: docs/spec/published.md. Numbers in the names are those of its sections and rules.
#include "contracts/published.h"

#include <gtest/gtest.h>

#include "contracts/certificates.h"
#include "contracts/codec.h"
#include "contracts/state_keys.h"
#include "governed_world.h"

namespace probatum::contracts {
namespace {

using test::day;
using test::GovernedLoan;
using test::number;

schedule::Calendar new_year() {
    schedule::Calendar out = schedule::Calendar::monday_to_friday();
    out.holidays = {day("2027-01-01"), day("2027-02-08")};
    out.working_days = {day("2027-02-06")};
    return out;
}

Decimal decimal(std::string_view text) { return Decimal::parse(text).value(); }

class Published : public testing::Test {
protected:
    GovernedLoan world;

    ledger::Outcome fix(std::string_view who, std::string_view date, std::string_view rate = "0.0345") {
        return world.run(who, {.body = PublishFixingBody{"LPR-1Y", day(date), decimal(rate)}}).outcome;
    }
};

TEST_F(Published, Calendars1_2_VersionsFollowOneAnotherAndStay) {
    EXPECT_FALSE(find_calendar(world.state, "CN").has_value());
    ASSERT_EQ(world.decided(PublishCalendar{"CN", new_year()}), 0);
    schedule::Calendar next = new_year();
    next.holidays.push_back(day("2027-10-01"));
    ASSERT_EQ(world.decided(PublishCalendar{"CN", next}), 0);
    const PublishedCalendar latest = find_calendar(world.state, "CN").value();
    EXPECT_EQ(latest.version, 2U);
    EXPECT_EQ(latest.calendar, next);
    EXPECT_EQ(find_calendar(world.state, "CN", 1)->calendar, new_year());
    EXPECT_TRUE(latest.calendar.is_business_day(day("2027-02-06")));  // A Saturday that is worked.
    EXPECT_FALSE(latest.calendar.is_business_day(day("2027-02-08")));
    EXPECT_EQ(world.decided(PublishCalendar{"CN", next}), number(Errc::change_invalid));
    EXPECT_EQ(codec::held_uint(world.state.get(state_keys::calendar_count())), 1U);
}

TEST_F(Published, Calendars3_TheStateValueIsWhatTheDigestIsOf) {
    ASSERT_EQ(world.decided(PublishCalendar{"CN", new_year()}), 0);
    EXPECT_EQ(sha256(*world.state.get(state_keys::calendar("CN", 1))),
              digest_of(PublishedCalendar{"CN", 1, new_year()}));
}

TEST_F(Published, Indexes1_2_OnlyTheNamedPublisherFixes) {
    EXPECT_EQ(fix("bank-d/settler-1", "2026-11-18").code, number(Errc::index_unknown));
    ASSERT_EQ(world.decided(NamePublisher{"LPR-1Y", "bank-d"}), 0);
    EXPECT_EQ(fix("bank-d/settler-1", "2026-11-18").code, 0);
    EXPECT_EQ(fix("bank-d/custodian-1", "2026-11-19").code, 0);
    EXPECT_EQ(fix("bank-d/lender-1", "2026-11-19").code, number(Errc::role_missing));
    EXPECT_EQ(fix("bank-a/operator-1", "2026-11-19").code, number(Errc::role_missing));
    EXPECT_EQ(world.decided(NamePublisher{"LPR-1Y", "bank-d"}), number(Errc::change_invalid));
    EXPECT_EQ(world.decided(NamePublisher{"LPR-1Y", "nobody"}), number(Errc::organisation_unknown));
    ASSERT_EQ(world.decided(NamePublisher{"LPR-1Y", "bank-a"}), 0);
    EXPECT_EQ(fix("bank-d/settler-1", "2026-11-19").code, number(Errc::not_the_publisher));
    EXPECT_EQ(find_index(world.state, "LPR-1Y")->fixings, 2U);  // What was published stays.
}

TEST_F(Published, Indexes2_4_AFixingStandsAndTheNextIsLaterAndNotInTheFuture) {
    ASSERT_EQ(world.decided(NamePublisher{"LPR-1Y", "bank-d"}), 0);
    ASSERT_EQ(fix("bank-d/settler-1", "2026-11-10").code, 0);
    EXPECT_EQ(fix("bank-d/settler-1", "2026-11-10", "0.04").code, number(Errc::fixing_invalid));
    EXPECT_EQ(fix("bank-d/settler-1", "2026-11-09").code, number(Errc::fixing_invalid));
    EXPECT_EQ(fix("bank-d/settler-1", "2026-12-24").field, "date");
    EXPECT_EQ(find_fixing(world.state, "LPR-1Y", day("2026-11-10"))->rate, decimal("0.0345"));
    // At UTC+14 the next day has begun at 10:00 UTC.
    world.time = UnixMs{static_cast<std::uint64_t>(day("2026-11-20").days()) * 86'400'000ULL + 9 * 3'600'000ULL};
    EXPECT_EQ(fix("bank-d/settler-1", "2026-11-21").code, number(Errc::fixing_invalid));
    world.time = UnixMs{world.time.raw() + 3'600'000};
    EXPECT_EQ(fix("bank-d/settler-1", "2026-11-21").code, 0);
}

TEST_F(Published, Indexes5_TheLastFixingOnOrBeforeADay) {
    ASSERT_EQ(world.decided(NamePublisher{"LPR-1Y", "bank-d"}), 0);
    EXPECT_FALSE(find_fixing_before(world.state, "LPR-1Y", day("2026-11-10")).has_value());
    const auto on = [&](std::string_view date) {
        const auto found = find_fixing_before(world.state, "LPR-1Y", day(date));
        return found ? found->date.to_string() : "none";
    };
    world.sleep_until("2026-11-30");
    for (const char* const date : {"2026-09-20", "2026-10-20", "2026-11-20"}) {
        ASSERT_EQ(fix("bank-d/settler-1", date).code, 0);
    }
    EXPECT_EQ(on("2026-09-19"), "none");
    EXPECT_EQ(on("2026-09-20"), "2026-09-20");
    EXPECT_EQ(on("2026-11-19"), "2026-10-20");
    EXPECT_EQ(on("2030-01-01"), "2026-11-20");
    EXPECT_FALSE(find_fixing(world.state, "LPR-1Y", day("2026-11-19")).has_value());
}

TEST_F(Published, Indexes5_TheSearchIsBounded) {
    ASSERT_EQ(world.decided(NamePublisher{"LPR-1Y", "bank-d"}), 0);
    const CivilDate first = day("2026-01-01");
    for (int i = 0; i <= static_cast<int>(kMaxFixingSteps) + 1; ++i) {
        ASSERT_EQ(fix("bank-d/settler-1", CivilDate{first.days() + i}.to_string()).code, 0);
    }
    EXPECT_TRUE(find_fixing_before(world.state, "LPR-1Y", CivilDate{first.days() + 1}).has_value());
    EXPECT_FALSE(find_fixing_before(world.state, "LPR-1Y", first).has_value());
}

TEST_F(Published, Templates1_2_HaveVersionsPerLanguage) {
    const std::vector<Document> documents{{digests_of(as_bytes("text")), "借款合同", "text/html"}};
    const TemplateName chinese{"loan-equal-instalment", "zh"};
    ASSERT_EQ(world.decided(PublishTemplate{chinese, "等额本息借款合同", documents}), 0);
    ASSERT_EQ(world.decided(PublishTemplate{chinese, "等额本息借款合同（修订）", documents}), 0);
    ASSERT_EQ(world.decided(PublishTemplate{{"loan-equal-instalment", "en"}, "Loan", documents}), 0);
    EXPECT_EQ(find_template(world.state, chinese)->version, 2U);
    EXPECT_EQ(find_template(world.state, chinese, 1)->title, "等额本息借款合同");
    EXPECT_EQ(find_template(world.state, {"loan-equal-instalment", "en"})->version, 1U);
    EXPECT_FALSE(find_template(world.state, {"loan", "zh"}).has_value());
    std::vector<Document> half = documents;
    half[0].digests.pop_back();
    EXPECT_EQ(world.decided(PublishTemplate{chinese, "x", half}), number(Errc::digest_required));
}

TEST_F(Published, TrustedRootsComeAndGo) {
    const Digest root{{7}};
    ASSERT_EQ(world.decided(TrustRoot{root, "CFCA"}), 0);
    EXPECT_EQ(world.decided(TrustRoot{root, "CFCA"}), number(Errc::change_invalid));
    const Height since = find_trusted_roots(world.state).front().since;
    ASSERT_EQ(world.decided(DistrustRoot{root}), 0);
    EXPECT_EQ(world.decided(DistrustRoot{root}), number(Errc::change_invalid));
    const auto roots = find_trusted_roots(world.state);
    EXPECT_EQ(find_root(roots, root, Height{since.raw() - 1}), nullptr);
    EXPECT_NE(find_root(roots, root, since), nullptr);
    EXPECT_EQ(find_root(roots, root, roots.front().until), nullptr);
    ASSERT_EQ(world.decided(TrustRoot{root, "CFCA again"}), 0);
    EXPECT_EQ(find_trusted_roots(world.state).size(), 2U);
}

TEST(PublishedValues, ComeBackFromTheirBytes) {
    const PublishedCalendar calendar{"CN", 3, new_year()};
    EXPECT_EQ(decode_calendar(encode(calendar)), calendar);
    const Fixing fixing{"LPR-1Y",    day("2026-11-20"), decimal("-0.005"), "bank-d",
                        "settler-1", Height{7},         day("2026-10-20")};
    EXPECT_EQ(decode_fixing(encode(fixing)), fixing);
    const RateIndex index{"bank-d", {}, 0};
    EXPECT_EQ(decode_rate_index(encode(index)), index);
    const ContractTemplate item{"loan", "zh", 1, "借款", {{digests_of(as_bytes("x")), "t", "text/html"}}};
    EXPECT_EQ(decode_template(encode(item)), item);
}

TEST(PublishedValues, HaveOneSpelling) {
    schedule::Calendar unordered = new_year();
    std::ranges::reverse(unordered.holidays);
    EXPECT_FALSE(decode_calendar(encode(PublishedCalendar{"CN", 1, unordered})).has_value());
    schedule::Calendar idle;
    idle.weekend.fill(true);
    EXPECT_FALSE(decode_calendar(encode(PublishedCalendar{"CN", 1, idle})).has_value());
    EXPECT_FALSE(decode_calendar(encode(PublishedCalendar{"C N", 1, new_year()})).has_value());
    const Fixing loose{"LPR-1Y", day("2026-11-20"), {3'450, 5}, "bank-d", "settler-1", Height{7}, {}};
    EXPECT_EQ(decode_fixing(encode(loose)).error().code, Errc::not_deterministic);
}

TEST(Decimals, AreExact) {
    EXPECT_EQ(decimal("0.0345"), (Decimal{345, 4}));
    EXPECT_EQ(decimal("3.4500"), (Decimal{345, 2}));
    EXPECT_EQ(decimal("-0.005").to_string(), "-0.005");
    EXPECT_EQ(decimal("100").to_string(), "100");
    EXPECT_EQ(decimal("0.000").to_string(), "0");
    EXPECT_EQ(decimal("-0"), (Decimal{0, 0}));
    for (const char* const bad : {"", ".", "1.", ".5", "1e3", "+1", "1,5", "--1", "1234567890123456789", " 1"}) {
        EXPECT_FALSE(Decimal::parse(bad).has_value()) << bad;
    }
}

}  // namespace
}  // namespace probatum::contracts
