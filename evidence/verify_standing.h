#pragma once

#include <optional>

#include "evidence/check_list.h"
#include "evidence/facts.h"

/// The negative answers about a contract: there is none under this id, or nothing came after event n, up to the head.
namespace probatum::evidence {

/// Makes the check standing; nothing where it failed.
[[nodiscard]] std::optional<StandingFact> verify_standing(const Bundle& bundle, CheckList& checks);

}  // namespace probatum::evidence
