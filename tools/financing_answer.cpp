#include "tools/financing_answer.h"

#include <fmt/format.h>

#include "base/civil_time.h"
#include "base/hash.h"
#include "base/text_encoding.h"
#include "contracts/state_keys.h"
#include "ledger/state_tree.h"
#include "ledger/verified.h"

namespace probatum::tools {

namespace {

Result<Bytes> hex_member(const rpc::Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string()) {
        return fail(Errc::malformed, name, "the node's answer lacks it");
    }
    return from_hex(found->get<std::string>());
}

}  // namespace

Result<ProvenStanding> verify_answer(const rpc::Json& answer, const PublicKey& tag, const Network& network) {
    const rpc::Json proof = answer.value("proof", rpc::Json::object());
    PROBATUM_LET(header_bytes, hex_member(proof, "header"));
    PROBATUM_LET(path_bytes, hex_member(proof, "path"));
    PROBATUM_LET(finality_bytes, hex_member(proof, "finality"));
    PROBATUM_LET(header, ledger::decode_header(header_bytes));
    PROBATUM_LET(path, ledger::decode_state_proof(path_bytes));
    PROBATUM_LET(finality, ledger::decode_finality_proof(finality_bytes));
    if (header.chain_id != network.chain_id) {
        return fail(Errc::wrong_genesis, "proof.header");
    }
    const Digest key = contracts::state_keys::financing(tag);
    PROBATUM_LET(shown, ledger::verify_state_proof(header.state_root, key, path));
    ProvenStanding out{.tag = tag, .financings = {}, .header = header};
    if (shown) {
        PROBATUM_LET(value, hex_member(proof, "value"));
        if (sha256(value) != *shown) {
            return fail(Errc::evidence_mismatch, "proof.value");
        }
        PROBATUM_LET(financings, contracts::decode_financings(value));
        out.financings = std::move(financings);
    }
    const ledger::ValidatorSet first = network.genesis.validator_set();
    if (header.validators == first.digest()) {
        PROBATUM_TRY(ledger::verify_finality(header, finality, first, ledger::EcdsaChecker{}));
        out.final_by_genesis = true;
    }
    return out;
}

std::string answer_text(const Session& session, const ProvenStanding& proven) {
    std::string out = fmt::format("{} {}\n", session.say("tag", "标签"), to_hex(proven.tag.bytes()));
    if (proven.financings.standing.empty()) {
        out += fmt::format("  {}\n", session.say("not financed: absence proven", "未融资：已证明不存在"));
    }
    for (const contracts::Financing& financing : proven.financings.standing) {
        out += fmt::format("  {} {}  {} {}  {}\n", session.say("financed by", "融资机构"), financing.lender,
                           session.say("rank", "顺位"), financing.rank == 0 ? "-" : std::to_string(financing.rank),
                           to_rfc3339(financing.time));
    }
    out += fmt::format("  {} {} ({})\n", session.say("as of block", "截至区块"), proven.header.height.raw(),
                       to_rfc3339(proven.header.time));
    if (!proven.final_by_genesis) {
        out += fmt::format("  {}\n", session.say("the validators have changed since genesis: the certificate was not "
                                                 "checked here",
                                                 "验证节点自创世后有变更：证书未在此处验证"));
    }
    return out;
}

}  // namespace probatum::tools
