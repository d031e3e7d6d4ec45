#pragma once

#include "contracts/readiness.h"
#include "contracts_world.h"

/// A consortium that governs itself: four organisations with a validator, a governor and an operator each; a fifth with
/// an operator and no vote.
namespace probatum::test {

inline PublicKey validator_key(std::string_view organisation) {
    return key_of("validator " + std::string{organisation}).public_key();
}

inline contracts::Genesis governed_genesis() {
    using contracts::Role;
    contracts::Genesis genesis;
    genesis.chain_name = "governed";
    genesis.time = UnixMs{1'795'000'000'000};
    contracts::GovernanceTerms governance{.threshold = 3, .lifetime_ms = 3'600'000, .live_window = 8, .electors = {}};
    for (const char* const name : {"org-a", "org-b", "org-c", "org-d", "org-e"}) {
        genesis.organisations.push_back({name, name, ""});
        genesis.members.push_back(member(name, "operator-1", {Role::validator_operator}));
        if (std::string_view{name} != "org-e") {
            genesis.members.push_back(member(name, "governor-1", {Role::consortium_governor}));
            genesis.members.push_back(member(name, "governor-2", {Role::consortium_governor}));
            genesis.validators.push_back({name, validator_key(name)});
            governance.electors.emplace_back(name);
        }
    }
    genesis.members.push_back(member("org-a", "maker-1", {Role::lender_maker}));
    genesis.governance = governance;
    return genesis;
}

/// Governance over any world that has these governors.
template <class Base>
class Governed : public Base {
public:
    using Base::Base;

    std::uint16_t propose(std::string_view organisation, contracts::Change change, bool override_liveness = false) {
        const auto transaction = this->sign(
            governor(organisation),
            {.body = contracts::ProposeBody{.change = std::move(change), .override_liveness = override_liveness}});
        last_proposal = transaction->id();
        return this->run(transaction).outcome.code;
    }
    contracts::Execution vote(std::string_view organisation, const Digest& proposal,
                              contracts::Choice choice = contracts::Choice::accept) {
        return this->run(governor(organisation), {.body = contracts::VoteBody{proposal, choice}});
    }
    contracts::Execution enact(std::string_view organisation, const Digest& proposal) {
        return this->run(governor(organisation), {.body = contracts::EnactBody{proposal}});
    }
    /// Proposed by org-a and accepted by org-b and org-c; the outcome of the enactment.
    contracts::Execution decide(contracts::Change change, bool override_liveness = false) {
        EXPECT_EQ(propose("org-a", std::move(change), override_liveness), 0);
        EXPECT_TRUE(vote("org-b", last_proposal).outcome.accepted());
        EXPECT_TRUE(vote("org-c", last_proposal).outcome.accepted());
        return enact("org-a", last_proposal);
    }
    /// The same as a number; a proposal that is refused answers for the enactment.
    std::uint16_t decided(contracts::Change change) {
        if (const std::uint16_t proposed = propose("org-a", std::move(change)); proposed != 0) {
            return proposed;
        }
        vote("org-b", last_proposal);
        vote("org-c", last_proposal);
        return enact("org-a", last_proposal).outcome.code;
    }
    /// Blocks without transactions.
    void idle(std::size_t blocks) {
        for (std::size_t i = 0; i < blocks; ++i) {
            this->begin_block();
            this->next_block();
        }
    }
    contracts::ReadyBody readiness(std::string_view organisation, std::string_view key_name,
                                   std::uint64_t rules_version = 1) const {
        const SecretKey key = key_of(key_name);
        return {key.public_key(),
                contracts::make_readiness(key, {this->chain_id, std::string{organisation}},
                                          {contracts::find_marks(this->state).back(), rules_version})};
    }
    contracts::Execution ready(std::string_view organisation, std::string_view key_name,
                               std::uint64_t rules_version = 1) {
        if (this->height.raw() == 1) {
            idle(1);  // The first block notes the first mark.
        }
        return this->run(std::string{organisation} + "/operator-1",
                         {.body = readiness(organisation, key_name, rules_version)});
    }
    contracts::Proposal proposal(const Digest& which) const {
        return contracts::find_proposal(this->state, which).value();
    }
    contracts::EpochTerms terms() const { return contracts::current_terms(this->state, this->genesis); }

    Digest last_proposal;

private:
    static std::string governor(std::string_view organisation) { return std::string{organisation} + "/governor-1"; }
};

class GovernedWorld : public Governed<World> {
public:
    explicit GovernedWorld(const contracts::Genesis& first = governed_genesis()) : Governed<World>{first} {}
};

/// The sample loan's parties beside the four electors; court-e has no vote.
class GovernedLoan : public Governed<LoanWorld> {
public:
    GovernedLoan() : Governed<LoanWorld>{sample_loan(), genesis_of_both()} {}

private:
    static contracts::Genesis genesis_of_both() {
        contracts::Genesis out = governed_genesis();
        const contracts::Genesis parties = sample_genesis();
        std::erase_if(out.organisations, [](const auto& organisation) { return organisation.id == "org-e"; });
        std::erase_if(out.members, [](const auto& member) { return member.organisation == "org-e"; });
        out.organisations.insert(out.organisations.end(), parties.organisations.begin(), parties.organisations.end());
        out.members.insert(out.members.end(), parties.members.begin(), parties.members.end());
        return out;
    }
};

}  // namespace probatum::test
