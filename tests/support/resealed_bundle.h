#pragma once

#include "evidence/bundle.h"
#include "memory_chain.h"

/// What a quorum of validators could make that breaks its own rules: the tests of the checks behind the certificate.
namespace probatum::test {

/// Makes logs, state and certificate fit whatever the bundle's contract part now says, with the validators' real keys.
void reseal(evidence::Bundle& bundle, const MemoryChain& chain);

/// Numbers the leaves and carries the digests on, so that the chain of one log holds together again.
void relink(std::vector<evidence::BundleEvent>& events);

}  // namespace probatum::test
