#pragma once

#include <map>
#include <string_view>

#include "contracts/genesis.h"
#include "evidence/verify_chain.h"
#include "ledger/transaction.h"

namespace probatum::evidence {

/// Whose key it is.
struct KnownSigner {
    std::string organisation;
    std::string member;
    PublicKey key;
    /// What genesis says, where that still stands: then roles, certificate and status at any height are known too.
    /// Otherwise they are what the quorum resolved.
    const contracts::Member* of_genesis{nullptr};
};

/// The keys that genesis registers and those that the bundle proves, by key id.
class Signers {
public:
    /// `trust` must outlive this object.
    explicit Signers(const Trust& trust);

    [[nodiscard]] const KnownSigner* find(const KeyId& key) const;

    /// unknown_key, issuer_mismatch, bad_signature or high_s_signature unless the statement is signed by a registered
    /// key of the organisation that it names.
    [[nodiscard]] Result<void> check(const ledger::Transaction& transaction) const;

    /// evidence_mismatch unless genesis names the certificate of this key, or the bundle holds its record.
    [[nodiscard]] Result<void> check_certificate(const KeyId& key, const std::optional<Digest>& certificate) const;
    /// The same of the certificate that a key bears in the register that the bundle proves.
    [[nodiscard]] Result<void> check_borne(const KeyId& key) const;

private:
    const Trust& trust_;
    std::map<KeyId, KnownSigner> by_key_;
};

/// A key by the words of the bundle alone: members and recovery authorities of genesis, and the registry as it stands
/// there. Judges nothing, and leaves out what does not decode.
struct NamedKey {
    std::string who;  ///< "bank-a/maker-1"
    PublicKey key;
};
[[nodiscard]] std::map<KeyId, NamedKey> keys_in(const Bundle& bundle);

/// Or nullptr where neither genesis nor the bundle names such an organisation.
[[nodiscard]] const contracts::Organisation* find_organisation(const Trust& trust, std::string_view id);

/// What can be told without a key. malformed: another kind of message; foreign_chain.
[[nodiscard]] Result<void> check_statement(const ledger::Transaction& transaction, const Digest& chain_id,
                                           UnixMs block_time);

}  // namespace probatum::evidence
