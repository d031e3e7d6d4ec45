#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "base/hash.h"
#include "base/text_encoding.h"
#include "contracts/actions.h"
#include "contracts/epoch_terms.h"
#include "contracts/execution.h"
#include "contracts/genesis.h"
#include "contracts/view.h"

/// A small consortium in memory: five organisations, their members with keys, and a chain that executes one transaction
/// at a time. Everything is derived from names, so that two runs give the same bytes.
namespace probatum::test {

/// A secret key that follows from a name.
inline SecretKey key_of(std::string_view name) {
    return *SecretKey::from_bytes(sha256(as_bytes(std::string{"key of "} + std::string{name})).view());
}

inline contracts::Member member(std::string organisation, std::string id, std::vector<contracts::Role> roles) {
    const std::string whole = organisation + "/" + id;
    return {.organisation = std::move(organisation),
            .id = std::move(id),
            .name = "Name of " + whole,
            .key = key_of(whole).public_key(),
            .roles = std::move(roles)};
}

inline contracts::Genesis sample_genesis() {
    using contracts::Role;
    contracts::Genesis genesis;
    genesis.chain_name = "test";
    genesis.time = UnixMs{1'795'000'000'000};  // 2026-11-18
    genesis.organisations = {{"bank-a", "甲银行", "91310000MA1FL0000N"},
                             {"supplier-b", "乙公司", "91310000MA1FL0001R"},
                             {"guarantor-c", "丙担保", ""},
                             {"bank-d", "丁银行", ""},
                             {"court-e", "戊法院", ""}};
    genesis.members = {
        member("bank-a", "maker-1", {Role::lender_maker}),
        member("bank-a", "maker-2", {Role::lender_maker}),
        member("bank-a", "checker-1", {Role::lender_checker}),
        member("bank-a", "both-1", {Role::lender_maker, Role::lender_checker}),
        member("bank-a", "operator-1", {Role::platform_administrator, Role::validator_operator}),
        member("bank-a", "governor-1", {Role::consortium_governor}),
        member("supplier-b", "treasurer-1", {Role::borrower}),
        member("supplier-b", "core-1", {Role::core_enterprise}),
        member("guarantor-c", "guarantor-1", {Role::guarantor}),
        member("bank-d", "settler-1", {Role::settlement_bank}),
        member("bank-d", "lender-1", {Role::lender_maker}),
        member("bank-d", "custodian-1", {Role::custodian}),
        member("court-e", "officer-1", {Role::judicial_officer}),
        member("court-e", "auditor-1", {Role::regulator}),
    };
    for (const char* const organisation : {"bank-a", "supplier-b", "guarantor-c", "bank-d"}) {
        genesis.validators.push_back({organisation, key_of(std::string{"validator "} + organisation).public_key()});
    }
    genesis.recovery_authorities = {key_of("recovery 1").public_key(), key_of("recovery 2").public_key()};
    genesis.recovery_threshold = 2;
    return genesis;
}

class MapState final : public ledger::StateView {
public:
    std::optional<Bytes> get(const Digest& key) const override {
        const auto found = values.find(key);
        return found == values.end() ? std::nullopt : std::optional{found->second};
    }
    void apply(const ledger::StateOverlay::Writes& writes) {
        for (const auto& [key, value] : writes) {
            if (value) {
                values[key] = *value;
            } else {
                values.erase(key);
            }
        }
    }
    std::map<Digest, Bytes> values;
};

/// One transaction per block, one block per second, unless told otherwise.
class World {
public:
    explicit World(const contracts::Genesis& first = sample_genesis())
        : genesis{first},
          chain_id{contracts::chain_id_of(contracts::encode(genesis))},
          time{UnixMs{genesis.time.raw() + 1000}} {
        state.apply(contracts::genesis_state(genesis));
    }

    contracts::BlockContext context() const {
        const contracts::EpochTerms terms = contracts::terms_of_child(state, genesis);
        return {.chain_id = chain_id,
                .epoch = terms.epoch,
                .height = height,
                .time = time,
                .rules_version = terms.rules_version};
    }

    /// What the block writes before its transactions. Its certificate is signed by every validator of the parent's set
    /// whose key is not in `down`, and the first of them proposes.
    void begin_block() {
        const contracts::BlockContext here = context();
        const contracts::EpochTerms parent = contracts::current_terms(state, genesis);
        const contracts::EpochTerms own = contracts::terms_of_child(state, genesis);
        ledger::Certificate certificate;
        for (const ledger::ValidatorIndex index : up(parent.validators)) {
            certificate.signers.push_back({index, {}});
        }
        const auto proposers = up(own.validators);
        state.apply(contracts::begin_block({.context = here,
                                            .parent = block_id(Height{height.raw() - 1}),
                                            .proposer = proposers.empty() ? 0 : proposers.front(),
                                            .parent_certificate = height.raw() == 1 ? nullptr : &certificate},
                                           state));
    }
    /// A made-up name for each block.
    Digest block_id(Height of) const {
        return of.raw() == 0 ? chain_id : sha256(as_bytes("block " + std::to_string(of.raw())));
    }
    std::vector<ledger::ValidatorIndex> up(const ledger::ValidatorSet& set) const {
        std::vector<ledger::ValidatorIndex> out;
        for (ledger::ValidatorIndex index = 0; index < set.size(); ++index) {
            if (!down.contains(set.at(index).key)) {
                out.push_back(index);
            }
        }
        return out;
    }

    /// "bank-a/maker-1" signs an action under a fresh idempotency key and fresh salts.
    Result<contracts::Draft> draft(std::string_view who, const contracts::Action& action) {
        return draft(who, action, fresh<16>("idempotency"));
    }
    Result<contracts::Draft> draft(std::string_view who, const contracts::Action& action, ledger::IdempotencyKey key) {
        const contracts::SignerContext signer{.chain_id = chain_id,
                                              .organisation = std::string{who.substr(0, who.find('/'))},
                                              .key = key_of(who).public_key().id(),
                                              .idempotency_key = key,
                                              .valid_until = UnixMs{time.raw() + 60'000}};
        return contracts::build_transaction(action, signer, [this] { return fresh<16>("salt"); });
    }
    ledger::TransactionPtr sign(std::string_view who, const contracts::Action& action) {
        return *ledger::Transaction::decode(draft(who, action).value().sign(key_of(who)));
    }
    ledger::TransactionPtr sign(std::string_view who, const contracts::Action& action, ledger::IdempotencyKey key) {
        return *ledger::Transaction::decode(draft(who, action, key).value().sign(key_of(who)));
    }

    Result<void> admit(const ledger::Transaction& transaction) const {
        return contracts::admit(transaction, context(), state);
    }

    /// Admits, executes, takes over the writes and moves on by one block.
    contracts::Execution run(const ledger::TransactionPtr& transaction) {
        begin_block();
        contracts::Execution out = run_in_block(transaction);
        next_block();
        return out;
    }
    void next_block() {
        height = height.next();
        time = UnixMs{time.raw() + 1000};
    }
    /// One more transaction of a block that begin_block has opened.
    contracts::Execution run_in_block(const ledger::TransactionPtr& transaction) {
        const Result<void> admitted = admit(*transaction);
        EXPECT_TRUE(admitted.has_value()) << (admitted ? "" : admitted.error().to_string());
        contracts::Execution out = contracts::execute(*transaction, context(), 0, state);
        state.apply(out.writes);
        transactions.push_back(transaction);
        times.push_back(time);
        for (const contracts::SubjectEvent& event : out.events) {
            events.push_back(event);
        }
        return out;
    }
    contracts::Execution run(std::string_view who, const contracts::Action& action) { return run(sign(who, action)); }

    template <std::size_t N>
    ByteArray<N> fresh(std::string_view purpose) {
        const Digest digest = sha256(as_bytes(std::string{purpose} + std::to_string(counter++)));
        ByteArray<N> out;
        std::copy_n(digest.bytes.begin(), N, out.begin());
        return out;
    }

    contracts::Genesis genesis;
    Digest chain_id;
    Height height{1};
    UnixMs time;
    MapState state;
    std::vector<ledger::TransactionPtr> transactions;
    std::vector<contracts::SubjectEvent> events;
    std::vector<UnixMs> times;  ///< Of the blocks, one per transaction.
    std::set<PublicKey> down;   ///< Validators that vote no more.
    std::uint64_t counter{0};   ///< Of fresh bytes: worlds that share a state begin at different numbers.
};

inline contracts::DepositBody sample_deposit(std::string_view document = "a document") {
    return {.digests = contracts::digests_of(as_bytes(document)),
            .size_bytes = document.size(),
            .media_type = "application/pdf",
            .title = "回单 2026-11",
            .provenance = contracts::Provenance{.system = "erp",
                                                .system_version = "4.2",
                                                .operator_name = "treasurer-1",
                                                .method = contracts::CaptureMethod::upload,
                                                .captured_at = UnixMs{1'795'000'000'123},
                                                .original_digests = contracts::digests_of(as_bytes("the original")),
                                                .original_size = 12,
                                                .references = {{"bank-receipt", "R-1"}},
                                                .witnesses = {key_of("witness").public_key().id()}}};
}

inline Currency cny() { return *Currency::from_code("CNY"); }
inline CivilDate day(std::string_view iso) { return CivilDate::parse(iso).value(); }

/// 1,000.00 CNY in two rows of 500.00, interest 30.00 and 20.00; the chain starts on 2026-11-18.
inline contracts::RegisterBody sample_loan() {
    using contracts::Capacity;
    return {
        .number = "HT-2026-0001",
        .parties = {{"bank-a", Capacity::lender},
                    {"supplier-b", Capacity::borrower},
                    {"guarantor-c", Capacity::guarantor},
                    {"bank-d", Capacity::settlement_bank}},
        .terms = contracts::LoanTerms{.currency = cny(),
                                      .principal_minor = 100'000,
                                      .contract_date = day("2026-11-10"),
                                      .rows = {{day("2026-12-10"), 50'000, 3'000}, {day("2027-01-10"), 50'000, 2'000}}},
        .documents = {{contracts::digests_of(as_bytes("the contract")), "借款合同", "application/pdf"},
                      {contracts::digests_of(as_bytes("the annex")), "附件", "application/pdf"}}};
}

/// The movements of one contract, kept by whoever applies its events again.
struct MapPostings : contracts::Postings {
    std::optional<contracts::Posting> find(std::uint64_t sequence) const override {
        const auto found = all.find(sequence);
        return found == all.end() ? std::nullopt : std::optional{found->second};
    }
    std::map<std::uint64_t, contracts::Posting> all;
};

/// A world with one loan, taken as far as a test asks.
class LoanWorld : public World {
public:
    explicit LoanWorld(contracts::RegisterBody loan_body = sample_loan(),
                       const contracts::Genesis& first = sample_genesis())
        : World{first},
          loan{std::move(loan_body)},
          id{contracts::contract_id({.chain_id = chain_id, .organisation = "bank-a", .number = loan.number})} {}

    contracts::Action on(contracts::ActionBody body) const { return {.contract = id, .body = std::move(body)}; }
    contracts::Execution act(std::string_view who, contracts::ActionBody body) { return run(who, on(std::move(body))); }

    contracts::SignBody signature() const {
        contracts::SignBody out;
        for (const contracts::Document& document : loan.documents) {
            out.documents.push_back(document.digests);
        }
        return out;
    }
    static contracts::ApproveBody approval(contracts::ApprovalCapacity capacity) { return {.capacity = capacity}; }

    void registered() { accepted(run("bank-a/maker-1", {.body = loan})); }
    void signed_by_all() {
        registered();
        accepted(act("bank-a/maker-1", signature()));
        accepted(act("supplier-b/treasurer-1", signature()));
        accepted(act("guarantor-c/guarantor-1", signature()));
    }
    void approved() {
        signed_by_all();
        accepted(act("bank-a/maker-1", approval(contracts::ApprovalCapacity::maker)));
        accepted(act("bank-a/checker-1", approval(contracts::ApprovalCapacity::checker)));
    }
    void active() {
        approved();
        accepted(act("bank-a/checker-1", contracts::ActivateBody{}));
    }
    /// Drawn in full with value date 2026-11-18.
    void disbursed() {
        active();
        accepted(act("bank-a/maker-1", payment<contracts::DisburseBody>(100'000)));
    }
    void settled() {
        disbursed();
        accepted(act("supplier-b/treasurer-1", payment<contracts::RepayBody>(105'000)));
        accepted(act("bank-a/checker-1", contracts::SettleBody{}));
    }

    /// Of today, at the settlement bank, under a fresh reference.
    template <class Body>
    Body payment(MinorAmount amount_minor, std::string_view value_date = {}) {
        const CivilDate today = date_at(time, loan.loan().utc_offset_minutes);
        return Body{{.amount_minor = amount_minor,
                     .currency = loan.loan().currency,
                     .value_date = value_date.empty() ? today : day(value_date),
                     .bank = "bank-d",
                     .bank_reference = "REF-" + std::to_string(references_++)}};
    }

    contracts::StoredContract stored() const { return contracts::find_contract(state, id).value(); }
    contracts::ContractState loan_state() const { return stored().contract.state; }
    contracts::LoanSummary summary() const {
        return contracts::summarise(stored().contract, date_at(time, loan.loan().utc_offset_minutes));
    }
    void sleep_until(std::string_view date) {
        time = UnixMs{static_cast<std::uint64_t>(day(date).days()) * 86'400'000ULL};
    }

    contracts::RegisterBody loan;
    Digest id;

private:
    static void accepted(const contracts::Execution& done) {
        ASSERT_TRUE(done.outcome.accepted()) << done.outcome.code << " " << done.outcome.field;
    }
    std::uint64_t references_{1};
};

/// The number of the registry under which a transaction was refused; 0 accepted.
inline std::uint16_t number(Errc code) { return static_cast<std::uint16_t>(code); }

}  // namespace probatum::test
