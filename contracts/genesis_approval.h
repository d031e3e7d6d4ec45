#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contracts/genesis.h"

/// How a consortium begins with no single hand on all keys: each organisation says in a join request what it brings,
/// one genesis is assembled from all of them, and each approves the digest that it sees. Source:
/// docs/spec/governance.md section 8; docs/operators.md. Threads: pure.
namespace probatum::contracts {

inline constexpr std::string_view kJoinRequestContentType = "application/vnd.probatum.join-request+cbor";
inline constexpr std::string_view kGenesisApprovalContentType = "application/vnd.probatum.genesis-approval+cbor";
inline constexpr std::size_t kMaxJoinRequestBytes = 1024 * 1024;
inline constexpr std::size_t kMaxApprovalBytes = 1024;

/// What the founders agree on before anybody joins.
struct GenesisPlan {
    std::string chain_name;
    UnixMs time;
    std::uint64_t rules_version{1};
    Parameters parameters;
    std::uint32_t threshold{0};  ///< Votes that enact.
    std::uint64_t proposal_lifetime_ms{GovernanceTerms{}.lifetime_ms};
    std::uint32_t live_window{GovernanceTerms{}.live_window};
    std::uint32_t recovery_threshold{0};  ///< 0: no recovery authorities.
    friend bool operator==(const GenesisPlan&, const GenesisPlan&) = default;
};
/// [chain name, time, rules version, parameters, threshold, lifetime, live window, recovery threshold]
[[nodiscard]] Bytes encode(const GenesisPlan& plan);
[[nodiscard]] Result<GenesisPlan> decode_genesis_plan(ByteView bytes);

/// What one organisation brings. Its secret keys stay with it.
struct JoinRequest {
    Digest plan;  ///< SHA-256 of the encoded plan that it joins under.
    Organisation organisation;
    std::vector<Member> members;
    PublicKey key;  ///< Signs the request: its validator's identity key, or a member's where it runs none.
    bool runs_validator{true};
    std::string peer_address{};  ///< Of its validator, "host:port"; configuration of the others, not part of genesis.
    std::vector<PublicKey> recovery_keys{};  ///< Authorities that it names.
    bool elector{true};                      ///< Has a vote; then one of its members holds role 3.
    friend bool operator==(const JoinRequest&, const JoinRequest&) = default;
};

/// COSE_Sign1 by request.key, whose secret key is given.
[[nodiscard]] Bytes sign_join_request(const SecretKey& key, const JoinRequest& request);
/// malformed, bad_signature, unknown_key where an organisation without a validator signs with no member's key, or
/// issuer_mismatch where a member is not of the organisation.
[[nodiscard]] Result<JoinRequest> open_join_request(ByteView statement);

/// One genesis from a plan and all requests, whatever their order: organisations, members, validators and authorities
/// stand in the order of the organisations' ids. Errors name what is wrong and who brought it: malformed where a
/// request was made under another plan; where an organisation, a key or an address stands twice; and whatever
/// decode_genesis refuses. The genesis demands approvals.
[[nodiscard]] Result<Genesis> assemble_genesis(const GenesisPlan& plan, std::vector<JoinRequest> requests);

/// malformed unless everything that the request brings stands in the genesis as it was brought.
[[nodiscard]] Result<void> check_own_part(const Genesis& genesis, const JoinRequest& own);

/// COSE_Sign1 over the digest of genesis, by a validator's identity key or by a member's of an organisation without
/// one.
[[nodiscard]] Bytes make_approval(const SecretKey& key, const Digest& genesis_digest, std::string_view organisation);
/// Whose approval is missing: organisations of which a validator, or of those without one every member, has signed none
/// of `approvals`. A statement that does not verify counts for nobody.
[[nodiscard]] std::vector<std::string> missing_approvals(const Genesis& genesis, const Digest& genesis_digest,
                                                         const std::vector<Bytes>& approvals);

}  // namespace probatum::contracts
