#include "base/civil_time.h"
#include "base/text_encoding.h"
#include "contracts/misbehaviour.h"
#include "ledger/misbehaviour.h"
#include "rpc/governance_json.h"
#include "rpc/methods.h"
#include "rpc/pages.h"
#include "rpc/schemas.h"

namespace probatum::rpc {

namespace {

using namespace contracts;

/// The state with the place and time from which it is judged.
struct Now {
    std::shared_ptr<const evidence::Source> source;
    SourceState state;
    EpochTerms terms;       ///< Of the next block.
    EpochTerms of_members;  ///< Of the head: whose liveness the state keeps.

    explicit Now(const node::Service& service)
        : source{service.view()},
          state{*source},
          terms{terms_of_child(state, service.genesis())},
          of_members{current_terms(state, service.genesis())} {}

    [[nodiscard]] std::optional<LivenessView> liveness() const {
        if (!of_members.governance) {
            return std::nullopt;
        }
        return LivenessView{state, of_members, source->head().height.next(), source->head().time};
    }
};

Json strength_view(const Strength& strength) {
    return {{"validators", strength.validators},
            {"quorum", strength.quorum},
            {"live", strength.live},
            {"may_crash", strength.may_crash()},
            {"holds", strength.holds()}};
}

Json strength_schema() {
    return schema::object({{"validators", schema::uint("")},
                           {"quorum", schema::uint("")},
                           {"live", schema::uint("Seen in the window, or ready")},
                           {"may_crash", schema::uint("Of the live, before blocks stop being final")},
                           {"holds", schema::boolean("As many are live as a quorum")}});
}

// --- chain.validators ---------------------------------------------------------------------------------------------

Json member_view(const ledger::Validator& validator, ledger::ValidatorIndex index,
                 const std::optional<LivenessView>& liveness) {
    Json out{{"index", index},
             {"organisation", validator.organisation},
             {"key", to_hex(validator.key.bytes())},
             {"key_id", to_hex(validator.key.id().digest)},
             {"last_seen", nullptr},
             {"live", nullptr}};
    if (liveness) {
        out["last_seen"] = liveness->last_seen(validator).raw();
        out["live"] = liveness->is_live(validator);
    }
    return out;
}

Result<Json> validators_of(const node::Service& service, std::optional<std::uint64_t> epoch) {
    const Now now{service};
    EpochTerms terms = now.terms;
    if (epoch && Epoch{*epoch} != terms.epoch) {
        std::optional<EpochTerms> found = find_terms(now.state, Epoch{*epoch});
        if (!found) {
            return fail(Errc::not_found, "epoch");
        }
        terms = *std::move(found);
    }
    const bool reigns = terms.epoch == now.terms.epoch;
    const std::optional<LivenessView> liveness = reigns ? now.liveness() : std::nullopt;
    Json out{{"epoch", terms.epoch.raw()},
             {"first_height", terms.first.raw()},
             {"proposal", nullptr},
             {"digest", to_hex(terms.validators.digest())},
             {"rules_version", terms.rules_version},
             {"parameters", view_of(terms.parameters)},
             {"governance", nullptr},
             {"strength", nullptr},
             {"validators", Json::array()},
             {"marks", Json::array()}};
    if (terms.proposal) {
        out["proposal"] = to_hex(*terms.proposal);
    }
    if (terms.governance) {
        out["governance"] = view_of(*terms.governance);
    }
    if (liveness) {
        out["strength"] = strength_view(liveness->strength_of(terms.validators));
    }
    for (ledger::ValidatorIndex index = 0; index < terms.validators.size(); ++index) {
        out["validators"].push_back(member_view(terms.validators.at(index), index, liveness));
    }
    for (const ChainMark& mark : find_marks(now.state)) {
        out["marks"].push_back({{"height", mark.height.raw()}, {"block", to_hex(mark.block)}});
    }
    return out;
}

std::optional<std::uint64_t> optional_uint(Params& params, std::string_view name) {
    return params.has(name) ? std::optional{params.uint(name, INT64_MAX)} : (params.raw(name), std::nullopt);
}

Method validators_method(node::Service& service) {
    const Json member =
        schema::object({{"index", schema::uint("Position in the set")},
                        {"organisation", schema::text("")},
                        {"key", schema::hex("Identity key, 33 bytes")},
                        {"key_id", schema::digest("")},
                        {"last_seen", schema::nullable(schema::uint("Height; 0: never. Null: not kept"))},
                        {"live", schema::nullable(schema::boolean("Null: not kept"))}});
    return {.name = "chain.validators",
            .summary_en =
                "The validators of an epoch, its parameters and rules, who was seen of late, and how many may crash",
            .summary_zh = "某纪元的验证节点、参数与规则，近期在线情况及可容忍的故障数",
            .parameters = {{"epoch", "That of the next block if not given", false, schema::uint("Epoch")}},
            .result_name = "terms",
            .result_schema = schema::object(
                {{"epoch", schema::uint("")},
                 {"first_height", schema::uint("Of its first block")},
                 {"proposal", schema::nullable(schema::digest("Whose enactment opened the epoch"))},
                 {"digest", schema::digest("Of the set, as headers carry it")},
                 {"rules_version", schema::uint("")},
                 {"parameters", schema::any("A number per name")},
                 {"governance", schema::nullable(schema::any("threshold, lifetime_ms, live_window, electors"))},
                 {"strength", schema::nullable(strength_schema())},
                 {"validators", schema::list(member)},
                 {"marks", schema::list(schema::any("height, block"), "What a statement of readiness may name")}}),
            .errors = {Errc::not_found},
            .handler = answering(
                [](Params& params) { return optional_uint(params, "epoch"); },
                [&service](const std::optional<std::uint64_t>& epoch) { return validators_of(service, epoch); })};
}

// --- gov.list, gov.get ---------------------------------------------------------------------------------------------

/// What can be done with a proposal now.
std::string_view standing(const Proposal& proposal, const Now& now) {
    switch (proposal.status) {
        case ProposalStatus::enacted:
            return "enacted";
        case ProposalStatus::withdrawn:
            return "withdrawn";
        case ProposalStatus::open:
            break;
    }
    if (proposal.epoch != now.terms.epoch) {
        return "stale";
    }
    return proposal.expires_at < now.source->head().time ? "expired" : "open";
}

Json proposal_view(const Digest& id, const Proposal& proposal, const Now& now) {
    Json out{{"id", to_hex(id)},
             {"number", proposal.number},
             {"status", standing(proposal, now)},
             {"organisation", proposal.organisation},
             {"member", proposal.member},
             {"height", proposal.height.raw()},
             {"time", to_rfc3339(proposal.time)},
             {"epoch", proposal.epoch.raw()},
             {"expires_at", to_rfc3339(proposal.expires_at)},
             {"change", view_of(proposal.change)},
             {"override_liveness", proposal.override_liveness},
             {"note", proposal.note},
             {"accepted", 0},
             {"threshold", 0},
             {"enacted_height", nullptr},
             {"votes", Json::array()}};
    const std::optional<EpochTerms> terms = find_terms(now.state, proposal.epoch);
    if (terms && terms->governance) {
        out["accepted"] = proposal.accepted_by(*terms->governance);
        out["threshold"] = terms->governance->threshold;
    }
    if (proposal.status == ProposalStatus::enacted) {
        out["enacted_height"] = proposal.enacted.raw();
    }
    for (const ProposalVote& vote : proposal.votes) {
        out["votes"].push_back({{"organisation", vote.organisation},
                                {"member", vote.member},
                                {"choice", name_of(vote.choice)},
                                {"height", vote.height.raw()}});
    }
    return out;
}

Json proposal_schema() {
    return schema::object(
        {{"id", schema::digest("Transaction id of the gov.propose")},
         {"number", schema::uint("From 1")},
         {"status", schema::one_of("", {"open", "enacted", "withdrawn", "expired", "stale"})},
         {"organisation", schema::text("Who proposed it")},
         {"member", schema::text("")},
         {"height", schema::uint("")},
         {"time", schema::instant("")},
         {"epoch", schema::uint("In which alone it can be enacted")},
         {"expires_at", schema::instant("")},
         {"change", schema::any("kind and what it needs; docs/rpc.md")},
         {"override_liveness", schema::boolean("To be enacted even if it loses the quorum of live validators")},
         {"note", schema::text("")},
         {"accepted", schema::uint("Votes for it by electors")},
         {"threshold", schema::uint("")},
         {"enacted_height", schema::nullable(schema::uint("The closing block"))},
         {"votes", schema::list(schema::any("organisation, member, choice, height"))},
         {"assessment?", schema::any("before, after, supporters, problem; of an open proposal")}});
}

/// How many may crash before and after; what would refuse the enactment now, votes apart.
Json assessment_view(const Proposal& proposal, const Now& now) {
    Json out{{"before", nullptr}, {"after", nullptr}, {"supporters", nullptr}, {"problem", nullptr}};
    const std::optional<LivenessView> liveness = now.liveness();
    if (!liveness || now.terms.epoch != now.of_members.epoch) {
        return out;
    }
    const Result<EpochTerms> after = changed(now.terms, proposal.change, now.state);
    if (!after) {
        out["problem"] = after.error().to_string();
        return out;
    }
    const Assessment found = assess(*liveness, now.terms, *after);
    out["before"] = strength_view(found.before);
    out["after"] = strength_view(found.after);
    out["supporters"] = found.supporters;
    if (!found.after.holds() && !proposal.override_liveness) {
        out["problem"] = Error{Errc::loses_live_quorum, "live"}.to_string();
    }
    return out;
}

Result<Json> get_proposal(const node::Service& service, const Digest& id) {
    const Now now{service};
    const std::optional<Proposal> proposal = find_proposal(now.state, id);
    if (!proposal) {
        return fail(Errc::proposal_unknown, "proposal");
    }
    Json out = proposal_view(id, *proposal, now);
    if (out["status"] == "open") {
        out["assessment"] = assessment_view(*proposal, now);
    }
    return out;
}

Result<Json> list_proposals(const node::Service& service, const Page& asked) {
    const Now now{service};
    return newest_first(asked, proposal_count(now.state), [&](std::uint64_t number) {
        const Digest id = find_proposal_id(now.state, number).value();
        return proposal_view(id, find_proposal(now.state, id).value(), now);
    });
}

Method list_method(node::Service& service) {
    return {.name = "gov.list",
            .summary_en = "Proposals to change the network, newest first, in pages, with their votes",
            .summary_zh = "网络变更提案及表决情况，由新到旧分页列出",
            .parameters = page_parameters(),
            .result_name = "page",
            .result_schema = page_schema(proposal_schema()),
            .errors = {},
            .handler = answering(read_page, [&service](const Page& asked) { return list_proposals(service, asked); })};
}

Method get_method(node::Service& service) {
    return {.name = "gov.get",
            .summary_en = "One proposal: its change, its votes, and how many validators may crash before and after",
            .summary_zh = "单个提案：变更内容、表决情况，以及变更前后可容忍的故障数",
            .parameters = {{"proposal", "Its id", true, schema::digest("Transaction id of the gov.propose")}},
            .result_name = "proposal",
            .result_schema = proposal_schema(),
            .errors = {Errc::proposal_unknown},
            .handler = answering([](Params& params) { return params.digest("proposal"); },
                                 [&service](const Digest& id) { return get_proposal(service, id); })};
}

// --- chain.misbehaviour --------------------------------------------------------------------------------------------

std::string_view kind_name(ledger::VoteKind kind) {
    switch (kind) {
        case ledger::VoteKind::notarize:
            return "notarize";
        case ledger::VoteKind::nullify:
            return "nullify";
        case ledger::VoteKind::finalize:
            return "finalize";
    }
    return "unknown";
}

Json misbehaviour_view(std::uint64_t number, const MisbehaviourRecord& record) {
    Json out{{"number", number},
             {"proof", to_hex(record.proof)},
             {"reported_by", record.organisation + "/" + record.member},
             {"transaction", to_hex(record.transaction)},
             {"height", record.height.raw()},
             {"time", to_rfc3339(record.time)},
             {"statements", Json::array()}};
    // What stands in the state was decoded and verified when it was recorded.
    const Result<ledger::Misbehaviour> proof = ledger::decode_misbehaviour(record.proof);
    if (!proof) {
        return out;
    }
    out["organisation"] = proof->validator.organisation;
    out["key"] = to_hex(proof->validator.key.bytes());
    out["epoch"] = proof->epoch.raw();
    out["view"] = proof->view.raw();
    for (const auto& statement : proof->statements) {
        out["statements"].push_back({{"kind", kind_name(statement.kind)}, {"block", to_hex(statement.block)}});
    }
    return out;
}

Method misbehaviour_method(node::Service& service) {
    const Json item = schema::object({{"number", schema::uint("From 1")},
                                      {"organisation?", schema::text("That runs the validator")},
                                      {"key?", schema::hex("Its identity key")},
                                      {"epoch?", schema::uint("")},
                                      {"view?", schema::uint("")},
                                      {"statements", schema::list(schema::any("kind, block; the two contradict"))},
                                      {"proof", schema::hex("The portable proof")},
                                      {"reported_by", schema::text("organisation/member")},
                                      {"transaction", schema::digest("")},
                                      {"height", schema::uint("")},
                                      {"time", schema::instant("")}});
    return {.name = "chain.misbehaviour",
            .summary_en = "Validators that contradicted themselves, with portable proofs, newest first, in pages",
            .summary_zh = "验证节点违规记录及可携带的证明，由新到旧分页列出",
            .parameters = page_parameters(),
            .result_name = "page",
            .result_schema = page_schema(item),
            .errors = {},
            .handler = answering(read_page, [&service](const Page& asked) -> Result<Json> {
                const Now now{service};
                return newest_first(asked, misbehaviour_count(now.state), [&](std::uint64_t number) {
                    return misbehaviour_view(number, find_misbehaviour(now.state, number).value());
                });
            })};
}

}  // namespace

std::vector<Method> governance_methods(const Context& context) {
    return {validators_method(context.service), list_method(context.service), get_method(context.service),
            misbehaviour_method(context.service)};
}

}  // namespace probatum::rpc
