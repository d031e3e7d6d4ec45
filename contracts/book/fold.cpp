#include <algorithm>
#include <tuple>

#include "contracts/book/desk.h"

namespace probatum::book {
namespace {

/// Nothing that is held has moved (I21).
Result<void> keep_holds(const Book& book) {
    for (const Hold& hold : book.holds) {
        const MinorAmount open = hold.claim ? book.open_minor(*hold.claim) : book.suspense_minor;
        bool kept = book.held_minor(hold.claim) <= open;
        if (kept && hold.due) {
            const auto one = std::ranges::find(book.instalments, *hold.due, &Instalment::due);
            MinorAmount held = 0;
            for (const Hold& other : book.holds) {
                held += other.claim == hold.claim && other.due == hold.due ? other.amount_minor : 0;
            }
            kept = one != book.instalments.end() &&
                   held <= (hold.claim == Claim::interest ? one->interest_open_minor : one->principal_open_minor);
        }
        if (!kept) {
            return fail(Errc::amount_held, "amount");
        }
    }
    return {};
}

/// One movement on the book of all before it.
Result<Placed> take_in(Versions versions, Book& book, const Movement& movement) {
    ++book.movements;
    if (movement.reversed) {
        return Placed{movement.sequence, {}};
    }
    const Desk desk{versions, book};
    let_fall_due(desk, movement.value_date);
    PROBATUM_LET(split, apply(desk, movement));
    apply_suspense(desk, movement.value_date);
    PROBATUM_TRY(keep_holds(book));
    book.as_of = movement.value_date;
    return Placed{movement.sequence, split};
}

struct Failure {
    std::uint64_t sequence{0};
    MovementKind kind{MovementKind::disburse};
    Error error;
};

tl::expected<Folded, Failure> fold_all(Versions versions, std::vector<Movement> movements) {
    std::ranges::sort(movements, {}, [](const Movement& one) { return std::tuple{one.value_date, one.sequence}; });
    Folded out{.book = open_book(versions), .replayed = true};
    for (const Movement& movement : movements) {
        Result<Placed> placed = take_in(versions, out.book, movement);
        if (!placed) {
            return tl::unexpected{Failure{movement.sequence, movement.kind, std::move(placed).error()}};
        }
        out.placed.push_back(*std::move(placed));
    }
    return out;
}

/// Why a change of the past cannot be made: its own fault, or that of something that follows it.
Error conflict(const Failure& failure, std::uint64_t own) {
    if (failure.sequence == own) {
        return failure.error;
    }
    const bool held = failure.kind == MovementKind::hold || failure.error.code == Errc::amount_held;
    return {.code = held ? Errc::amount_held : Errc::replay_conflict,
            .field = "movements[" + std::to_string(failure.sequence) + "]",
            .detail = failure.error.to_string()};
}

bool can_be_reversed(MovementKind kind) {
    switch (kind) {
        case MovementKind::amend:
        case MovementKind::hold:
        case MovementKind::release:
            return false;
        default:
            return true;
    }
}

}  // namespace

Result<Folded> record(Versions versions, const Book& stored, const Movement& movement, const MovementReader& before) {
    // The last place is kept for the closing: nobody hinders it by paying too often.
    const bool closes = movement.kind == MovementKind::close;
    if (stored.movements >= (closes ? kMaxMovements : kMaxMovements - 1)) {
        return fail(Errc::too_large, "movements", "at most 2048 on one contract");
    }
    if (stored.as_of && movement.value_date < *stored.as_of) {
        std::vector<Movement> all = before.movements();
        all.push_back(movement);
        auto folded = fold_all(versions, std::move(all));
        if (!folded) {
            return fail(conflict(folded.error(), movement.sequence));
        }
        return *std::move(folded);
    }
    Folded out{.book = stored};
    PROBATUM_LET(placed, take_in(versions, out.book, movement));
    out.placed.push_back(placed);
    return out;
}

Result<Folded> reverse(Versions versions, std::uint64_t target, const MovementReader& recorded) {
    std::vector<Movement> all = recorded.movements();
    const auto found = std::ranges::find(all, target, &Movement::sequence);
    if (found == all.end()) {
        return fail(Errc::event_unknown, "target");
    }
    if (found->reversed || !can_be_reversed(found->kind)) {
        return fail(Errc::wrong_state, "target", "reversed already, or not to be reversed");
    }
    found->reversed = true;
    auto folded = fold_all(versions, std::move(all));
    if (!folded) {
        return fail(conflict(folded.error(), target));
    }
    return *std::move(folded);
}

Result<Folded> fold(Versions versions, std::vector<Movement> movements) {
    if (movements.size() > kMaxMovements) {
        return fail(Errc::too_large, "movements", "at most 2048 on one contract");
    }
    auto folded = fold_all(versions, std::move(movements));
    if (!folded) {
        const Failure& failure = folded.error();
        return fail(failure.error.code, "movements[" + std::to_string(failure.sequence) + "]",
                    failure.error.to_string());
    }
    return *std::move(folded);
}

}  // namespace probatum::book
