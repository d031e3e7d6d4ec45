#include "node/startup.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>

#include "base/hash.h"
#include "base/key_file.h"
#include "base/text_encoding.h"
#include "node/machine.h"
#include "node/tls_binding.h"

namespace probatum::node {

namespace store = ledger::store;

namespace {

/// The same refusal as one of a start: the number says what to do, the field what to mend.
template <class T>
Result<T> preflight(Result<T> result) {
    if (result || result.error().code == Errc::wrong_passphrase || result.error().code == Errc::config_invalid) {
        return result;
    }
    return fail(Errc::preflight_failed, result.error().field, result.error().to_string());
}

Result<std::string> passphrase_of(const Config& config) {
    if (!config.identity_passphrase_file.empty()) {
        return read_passphrase(config.identity_passphrase_file);
    }
    // systemd hands credentials over in a folder that it names this way and no other.
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr) {
        return fail(Errc::preflight_failed, "identity.passphrase_credential",
                    "systemd gave no credentials to this process");
    }
    PROBATUM_LET(bytes, read_file(std::filesystem::path{folder} / config.identity_passphrase_credential, 4096));
    std::string text{as_text(bytes)};
    if (const auto end = text.find_first_of("\r\n"); end != std::string::npos) {
        text.resize(end);
    }
    return text;
}

Result<void> load_identity(const Config& config, UnixMs now, Credentials& out) {
    PROBATUM_LET(file, preflight(read_file(config.identity_key_file)));
    PROBATUM_LET(passphrase, preflight(passphrase_of(config)));
    PROBATUM_LET(opened, preflight(key_file::open(file, passphrase)));
    wipe({reinterpret_cast<std::uint8_t*>(passphrase.data()), passphrase.size()});
    const PublicKey key = opened.key.public_key();
    out.own = out.genesis.validator_set().index_of(key.id());
    if (!out.own) {
        return fail(Errc::preflight_failed, "identity.key_file",
                    config.identity_key_file.string() + ": this key is not a validator of genesis");
    }
    out.identity = std::move(opened.key);
    PROBATUM_LET(binding, preflight(read_file(config.tls_binding_file, kMaxTlsBindingBytes)));
    PROBATUM_LET(key_digest, preflight(tls_key_digest(out.certificate_pem)));
    auto bound = check_tls_binding(binding, {out.chain_id, key, key_digest, now});
    if (!bound) {
        return fail(Errc::preflight_failed, "tls.binding_file", bound.error().to_string());
    }
    out.binding = std::move(binding);
    return {};
}

/// Beside the key, not in the data folder: it must survive that folder. One per chain, so that a key may serve another
/// network with a fresh journal.
std::filesystem::path marker_path(const Config& config, const Digest& chain_id) {
    return config.identity_key_file.string() + "." + to_hex(chain_id).substr(0, 16) + ".journal";
}

Result<void> check_marker(const std::filesystem::path& marker, const store::Incarnation& incarnation) {
    if (!std::filesystem::exists(marker)) {
        return write_file(marker, as_bytes(to_hex(incarnation) + "\n"));
    }
    PROBATUM_LET(text, preflight(read_file(marker, 4096)));
    if (as_text(text).substr(0, 32) == to_hex(incarnation)) {
        return {};
    }
    return fail(Errc::journal_missing, marker.string(),
                "this identity voted with another journal than the one in the data folder");
}

Result<std::unique_ptr<store::ChainStore>> open_chain(const std::filesystem::path& folder,
                                                      const Credentials& credentials,
                                                      const store::FatalHandler& on_fatal) {
    const auto genesis_state = contracts::genesis_state(credentials.genesis);
    store::ChainStoreOptions options;
    options.on_fatal = on_fatal;
    auto opened = store::ChainStore::open(folder, credentials.chain_id, genesis_state, options);
    if (opened || opened.error().code != Errc::storage_corrupt) {
        return opened;
    }
    spdlog::error("the chain store is damaged and is made again from the journal: {}", opened.error().to_string());
    PROBATUM_TRY(store::ChainStore::destroy(folder));
    return store::ChainStore::open(folder, credentials.chain_id, genesis_state, options);
}

Result<void> open_tree(const std::filesystem::path& folder, const Credentials& credentials,
                       const store::FatalHandler& on_fatal, Storage& out) {
    auto tree = out.chain->view()->state_tree();
    if (!tree && tree.error().code == Errc::storage_corrupt) {
        spdlog::error("the stored state is damaged and is made again from the journal: {}", tree.error().to_string());
        out.chain.reset();
        PROBATUM_TRY(store::ChainStore::destroy(folder));
        PROBATUM_LET(chain, open_chain(folder, credentials, on_fatal));
        out.chain = std::move(chain);
        tree = out.chain->view()->state_tree();
    }
    if (!tree) {
        return fail(std::move(tree).error());
    }
    out.tree = *std::move(tree);
    return {};
}

Result<void> open_journal(const Config& config, const Credentials& credentials, const store::FatalHandler& on_fatal,
                          Storage& out) {
    const auto folder = config.data_dir / "journal";
    const auto marker = marker_path(config, credentials.chain_id);
    store::JournalOptions options;
    options.on_fatal = on_fatal;
    const store::ChainViewPtr view = out.chain->view();
    auto opened = store::recover(*out.files, folder, credentials.chain_id, out.chain->tip(), options);
    if (!opened && opened.error().code == Errc::journal_missing) {
        const bool voted = credentials.own && std::filesystem::exists(marker);
        if (voted || view->height().raw() > 0) {
            return fail(
                Errc::journal_missing, folder.string(),
                voted ? marker.string() + " says that there was one" : "the chain store says that there was one");
        }
        store::Incarnation incarnation{};
        fill_random(incarnation);
        PROBATUM_LET(journal, store::Journal::create(*out.files, folder, credentials.chain_id, incarnation, options));
        out.journal = std::move(journal);
    } else if (!opened) {
        return fail(std::move(opened).error());
    } else {
        out.journal = std::move(opened->journal);
        out.recovered = std::move(opened->recovered);
    }
    if (credentials.own) {
        PROBATUM_TRY(check_marker(marker, out.journal->incarnation()));
    }
    return {};
}

}  // namespace

Result<Credentials> load_credentials(const Config& config, UnixMs now) {
    PROBATUM_LET(bytes, preflight(read_file(config.genesis_file)));
    PROBATUM_LET(genesis, preflight(contracts::decode_genesis(bytes)));
    Credentials out{
        std::move(genesis), std::make_shared<const Bytes>(bytes), contracts::chain_id_of(bytes), {}, {}, {}, {}, {}};
    PROBATUM_LET(certificate, preflight(read_file(config.tls_certificate_file)));
    PROBATUM_LET(private_key, preflight(read_file(config.tls_key_file)));
    out.certificate_pem = as_text(certificate);
    out.private_key_pem = as_text(private_key);
    if (config.mode == Mode::validator) {
        PROBATUM_TRY(load_identity(config, now, out));
    }
    return out;
}

Result<std::vector<PeerAddress>> resolve_peers(const Config& config, const Credentials& credentials) {
    const auto& validators = credentials.genesis.validators;
    std::vector<PeerAddress> out;
    for (std::size_t i = 0; i < config.peers.size(); ++i) {
        const PeerConfig& peer = config.peers[i];
        const std::string field = "peer[" + std::to_string(i) + "].validator";
        std::size_t index = validators.size();
        if (peer.index) {
            index = *peer.index;
        } else {
            const auto named = std::ranges::count(validators, peer.organisation, &ledger::Validator::organisation);
            if (named > 1) {
                return fail(Errc::config_invalid, field,
                            "this organisation runs several validators: give the position in genesis");
            }
            if (named == 1) {
                index = static_cast<std::size_t>(
                    std::ranges::find(validators, peer.organisation, &ledger::Validator::organisation) -
                    validators.begin());
            }
        }
        if (index >= validators.size()) {
            return fail(Errc::config_invalid, field, "no validator of genesis");
        }
        const auto position = static_cast<ledger::ValidatorIndex>(index);
        if (credentials.own != position) {
            out.push_back({position, peer.address});
        }
    }
    return out;
}

Result<Storage> open_storage(const Config& config, const Credentials& credentials,
                             const store::FatalHandler& on_fatal) {
    Storage out;
    out.files = std::make_unique<store::PosixFiles>();
    PROBATUM_TRY(out.files->make_directory(config.data_dir));
    const auto folder = config.data_dir / "state";
    PROBATUM_LET(chain, open_chain(folder, credentials, on_fatal));
    out.chain = std::move(chain);
    PROBATUM_TRY(open_tree(folder, credentials, on_fatal, out));
    PROBATUM_TRY(open_journal(config, credentials, on_fatal, out));
    return out;
}

}  // namespace probatum::node
