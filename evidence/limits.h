#pragma once

#include "evidence/verify.h"

namespace probatum::evidence {

/// What the proof rests on and what it does not show: the same sentences for every bundle of a kind, printed always.
void fill_limits(Report& report);

}  // namespace probatum::evidence
