#include "node/config.h"

#include <toml++/toml.h>
#include <array>
#include <charconv>
#include <limits>
#include <set>

#include "node/machine.h"

namespace probatum::node {

namespace {

/// Takes the keys of one table and remembers which, so that what is left over is refused by name. The first error
/// stays.
class TableReader {
public:
    TableReader(const toml::table* table, std::string prefix, std::optional<Error>& error)
        : table_{table}, prefix_{std::move(prefix)}, error_{error} {}

    void text(std::string_view key, std::string& out, bool required = false) {
        const toml::node* node = take(key, required);
        if (node == nullptr) {
            return;
        }
        if (const auto value = node->value_exact<std::string>()) {
            out = *value;
        } else {
            refuse(key, "a text is wanted");
        }
    }

    void path(std::string_view key, std::filesystem::path& out, const std::filesystem::path& folder,
              bool required = false) {
        std::string value;
        text(key, value, required);
        if (!value.empty()) {
            out = (folder / value).lexically_normal();
        }
    }

    void number(std::string_view key, std::uint64_t& out, std::uint64_t minimum, std::uint64_t maximum) {
        const toml::node* node = take(key, false);
        if (node == nullptr) {
            return;
        }
        const auto value = node->value_exact<std::int64_t>();
        if (!value || *value < 0 || static_cast<std::uint64_t>(*value) < minimum ||
            static_cast<std::uint64_t>(*value) > maximum) {
            refuse(key, "a number from " + std::to_string(minimum) + " to " + std::to_string(maximum) + " is wanted");
        } else {
            out = static_cast<std::uint64_t>(*value);
        }
    }

    void endpoint(std::string_view key, Endpoint& out, bool required = false) {
        std::string value;
        text(key, value, required);
        if (value.empty()) {
            return;
        }
        if (auto parsed = parse_endpoint(value)) {
            out = *parsed;
        } else {
            refuse(key, "an address such as 127.0.0.1:7100 is wanted");
        }
    }

    void choice(std::string_view key, std::string& out, std::initializer_list<std::string_view> allowed) {
        text(key, out);
        std::string list;
        for (const auto one : allowed) {
            if (one == out) {
                return;
            }
            list += (list.empty() ? "" : ", ") + std::string{one};
        }
        refuse(key, "one of " + list + " is wanted");
    }

    [[nodiscard]] TableReader table(std::string_view key) {
        const toml::node* node = take(key, false);
        if (node != nullptr && !node->is_table()) {
            refuse(key, "a table is wanted");
        }
        return {node != nullptr ? node->as_table() : nullptr, prefix_ + std::string{key} + ".", error_};
    }

    const toml::node* take(std::string_view key, bool required) {
        taken_.emplace(key);
        const toml::node* node = table_ != nullptr ? table_->get(key) : nullptr;
        if (node == nullptr && required) {
            refuse(key, "this key is missing");
        }
        return node;
    }

    void refuse(std::string_view key, std::string why) {
        if (!error_) {
            error_ = Error{Errc::config_invalid, prefix_ + std::string{key}, std::move(why)};
        }
    }

    void finish() {
        if (table_ == nullptr) {
            return;
        }
        for (const auto& [key, node] : *table_) {
            if (!taken_.contains(key.str())) {
                refuse(key.str(), "this key is not known");
            }
        }
    }

private:
    const toml::table* table_;
    std::string prefix_;
    std::optional<Error>& error_;
    std::set<std::string, std::less<>> taken_;
};

void read_peers(TableReader& root, Config& out, std::optional<Error>& error) {
    const toml::node* node = root.take("peer", false);
    if (node == nullptr) {
        return;
    }
    const toml::array* list = node->as_array();
    if (list == nullptr || !list->is_homogeneous<toml::table>()) {
        root.refuse("peer", "a list of tables, [[peer]], is wanted");
        return;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
        TableReader reader{list->get(i)->as_table(), "peer[" + std::to_string(i) + "].", error};
        PeerConfig peer;
        const toml::node* name = reader.take("validator", true);
        if (name != nullptr) {
            const auto index = name->value_exact<std::int64_t>();
            if (index && *index >= 0 && *index < 100) {
                peer.index = static_cast<std::uint32_t>(*index);
            } else if (const auto text = name->value_exact<std::string>(); text && !text->empty()) {
                peer.organisation = *text;
            } else {
                reader.refuse("validator", "an organisation id or a position in genesis is wanted");
            }
        }
        reader.endpoint("address", peer.address, true);
        reader.finish();
        out.peers.push_back(std::move(peer));
    }
}

void read_identity(TableReader& root, Config& out, const std::filesystem::path& folder) {
    TableReader identity = root.table("identity");
    const bool validator = out.mode == Mode::validator;
    identity.path("key_file", out.identity_key_file, folder, validator);
    identity.path("passphrase_file", out.identity_passphrase_file, folder);
    identity.text("passphrase_credential", out.identity_passphrase_credential);
    if (validator && out.identity_passphrase_file.empty() == out.identity_passphrase_credential.empty()) {
        identity.refuse("passphrase_file", "either this key or passphrase_credential is wanted");
    }
    identity.finish();
    TableReader tls = root.table("tls");
    tls.path("certificate_file", out.tls_certificate_file, folder, true);
    tls.path("key_file", out.tls_key_file, folder, true);
    tls.path("binding_file", out.tls_binding_file, folder, validator);
    tls.finish();
}

void read_limits(TableReader& root, Config& out, const std::filesystem::path& folder) {
    constexpr std::uint64_t kMany = 1'000'000'000;
    TableReader rpc = root.table("rpc");
    rpc.endpoint("listen", out.rpc.listen);
    rpc.number("max_body_bytes", out.rpc.max_body_bytes, 1024, kMany);
    rpc.number("max_connections", out.rpc.max_connections, 1, 100'000);
    rpc.number("max_batch", out.rpc.max_batch, 1, 100'000);
    rpc.number("request_timeout_ms", out.rpc.request_timeout_ms, 10, 3'600'000);
    rpc.finish();
    TableReader log = root.table("log");
    log.choice("level", out.log.level, {"trace", "debug", "info", "warn", "error"});
    log.choice("format", out.log.format, {"text", "json"});
    log.path("file", out.log.file, folder);
    log.finish();
    TableReader pool = root.table("pool");
    pool.number("max_transactions", out.pool.max_transactions, 1, 100'000'000);
    pool.number("max_bytes", out.pool.max_bytes, 65'536, 1'000 * kMany);
    pool.number("max_per_sender", out.pool.max_per_sender, 1, 100'000'000);
    pool.finish();
}

}  // namespace

std::string Endpoint::to_string() const {
    return (host.find(':') != std::string::npos ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) {
        return fail(Errc::malformed, "address", "host:port is wanted");
    }
    std::string_view host = text.substr(0, colon);
    const std::string_view port = text.substr(colon + 1);
    if (host.front() == '[' && host.back() == ']' && host.size() > 2) {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return fail(Errc::malformed, "address", "an IPv6 address stands in brackets");
    }
    Endpoint out{std::string{host}, 0};
    const auto [end, code] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (code != std::errc{} || end != port.data() + port.size()) {
        return fail(Errc::malformed, "address", "the port is not a number");
    }
    return out;
}

Result<Config> parse_config(std::string_view toml_text, const std::filesystem::path& folder) {
    toml::table table;
    try {
        table = toml::parse(toml_text);
    } catch (const toml::parse_error& error) {
        return fail(Errc::config_invalid, "line " + std::to_string(error.source().begin.line),
                    std::string{error.description()});
    }
    Config out;
    std::optional<Error> error;
    TableReader root{&table, "", error};
    std::string mode{"validator"};
    root.choice("mode", mode, {"validator", "observer"});
    out.mode = mode == "observer" ? Mode::observer : Mode::validator;
    root.path("data_dir", out.data_dir, folder, true);
    root.path("genesis_file", out.genesis_file, folder, true);
    root.path("succession_file", out.succession_file, folder);
    root.endpoint("listen", out.listen);
    read_identity(root, out, folder);
    read_peers(root, out, error);
    read_limits(root, out, folder);
    root.finish();
    if (error) {
        return fail(std::move(*error));
    }
    return out;
}

Result<Config> load_config(const std::filesystem::path& file) {
    PROBATUM_LET(bytes, read_file(file, 1U << 20U));
    return parse_config(as_text(bytes), std::filesystem::absolute(file).parent_path());
}

}  // namespace probatum::node
