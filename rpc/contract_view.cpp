#include "rpc/contract_view.h"

#include "base/text_encoding.h"
#include "contracts/actions.h"
#include "contracts/resolved.h"
#include "rpc/actions.h"
#include "rpc/views.h"

namespace probatum::rpc {

Result<Json> contract_brief(const evidence::Source& source, const Digest& contract) {
    (void)source;
    return fail(Errc::not_found, "contract", to_hex(contract));
}

Result<Json> contract_view(const evidence::Source& source, const Digest& contract) { return contract_brief(source, contract); }

Result<Json> event_view(const evidence::Source& source, const ledger::EventLeaf& leaf) {
    PROBATUM_LET(transaction, source.transaction(leaf.transaction));
    Json out = view_of(leaf);
    out["organisation"] = transaction->header().issuer;
    out["key_id"] = to_hex(transaction->header().key_id.digest);
    PROBATUM_LET(action, contracts::decode_action(*transaction));
    out["action"] = view_of(action);
    if (const auto resolved = contracts::decode_resolved(leaf.resolved)) { out["member"] = resolved->member; }
    return out;
}

}  // namespace probatum::rpc
