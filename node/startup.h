#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/key.h"
#include "contracts/genesis.h"
#include "ledger/store/chain_store.h"
#include "ledger/store/journal.h"
#include "ledger/store/recovery.h"
#include "node/config.h"

/// What a start needs, read and checked before anything runs. Every fault has its number and names what to mend.
namespace probatum::node {

/// Who this node is.
struct Credentials {
    contracts::Genesis genesis;
    std::shared_ptr<const Bytes> genesis_bytes;
    Digest chain_id;
    std::optional<SecretKey> identity{};  ///< Validators only.
    std::optional<ledger::ValidatorIndex> own{};
    std::string certificate_pem;
    std::string private_key_pem;
    Bytes binding{};
};

/// preflight_failed (field = the file or key), wrong_passphrase, config_invalid.
[[nodiscard]] Result<Credentials> load_credentials(const Config& config, UnixMs now);

/// Positions in genesis of the configured peers; this node itself is left out. config_invalid where one is not a
/// validator.
struct PeerAddress {
    ledger::ValidatorIndex index{0};
    Endpoint address;
};
[[nodiscard]] Result<std::vector<PeerAddress>> resolve_peers(const Config& config, const Credentials& credentials);

/// What lies on this machine's disk, opened and checked.
struct Storage {
    std::unique_ptr<ledger::store::Files> files;
    std::unique_ptr<ledger::store::ChainStore> chain;
    std::unique_ptr<ledger::store::Journal> journal;  ///< Dies first.
    ledger::store::RecoveredJournal recovered;
    ledger::StateTree tree;  ///< At the chain store's height, compared with its header.
};

/// Opens journal and chain store below data_dir; makes them at the first start of an identity. A chain store that is
/// damaged is made again from the journal. journal_missing: this identity once had a journal for this chain and it is
/// not here (amnesia rule, DESIGN section 5): it must never vote again. foreign_chain: the folder belongs to another
/// network. preflight_failed: in use, newer format.
[[nodiscard]] Result<Storage> open_storage(const Config& config, const Credentials& credentials,
                                           const ledger::store::FatalHandler& on_fatal);

}  // namespace probatum::node
