#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/key.h"
#include "base/result.h"
#include "base/strong_id.h"
#include "ledger/state_view.h"
#include "ledger/validator_set.h"

namespace probatum::contracts {

/// The twelve roles of DOMAIN section 2, by number.
enum class Role : std::uint8_t {
    platform_administrator = 1,
    validator_operator = 2,
    consortium_governor = 3,
    lender_maker = 4,
    lender_checker = 5,
    borrower = 6,
    core_enterprise = 7,
    guarantor = 8,
    custodian = 9,
    settlement_bank = 10,
    judicial_officer = 11,
    regulator = 12,
};
[[nodiscard]] std::string_view name(Role role);  ///< "lender-maker"
[[nodiscard]] Result<Role> role_from_name(std::string_view name);

/// Limits and times that all validators share. They live on chain, never in a local file.
struct Parameters {
    std::uint32_t view_timeout_ms{1500};        ///< From entering a view to nullify, at a start; then adaptive.
    std::uint32_t view_timeout_min_ms{500};     ///< A validator's own time-out never adapts below,
    std::uint32_t view_timeout_max_ms{12'000};  ///< nor above.
    std::uint32_t retry_interval_ms{500};       ///< Re-sending while a view lasts.
    std::uint32_t idle_empty_block_ms{100};     ///< Wait for finality before proposing an empty block.
    std::uint32_t silent_leader_views{8};       ///< A leader unheard for so many views gets a zero timer.
    std::uint32_t clock_bound_ms{10'000};       ///< How far block time may differ from a voter's clock.
    std::uint32_t max_block_transactions{1024};
    std::uint32_t max_block_bytes{4 * 1024 * 1024};
    std::uint32_t max_transaction_bytes{64 * 1024};
    std::uint64_t max_transaction_work{200'000};  ///< Work units; see contracts/work.h
    std::uint64_t max_block_work{20'000'000};
    std::uint32_t voucher_usual_days{184};  ///< A voucher that runs longer says why: six months in principle.
    std::uint32_t voucher_max_days{366};    ///< No voucher runs longer: one year (Yinfa [2025] No. 77 is the model).
    std::uint32_t voucher_max_level{16};    ///< How often a piece of a voucher may change hands at most.
    friend bool operator==(const Parameters&, const Parameters&) = default;
};

/// The parameters by name, for people and for clients: "view_timeout_ms".
struct ParameterField {
    std::string_view name;
    std::uint64_t (*get)(const Parameters&);
    void (*set)(Parameters&, std::uint64_t);
    std::uint64_t maximum;
};
[[nodiscard]] const std::vector<ParameterField>& parameter_fields();

/// Who decides about the validators and the parameters, and how. Source: docs/spec/governance.md.
struct GovernanceTerms {
    std::uint32_t threshold{0};                          ///< Votes that enact: more than half of the electors.
    std::uint64_t lifetime_ms{7ULL * 24 * 3600 * 1000};  ///< Of a proposal, and of a joiner's readiness.
    std::uint32_t live_window{256};                      ///< Blocks within which a validator is seen, or is not live.
    std::vector<std::string> electors;                   ///< Organisations with one vote each: ascending, 1..100.
    friend bool operator==(const GovernanceTerms&, const GovernanceTerms&) = default;
};

struct Organisation {
    std::string id;          ///< 1..64 bytes of [a-z0-9.-]: "bank-a".
    std::string name;        ///< Legal name, any script.
    std::string identifier;  ///< Unified social credit code or LEI; may be empty on test nets.
    friend bool operator==(const Organisation&, const Organisation&) = default;
};

/// A member is a person or a system of an organisation, with one key and its roles.
struct Member {
    std::string organisation;
    std::string id;  ///< Unique within the organisation: "maker-1".
    std::string name;
    PublicKey key;
    std::vector<Role> roles;                     ///< Ascending, distinct; exclusions of DOMAIN section 2 hold.
    std::optional<Digest> certificate_digest{};  ///< SHA-256 of the X.509 certificate bound to the key, if any.
    friend bool operator==(const Member&, const Member&) = default;
};

struct Genesis {
    std::string chain_name;
    UnixMs time;
    std::uint64_t rules_version{1};
    Parameters parameters;
    std::vector<Organisation> organisations;
    std::vector<Member> members;
    std::vector<ledger::Validator> validators;  ///< organisation + identity key.
    std::vector<PublicKey> recovery_authorities;
    std::uint32_t recovery_threshold{0};
    std::optional<GovernanceTerms> governance{};  ///< None: what genesis says holds for good.
    /// A validator starts only with the approval of every organisation (contracts/genesis_approval.h).
    bool approvals_required{false};

    [[nodiscard]] ledger::ValidatorSet validator_set() const;
    friend bool operator==(const Genesis&, const Genesis&) = default;
};

/// Ids of the organisations that have a member with this role, ascending.
[[nodiscard]] std::vector<std::string> organisations_with(const Genesis& genesis, Role role);
[[nodiscard]] Bytes encode(const Genesis& genesis);
/// Decodes and validates whole: ids unique, organisations known, roles allowed, 1..100 validators, keys distinct, each
/// elector with a governor.
[[nodiscard]] Result<Genesis> decode_genesis(ByteView bytes);
/// SHA-256 of the encoded genesis: the name of the network.
[[nodiscard]] Digest chain_id_of(ByteView genesis_bytes);
/// The state before block 1.
[[nodiscard]] ledger::StateOverlay::Writes genesis_state(const Genesis& genesis);

}  // namespace probatum::contracts
