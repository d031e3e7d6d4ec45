#include <fmt/format.h>

#include "node/config.h"

namespace probatum::node {

namespace {

/// A TOML basic string.
std::string quoted(const std::string& text) {
    std::string out{"\""};
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + "\"";
}

std::string quoted(const std::filesystem::path& path) { return quoted(path.string()); }

std::string identity_section(const Config& config) {
    std::string out;
    if (config.mode == Mode::validator) {
        out +=
            "\n# The validator's secp256k1 identity: signs votes. Encrypted; the passphrase comes from a file (mode "
            "0600)\n"
            "# or from a systemd credential.\n[identity]\n";
        out += fmt::format("key_file = {}\n", quoted(config.identity_key_file));
        if (!config.identity_passphrase_file.empty()) {
            out += fmt::format("passphrase_file = {}\n", quoted(config.identity_passphrase_file));
        } else {
            out += fmt::format("passphrase_credential = {}\n", quoted(config.identity_passphrase_credential));
        }
    }
    out += "\n# TLS 1.3 between the peers. The binding is the identity's signed statement over the TLS key.\n[tls]\n";
    out += fmt::format("certificate_file = {}\nkey_file = {}\n", quoted(config.tls_certificate_file),
                       quoted(config.tls_key_file));
    if (!config.tls_binding_file.empty()) {
        out += fmt::format("binding_file = {}\n", quoted(config.tls_binding_file));
    }
    return out;
}

std::string peer_sections(const Config& config) {
    std::string out{"\n# The other validators: organisation (or position in genesis) and where each one listens.\n"};
    for (const PeerConfig& peer : config.peers) {
        const std::string name = peer.index ? std::to_string(*peer.index) : quoted(peer.organisation);
        out += fmt::format("[[peer]]\nvalidator = {}\naddress = {}\n", name, quoted(peer.address.to_string()));
    }
    return out;
}

std::string limit_sections(const Config& config) {
    std::string out{"\n# JSON-RPC for clients; loopback unless you put a proxy with TLS in front.\n[rpc]\n"};
    out += fmt::format("listen = {}\n", quoted(config.rpc.listen.to_string()));
    out += fmt::format("max_body_bytes = {}\nmax_connections = {}\n", config.rpc.max_body_bytes,
                       config.rpc.max_connections);
    out +=
        fmt::format("max_batch = {}\nrequest_timeout_ms = {}\n", config.rpc.max_batch, config.rpc.request_timeout_ms);
    out += "\n# level: trace, debug, info, warn, error. format: text or json. Without a file: standard error.\n[log]\n";
    out += fmt::format("level = {}\nformat = {}\n", quoted(config.log.level), quoted(config.log.format));
    if (!config.log.file.empty()) {
        out += fmt::format("file = {}\n", quoted(config.log.file));
    }
    out += "\n# Transactions that wait for a block: in all, in bytes, and per sending key.\n[pool]\n";
    out += fmt::format("max_transactions = {}\nmax_bytes = {}\nmax_per_sender = {}\n", config.pool.max_transactions,
                       config.pool.max_bytes, config.pool.max_per_sender);
    return out;
}

}  // namespace

std::string render_config(const Config& config) {
    std::string out{
        "# One Probatum node. Relative paths are relative to this file's folder; unknown keys are refused.\n\n"};
    out += fmt::format("# validator: votes. observer: follows the chain, read-only.\nmode = \"{}\"\n",
                       config.mode == Mode::validator ? "validator" : "observer");
    out += fmt::format(
        "# Journal and database. Never copy it to another machine: a journal belongs to one running validator.\n"
        "data_dir = {}\n",
        quoted(config.data_dir));
    out += fmt::format("# Names the network: its SHA-256 is the chain id.\ngenesis_file = {}\n",
                       quoted(config.genesis_file));
    if (!config.succession_file.empty()) {
        out += fmt::format(
            "# What the recovery authorities of genesis signed: this node goes on from the block that it names.\n"
            "succession_file = {}\n",
            quoted(config.succession_file));
    }
    out += fmt::format("# Where other validators reach this one.\nlisten = {}\n", quoted(config.listen.to_string()));
    return out + identity_section(config) + peer_sections(config) + limit_sections(config);
}

}  // namespace probatum::node
