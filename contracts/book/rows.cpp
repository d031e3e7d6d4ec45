#include <algorithm>

#include "contracts/book/desk.h"

namespace probatum::book {

void add_row(RowSums& sums, const Book& book, const schedule::ExplicitRow& row) {
    sums.principal_minor += row.principal_minor;
    // Nothing had been disbursed: its interest is not owed.
    const bool owed = book.first_disbursed && row.due > *book.first_disbursed;
    sums.interest_minor += owed ? row.interest_minor : 0;
}

RowSums rows_up_to(const Book& book, const schedule::PlanTerms& plan, std::uint32_t row) {
    RowSums out;
    for (std::size_t i = 0; i <= row && i < plan.rows.size(); ++i) {
        add_row(out, book, plan.rows[i]);
    }
    return out;
}

RowSums rows_due(const Book& book, const schedule::PlanTerms& plan, CivilDate date) {
    const auto behind = std::ranges::upper_bound(plan.rows, date, {}, &schedule::ExplicitRow::due);
    const auto count = static_cast<std::uint32_t>(behind - plan.rows.begin());
    return count == 0 ? RowSums{} : rows_up_to(book, plan, count - 1);
}

void fill_past_rows(Desk desk) {
    Book& book = desk.book;
    const std::vector<schedule::ExplicitRow>& rows = desk.terms().plan.rows;
    MinorAmount up_to = 0;
    for (std::size_t i = 0; i < rows.size() && rows[i].due <= book.cursor.last && book.not_due_minor > 0; ++i) {
        up_to += rows[i].principal_minor;
        const bool last = i + 1 == rows.size();
        const MinorAmount room = last ? book.not_due_minor : up_to - book.row_principal_minor;
        const MinorAmount part = std::min(room, book.not_due_minor);
        if (part <= 0) {
            continue;
        }
        Instalment& one = instalment_on(book, rows[i].due, rows[i].due);
        one.principal_minor += part;
        one.principal_open_minor += part;
        book.not_due_minor -= part;
        book.row_principal_minor += part;
    }
}

}  // namespace probatum::book
