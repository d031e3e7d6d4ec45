#pragma once

#include "contracts/book/book.h"

namespace probatum::book {

enum class MovementKind : std::uint8_t {
    disburse = 1,
    repay = 2,
    prepay = 3,
    fee = 4,
    costs = 5,
    refund = 6,
    capitalise = 7,
    set_off = 8,
    write_off = 9,
    rate_reset = 10,
    amend = 11,
    hold = 12,
    release = 13,
    close = 14
};
[[nodiscard]] std::string_view name(MovementKind kind);  ///< "set-off"
[[nodiscard]] std::optional<MovementKind> movement_kind_from_name(std::string_view name);

/// One thing that happened to the contract's money. What its kind does not need keeps the default.
struct Movement {
    std::uint64_t sequence{0};  ///< Of the event that recorded it; unique.
    MovementKind kind{MovementKind::disburse};
    CivilDate value_date;
    MinorAmount amount_minor{0};
    std::optional<Claim> claim{};    ///< write_off, hold (none: suspense).
    std::optional<CivilDate> due{};  ///< hold: of one instalment.
    schedule::PrepaymentChoice choice{schedule::PrepaymentChoice::shorten_term};
    schedule::Rational rate{};  ///< rate_reset: the rate, or the fixing of a floating loan.
    std::uint64_t target{0};    ///< release: the hold.
    bool reversed{false};
    friend bool operator==(const Movement&, const Movement&) = default;
};

/// Hands in the movements that a book is the fold of, in the order of their sequence. Asked only for a fold from the
/// first one, so that it may read them from where they lie.
class MovementReader {
public:
    MovementReader() = default;
    MovementReader(const MovementReader&) = delete;
    MovementReader& operator=(const MovementReader&) = delete;
    virtual ~MovementReader() = default;
    [[nodiscard]] virtual std::vector<Movement> movements() const = 0;
};

/// Where the money of one movement went.
struct Placed {
    std::uint64_t sequence{0};
    Split split;
    friend bool operator==(const Placed&, const Placed&) = default;
};

struct Folded {
    Book book;
    std::vector<Placed> placed{};  ///< Of every movement that was folded just now, in the order of folding.
    bool replayed{false};          ///< From the first movement on.
};

/// One more movement on a stored book.
///
/// @return  the errors of docs/spec/loan-book.md section 7; where everything is folded again and a later movement does
///          not hold any more: replay_conflict, or amount_held where that is a hold. On error nothing has changed.
/// Threads: pure.
[[nodiscard]] Result<Folded> record(Versions versions, const Book& stored, const Movement& movement,
                                    const MovementReader& before);

/// The movement with this sequence counts no more. event_unknown, wrong_state (not reversible, or reversed already),
/// replay_conflict, amount_held. Threads: pure.
[[nodiscard]] Result<Folded> reverse(Versions versions, std::uint64_t target, const MovementReader& recorded);

/// The book of all these movements, in any order. A movement that does not hold is an error with its own reason, the
/// field "movements[SEQUENCE]". Threads: pure.
[[nodiscard]] Result<Folded> fold(Versions versions, std::vector<Movement> movements);

}  // namespace probatum::book
