#pragma once

#include "evidence/verify.h"

namespace probatum::evidence {

/// What the proof rests on and what it does not show: the same sentences for every bundle of a kind, printed always.
void fill_limits(Report& report);
/// What is assumed beyond that where recovery authorities named a set of validators.
void assume_succession(Report& report);

}  // namespace probatum::evidence
