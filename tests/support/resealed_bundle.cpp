#include "resealed_bundle.h"

#include <algorithm>

#include "base/hash.h"
#include "contracts/contract_head.h"
#include "contracts/state_keys.h"
#include "evidence/use_lists.h"
#include "ledger/evidence_log.h"

namespace probatum::test {

using namespace evidence;

namespace {

contracts::SubjectLog log_of(const std::vector<BundleEvent>& events) {
    contracts::SubjectLog out;
    for (const BundleEvent& event : events) {
        out.last = ledger::log::leaf_hash(ledger::encode(event.leaf));
        out.frontier.append(out.last);
    }
    return out;
}

}  // namespace

void relink(std::vector<BundleEvent>& events) {
    Digest previous{};
    for (std::size_t i = 0; i < events.size(); ++i) {
        events[i].leaf.sequence = i;
        events[i].leaf.previous = previous;
        previous = ledger::log::leaf_hash(ledger::encode(events[i].leaf));
    }
}

void reseal(Bundle& bundle, const MemoryChain& chain) {
    ContractPart& part = *bundle.contract;
    part.head.value =
        contracts::encode(contracts::ContractHead{sha256(*part.state), log_of(part.events), log_of(part.refused)});
    const Digest key = contracts::state_keys::contract(bundle.subject.id);
    std::vector<ledger::StateChange> changes{{key, sha256(*part.head.value)}};
    for (const UseList& list : bundle.uses) {
        if (list.state.value) {
            changes.push_back({state_key_of(list.kind, list.id), sha256(*list.state.value)});
        }
    }
    std::ranges::sort(changes, {}, &ledger::StateChange::key);
    const ledger::StateTree tree = ledger::StateTree{}.apply(changes);
    part.head.proof = tree.prove(key);
    for (UseList& list : bundle.uses) {
        list.state.proof = tree.prove(state_key_of(list.kind, list.id));
    }
    bundle.head.header.state_root = tree.root();
    bundle.head.finality = {chain.certify(ledger::VoteKind::finalize, bundle.head.header, {0, 1, 2}), {}};
}

}  // namespace probatum::test
