#include "evidence/verify_standing.h"

#include "base/hash.h"
#include "base/text_encoding.h"
#include "contracts/contract_head.h"
#include "contracts/state_keys.h"

namespace probatum::evidence {

namespace {

Result<StandingFact> read_standing(const ProvenValue& value, const std::optional<Digest>& proven) {
    if (proven.has_value() != value.value.has_value()) {
        return fail(Errc::evidence_mismatch, "standing");
    }
    if (!proven) {
        return StandingFact{};
    }
    if (*proven != sha256(*value.value)) {
        return fail(Errc::evidence_mismatch, "standing");
    }
    PROBATUM_LET(head, contracts::decode_contract_head(*value.value));
    return StandingFact{true, head.events.frontier.size, head.events.last, head.refusals.frontier.size,
                        head.refusals.last};
}

}  // namespace

std::optional<StandingFact> verify_standing(const Bundle& bundle, CheckList& checks) {
    const ledger::Header& head = bundle.head.header;
    const Digest key = contracts::state_keys::contract(bundle.subject.id);
    const auto proven = ledger::verify_state_proof(head.state_root, key, bundle.standing->proof);
    Finding finding{"key " + to_hex(key) + ", state root " + to_hex(head.state_root),
                    proven && *proven ? to_hex(**proven) : "none",
                    bundle.standing->value ? to_hex(sha256(*bundle.standing->value)) : "none"};
    if (!proven) {
        checks.fail(check::kStanding, std::move(finding), proven.error());
        return std::nullopt;
    }
    Result<StandingFact> standing = read_standing(*bundle.standing, *proven);
    if (!standing) {
        checks.fail(check::kStanding, std::move(finding), standing.error());
        return std::nullopt;
    }
    checks.pass(check::kStanding, std::move(finding));
    return *std::move(standing);
}

}  // namespace probatum::evidence
