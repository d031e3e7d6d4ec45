#include "memory_chain.h"

#include <algorithm>

#include "base/check.h"
#include "base/hash.h"
#include "contracts/succession.h"

namespace probatum::test {

namespace {

using contracts::Member;
using contracts::Role;

template <class T>
T must(Result<T> result) {
    PROBATUM_CHECK(result.has_value(), result ? "" : result.error().to_string());
    return *std::move(result);
}

Member make_member(const std::string& organisation, const std::string& id, const std::string& name,
                   std::vector<Role> roles) {
    return Member{organisation, id, name, named_key(organisation + "/" + id).public_key(), std::move(roles)};
}

/// The keys of validators have numbers; the sets choose among them.
SecretKey validator_key(const PublicKey& key) {
    for (std::size_t number = 0; number < 32; ++number) {
        SecretKey candidate = named_key("validator-" + std::to_string(number));
        if (candidate.public_key() == key) {
            return candidate;
        }
    }
    PROBATUM_CHECK(false, "validators of these chains are numbered");
}

/// A quorum; which one makes no difference.
std::vector<ledger::ValidatorIndex> quorum_of(const ledger::ValidatorSet& set, bool without_third) {
    std::vector<ledger::ValidatorIndex> out;
    for (ledger::ValidatorIndex index = 0; out.size() < set.quorum(); ++index) {
        const bool left_out = without_third && index == 2 && set.max_faulty() > 0;
        if (!left_out) {
            out.push_back(index);
        }
    }
    return out;
}

}  // namespace

SecretKey named_key(std::string_view name) {
    Bytes seed = to_bytes(as_bytes("probatum test key "));
    std::ranges::copy(as_bytes(name), std::back_inserter(seed));
    return must(SecretKey::from_bytes(sha256(seed).view()));
}

contracts::Genesis sample_genesis(std::string chain_name) {
    contracts::Genesis out;
    out.chain_name = std::move(chain_name);
    out.time = UnixMs{1'790'000'000'000};
    out.organisations = {
        {"bank-a", "华东示范银行股份有限公司", "91310000MA1FL0001R"},
        {"bank-s", "Settlement Bank S", "91310000MA1FL0002W"},
        {"court-d", "Internet Court D", ""},
        {"guild-e", "Bar Association E", ""},
        {"notary-c", "Notary Office C", ""},
        {"platform-p", "Platform P", ""},
        {"surety-g", "Surety G", ""},
        {"trader-b", "浙江示范贸易有限公司", "91330000MA2GL00031"},
    };
    out.members = {
        make_member("bank-a", "checker-1", "Checker One", {Role::lender_checker}),
        make_member("bank-a", "maker-1", "Maker One", {Role::lender_maker}),
        make_member("bank-a", "maker-2", "Maker Two", {Role::lender_maker}),
        make_member("bank-s", "teller-1", "Teller", {Role::settlement_bank}),
        make_member("notary-c", "officer-1", "Officer", {Role::judicial_officer}),
        make_member("platform-p", "admin-1", "Administrator", {Role::platform_administrator}),
        make_member("surety-g", "agent-1", "Agent", {Role::guarantor}),
        make_member("trader-b", "cfo-1", "Chief Financial Officer", {Role::borrower}),
    };
    const char* const validators[] = {"bank-a", "notary-c", "court-d", "guild-e"};
    for (std::size_t i = 0; i < std::size(validators); ++i) {
        out.validators.push_back({validators[i], named_key("validator-" + std::to_string(i)).public_key()});
    }
    return out;
}

contracts::Genesis governed_sample_genesis(std::string chain_name) {
    contracts::Genesis out = sample_genesis(std::move(chain_name));
    contracts::GovernanceTerms terms{.threshold = 3, .electors = {}};
    for (const ledger::Validator& validator : out.validators) {
        const std::string& organisation = validator.organisation;
        out.members.push_back(make_member(organisation, "governor-1", "Governor", {Role::consortium_governor}));
        out.members.push_back(make_member(organisation, "operator-1", "Operator", {Role::validator_operator}));
        terms.electors.push_back(organisation);
    }
    std::ranges::sort(terms.electors);
    out.governance = std::move(terms);
    return out;
}

MemoryChain::MemoryChain(const contracts::Genesis& genesis)
    : genesis_{genesis},
      genesis_bytes_{contracts::encode(genesis)},
      chain_id_{contracts::chain_id_of(genesis_bytes_)},
      sets_{genesis.validator_set()},
      now_ms_{genesis.time.raw()} {
    must(contracts::decode_genesis(genesis_bytes_));
    commit_writes(contracts::genesis_state(genesis));
}

std::optional<Bytes> MemoryChain::State::get(const Digest& key) const {
    const auto found = values.find(key);
    return found == values.end() ? std::nullopt : std::optional{found->second};
}

Salt MemoryChain::next_salt() {
    const std::string text = "salt " + std::to_string(counter_++);
    const Digest digest = sha256(as_bytes(text));
    Salt out{};
    std::copy_n(digest.bytes.begin(), out.size(), out.begin());
    return out;
}

ledger::TransactionPtr MemoryChain::sign(std::string_view member_name, const contracts::Action& action) {
    return sign_as(member_name.substr(0, member_name.find('/')), member_name, action);
}

ledger::TransactionPtr MemoryChain::sign_as(std::string_view organisation, std::string_view key_name,
                                            const contracts::Action& action) {
    const SecretKey key = named_key(key_name);
    const contracts::SignerContext context{chain_id_, std::string{organisation}, key.public_key().id(), next_salt(),
                                           UnixMs{now_ms_ + 3'600'000}};
    const contracts::Draft draft = must(contracts::build_transaction(action, context, [this] { return next_salt(); }));
    return must(ledger::Transaction::decode(draft.sign(key)));
}

ledger::Certificate MemoryChain::certify(ledger::VoteKind kind, const ledger::Header& header,
                                         const std::vector<ledger::ValidatorIndex>& signers) const {
    ledger::Certificate out;
    out.target = {kind, header.epoch, header.view, ledger::id_of(header)};
    const ledger::ValidatorSet& set = set_of(header.epoch);
    for (const ledger::ValidatorIndex index : signers) {
        out.signers.push_back(
            {index,
             validator_key(set.at(index).key).sign(ledger::vote_signing_digest(out.target, chain_id_, set.at(index)))});
    }
    return out;
}

void MemoryChain::commit_writes(const ledger::StateOverlay::Writes& writes) {
    const std::vector<ledger::StateChange> changes = ledger::changes_of(writes);
    tree_ = tree_.apply(changes);
    for (const auto& [key, value] : writes) {
        if (value) {
            state_.values[key] = *value;
        } else {
            state_.values.erase(key);
        }
    }
}

void MemoryChain::keep(const contracts::Execution& execution) {
    for (const contracts::SubjectEvent& event : execution.events) {
        events_[{event.leaf.subject, event.refused}].push_back(event.leaf);
    }
    for (const contracts::IndexEntry& entry : execution.index) {
        lists_[{static_cast<std::uint8_t>(entry.kind), entry.key}].push_back({cursor_++, entry.subject});
    }
}

std::vector<ledger::Outcome> MemoryChain::add_block(const std::vector<ledger::TransactionPtr>& transactions) {
    now_ms_ += 1000;
    const Height height{head_height() + 1};
    const contracts::EpochTerms terms = contracts::terms_of_child(state_, genesis_);
    // An epoch that a succession passed over has a place here and no blocks.
    while (sets_.size() <= terms.epoch.raw()) {
        sets_.push_back(terms.validators);
    }
    const contracts::BlockContext context{chain_id_, terms.epoch, height, UnixMs{now_ms_}, terms.rules_version};
    const ledger::ValidatorSet& set = terms.validators;
    std::optional<ledger::Certificate> parent_certificate;
    if (!headers_.empty()) {
        const ledger::Header& parent = headers_.back();
        const auto kind = parent.epoch == terms.epoch ? ledger::VoteKind::notarize : ledger::VoteKind::finalize;
        parent_certificate = certify(kind, parent, quorum_of(set_of(parent.epoch), false));
    }
    for (const ledger::TransactionPtr& transaction : transactions) {
        if (const Result<void> admitted = contracts::admit(*transaction, context, state_); !admitted) {
            PROBATUM_CHECK(false, admitted.error().to_string());
        }
    }
    const auto proposer = static_cast<ledger::ValidatorIndex>(height.raw() % set.size());
    commit_writes(contracts::begin_block({.context = context,
                                          .parent = headers_.empty() ? chain_id_ : ledger::id_of(headers_.back()),
                                          .proposer = proposer,
                                          .parent_certificate = parent_certificate ? &*parent_certificate : nullptr},
                                         state_));
    std::vector<ledger::Outcome> outcomes;
    for (std::uint32_t index = 0; index < transactions.size(); ++index) {
        const ledger::Transaction& transaction = *transactions[index];
        const contracts::Execution execution = contracts::execute(transaction, context, index, state_);
        const ledger::Entry entry{transaction.id(), execution.outcome,
                                  ledger::change_digest(ledger::changes_of(execution.writes))};
        commit_writes(execution.writes);
        keep(execution);
        locations_[transaction.id()] = {height, index, entries_.size()};
        transactions_[transaction.id()] = transactions[index];
        entries_.push_back(entry);
        entry_hashes_.push_back(ledger::log::leaf_hash(ledger::encode(entry)));
        last_transaction_ = transaction.id();
        outcomes.push_back(execution.outcome);
    }
    ledger::Header header;
    header.chain_id = chain_id_;
    header.epoch = terms.epoch;
    header.height = height;
    header.view = View{height.raw()};
    header.proposer = proposer;
    header.parent = headers_.empty() ? chain_id_ : ledger::id_of(headers_.back());
    header.time = UnixMs{now_ms_};
    header.log_size = entries_.size();
    header.log_root = ledger::log::root_of(entry_hashes_);
    header.state_root = tree_.root();
    header.validators = set.digest();
    header.next_validators = contracts::next_validator_set(state_).value_or(set).digest();
    header.rules_version = terms.rules_version;
    headers_.push_back(ledger::make_block(header, parent_certificate, transactions)->header);
    return outcomes;
}

void MemoryChain::enact(const contracts::Change& change) {
    const ledger::TransactionPtr proposal = sign("bank-a/governor-1", {.body = contracts::ProposeBody{change}});
    std::vector<ledger::Outcome> outcomes = add_block({proposal});
    for (const char* const voter : {"court-d/governor-1", "guild-e/governor-1"}) {
        outcomes.push_back(record(voter, {.body = contracts::VoteBody{proposal->id(), contracts::Choice::accept}}));
    }
    outcomes.push_back(record("bank-a/governor-1", {.body = contracts::EnactBody{proposal->id()}}));
    for (const ledger::Outcome& outcome : outcomes) {
        PROBATUM_CHECK(outcome.accepted(), outcome.field);
    }
}

void MemoryChain::succeed(const std::vector<Bytes>& statements) {
    commit_writes(must(contracts::succeed(statements, headers_.back(), genesis_, state_)));
}

ledger::Outcome MemoryChain::record(std::string_view member, const contracts::Action& action) {
    return add_block({sign(member, action)}).front();
}

Result<ledger::Header> MemoryChain::header(Height height) const {
    if (height.raw() < 1 || height.raw() > headers_.size()) {
        return fail(Errc::not_found, "height");
    }
    return headers_[height.raw() - 1];
}

Result<ledger::FinalityProof> MemoryChain::finality(Height height) const {
    PROBATUM_TRY(header(height));
    std::uint64_t final_height = height.raw();
    while (descent_.contains(final_height)) {
        ++final_height;
    }
    PROBATUM_LET(final_header, header(Height{final_height}));
    ledger::FinalityProof out{
        certify(ledger::VoteKind::finalize, final_header, quorum_of(set_of(final_header.epoch), true)), {}};
    for (std::uint64_t at = final_height; at > height.raw(); --at) {
        out.path.push_back(headers_[at - 1]);
    }
    return out;
}

Result<MemoryChain::Location> MemoryChain::locate(const Digest& transaction) const {
    const auto found = locations_.find(transaction);
    if (found == locations_.end()) {
        return fail(Errc::not_found, "transaction");
    }
    return found->second;
}

Result<ledger::TransactionPtr> MemoryChain::transaction(const Digest& id) const {
    const auto found = transactions_.find(id);
    if (found == transactions_.end()) {
        return fail(Errc::not_found, "transaction");
    }
    return found->second;
}

Result<ledger::Entry> MemoryChain::entry(std::uint64_t log_index) const {
    if (log_index >= entries_.size()) {
        return fail(Errc::not_found, "log_index");
    }
    return entries_[log_index];
}

Result<std::vector<Digest>> MemoryChain::prove_entry(std::uint64_t log_index, std::uint64_t log_size) const {
    if (log_index >= log_size || log_size > entries_.size()) {
        return fail(Errc::not_found, "log_index");
    }
    const auto subtree = [this](ledger::log::Node node) {
        const auto begin = entry_hashes_.begin() + static_cast<std::ptrdiff_t>(node.index << node.level);
        return ledger::log::root_of({begin, begin + static_cast<std::ptrdiff_t>(1ULL << node.level)});
    };
    return ledger::log::prove_inclusion(log_index, log_size, subtree);
}

std::optional<Bytes> MemoryChain::state(const Digest& key) const { return state_.get(key); }

Result<std::vector<ledger::EventLeaf>> MemoryChain::events(const Digest& subject, bool refused, std::uint64_t from,
                                                           std::size_t limit) const {
    const auto found = events_.find({subject, refused});
    if (found == events_.end() || from >= found->second.size()) {
        return std::vector<ledger::EventLeaf>{};
    }
    const auto begin = found->second.begin() + static_cast<std::ptrdiff_t>(from);
    const auto count = std::min<std::size_t>(limit, found->second.size() - from);
    return std::vector<ledger::EventLeaf>{begin, begin + static_cast<std::ptrdiff_t>(count)};
}

Result<std::vector<MemoryChain::Listed>> MemoryChain::list(std::uint8_t kind, ByteView key,
                                                           std::optional<std::uint64_t> after,
                                                           std::size_t limit) const {
    std::vector<Listed> out;
    const auto found = lists_.find({kind, to_bytes(key)});
    if (found == lists_.end()) {
        return out;
    }
    for (const Listed& listed : found->second) {
        if (after && listed.cursor <= *after) {
            continue;
        }
        if (out.size() == limit) {
            break;
        }
        out.push_back(listed);
    }
    return out;
}

}  // namespace probatum::test
