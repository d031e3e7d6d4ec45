#include "contracts/book/book.h"

#include <algorithm>

namespace probatum::book {

MinorAmount Book::due_minor(Claim claim) const {
    if (claim != Claim::interest && claim != Claim::principal) {
        return open[claim];
    }
    MinorAmount out = 0;
    for (const Instalment& one : instalments) {
        out += claim == Claim::interest ? one.interest_open_minor : one.principal_open_minor;
    }
    return out;
}

MinorAmount Book::outstanding_minor() const { return not_due_minor + due_minor(Claim::principal); }

MinorAmount Book::open_minor(Claim claim) const {
    return claim == Claim::principal ? outstanding_minor() : due_minor(claim);
}

bool Book::anything_due() const { return open.sum() > 0 || !instalments.empty(); }

MinorAmount Book::held_minor(std::optional<Claim> claim) const {
    MinorAmount out = 0;
    for (const Hold& hold : holds) {
        out += hold.claim == claim ? hold.amount_minor : 0;
    }
    return out;
}

}  // namespace probatum::book
