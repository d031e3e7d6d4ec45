#include "tools/contract_lookup.h"

#include "base/text_encoding.h"

namespace probatum::tools {

Result<Digest> find_contract_id(Session& session, rpc::Client& client, const std::string& typed) {
    if (const auto id = digest_from_hex(typed)) {
        return *id;
    }
    PROBATUM_LET(page, session.call(client, "contract.list", {{"own_number", typed}, {"limit", 2}}));
    const rpc::Json& found = page.at("contracts");
    if (found.empty()) {
        return fail(Errc::contract_unknown, "contract", typed);
    }
    if (found.size() > 1) {
        return fail(Errc::usage, "contract",
                    "several organisations use the number " + typed + "; give the contract id");
    }
    return digest_from_hex(found[0].at("contract").get<std::string>());
}

Result<rpc::Json> fetch_contract(Session& session, rpc::Client& client, const Digest& id) {
    return session.call(client, "contract.get", {{"contract", to_hex(id)}});
}

}  // namespace probatum::tools
