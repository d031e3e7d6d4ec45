#include "node/succession_plan.h"

namespace probatum::node {

namespace {

tl::unexpected<Error> invalid(const char* why) { return fail(Errc::succession_invalid, "succession", why); }

}  // namespace

Result<SuccessionPlan> open_plan(ByteView file, const Digest& chain_id, const contracts::Genesis& genesis) {
    PROBATUM_LET(statements, contracts::decode_succession_file(file));
    PROBATUM_LET(said, contracts::open_succession(statements, chain_id,
                                                  {genesis.recovery_authorities, genesis.recovery_threshold}));
    return SuccessionPlan{std::move(said), std::move(statements)};
}

Result<bool> is_ahead(const SuccessionPlan& plan, const FinalView& view, const contracts::Genesis& genesis) {
    const contracts::Succession& said = plan.said;
    if (const auto recorded = contracts::find_succession(view, said.epoch.next()); !recorded.empty()) {
        const auto other = contracts::open_succession(recorded, view.head().chain_id,
                                                      {genesis.recovery_authorities, genesis.recovery_threshold});
        if (other && *other == said) {
            return false;
        }
        return invalid("the chain went on by another succession");
    }
    if (contracts::terms_of_child(view, genesis).epoch > said.epoch) {
        return invalid("the chain has gone on without it");
    }
    if (view.head().height > said.height) {
        return invalid("blocks above the one that it calls the last are final here");
    }
    if (view.head().height == said.height && view.head_id() != said.last) {
        return invalid("another block is final here at the height of the one that it calls the last");
    }
    return true;
}

Result<Succeeded> succeed(const SuccessionPlan& plan, const FinalView& view, const contracts::Genesis& genesis) {
    const ledger::Header& last = view.head();
    PROBATUM_LET(writes, contracts::succeed(plan.statements, last, genesis, view));
    ledger::StateOverlay state{view};
    state.absorb(std::move(writes));
    PROBATUM_LET(direct, view.chain().finality_at_or_after(last.height));
    const auto before = contracts::find_terms(view, last.epoch);
    if (direct.height != last.height || !before) {
        return fail(Errc::storage_corrupt, "finality", "the last final block has no certificate of its own");
    }
    const contracts::EpochTerms terms = contracts::terms_of_child(state, genesis);
    RulesPtr rules = make_rules(last.chain_id, genesis.time, terms, plan.said.last);
    return Succeeded{std::move(rules),
                     {plan.said.last, last.height, consensus::Closing{before->validators, direct.certificate}}};
}

}  // namespace probatum::node
