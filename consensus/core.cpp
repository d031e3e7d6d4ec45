#include "consensus/core.h"

#include <utility>

#include "consensus/machine.h"

namespace probatum::consensus {

Core::Core(Setup setup, const ledger::SignatureChecker& checker, const VoteSigner* signer, Restored restored)
    : machine_{std::make_unique<Machine>(std::move(setup), checker, signer, std::move(restored))} {}
Core::~Core() = default;
Core::Core(Core&&) noexcept = default;
Core& Core::operator=(Core&&) noexcept = default;

Effects Core::step(const Event& event) { return machine_->step(event); }
Status Core::status() const { return machine_->status(); }
const std::optional<Certificate>& Core::highest_finality() const { return machine_->highest_finality(); }

}  // namespace probatum::consensus
