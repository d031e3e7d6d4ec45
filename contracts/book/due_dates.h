#pragma once

#include "contracts/book/terms.h"

namespace probatum::book {

/// How far the due dates of a plan have passed.
struct Cursor {
    std::uint32_t next{0};  ///< The step of the cycle, or the explicit row, to look at next.
    CivilDate last;         ///< Later due dates alone count.
    bool ended{false};      ///< The last due date has passed.
    friend bool operator==(const Cursor&, const Cursor&) = default;
};

struct DueDate {
    CivilDate due;
    CivilDate counted_to;  ///< To which day interest counts: another one with CS conventions alone.
    std::uint32_t step{0};
    bool last{false};
};

/// Before the first due date. Due dates up to `after` (an amendment's day) never count.
[[nodiscard]] Cursor first_cursor(const schedule::PlanTerms& plan, std::optional<CivilDate> after = {});
/// The next due date, or nothing behind the last. Precondition: the terms were checked. Threads: pure.
[[nodiscard]] std::optional<DueDate> next_due(const schedule::PlanTerms& plan, const Cursor& cursor);
/// The cursor once `due` has passed.
[[nodiscard]] Cursor behind(const DueDate& due);

}  // namespace probatum::book
