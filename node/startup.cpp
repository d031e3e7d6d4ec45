#include "node/startup.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>

#include "base/hash.h"
#include "base/key_file.h"
#include "base/text_encoding.h"
#include "contracts/genesis_approval.h"
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

/// A genesis that was assembled from many hands begins nothing before each of them has approved it.
Result<void> check_approvals(const Config& config, const Credentials& credentials) {
    if (!credentials.genesis.approvals_required) {
        return {};
    }
    const std::filesystem::path folder = config.genesis_file.parent_path() / "approvals";
    std::vector<Bytes> approvals;
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator{folder, problem}) {
        if (entry.path().extension() == ".approval") {
            PROBATUM_LET(bytes, preflight(read_file(entry.path(), contracts::kMaxApprovalBytes)));
            approvals.push_back(std::move(bytes));
        }
    }
    const auto missing = contracts::missing_approvals(credentials.genesis, credentials.chain_id, approvals);
    if (missing.empty()) {
        return {};
    }
    std::string names;
    for (const std::string& name : missing) {
        names += (names.empty() ? "" : ", ") + name;
    }
    return fail(Errc::preflight_failed, folder.string(), "this genesis is not approved yet by: " + names);
}

Result<void> load_identity(const Config& config, UnixMs now, Credentials& out) {
    PROBATUM_LET(file, preflight(read_file(config.identity_key_file)));
    PROBATUM_LET(passphrase, preflight(passphrase_of(config)));
    PROBATUM_LET(opened, preflight(key_file::open(file, passphrase)));
    wipe({reinterpret_cast<std::uint8_t*>(passphrase.data()), passphrase.size()});
    const PublicKey key = opened.key.public_key();
    out.own = out.genesis.validator_set().index_of(key.id());
    out.key = key;
    if (!out.own) {
        spdlog::info("{}: this key is no validator of genesis; it votes in the epochs whose set has it",
                     config.identity_key_file.string());
    }
    out.identity = std::move(opened.key);
    PROBATUM_LET(binding, preflight(read_file(config.tls_binding_file, kMaxTlsBindingBytes)));
    PROBATUM_LET(key_digest, preflight(tls_key_digest(out.certificate_pem)));
    auto bound = check_tls_binding(binding, {out.chain_id, key, key_digest, now});
    if (!bound) {
        return fail(Errc::preflight_failed, "tls.binding_file", bound.error().to_string());
    }
    if (bound->validity.not_after < now) {
        spdlog::warn("the binding of the TLS key has expired; renew it: probatum tls renew");
    }
    out.binding = std::move(binding);
    return {};
}

std::filesystem::path kept_succession(const Config& config) { return config.data_dir / "succession.cbor"; }

}  // namespace

Result<Credentials> load_credentials(const Config& config, UnixMs now) {
    PROBATUM_LET(bytes, preflight(read_file(config.genesis_file)));
    PROBATUM_LET(genesis, preflight(contracts::decode_genesis(bytes)));
    Credentials out{
        {std::move(genesis), std::make_shared<const Bytes>(bytes), contracts::chain_id_of(bytes)}, {}, {}, {}, {}};
    PROBATUM_LET(certificate, preflight(read_file(config.tls_certificate_file)));
    PROBATUM_LET(private_key, preflight(read_file(config.tls_key_file)));
    out.certificate_pem = as_text(certificate);
    out.private_key_pem = as_text(private_key);
    if (config.mode == Mode::validator) {
        PROBATUM_TRY(check_approvals(config, out));
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
        PeerAddress found{PeerAddress::kNoValidatorYet, peer.organisation, peer.address};
        if (peer.index) {
            if (*peer.index >= validators.size()) {
                return fail(Errc::config_invalid, field, "no validator of genesis");
            }
            found.id = *peer.index;
            found.organisation = validators[*peer.index].organisation;
        } else if (std::ranges::count(validators, peer.organisation, &ledger::Validator::organisation) > 1) {
            return fail(Errc::config_invalid, field,
                        "this organisation runs several validators: give the position in genesis");
        } else if (const auto named =
                       std::ranges::find(validators, peer.organisation, &ledger::Validator::organisation);
                   named != validators.end()) {
            found.id = static_cast<PeerId>(named - validators.begin());
        } else if (std::ranges::find(credentials.genesis.organisations, peer.organisation,
                                     &contracts::Organisation::id) == credentials.genesis.organisations.end()) {
            return fail(Errc::config_invalid, field, "no organisation of genesis");
        }
        if (!credentials.own || *credentials.own != found.id) {
            out.push_back(std::move(found));
        }
    }
    return out;
}

Result<Successions> load_successions(const Config& config, const Membership& who) {
    const auto open = [&](const std::filesystem::path& file) -> Result<SuccessionPlan> {
        PROBATUM_LET(bytes, read_file(file, contracts::kMaxSuccessionFileBytes));
        auto plan = open_plan(bytes, who.chain_id, who.genesis);
        if (!plan) {
            return fail(Errc::succession_invalid, file.string(), plan.error().to_string());
        }
        return plan;
    };
    Successions out;
    std::error_code ignored;
    if (const auto file = kept_succession(config); std::filesystem::exists(file, ignored)) {
        PROBATUM_LET(kept, open(file));
        out.taken_up = std::move(kept);
    }
    out.to_follow = out.taken_up;
    if (!config.succession_file.empty()) {
        PROBATUM_LET(given, open(config.succession_file));
        if (out.taken_up && out.taken_up->said != given.said && out.taken_up->said.epoch >= given.said.epoch) {
            return fail(Errc::succession_invalid, config.succession_file.string(),
                        "this node has taken up another succession");
        }
        out.to_follow = std::move(given);
    }
    return out;
}

Result<void> may_replace(const Config& config, const Successions& successions, const ledger::StateView& state) {
    const auto& [to_follow, taken_up] = successions;
    if (!taken_up || !to_follow || taken_up->said == to_follow->said ||
        !contracts::find_succession(state, taken_up->said.epoch.next()).empty()) {
        return {};
    }
    return fail(Errc::succession_invalid, config.succession_file.string(),
                "an earlier succession was taken up here and is not recorded yet: start without this file, catch up, "
                "then give it");
}

Result<void> keep_succession(const Config& config, const SuccessionPlan& plan) {
    const Bytes bytes = contracts::encode_succession_file(plan.statements);
    const std::filesystem::path file = kept_succession(config);
    if (const auto before = read_file(file, contracts::kMaxSuccessionFileBytes); before && *before == bytes) {
        return {};
    }
    PROBATUM_TRY(write_file(file, bytes));
    ledger::store::PosixFiles files;
    return files.sync_directory(config.data_dir);
}

/// One per chain, so that a key may serve another network with a fresh journal.
StorageOptions storage_options(const Config& config, const Membership& who, const store::FatalHandler& on_fatal) {
    StorageOptions out;
    out.data_dir = config.data_dir;
    if (who.may_vote()) {
        out.marker = config.identity_key_file.string() + "." + to_hex(who.chain_id).substr(0, 16) + ".journal";
    }
    out.journal.on_fatal = on_fatal;
    out.chain.on_fatal = on_fatal;
    out.random = fill_random;
    return out;
}

}  // namespace probatum::node
