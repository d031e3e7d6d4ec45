#pragma once

#include <map>
#include <utility>
#include <vector>

#include "contracts/actions.h"
#include "evidence/bundle.h"
#include "evidence/check_list.h"
#include "evidence/source.h"

/// "Everything that uses this document or this bank reference": gathered, and checked to be complete.
namespace probatum::evidence {

/// Which lists a bundle must hold, exactly one for each document and bank reference that its subject uses, and which
/// uses must stand in each.
using ExpectedUses = std::map<std::pair<UseListKind, Digest>, std::vector<Use>>;

/// Adds what one accepted action uses: a deposit its document as a record of its own, a registration its documents and
/// a payment its bank reference, where that is opened, in the name of their contract.
void add_uses(const contracts::DecodedAction& action, const Digest& transaction, ExpectedUses& out);

[[nodiscard]] Digest state_key_of(UseListKind kind, const Digest& id);

/// The lists in the bundle's order. Errors: too_large, those of the source.
[[nodiscard]] Result<std::vector<UseList>> gather_use_lists(const Source& source, const ExpectedUses& expected);

/// Makes the check use-lists: exactly the lists expected are there, each equal in count and root to the value under its
/// state key, and each holds the uses expected (none: a list may be empty, and then absence is proven).
bool verify_use_lists(const Bundle& bundle, const ExpectedUses& expected, CheckList& checks);

}  // namespace probatum::evidence
