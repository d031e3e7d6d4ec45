#include "contracts/governance_rules.h"

#include <algorithm>

#include "base/cbor.h"
#include "base/check.h"
#include "contracts/codec.h"
#include "contracts/permissions.h"
#include "contracts/readiness.h"
#include "contracts/registry_rules.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {
namespace {

using Writes = ledger::StateOverlay::Writes;

EpochTerms terms_in_force(const ledger::StateView& state) {
    const std::optional<Bytes> value = state.get(state_keys::current_epoch());
    PROBATUM_CHECK(value.has_value(), "a chain with governance has an epoch");
    cbor::Reader in{*value};
    std::optional<EpochTerms> terms = find_terms(state, Epoch{in.uint()});
    PROBATUM_CHECK(terms.has_value(), "the epoch in force has its terms in the state");
    return *std::move(terms);
}

/// The rules of the actions; each gives what it writes.
class Rules {
public:
    explicit Rules(const Execute& task) : task_{task}, now_{terms_in_force(task.state)} {}

    Result<Writes> operator()(const ProposeBody& body) const {
        const Resolved& signer = task_.resolved;
        const bool governor = signer.roles.has(Role::consortium_governor);
        PROBATUM_TRY(governor ? require_elector() : require_freeze(body.change));
        PROBATUM_TRY(require_open_epoch());
        PROBATUM_TRY(changed(now_, body.change, task_.state));
        const std::uint64_t number = proposal_count(task_.state) + 1;
        const UnixMs time = task_.context.time;
        Proposal proposal{
            .number = number,
            .organisation = signer.organisation,
            .member = signer.member,
            .height = task_.context.height,
            .time = time,
            .epoch = now_.epoch,
            .expires_at = UnixMs{time.raw() + now_.governance->lifetime_ms},
            .change = body.change,
            .override_liveness = body.override_liveness,
            .note = body.note,
            .votes = {},
        };
        if (governor) {
            proposal.votes.push_back({signer.organisation, signer.member, Choice::accept, task_.context.height});
        }
        Writes writes;
        withdraw_former(writes);
        const Digest& id = task_.transaction.id();
        writes[state_keys::proposal(id)] = encode(proposal);
        writes[state_keys::proposal_count()] = codec::encode_uint(number);
        writes[state_keys::proposal_number(number)] = codec::encode_digest(id);
        writes[state_keys::proposal_of(signer.organisation)] = codec::encode_digest(id);
        return writes;
    }

    Result<Writes> operator()(const VoteBody& body) const {
        PROBATUM_TRY(require_elector());
        PROBATUM_TRY(require_open_epoch());
        PROBATUM_LET(proposal, open_proposal(body.proposal));
        const Resolved& signer = task_.resolved;
        if (std::ranges::find(proposal.votes, signer.organisation, &ProposalVote::organisation) !=
            proposal.votes.end()) {
            return fail(Errc::already_voted, "issuer");
        }
        proposal.votes.push_back({signer.organisation, signer.member, body.choice, task_.context.height});
        Writes writes;
        writes[state_keys::proposal(body.proposal)] = encode(proposal);
        return writes;
    }

    Result<Writes> operator()(const EnactBody& body) const {
        PROBATUM_TRY(require_elector());
        PROBATUM_TRY(require_open_epoch());
        PROBATUM_LET(proposal, open_proposal(body.proposal));
        if (proposal.accepted_by(*now_.governance) < now_.governance->threshold) {
            return fail(Errc::threshold_not_reached, "votes " + std::to_string(proposal.accepted_by(*now_.governance)) +
                                                         ", threshold " + std::to_string(now_.governance->threshold));
        }
        proposal.status = ProposalStatus::enacted;
        proposal.enacted = task_.context.height;
        if (const auto* change = std::get_if<RegistryChange>(&proposal.change)) {
            PROBATUM_LET(writes, registry_writes({task_.state, task_.context.height, body.proposal}, *change));
            writes[state_keys::proposal(body.proposal)] = encode(proposal);
            return writes;
        }
        PROBATUM_LET(next, changed(now_, proposal.change, task_.state));
        PROBATUM_TRY(require_strength(proposal, next));
        next.epoch = now_.epoch.next();
        next.first = task_.context.height.next();
        next.proposal = body.proposal;

        Writes writes;
        writes[state_keys::proposal(body.proposal)] = encode(proposal);
        writes[state_keys::epoch(next.epoch)] = encode(next);
        retire_keys(next, writes);
        return writes;
    }

    Result<Writes> operator()(const ReadyBody& body) const {
        const std::string& organisation = task_.resolved.organisation;
        const auto index = now_.validators.index_of(body.key.id());
        if (index && now_.validators.at(*index).organisation != organisation) {
            return fail(Errc::readiness_invalid, "issuer", "the validator of another organisation");
        }
        if (task_.state.get(state_keys::retired_key(body.key.id()))) {
            return fail(Errc::key_retired, "key");
        }
        PROBATUM_LET(said, check_readiness(body.statement, body.key, {task_.context.chain_id, organisation}));
        const std::vector<ChainMark> marks = find_marks(task_.state);
        if (std::ranges::find(marks, said.mark) == marks.end()) {
            return fail(Errc::readiness_invalid, "statement.mark", "not a recent mark of this chain");
        }
        Writes writes;
        writes[state_keys::readiness(body.key.id())] = encode(ReadinessRecord{.organisation = organisation,
                                                                              .key = body.key,
                                                                              .named = said.mark,
                                                                              .rules_version = said.rules_version,
                                                                              .height = task_.context.height,
                                                                              .time = task_.context.time});
        return writes;
    }

    /// Whatever is about a contract or a document is executed elsewhere.
    template <class Body>
    Result<Writes> operator()(const Body&) const {
        return fail(Errc::malformed, "action", "not an action of governance");
    }

private:
    Result<void> require_elector() const {
        if (!std::ranges::binary_search(now_.governance->electors, task_.resolved.organisation)) {
            return fail(Errc::not_an_elector, "issuer");
        }
        return {};
    }

    /// A court or a regulator proposes to freeze and to unfreeze; the electors decide.
    static Result<void> require_freeze(const Change& change) {
        const auto* registry = std::get_if<RegistryChange>(&change);
        if (registry == nullptr || !is_freeze(*registry)) {
            return fail(Errc::role_missing, "change");
        }
        return {};
    }

    /// After an enactment nothing else is decided in this block: it would be decided against what no longer holds.
    Result<void> require_open_epoch() const {
        if (next_terms(task_.state)) {
            return fail(Errc::epoch_closing, "epoch");
        }
        return {};
    }

    Result<Proposal> open_proposal(const Digest& id) const {
        std::optional<Proposal> proposal = find_proposal(task_.state, id);
        if (!proposal) {
            return fail(Errc::proposal_unknown, "proposal");
        }
        if (proposal->status != ProposalStatus::open) {
            return fail(Errc::proposal_closed, "proposal");
        }
        if (proposal->epoch != now_.epoch) {
            return fail(Errc::proposal_stale, "proposal");
        }
        if (proposal->expires_at < task_.context.time) {
            return fail(Errc::proposal_expired, "proposal");
        }
        return *std::move(proposal);
    }

    void withdraw_former(Writes& writes) const {
        const std::optional<Bytes> value = task_.state.get(state_keys::proposal_of(task_.resolved.organisation));
        if (!value) {
            return;
        }
        cbor::Reader in{*value};
        const Digest id = in.digest();
        std::optional<Proposal> former = find_proposal(task_.state, id);
        PROBATUM_CHECK(former.has_value(), "proposals are never removed");
        if (former->status == ProposalStatus::open) {
            former->status = ProposalStatus::withdrawn;
            writes[state_keys::proposal(id)] = encode(*former);
        }
    }

    Result<void> require_strength(const Proposal& proposal, const EpochTerms& next) const {
        const LivenessView view{task_.state, now_, task_.context.height, task_.context.time};
        const Assessment found = assess(view, now_, next);
        if (next.rules_version != now_.rules_version && found.supporters < found.after.quorum) {
            return fail(Errc::rules_not_supported, "supporters " + std::to_string(found.supporters) + ", quorum " +
                                                       std::to_string(found.after.quorum));
        }
        if (!found.after.holds() && !proposal.override_liveness) {
            return fail(Errc::loses_live_quorum,
                        "live " + std::to_string(found.after.live) + ", quorum " + std::to_string(found.after.quorum));
        }
        return {};
    }

    /// A key that leaves the set never returns: its journal may be gone by then.
    void retire_keys(const EpochTerms& next, Writes& writes) const {
        for (const ledger::Validator& validator : now_.validators.all()) {
            if (!next.validators.index_of(validator.key.id())) {
                writes[state_keys::retired_key(validator.key.id())] = codec::encode_uint(next.epoch.raw());
            }
        }
    }

    const Execute& task_;
    EpochTerms now_;
};

Result<Writes> run(const Execute& task) {
    if (task.resolved.idempotency_key_used) {
        return fail(Errc::idempotency_conflict, "idempotency_key");
    }
    PROBATUM_TRY(permit(task.action.name, nullptr, task.resolved));
    if (!find_governance(task.state)) {
        return fail(Errc::governance_absent, "genesis");
    }
    return std::visit(Rules{task}, task.action.body);
}

}  // namespace

bool is_governance_action(std::string_view action) {
    return action.starts_with("gov.") || action == "validator.ready" || action == "misbehaviour.report";
}

Execution execute_governance(const Execute& task) {
    Result<Writes> writes = run(task);
    if (!writes) {
        return refused(writes.error());
    }
    Execution out;
    out.writes = *std::move(writes);
    write_record(out, task);
    return out;
}

}  // namespace probatum::contracts
