#include "contracts/financing_rules.h"

#include <algorithm>

#include "contracts/financing.h"
#include "contracts/permissions.h"
#include "contracts/standing.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {
namespace {

using Writes = ledger::StateOverlay::Writes;

const std::string& signer(const Execute& task) { return task.resolved.organisation; }

bool has_left(const Execute& task, const std::string& organisation) {
    return organisation_status(task.state, organisation) == OrganisationStatus::left;
}

bool registered(const Execute& task, const std::string& organisation) {
    return task.state.get(state_keys::organisation(organisation)).has_value() && !has_left(task, organisation);
}

/// Whether another proposal may take the place of this one. Nobody's silence holds up the others for good.
bool gives_way(const Execute& task, const LendersKey& proposed) {
    return proposed.proposer == signer(task) || has_left(task, proposed.proposer) ||
           task.context.time.raw() - proposed.named.raw() > kKeyPatienceMs;
}

void put(Writes& out, const PublicKey& tag, const Financings& found) {
    // A tag under which nothing stands leaves no trace in the state: its absence is the proof that it is free.
    out[state_keys::financing(tag)] = found.standing.empty() ? std::nullopt : std::optional{encode(found)};
}

void put(Writes& out, LendersKeys keys) {
    if (keys.retiring && keys.retiring->items == 0) {
        keys.retiring.reset();
    }
    out[state_keys::financing_keys()] = encode(keys);
}

Result<void> check_next_key(const Execute& task, const LendersKeys& keys, const ProposeKeyBody& body) {
    if (keys.retiring) {
        return fail(Errc::wrong_state, "key", "the key before is still in force: carry its tags over first");
    }
    if (keys.proposed && !gives_way(task, *keys.proposed)) {
        return fail(Errc::offer_pending, "key");
    }
    if (keys.current && !keys.current->holds(signer(task))) {
        return fail(Errc::wrong_counterparty, "issuer");
    }
    for (const std::string& lender : body.lenders) {
        if (!registered(task, lender)) {
            return fail(Errc::terms_invalid, "lenders", "an organisation is not registered");
        }
    }
    if (!std::ranges::binary_search(body.lenders, signer(task))) {
        return fail(Errc::terms_invalid, "lenders", "without the one who names the key");
    }
    if (!keys.current) {
        return {};
    }
    if (keys.current->key == body.key) {
        return fail(Errc::terms_invalid, "key", "it is in force");
    }
    // Nobody can shut the others out by naming itself alone; who has left the consortium is none of the others.
    const auto there = std::ranges::count_if(keys.current->lenders,
                                             [&](const std::string& lender) { return !has_left(task, lender); });
    const auto stay = std::ranges::count_if(keys.current->lenders, [&](const std::string& lender) {
        return std::ranges::binary_search(body.lenders, lender);
    });
    if (2 * stay <= there) {
        return fail(Errc::terms_invalid, "lenders", "more than half of those of the key in force stay");
    }
    return {};
}

Result<Writes> propose_key(const Execute& task, const ProposeKeyBody& body) {
    LendersKeys keys = find_lenders_keys(task.state);
    PROBATUM_TRY(check_next_key(task, keys, body));
    keys.proposed = LendersKey{.number = ++keys.count,
                               .key = body.key,
                               .proposer = signer(task),
                               .lenders = body.lenders,
                               .boxes = body.boxes,
                               .named = task.context.time};
    Writes out;
    put(out, std::move(keys));
    return out;
}

Result<Writes> confirm_key(const Execute& task, const ConfirmKeyBody& body) {
    LendersKeys keys = find_lenders_keys(task.state);
    if (!keys.proposed || keys.proposed->key != body.key) {
        return fail(Errc::financing_epochs, "key");
    }
    LendersKey& next = *keys.proposed;
    if (!next.holds(signer(task))) {
        return fail(Errc::wrong_counterparty, "issuer");
    }
    const auto place = std::ranges::lower_bound(next.confirmed, signer(task));
    if (place != next.confirmed.end() && *place == signer(task)) {
        return fail(Errc::already_answered, "key");
    }
    next.confirmed.insert(place, signer(task));
    if (next.confirmed == next.lenders) {
        keys.retiring = std::move(keys.current);
        keys.current = std::move(keys.proposed);
        keys.proposed.reset();
    }
    Writes out;
    put(out, std::move(keys));
    return out;
}

Result<void> require_tags_in_force(const LendersKeys& keys, const std::vector<KeyedTag>& tags) {
    const std::vector<const LendersKey*> in_force = keys.in_force();
    const bool same =
        std::ranges::equal(tags, in_force, {}, &KeyedTag::key, [](const LendersKey* key) { return key->number; });
    if (in_force.empty() || !same) {
        return fail(Errc::financing_epochs, "tags");
    }
    return {};
}

/// The next rank behind everything that stands; refused where something stands and no rank was taken.
Result<void> check_rank(const Execute& task, const std::vector<Financing>& standing, const OpenFinancingBody& body) {
    std::uint64_t last = 0;
    for (const Financing& financing : standing) {
        if (!body.rank || financing.rank == 0 || financing.lender == signer(task)) {
            return fail(Errc::double_financing, "tags", financing.lender);
        }
        last = std::max(last, financing.rank);
    }
    if (body.rank && *body.rank != last + 1) {
        return fail(Errc::terms_invalid, "rank", "the next rank behind those that stand");
    }
    return standing.size() < kMaxRanks ? Result<void>{} : fail(Errc::too_many_parts, "rank");
}

/// What stands under every tag of the body; refused where the tags are not of one item.
Result<std::vector<Financing>> standing_under(const Execute& task, const LendersKeys& keys,
                                              const OpenFinancingBody& body) {
    PROBATUM_TRY(require_tags_in_force(keys, body.tags));
    const bool two = body.tags.size() > 1;
    const bool same = two && body.same_item &&
                      keyed_tag::verify(*body.same_item, {keys.retiring->key, keys.current->key},
                                        {body.tags.front().tag, body.tags.back().tag})
                          .has_value();
    if (body.same_item.has_value() != two || same != two) {
        return fail(Errc::tag_proof_invalid, "same_item");
    }
    std::vector<Financing> out;
    for (const KeyedTag& tag : body.tags) {
        const Financings found = find_financings(task.state, tag.tag);
        if (!found.standing.empty() && found.key != tag.key) {
            return fail(Errc::financing_epochs, "tags", "it stands under another key");
        }
        out.insert(out.end(), found.standing.begin(), found.standing.end());
    }
    return out;
}

Result<Writes> open_financing(const Execute& task, const OpenFinancingBody& body) {
    LendersKeys keys = find_lenders_keys(task.state);
    PROBATUM_LET(standing, standing_under(task, keys, body));
    if (!keys.current->holds(signer(task))) {
        return fail(Errc::wrong_counterparty, "issuer");
    }
    PROBATUM_TRY(check_rank(task, standing, body));
    const KeyedTag& tag = body.tags.back();
    Financings under = find_financings(task.state, tag.tag);
    keys.current->items += under.standing.empty() ? 1U : 0U;
    under.key = tag.key;
    under.standing.push_back({.rank = body.rank.value_or(0),
                              .lender = signer(task),
                              .member = task.resolved.member,
                              .contract = body.contract,
                              .transaction = task.transaction.id(),
                              .height = task.context.height,
                              .time = task.context.time});
    Writes out;
    put(out, tag.tag, under);
    put(out, std::move(keys));
    return out;
}

/// One tag fewer stands under the key.
Result<void> count_down(LendersKeys& keys, std::uint64_t number) {
    for (std::optional<LendersKey>* const key : {&keys.retiring, &keys.current}) {
        if (*key && (*key)->number == number) {
            if ((*key)->items == 0) {
                return fail(Errc::invariant_violated, "I15", "fewer tags are counted than stand");
            }
            --(*key)->items;
            return {};
        }
    }
    return fail(Errc::financing_epochs, "tag");
}

Result<Writes> release_financing(const Execute& task, const ReleaseFinancingBody& body) {
    Financings found = find_financings(task.state, body.tag);
    const auto own = std::ranges::find(found.standing, signer(task), &Financing::lender);
    if (own == found.standing.end()) {
        return fail(Errc::financing_unknown, "tag");
    }
    found.standing.erase(own);
    Writes out;
    put(out, body.tag, found);
    if (found.standing.empty()) {
        LendersKeys keys = find_lenders_keys(task.state);
        PROBATUM_TRY(count_down(keys, found.key));
        put(out, std::move(keys));
    }
    return out;
}

Result<Writes> retag(const Execute& task, const RetagBody& body) {
    LendersKeys keys = find_lenders_keys(task.state);
    if (!keys.retiring) {
        return fail(Errc::financing_epochs, "from", "no key is retiring");
    }
    if (!keys.current->holds(signer(task))) {
        return fail(Errc::wrong_counterparty, "issuer");
    }
    const Financings found = find_financings(task.state, body.from);
    if (found.standing.empty() || found.key != keys.retiring->number) {
        return fail(Errc::financing_unknown, "from");
    }
    if (!keyed_tag::verify(body.proof, {keys.retiring->key, keys.current->key}, {body.from, body.to})) {
        return fail(Errc::tag_proof_invalid, "proof");
    }
    Financings joined = find_financings(task.state, body.to);
    // While the key before was alone in force, a lender that knew the next one could open any point under it.
    if (!joined.standing.empty() && joined.key != keys.current->number) {
        return fail(Errc::financing_epochs, "to", "it stands under the retiring key: carry that over first");
    }
    if (joined.standing.size() + found.standing.size() > kMaxRanks) {
        return fail(Errc::too_many_parts, "to");
    }
    keys.current->items += joined.standing.empty() ? 1U : 0U;
    PROBATUM_TRY(count_down(keys, found.key));
    joined.key = keys.current->number;
    joined.standing.insert(joined.standing.begin(), found.standing.begin(), found.standing.end());
    std::ranges::stable_sort(joined.standing, {}, &Financing::rank);
    Writes out;
    put(out, body.from, {});
    put(out, body.to, joined);
    put(out, std::move(keys));
    return out;
}

struct Run {
    const Execute& task;
    Result<Writes> operator()(const ProposeKeyBody& body) const { return propose_key(task, body); }
    Result<Writes> operator()(const ConfirmKeyBody& body) const { return confirm_key(task, body); }
    Result<Writes> operator()(const OpenFinancingBody& body) const { return open_financing(task, body); }
    Result<Writes> operator()(const ReleaseFinancingBody& body) const { return release_financing(task, body); }
    Result<Writes> operator()(const RetagBody& body) const { return retag(task, body); }
    template <class Body>
    Result<Writes> operator()(const Body&) const {
        return fail(Errc::malformed, "action", "not about financing");
    }
};

Result<Writes> run(const Execute& task) {
    if (task.resolved.idempotency_key_used) {
        return fail(Errc::idempotency_conflict, "idempotency_key");
    }
    PROBATUM_TRY(permit(task.action.name, nullptr, task.resolved));
    return std::visit(Run{task}, task.action.body);
}

}  // namespace

Execution execute_financing(const Execute& task) {
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
