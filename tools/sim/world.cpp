#include "tools/sim/world.h"

#include <algorithm>
#include <map>

#include "base/hash.h"

namespace probatum::sim {

namespace {

constexpr std::uint32_t kBlockBytes = 96U << 10U;  ///< A block fits into a small journal segment.
constexpr std::uint64_t kGenesisTime = 1'795'000'000'000;
constexpr std::uint32_t kLiveWindow = 48;  ///< Blocks; a run has a hundred and more.
const std::vector<std::string> kFounders{"bank-a", "surety-c", "trader-b"};

std::string validator_organisation(std::size_t index) { return "validator-" + std::to_string(index); }

/// Whose public keys are computed once: a key costs more than a hundred simulated signatures.
const Key& remembered_key(const std::string& name) {
    thread_local std::map<std::string, Key> known;
    const auto found = known.find(name);
    return found != known.end() ? found->second : known.emplace(name, key_of(name)).first->second;
}

contracts::Member member(std::string organisation, std::string id, std::vector<contracts::Role> roles,
                         const PublicKey& key) {
    return {.organisation = std::move(organisation),
            .id = id,
            .name = "Name of " + id,
            .key = key,
            .roles = std::move(roles)};
}

}  // namespace

Key key_of(const std::string& name) {
    SecretKey secret = *SecretKey::from_bytes(sha256(as_bytes("simulated key of " + name)).view());
    const PublicKey open = secret.public_key();
    return {std::move(secret), open};
}

namespace {

void add_governance(contracts::Genesis& out, const std::vector<World::Member>& members) {
    using contracts::Role;
    out.governance = contracts::GovernanceTerms{};
    out.governance->threshold = kThreshold;
    out.governance->live_window = kLiveWindow;
    out.governance->electors = kFounders;
    for (std::size_t i = kGovernors; i < members.size(); ++i) {
        const World::Member& one = members[i];
        if (i < kGovernors + kElectors) {
            out.members.push_back(
                member(one.organisation, "governor-1", {Role::consortium_governor}, one.signer.key()));
            continue;
        }
        if (std::ranges::find(out.organisations, one.organisation, &contracts::Organisation::id) ==
            out.organisations.end()) {
            out.organisations.push_back({one.organisation, "Organisation " + one.organisation, ""});
        }
        out.members.push_back(member(one.organisation, "operator-1", {Role::validator_operator}, one.signer.key()));
    }
}

contracts::Genesis make_genesis(std::size_t validators, const std::vector<Signer>& keys,
                                const std::vector<World::Member>& members, bool governed) {
    using contracts::Role;
    contracts::Genesis out;
    out.chain_name = "simulation";
    out.time = UnixMs{kGenesisTime};
    out.parameters.max_block_bytes = kBlockBytes;
    out.parameters.max_transaction_bytes = 16U << 10U;
    out.organisations = {{"bank-a", "Bank A", ""}, {"trader-b", "Trader B", ""}, {"surety-c", "Surety C", ""}};
    for (std::size_t i = 0; i < kMakers; ++i) {
        out.members.push_back(
            member("bank-a", "maker-" + std::to_string(i), {Role::lender_maker}, members[i].signer.key()));
    }
    out.members.push_back(member("bank-a", "checker-1", {Role::lender_checker}, members[kChecker].signer.key()));
    out.members.push_back(member("trader-b", "cfo-1", {Role::borrower}, members[kBorrower].signer.key()));
    out.members.push_back(member("surety-c", "agent-1", {Role::guarantor}, members[kGuarantor].signer.key()));
    for (std::size_t i = 0; i < validators; ++i) {
        out.organisations.push_back({validator_organisation(i), "Validator " + std::to_string(i), ""});
        out.validators.push_back({validator_organisation(i), keys[i].key()});
    }
    if (governed) {
        add_governance(out, members);
    }
    out.recovery_authorities = {remembered_key("recovery 1").open, remembered_key("recovery 2").open};
    out.recovery_threshold = 2;
    return out;
}

std::vector<Signer> make_keys(std::size_t count, bool real) {
    std::vector<Signer> out;
    for (std::size_t i = 0; i < count; ++i) {
        out.emplace_back(remembered_key(validator_organisation(i)), real);
    }
    return out;
}

std::vector<World::Member> make_members(std::size_t operators, bool real) {
    std::vector<World::Member> out;
    const auto add = [&](const std::string& organisation, const std::string& name) {
        out.push_back({organisation, {remembered_key(name), real}});
    };
    for (std::size_t i = 0; i < kMakers; ++i) {
        add("bank-a", "maker-" + std::to_string(i));
    }
    add("bank-a", "checker-1");
    add("trader-b", "cfo-1");
    add("surety-c", "agent-1");
    for (std::size_t i = 0; operators > 0 && i < kElectors; ++i) {
        add(kFounders[i], "governor of " + kFounders[i]);
    }
    for (std::size_t i = 0; i < operators; ++i) {
        add(validator_organisation(i), "operator " + std::to_string(i));
    }
    return out;
}

std::unique_ptr<const ledger::SignatureChecker> make_checker(bool real) {
    if (real) {
        return std::make_unique<ledger::EcdsaChecker>();
    }
    return std::make_unique<KeyedHashChecker>();
}

bool is_any(const Newcomers& newcomers) { return newcomers.spares + newcomers.observers > 0; }

}  // namespace

World::World(std::size_t validators, Newcomers newcomers, bool real_signatures)
    : set_{*ledger::ValidatorSet::make({{"nobody", remembered_key("nobody").open}})},
      checker_{make_checker(real_signatures)},
      newcomers_{newcomers},
      keys_{make_keys(validators + newcomers.spares, real_signatures)},
      members_{make_members(is_any(newcomers) ? keys_.size() : 0, real_signatures)} {
    const Bytes bytes = contracts::encode(make_genesis(validators, keys_, members_, is_any(newcomers)));
    genesis_ = contracts::decode_genesis(bytes).value();
    genesis_bytes_ = std::make_shared<const Bytes>(bytes);
    chain_id_ = contracts::chain_id_of(bytes);
    set_ = genesis_.validator_set();
    for (const Signer& key : keys_) {
        key_ids_.push_back(key.key().id());
    }
}

std::size_t World::machine_of(const KeyId& key) const {
    const auto found = std::ranges::find(key_ids_, key);
    return found == key_ids_.end() ? machines() : static_cast<std::size_t>(found - key_ids_.begin());
}

std::string World::organisation(std::size_t machine) const { return validator_organisation(machine); }

std::optional<std::size_t> World::operator_of(const std::string& organisation) const {
    for (std::size_t i = kGovernors + kElectors; i < members_.size(); ++i) {
        if (members_[i].organisation == organisation) {
            return i;
        }
    }
    return std::nullopt;
}

}  // namespace probatum::sim
