#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "contracts/genesis.h"
#include "ledger/store/chain_store.h"
#include "ledger/store/journal.h"
#include "ledger/store/recovery.h"

/// What lies on a validator's disk, opened, checked and recovered before anything runs. Every fault has its number and
/// names what to mend.
namespace probatum::node {

/// Which chain a node belongs to, and which of its validators it is.
struct Membership {
    contracts::Genesis genesis;
    std::shared_ptr<const Bytes> genesis_bytes;
    Digest chain_id;
    std::optional<ledger::ValidatorIndex> own{};  ///< In genesis; absent for who is no validator there.
    std::optional<PublicKey> key{};  ///< Identity of who may be a validator in some epoch; `own` names one, too.

    [[nodiscard]] bool may_vote() const { return own || key; }
    [[nodiscard]] std::optional<KeyId> key_id() const {
        return key   ? std::optional{key->id()}
               : own ? std::optional{genesis.validators.at(*own).key.id()}
                     : std::nullopt;
    }
};

struct StorageOptions {
    ledger::store::Path data_dir;
    ledger::store::Path marker;  ///< Beside the key, not in data_dir: it must survive that folder. Validators only.
    ledger::store::JournalOptions journal{};
    ledger::store::ChainStoreOptions chain{};
    std::function<void(std::span<std::uint8_t>)> random;  ///< Cryptographic; for a new journal's incarnation.
};

struct Storage {
    std::unique_ptr<ledger::store::ChainStore> chain;
    std::unique_ptr<ledger::store::Journal> journal;  ///< Dies first.
    ledger::store::RecoveredJournal recovered;
    ledger::StateTree tree;  ///< At the chain store's height, compared with its header.
};

/// Opens journal and chain store below data_dir; makes them at the first start of an identity. A chain store that is
/// damaged is made again from the journal, also where the damage was only met while running: the process that meets it
/// leaves a note (`state.damaged`) and ends. journal_missing: this identity once had a journal for this chain and it is
/// not here (amnesia rule, DESIGN section 5): it must never vote again. foreign_chain: the folder belongs to another
/// network. preflight_failed: in use, newer format.
/// @param files  outlives the storage.
[[nodiscard]] Result<Storage> open_storage(ledger::store::Files& files, const StorageOptions& given,
                                           const Membership& who);

}  // namespace probatum::node
