// What holds of every book: it is the fold of its movements however they came, and no look at it changes it.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>

#include "contracts/book/check.h"
#include "contracts/book/standing.h"

namespace probatum::book {
namespace {

using schedule::PlanShape;
using schedule::Rational;

int between(int low, int high) { return *rc::gen::inRange(low, high + 1); }
bool one_in(int n) { return between(1, n) == 1; }

schedule::PlanTerms any_plan() {
    schedule::PlanTerms out;
    out.shape = *rc::gen::element(PlanShape::bullet, PlanShape::interest_only, PlanShape::equal_principal,
                                  PlanShape::equal_instalment, PlanShape::fixed_payment, PlanShape::explicit_rows);
    out.principal_minor = between(100'000, 100'000'000);
    out.start = CivilDate{between(18'000, 22'000)};
    out.maturity = schedule::plus_days(out.start, between(60, 900));
    if (out.shape == PlanShape::explicit_rows) {
        const int rows = between(1, 6);
        for (int i = 0; i < rows; ++i) {
            out.rows.push_back(
                {schedule::plus_days(out.start, 30 * (i + 1)), out.principal_minor / rows, between(0, 900)});
        }
        out.rows.back().principal_minor += out.principal_minor % rows;
        return out;
    }
    out.cycle = {between(1, 3), schedule::CycleUnit::month, static_cast<schedule::Stub>(between(0, 1))};
    out.rate = Rational{between(0, 2'400), 10'000};
    out.day_count = static_cast<schedule::DayCount>(between(0, 6));
    out.rounding = static_cast<schedule::Rounding>(between(1, 2));
    out.end_of_month = static_cast<schedule::EndOfMonth>(between(0, 1));
    out.calendar = schedule::Calendar::monday_to_friday();
    const auto* const code = *rc::gen::element("NOS", "SCF", "SCMF", "CSF", "CSMF", "SCP", "SCMP", "CSP", "CSMP");
    out.business_day = *schedule::BusinessDayConvention::parse(code);
    out.payment_minor = std::max<MinorAmount>(out.principal_minor / between(2, 60), 1);
    if (one_in(4)) {
        out.capitalise_until = schedule::plus_days(out.start, between(1, 50));
    }
    if (one_in(3) && (out.shape == PlanShape::equal_principal || out.shape == PlanShape::equal_instalment)) {
        out.balloon_minor = out.principal_minor / between(2, 9);
    }
    return out;
}

Terms any_terms() {
    Terms out;
    out.plan = any_plan();
    if (out.plan.shape == PlanShape::bullet || out.plan.shape == PlanShape::interest_only) {
        out.revolving = one_in(3);
    }
    if (one_in(2) && out.plan.shape != PlanShape::explicit_rows) {
        out.plan.fees = {{schedule::PlanFeeKind::at_start, 500, {}},
                         {schedule::PlanFeeKind::each_due_date, 30, {}},
                         {schedule::PlanFeeKind::yearly_on_balance, 0, Rational{1, 100}}};
    }
    if (one_in(3)) {
        out.allocation = {Claim::principal, Claim::interest, Claim::penalty, Claim::fee, Claim::costs};
    }
    out.overdue.grace_days = static_cast<std::uint32_t>(between(0, 10));
    out.overdue.penalty_rate = Rational{between(0, 2'400), 10'000};
    out.overdue.mode = static_cast<PenaltyMode>(between(1, 2));
    out.overdue.on_interest = one_in(2);
    if (one_in(2)) {
        out.overdue.ceilings = {{schedule::plus_days(out.plan.start, between(0, 300)), Rational{24, 100}}};
    }
    if (out.plan.shape != PlanShape::explicit_rows) {
        out.prepayment = schedule::PrepaymentFee{.kind = static_cast<schedule::PrepaymentFeeKind>(between(1, 4)),
                                                 .amount_minor = 70,
                                                 .rate = Rational{1, 100}};
    }
    out.keep_suspense = one_in(3);
    return out;
}

MinorAmount any_amount(const Terms& terms) {
    return *rc::gen::weightedOneOf<MinorAmount>({{8, rc::gen::inRange<MinorAmount>(1, terms.plan.principal_minor / 3)},
                                                 {1, rc::gen::just<MinorAmount>(terms.plan.principal_minor * 2)},
                                                 {1, rc::gen::inRange<MinorAmount>(-3, 3)},
                                                 {1, rc::gen::arbitrary<MinorAmount>()}});
}

Movement any_movement(const Terms& terms, std::uint64_t sequence, CivilDate today) {
    Movement out{.sequence = sequence, .value_date = today};
    out.kind = *rc::gen::weightedElement<MovementKind>({{6, MovementKind::disburse},
                                                        {12, MovementKind::repay},
                                                        {5, MovementKind::prepay},
                                                        {2, MovementKind::fee},
                                                        {2, MovementKind::costs},
                                                        {3, MovementKind::refund},
                                                        {3, MovementKind::capitalise},
                                                        {2, MovementKind::set_off},
                                                        {2, MovementKind::write_off},
                                                        {3, MovementKind::rate_reset},
                                                        {2, MovementKind::amend},
                                                        {3, MovementKind::hold},
                                                        {2, MovementKind::release},
                                                        {1, MovementKind::close}});
    const bool dated_today = out.kind == MovementKind::hold || out.kind == MovementKind::release;
    out.value_date = dated_today ? today : schedule::plus_days(today, one_in(3) ? -between(0, 60) : 0);
    out.amount_minor = any_amount(terms);
    if (out.kind == MovementKind::write_off || one_in(2)) {
        out.claim = static_cast<Claim>(between(1, 5));
    }
    out.choice = static_cast<schedule::PrepaymentChoice>(between(1, 2));
    out.rate = Rational{between(0, 2'000), 10'000};
    out.target = static_cast<std::uint64_t>(between(1, 40));
    return out;
}

struct Kept : MovementReader {
    std::vector<Movement> kept{};
    [[nodiscard]] std::vector<Movement> movements() const override { return kept; }
};

/// A contract on which things happen, most of them legal.
class Life {
public:
    Life() : versions_{any_terms()} {
        if (const auto fine = check(versions_.front()); !fine) {
            RC_DISCARD(fine.error().to_string());
        }
        Terms amended = versions_.front();
        if (amended.plan.shape != PlanShape::explicit_rows) {
            amended.plan.maturity = schedule::plus_days(amended.plan.maturity, 200);
            amended.plan.rate = Rational{between(0, 2'400), 10'000};
            amended.plan.first_due.reset();
            if (check(amended)) {
                versions_.push_back(amended);
            }
        }
        book_ = open_book(versions_);
        today_ = versions_.front().plan.start;
    }

    void step() {
        today_ = schedule::plus_days(today_, one_in(2) ? 0 : between(1, 40));
        if (one_in(12) && !kept_.kept.empty()) {
            reverse_one();
        } else {
            record_one();
        }
        const auto holds = check_book(versions_, book_);
        RC_ASSERT(holds.has_value());
        look();
    }

    void compare_with_fold() {
        const auto again = fold(versions_, kept_.kept);
        RC_ASSERT(again.has_value());
        RC_ASSERT(again->book == book_);
    }

private:
    void record_one() {
        const Movement movement = any_movement(versions_.front(), ++sequence_, today_);
        const auto done = record(versions_, book_, movement, kept_);
        if (!done) {
            RC_ASSERT(done.error().code != Errc::invariant_violated);
            return;
        }
        for (const Placed& placed : done->placed) {
            const bool pays = movement.kind == MovementKind::repay || movement.kind == MovementKind::prepay ||
                              movement.kind == MovementKind::set_off;
            if (pays && placed.sequence == movement.sequence && !done->replayed) {
                RC_ASSERT(check_split(versions_, done->book, movement, placed.split).has_value());
            }
        }
        book_ = done->book;
        kept_.kept.push_back(movement);
    }

    void reverse_one() {
        const std::size_t at = *rc::gen::inRange<std::size_t>(0, kept_.kept.size());
        const auto done = reverse(versions_, kept_.kept[at].sequence, kept_);
        if (done) {
            book_ = done->book;
            kept_.kept[at].reversed = true;
        }
    }

    /// Looking ahead is idempotent and does not depend on where one stops.
    void look() {
        const CivilDate near = schedule::plus_days(today_, between(0, 100));
        const CivilDate far = schedule::plus_days(near, between(0, 400));
        const Book then = advance(versions_, book_, far);
        RC_ASSERT(advance(versions_, advance(versions_, book_, near), far) == then);
        RC_ASSERT(advance(versions_, then, near) == then);
        RC_ASSERT(check_book(versions_, then).has_value());
        RC_ASSERT(standing(versions_, book_, far) == standing(versions_, then, far));
    }

    std::vector<Terms> versions_;
    Book book_{};
    Kept kept_{};
    CivilDate today_;
    std::uint64_t sequence_{0};
};

RC_GTEST_PROP(BookProperty, TheStoredBookIsTheFoldOfItsMovementsAndLookingChangesNothing, ()) {
    Life life;
    const int steps = between(1, 40);
    for (int i = 0; i < steps; ++i) {
        life.step();
    }
    life.compare_with_fold();
}

/// PROBATUM_BOOK_STEPS: how many steps at least, over as many lives as that takes.
TEST(BookProperty, ManySteps) {
    const char* const wanted = std::getenv("PROBATUM_BOOK_STEPS");
    if (wanted == nullptr) {
        GTEST_SKIP() << "PROBATUM_BOOK_STEPS is not set";
    }
    const long steps = std::strtol(wanted, nullptr, 10);
    long done = 0;
    while (done < steps) {
        const bool holds = rc::check("many steps", [&] {
            Life life;
            for (int i = 0; i < 100; ++i, ++done) {
                life.step();
            }
            life.compare_with_fold();
        });
        ASSERT_TRUE(holds);
    }
}

/// docs/spec/loan-book.md section 1.7: whoever pays too often does not hinder the closing.
TEST(BookProperty, TheLastPlaceIsKeptForTheClosing) {
    Terms terms{.plan = {.start = CivilDate{20'000}, .maturity = CivilDate{20'030}}};
    terms.plan.shape = PlanShape::explicit_rows;
    terms.plan.principal_minor = 100;
    terms.plan.rows = {{CivilDate{20'030}, 100, 0}};
    terms.keep_suspense = true;
    const std::vector<Terms> versions{terms};
    Book book = open_book(versions);
    const auto enter = [&](MovementKind kind, std::uint64_t sequence, MinorAmount amount) -> Result<void> {
        const Movement one{.sequence = sequence, .kind = kind, .value_date = terms.plan.start, .amount_minor = amount};
        PROBATUM_LET(folded, record(versions, book, one, Kept{}));
        book = folded.book;
        return {};
    };
    ASSERT_TRUE(enter(MovementKind::disburse, 1, 100).has_value());
    for (std::uint64_t sequence = 2; sequence < kMaxMovements; ++sequence) {
        ASSERT_TRUE(enter(MovementKind::repay, sequence, 1).has_value());
    }
    EXPECT_EQ(enter(MovementKind::repay, kMaxMovements, 1).error().code, Errc::too_large);
    EXPECT_TRUE(enter(MovementKind::close, kMaxMovements, 0).has_value());
    EXPECT_EQ(book.movements, kMaxMovements);
    EXPECT_TRUE(book.closed);
}

/// Drawn at once on the first day and paid on each day: the rows of the schedule, to the minor unit.
RC_GTEST_PROP(BookProperty, AnOutlookIsThePlan, ()) {
    Terms terms = any_terms();
    std::erase_if(terms.plan.fees, [&](const schedule::PlanFee& fee) {
        // The schedule counts them to the date before rolling, the book to the due date itself.
        return fee.kind == schedule::PlanFeeKind::yearly_on_balance && terms.plan.business_day.calculate_first;
    });
    const auto plan = schedule::plan_rows(terms.plan);
    if (!plan || !check(terms)) {
        RC_DISCARD("no plan");
    }
    const std::vector<Terms> versions{terms};
    const Movement draw{.sequence = 1,
                        .kind = MovementKind::disburse,
                        .value_date = terms.plan.start,
                        .amount_minor = terms.plan.principal_minor};
    const auto drawn = record(versions, open_book(versions), draw, Kept{});
    RC_ASSERT(drawn.has_value());
    std::vector<OutlookRow> expected;
    for (const schedule::PlanRow& row : *plan) {
        const bool empty = row.total_minor() + row.capitalised_minor == 0;
        if (row.kind != schedule::PlanRowKind::fee && !empty) {
            expected.push_back({row.due, row.principal_minor, row.interest_minor, row.fee_minor, row.capitalised_minor,
                                row.outstanding_minor});
        }
    }
    RC_ASSERT(outlook(versions, drawn->book) == expected);
}

}  // namespace
}  // namespace probatum::book
