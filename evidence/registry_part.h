#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/cbor.h"
#include "contracts/certificates.h"
#include "contracts/genesis.h"
#include "contracts/identity.h"
#include "ledger/state_tree.h"
#include "ledger/transaction.h"

/// What a bundle shows of the register beside genesis: whose key signed where genesis does not say it, organisations
/// that joined later, certificates bound to keys. Each value is proven against the head's state root.
/// Source: docs/spec/evidence.md. Threads: pure.
namespace probatum::evidence {

class Source;
struct Bundle;

inline constexpr std::size_t kMaxRegistryItems = 4'096;

struct KeyPart {
    KeyId key;
    Bytes value;  ///< contracts::MemberKey
    ledger::StateProof proof;
};
struct OrganisationPart {
    std::string id;
    Bytes value;  ///< contracts::Organisation
    ledger::StateProof proof;
};
/// The transactions that the binding names, in its order; their bytes hold the chain and the status evidence.
struct CertificatePart {
    KeyId key;
    Digest certificate;
    Bytes value;  ///< contracts::CertificateBinding
    ledger::StateProof proof;
    std::vector<ledger::TransactionPtr> transactions;
};
struct RootsPart {
    std::optional<Bytes> value;  ///< contracts::TrustedRoot, all of them; nothing where none was ever named.
    ledger::StateProof proof;
};

struct RegistryPart {
    std::vector<KeyPart> keys;                    ///< Ascending, distinct.
    std::vector<OrganisationPart> organisations;  ///< Ascending, distinct.
    std::vector<CertificatePart> certificates;    ///< Ascending by key and certificate, distinct.
    std::optional<RootsPart> roots;               ///< Exactly where there are certificates.
    [[nodiscard]] bool empty() const { return keys.empty() && organisations.empty() && certificates.empty(); }
};

/// [keys, organisations, certificates, roots / null]
void write_registry(cbor::Writer& out, const RegistryPart& part);
[[nodiscard]] RegistryPart read_registry(cbor::Reader& in);

/// What the register of a bundle proves.
struct ProvenRegistry {
    std::map<KeyId, contracts::MemberKey> keys;
    std::map<std::string, contracts::Organisation, std::less<>> organisations;
    std::set<std::pair<KeyId, Digest>> certificates;
};
/// invalid_proof or evidence_mismatch with the place of the first part that does not hold.
[[nodiscard]] Result<ProvenRegistry> prove_registry(const RegistryPart& part, const Digest& state_root);

/// The keys that signed what a bundle shows, and the certificates that its leaves name or that the key of its record
/// bears.
struct NamedKeys {
    std::set<KeyId> keys;
    std::set<std::pair<KeyId, Digest>> certificates;
};
[[nodiscard]] NamedKeys named_keys(const Bundle& bundle, const contracts::Genesis& genesis,
                                   const ProvenRegistry& registry);

/// evidence_mismatch with the place of the first key or certificate that nothing in the bundle names.
[[nodiscard]] Result<void> check_named(const RegistryPart& part, const NamedKeys& named);

/// Everything of the register that a verifier of this bundle needs beside genesis.
[[nodiscard]] Result<RegistryPart> gather_registry(const Source& source, const Bundle& bundle);

}  // namespace probatum::evidence
