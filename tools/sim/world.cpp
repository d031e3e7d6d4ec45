#include "tools/sim/world.h"

#include "base/hash.h"

namespace probatum::sim {

namespace {

constexpr std::uint32_t kBlockBytes = 96U << 10U;  ///< A block fits into a small journal segment.
constexpr std::uint64_t kGenesisTime = 1'795'000'000'000;

std::string validator_organisation(std::size_t index) { return "validator-" + std::to_string(index); }

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

contracts::Genesis make_genesis(const std::vector<Signer>& validators, const std::vector<World::Member>& members) {
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
    for (std::size_t i = 0; i < validators.size(); ++i) {
        out.organisations.push_back({validator_organisation(i), "Validator " + std::to_string(i), ""});
        out.validators.push_back({validator_organisation(i), validators[i].key()});
    }
    out.recovery_authorities = {key_of("recovery 1").open, key_of("recovery 2").open};
    out.recovery_threshold = 2;
    return out;
}

std::vector<Signer> make_validators(std::size_t count, bool real) {
    std::vector<Signer> out;
    for (std::size_t i = 0; i < count; ++i) {
        out.emplace_back(key_of(validator_organisation(i)), real);
    }
    return out;
}

std::vector<World::Member> make_members(bool real) {
    std::vector<World::Member> out;
    for (std::size_t i = 0; i < kMakers; ++i) {
        out.push_back({"bank-a", {key_of("maker-" + std::to_string(i)), real}});
    }
    out.push_back({"bank-a", {key_of("checker-1"), real}});
    out.push_back({"trader-b", {key_of("cfo-1"), real}});
    out.push_back({"surety-c", {key_of("agent-1"), real}});
    return out;
}

std::unique_ptr<const ledger::SignatureChecker> make_checker(bool real) {
    if (real) {
        return std::make_unique<ledger::EcdsaChecker>();
    }
    return std::make_unique<KeyedHashChecker>();
}

}  // namespace

World::World(std::size_t validators, bool real_signatures)
    : set_{*ledger::ValidatorSet::make({{"nobody", key_of("nobody").open}})},
      checker_{make_checker(real_signatures)},
      validators_{make_validators(validators, real_signatures)},
      members_{make_members(real_signatures)} {
    const Bytes bytes = contracts::encode(make_genesis(validators_, members_));
    genesis_ = contracts::decode_genesis(bytes).value();
    genesis_bytes_ = std::make_shared<const Bytes>(bytes);
    chain_id_ = contracts::chain_id_of(bytes);
    set_ = genesis_.validator_set();
    for (std::size_t i = 0; i < validators; ++i) {
        voters_.emplace_back(validators_[i], chain_id_, set_.at(static_cast<ledger::ValidatorIndex>(i)));
    }
}

}  // namespace probatum::sim
