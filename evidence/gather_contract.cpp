#include "contracts/state_keys.h"
#include "evidence/verify_contract.h"

namespace probatum::evidence {

namespace {

constexpr std::size_t kPage = 256;

Result<std::vector<BundleEvent>> gather_events(const Source& source, const Digest& contract, bool refused) {
    std::vector<BundleEvent> out;
    for (;;) {
        PROBATUM_LET(page, source.events(contract, refused, out.size(), kPage));
        for (ledger::EventLeaf& leaf : page) {
            PROBATUM_LET(transaction, source.transaction(leaf.transaction));
            out.push_back({std::move(leaf), std::move(transaction)});
        }
        if (out.size() > kMaxBundleEvents) {
            return fail(Errc::too_large, refused ? "refused" : "events");
        }
        if (page.size() < kPage) {
            return out;
        }
    }
}

}  // namespace

Result<ContractPart> gather_contract_part(const Source& source, const Digest& contract) {
    const Digest key = contracts::state_keys::contract(contract);
    std::optional<Bytes> head = source.state(key);
    if (!head) {
        return fail(Errc::not_found, "contract");
    }
    PROBATUM_LET(events, gather_events(source, contract, false));
    PROBATUM_LET(refused, gather_events(source, contract, true));
    return ContractPart{{std::move(head), source.prove_state(key)},
                        source.state(contracts::state_keys::contract_state(contract)),
                        std::move(events),
                        std::move(refused)};
}

}  // namespace probatum::evidence
