// The book of a loan against cases that were worked out by hand from docs/spec/loan-book.md.
#include <gtest/gtest.h>

#include <algorithm>

#include "book_json.h"
#include "contracts/book/check.h"
#include "vectors.h"

namespace probatum::book {
namespace {

using test::Json;

/// One case on its way through its steps.
class Story {
public:
    explicit Story(const Json& base, const Json& story) {
        Json terms = base;
        terms.merge_patch(story.value("terms", Json::object()));
        versions_.push_back(test::read_book_terms(terms));
        for (const Json& amendment : story.value("amendments", Json::array())) {
            Json next = terms;
            next.merge_patch(amendment);
            versions_.push_back(test::read_book_terms(next));
        }
        for (const Terms& version : versions_) {
            const auto fine = check(version);
            EXPECT_TRUE(fine) << fine.error().to_string();
        }
        book_ = open_book(versions_);
    }

    void step(const Json& step) {
        if (step.contains("do")) {
            ++sequence_;
            record_one(step, test::read_movement(step, sequence_));
        } else if (step.contains("reverse")) {
            reverse_one(step, step.at("reverse").get<std::uint64_t>());
        } else {
            see(step, test::date_of(step.at("see")));
        }
        const auto holds = check_book(versions_, book_);
        EXPECT_TRUE(holds) << holds.error().to_string();
        const auto again = fold(versions_, kept_.kept);
        ASSERT_TRUE(again) << again.error().to_string();
        EXPECT_TRUE(again->book == book_) << "the stored book is not the fold of its movements (I10)";
    }

private:
    static std::string text(const Split& split) {
        std::string out;
        for (const Claim claim : kAllClaims) {
            out += split.paid[claim] == 0
                       ? ""
                       : std::string{name(claim)} + " " + format_amount(split.paid[claim], test::yuan()) + " ";
        }
        return split.suspense_minor == 0 ? out : out + "suspense " + format_amount(split.suspense_minor, test::yuan());
    }
    static std::string text(const Json& split) {
        Split out;
        for (const auto& [key, value] : split.items()) {
            const MinorAmount amount = test::minor_of(value.get<std::string>());
            (key == "suspense" ? out.suspense_minor : out.paid[*claim_from_name(key)]) = amount;
        }
        return text(out);
    }

    void expect_refused(const Json& step, const Error& error) {
        EXPECT_EQ(step.value("refused", ""), info(error.code).name) << error.to_string();
    }

    void record_one(const Json& step, const Movement& movement) {
        auto done = record(versions_, book_, movement, kept_);
        if (!done) {
            expect_refused(step, done.error());
            return;
        }
        EXPECT_FALSE(step.contains("refused"));
        const auto placed = std::ranges::find(done->placed, movement.sequence, &Placed::sequence);
        ASSERT_NE(placed, done->placed.end());
        if (step.contains("split") || placed->split.total_minor() != 0) {
            EXPECT_EQ(text(step.value("split", Json::object())), text(placed->split));
            const auto order = check_split(versions_, done->book, movement, placed->split);
            EXPECT_TRUE(done->replayed || order.has_value()) << order.error().to_string();
        }
        book_ = std::move(done->book);
        kept_.kept.push_back(movement);
    }

    void reverse_one(const Json& step, std::uint64_t target) {
        auto done = reverse(versions_, target, kept_);
        if (!done) {
            expect_refused(step, done.error());
            return;
        }
        EXPECT_FALSE(step.contains("refused"));
        for (const auto& [sequence, split] : step.at("splits").items()) {
            const auto placed = std::ranges::find(done->placed, std::stoull(sequence), &Placed::sequence);
            ASSERT_NE(placed, done->placed.end());
            EXPECT_EQ(text(split), text(placed->split)) << "movement " << sequence;
        }
        book_ = std::move(done->book);
        std::ranges::find(kept_.kept, target, &Movement::sequence)->reversed = true;
    }

    void expect_amount(const Json& step, const char* name, MinorAmount found) {
        if (step.contains(name)) {
            EXPECT_EQ(step.at(name).get<std::string>(), format_amount(found, test::yuan())) << name;
        }
    }

    void see(const Json& step, CivilDate date) {
        const Book then = advance(versions_, book_, date);
        const Standing standing = book::standing(versions_, book_, date);
        expect_amount(step, "outstanding", then.outstanding_minor());
        expect_amount(step, "suspense", then.suspense_minor);
        expect_amount(step, "accrued", standing.interest_accrued_minor);
        expect_amount(step, "penalty_accrued", standing.penalty_accrued_minor);
        if (step.contains("due")) {
            Split due;
            for (const Claim claim : kAllClaims) {
                due.paid[claim] = then.due_minor(claim);
            }
            EXPECT_EQ(text(step.at("due")), text(due));
        }
        const Json accounts = step.value("accounts", Json::object());
        for (const auto& [account, amount] : accounts.items()) {
            for (std::size_t i = 1; i <= kAccounts; ++i) {
                if (name(static_cast<Account>(i)) == account) {
                    EXPECT_EQ(amount, format_amount(then.accounts.balance(static_cast<Account>(i)), test::yuan()))
                        << account;
                }
            }
        }
        EXPECT_EQ(step.value("status", std::string{name(standing.status)}), name(standing.status));
        EXPECT_EQ(step.value("alert", std::string{name(standing.alert)}), name(standing.alert));
        EXPECT_EQ(step.value("days", standing.days_past_due), standing.days_past_due);
        if (step.contains("next_due")) {
            ASSERT_TRUE(standing.next_due);
            EXPECT_EQ(step.at("next_due"), standing.next_due->to_string());
        }
        if (step.contains("outlook")) {
            see_outlook(step.at("outlook"), then);
        }
    }

    void see_outlook(const Json& expected, const Book& then) {
        Json found = Json::array();
        for (const OutlookRow& row : outlook(versions_, then)) {
            Json line = Json::array({row.due.to_string()});
            for (const MinorAmount amount : {row.principal_minor, row.interest_minor, row.fee_minor,
                                             row.capitalised_minor, row.outstanding_minor}) {
                line.push_back(format_amount(amount, test::yuan()));
            }
            found.push_back(line);
        }
        EXPECT_EQ(expected.dump(), found.dump());
    }

    std::vector<Terms> versions_{};
    Book book_{};
    test::KeptMovements kept_{};
    std::uint64_t sequence_{0};
};

TEST(LoanBookVectors, EveryStepIsAsWorkedOut) {
    const Json file = test::read_json(test::golden_vector("loan_book.json"));
    const Json& cases = file.at("cases");
    EXPECT_GE(cases.size(), 40U);
    for (const Json& one : cases) {
        SCOPED_TRACE(one.at("name").get<std::string>());
        Story story{file.at("base"), one};
        std::size_t number = 0;
        for (const Json& step : one.at("steps")) {
            SCOPED_TRACE("step " + std::to_string(++number) + " " + step.dump());
            story.step(step);
        }
    }
}

}  // namespace
}  // namespace probatum::book
