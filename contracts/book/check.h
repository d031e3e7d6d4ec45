#pragma once

#include "contracts/book/movement.h"

/// What must hold of every book, added up independently of the steps that made it: docs/spec/loan-book.md section 10.
namespace probatum::book {

/// I1 to I4, I7 and I21. invariant_violated names the invariant in the field: "I4". Threads: pure.
[[nodiscard]] Result<void> check_book(Versions versions, const Book& book);

/// I7 and I8 of one movement that paid, on the book right after it. Threads: pure.
[[nodiscard]] Result<void> check_split(Versions versions, const Book& after, const Movement& movement,
                                       const Split& split);

}  // namespace probatum::book
