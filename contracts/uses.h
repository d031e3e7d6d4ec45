#pragma once

#include "contracts/evidence_record.h"
#include "contracts/execution.h"

/// The lists "everything that uses this document" and "this bank reference".
namespace probatum::contracts {

/// Which list, by its canonical id: a document's SHA-256 digest or a blinded bank reference.
struct UseList {
    enum Kind : std::uint8_t { document, bank_reference } kind;
    Digest id;
};

struct Use {
    UseKind kind;
    Digest subject;
};

/// Appends one use to its list and names it in the index. Precondition: one transaction adds to one list once.
void add_use(Execution& out, const ledger::StateView& state, UseList list, Use use);

}  // namespace probatum::contracts
