#include "contracts/uses.h"

#include "base/check.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {

void add_use(Execution& out, const ledger::StateView& state, UseList list, Use use) {
    const bool of_document = list.kind == UseList::document;
    const Digest key = of_document ? state_keys::document(list.id) : state_keys::bank_reference(list.id);
    ledger::log::Frontier frontier;
    const std::optional<Bytes> before = state.get(key);
    if (before) {
        Result<ledger::log::Frontier> decoded = ledger::log::decode_frontier(*before);
        PROBATUM_CHECK(decoded.has_value(), "the state holds only what we wrote");
        frontier = *std::move(decoded);
    }
    frontier.append(ledger::log::leaf_hash(use_leaf(use.kind, use.subject)));
    out.writes[key] = ledger::log::encode(frontier);
    out.index.push_back({.kind = of_document ? IndexEntry::Kind::document : IndexEntry::Kind::bank_reference,
                         .key = to_bytes(list.id.view()),
                         .subject = use.subject});
}

}  // namespace probatum::contracts
