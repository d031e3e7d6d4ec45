#include "contracts/governance.h"

#include <algorithm>

#include "base/check.h"
#include "contracts/genesis_codec.h"
#include "contracts/governance_codec.h"
#include "contracts/registry_rules.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {
namespace {

tl::unexpected<Error> unfit(std::string field, std::string why) {
    return fail(Errc::change_invalid, std::move(field), std::move(why));
}

/// Works out the terms after one change.
struct Changing {
    const EpochTerms& now;
    const ledger::StateView& state;
    EpochTerms out;

    Result<void> fresh_key(const PublicKey& key, std::string field) const {
        if (now.validators.index_of(key.id())) {
            return fail(Errc::key_in_use, std::move(field));
        }
        if (state.get(state_keys::retired_key(key.id()))) {
            return fail(Errc::key_retired, std::move(field));
        }
        return {};
    }
    Result<void> take(std::vector<ledger::Validator> validators) {
        Result<ledger::ValidatorSet> set = ledger::ValidatorSet::make(std::move(validators));
        if (!set) {
            return unfit(set.error().field, "between one and 100 validators");
        }
        out.validators = *std::move(set);
        return {};
    }
    Result<std::size_t> member(const PublicKey& key) const {
        const auto index = now.validators.index_of(key.id());
        if (!index) {
            return fail(Errc::validator_unknown, "key");
        }
        return *index;
    }

    Result<void> operator()(const AddValidator& change) {
        const std::string& organisation = change.validator.organisation;
        if (!state.get(state_keys::organisation(organisation)) ||
            organisation_status(state, organisation) == OrganisationStatus::left) {
            return unfit("organisation", "no organisation has this id");
        }
        PROBATUM_TRY(fresh_key(change.validator.key, "key"));
        std::vector<ledger::Validator> validators = now.validators.all();
        validators.push_back(change.validator);
        return take(std::move(validators));
    }
    Result<void> operator()(const RemoveValidator& change) {
        PROBATUM_LET(index, member(change.key));
        std::vector<ledger::Validator> validators = now.validators.all();
        validators.erase(validators.begin() + static_cast<std::ptrdiff_t>(index));
        return take(std::move(validators));
    }
    Result<void> operator()(const RotateKey& change) {
        PROBATUM_LET(index, member(change.from));
        PROBATUM_TRY(fresh_key(change.to, "new_key"));
        std::vector<ledger::Validator> validators = now.validators.all();
        validators[index].key = change.to;
        return take(std::move(validators));
    }
    Result<void> operator()(const ChangeParameters& change) {
        if (change.parameters == now.parameters) {
            return unfit("parameters", "these are in force");
        }
        if (const Result<void> fit = codec::check_parameters(change.parameters); !fit) {
            return unfit(fit.error().field, fit.error().detail);
        }
        // A change that shut out the transactions that could take it back would be the last one.
        const Parameters& p = change.parameters;
        if (p.max_transaction_bytes < kLeastTransactionBytes || p.max_block_bytes < p.max_transaction_bytes) {
            return unfit("parameters.max_transaction_bytes", "governance itself would not fit");
        }
        if (p.max_transaction_work < kLeastTransactionWork) {
            return unfit("parameters.max_transaction_work", "governance itself would not fit");
        }
        for (const std::uint32_t time_ms : {p.view_timeout_max_ms, p.retry_interval_ms, p.idle_empty_block_ms}) {
            if (time_ms > kLongestTimeMs) {
                return unfit("parameters.view_timeout_max_ms", "nobody would wait so long for the next change");
            }
        }
        out.parameters = p;
        return {};
    }
    Result<void> operator()(const ChangeRules& change) {
        if (change.version != now.rules_version + 1) {
            return unfit("rules_version", "versions follow one another");
        }
        out.rules_version = change.version;
        return {};
    }
    Result<void> operator()(const ChangeElectorate& change) {
        if (change.terms == *now.governance) {
            return unfit("electorate", "these are in force");
        }
        if (const Result<void> fit = codec::check_governance(change.terms); !fit) {
            return unfit(fit.error().field, fit.error().detail);
        }
        for (const std::string& elector : change.terms.electors) {
            const std::optional<Standing> standing = find_standing(state, elector);
            if (!standing || standing->status == OrganisationStatus::left || standing->governors == 0) {
                return unfit("governance.electors", "each has a member with role consortium-governor");
            }
        }
        out.governance = change.terms;
        return {};
    }
    Result<void> operator()(const RegistryChange& change) {
        PROBATUM_TRY(registry_writes({state, now.first, {}}, change));
        return {};
    }

    static constexpr std::uint32_t kLongestTimeMs = 10 * 60 * 1000;
    static constexpr std::uint32_t kLeastTransactionBytes = 16 * 1024;
    static constexpr std::uint64_t kLeastTransactionWork = 2'000;
};

}  // namespace

std::size_t Proposal::accepted_by(const GovernanceTerms& terms) const {
    return static_cast<std::size_t>(std::ranges::count_if(votes, [&](const ProposalVote& vote) {
        return vote.choice == Choice::accept && std::ranges::binary_search(terms.electors, vote.organisation);
    }));
}

std::optional<GovernanceTerms> find_governance(const ledger::StateView& state) {
    const std::optional<Bytes> value = state.get(state_keys::governance());
    if (!value) {
        return std::nullopt;
    }
    cbor::Reader in{*value};
    GovernanceTerms terms = codec::read_governance(in);
    PROBATUM_CHECK(in.finish().has_value(), "the state holds only what we wrote");
    return terms;
}

std::optional<Proposal> find_proposal(const ledger::StateView& state, const Digest& id) {
    const std::optional<Bytes> value = state.get(state_keys::proposal(id));
    if (!value) {
        return std::nullopt;
    }
    Result<Proposal> proposal = decode_proposal(*value);
    PROBATUM_CHECK(proposal.has_value(), "the state holds only what we wrote");
    return *std::move(proposal);
}

std::uint64_t proposal_count(const ledger::StateView& state) {
    const std::optional<Bytes> value = state.get(state_keys::proposal_count());
    if (!value) {
        return 0;
    }
    cbor::Reader in{*value};
    return in.uint();
}

std::optional<Digest> find_proposal_id(const ledger::StateView& state, std::uint64_t number) {
    const std::optional<Bytes> value = state.get(state_keys::proposal_number(number));
    if (!value) {
        return std::nullopt;
    }
    cbor::Reader in{*value};
    return in.digest();
}

Result<EpochTerms> changed(const EpochTerms& now, const Change& change, const ledger::StateView& state) {
    Changing changing{now, state, now};
    PROBATUM_TRY(std::visit(changing, change));
    return std::move(changing.out);
}

Assessment assess(const LivenessView& view, const EpochTerms& now, const EpochTerms& after) {
    return {view.strength_of(now.validators), view.strength_of(after.validators),
            view.supporters(after.validators, after.rules_version)};
}

}  // namespace probatum::contracts
