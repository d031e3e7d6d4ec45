#include "tools/doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/civil_time.h"
#include "base/hash.h"
#include "base/key_file.h"
#include "base/text_encoding.h"
#include "contracts/genesis_approval.h"
#include "node/tls_binding.h"
#include "node/tls_identity.h"

namespace probatum::tools {

namespace {

constexpr std::uint64_t kDayMs = 24ULL * 60 * 60 * 1000;
constexpr std::uint64_t kGibibyte = 1ULL << 30U;
constexpr std::uint64_t kWarnFreeBytes = 5 * kGibibyte;
constexpr std::uint64_t kLeastFreeBytes = kGibibyte / 2;

class Examination {
public:
    Examination(const node::Config& config, const Surroundings& world) : config_{config}, world_{world} {}

    std::vector<Finding> take() && { return std::move(findings_); }

    void all() {
        genesis();
        if (config_.mode == node::Mode::validator) {
            identity();
            journal();
            tls();
        }
        disk();
        peers();
        node();
    }

private:
    void add(std::string_view check, Level level, std::string english, std::string chinese) {
        findings_.push_back({std::string{check}, level, std::move(english), std::move(chinese)});
    }
    void unreadable(std::string_view check, const std::filesystem::path& file, const Error& error) {
        add(check, Level::problem, fmt::format("{}: {}", file.string(), error.to_string()),
            fmt::format("{}：无法使用（{}）", file.string(), error.to_string()));
    }

    void genesis() {
        const auto bytes = world_.read(config_.genesis_file);
        if (!bytes) {
            return unreadable("genesis", config_.genesis_file, bytes.error());
        }
        auto decoded = contracts::decode_genesis(*bytes);
        if (!decoded) {
            return unreadable("genesis", config_.genesis_file, decoded.error());
        }
        genesis_ = *std::move(decoded);
        chain_id_ = contracts::chain_id_of(*bytes);
        add("genesis", Level::fine, fmt::format("{} {}", genesis_->chain_name, to_hex(chain_id_)),
            fmt::format("{} {}", genesis_->chain_name, to_hex(chain_id_)));
    }

    void identity() {
        const auto bytes = world_.read(config_.identity_key_file);
        if (!bytes) {
            return unreadable("identity", config_.identity_key_file, bytes.error());
        }
        const auto described = key_file::describe(*bytes);
        if (!described) {
            return unreadable("identity", config_.identity_key_file, described.error());
        }
        identity_ = described->public_key;
        const bool has_passphrase =
            config_.identity_passphrase_file.empty() || world_.exists(config_.identity_passphrase_file);
        if (!has_passphrase) {
            return add("identity", Level::problem,
                       fmt::format("{}: the passphrase file is missing", config_.identity_passphrase_file.string()),
                       fmt::format("{}：口令文件缺失", config_.identity_passphrase_file.string()));
        }
        const bool in_genesis = genesis_ && genesis_->validator_set().index_of(identity_->id());
        const std::string id = to_hex(identity_->id().digest);
        if (in_genesis) {
            return add("identity", Level::fine, fmt::format("a validator of genesis, key {}", id),
                       fmt::format("创世验证节点，密钥 {}", id));
        }
        add("identity", Level::warning,
            fmt::format("key {} is no validator of genesis: it votes once governance has added it", id),
            fmt::format("密钥 {} 不在创世验证节点之列：经治理加入后方可投票", id));
    }

    /// The marker beside the key says that a journal was begun; a key without its journal never votes again.
    void journal() {
        if (!genesis_) {
            return;
        }
        const std::filesystem::path marker =
            config_.identity_key_file.string() + "." + to_hex(chain_id_).substr(0, 16) + ".journal";
        const std::filesystem::path folder = config_.data_dir / "journal";
        const bool marked = world_.exists(marker);
        const bool there = world_.exists(folder);
        if (marked && !there) {
            return add("journal", Level::problem,
                       fmt::format("{}: this identity has voted and its journal is gone; it must never vote again. "
                                   "Return with a new key: probatum gov propose rotate-key",
                                   folder.string()),
                       fmt::format("{}：该身份曾投票而日志已失，不得再投票。请更换密钥（gov propose rotate-key）",
                                   folder.string()));
        }
        if (!marked && there) {
            return add("journal", Level::warning,
                       fmt::format("{}: a journal without its marker beside the key", folder.string()),
                       fmt::format("{}：日志存在，但密钥旁缺少标记文件", folder.string()));
        }
        add("journal", Level::fine, there ? "in its place, with its marker" : "not begun yet",
            there ? "日志与标记齐备" : "尚未开始");
    }

    void tls() {
        const auto certificate = world_.read(config_.tls_certificate_file);
        if (!certificate) {
            return unreadable("tls", config_.tls_certificate_file, certificate.error());
        }
        const auto binding = world_.read(config_.tls_binding_file);
        if (!binding) {
            return unreadable("tls", config_.tls_binding_file, binding.error());
        }
        const auto digest = node::tls_key_digest(as_text(*certificate));
        if (!digest) {
            return unreadable("tls", config_.tls_certificate_file, digest.error());
        }
        if (!genesis_ || !identity_) {
            return;
        }
        const auto bound = node::check_tls_binding(*binding, {chain_id_, *identity_, *digest, world_.now});
        if (!bound) {
            return unreadable("tls", config_.tls_binding_file, bound.error());
        }
        expiry(bound->validity.not_after);
    }

    void expiry(UnixMs not_after) {
        const std::string until = to_rfc3339(not_after);
        if (not_after < world_.now) {
            return add("tls", Level::problem,
                       fmt::format("the TLS binding expired {}; renew it: probatum tls renew", until),
                       fmt::format("TLS 绑定已于 {} 过期；请执行 probatum tls renew", until));
        }
        const std::uint64_t days = (not_after.raw() - world_.now.raw()) / kDayMs;
        const std::string english = fmt::format("the TLS binding is valid for {} more days, until {}", days, until);
        const std::string chinese = fmt::format("TLS 绑定尚有 {} 天到期（{}）", days, until);
        for (const auto& [limit, urgency_en, urgency_zh] :
             {std::tuple{7U, "URGENT: ", "紧急："}, {30U, "soon: ", "尽快："}, {90U, "", ""}}) {
            if (days < limit) {
                return add("tls", Level::warning, urgency_en + english + "; renew it: probatum tls renew",
                           urgency_zh + chinese + "；请执行 probatum tls renew");
            }
        }
        add("tls", Level::fine, english, chinese);
    }

    void disk() {
        const auto free = world_.free_bytes(config_.data_dir);
        if (!free) {
            return add("disk", Level::warning, fmt::format("{}: not there yet", config_.data_dir.string()),
                       fmt::format("{}：目录尚不存在", config_.data_dir.string()));
        }
        const Level level = *free < kLeastFreeBytes  ? Level::problem
                            : *free < kWarnFreeBytes ? Level::warning
                                                     : Level::fine;
        add("disk", level, fmt::format("{} MiB free in {}", *free >> 20U, config_.data_dir.string()),
            fmt::format("{} 剩余 {} MiB", config_.data_dir.string(), *free >> 20U));
    }

    void peers() {
        std::size_t there = 0;
        for (const node::PeerConfig& peer : config_.peers) {
            if (world_.reachable(peer.address)) {
                ++there;
                continue;
            }
            const std::string who = peer.index ? fmt::format("validator {}", *peer.index) : peer.organisation;
            add("peer", Level::warning, fmt::format("{} at {} does not answer", who, peer.address.to_string()),
                fmt::format("{}（{}）无应答", who, peer.address.to_string()));
        }
        add("peer", Level::fine, fmt::format("{} of {} answer", there, config_.peers.size()),
            fmt::format("{}/{} 可达", there, config_.peers.size()));
    }

    void node() {
        const auto status = world_.status(config_.rpc.listen);
        if (!status) {
            return add("node", Level::warning,
                       fmt::format("not running, or its API does not answer at {}", config_.rpc.listen.to_string()),
                       fmt::format("未运行，或 {} 的接口无应答", config_.rpc.listen.to_string()));
        }
        if (const std::string alarm = status->value("alarm", ""); !alarm.empty()) {
            add("node", Level::problem, "ALARM: " + alarm, "告警：" + alarm);
        }
        const bool quorum = status->value("reachable", 0) >= status->value("quorum", 0);
        add("node", quorum && status->value("ready", false) ? Level::fine : Level::warning,
            fmt::format("running at height {}, {} reachable, quorum {}", status->value("height", 0),
                        status->value("reachable", 0), status->value("quorum", 0)),
            fmt::format("运行中，高度 {}，可达 {}，法定数 {}", status->value("height", 0),
                        status->value("reachable", 0), status->value("quorum", 0)));
        clock(status->value("clock_drift_ms", std::int64_t{0}));
    }

    void clock(std::int64_t drift_ms) {
        const std::int64_t bound = genesis_ ? std::int64_t{genesis_->parameters.clock_bound_ms} : 10'000;
        const std::int64_t off = std::abs(drift_ms);
        const Level level = off >= bound ? Level::problem : off * 2 >= bound ? Level::warning : Level::fine;
        add("clock", level,
            fmt::format("{} ms from the median of the peers; blocks are refused beyond {} ms", drift_ms, bound),
            fmt::format("与其他节点时钟中位数相差 {} 毫秒；超过 {} 毫秒的区块将被拒绝", drift_ms, bound));
    }

    const node::Config& config_;
    const Surroundings& world_;
    std::vector<Finding> findings_;
    std::optional<contracts::Genesis> genesis_;
    Digest chain_id_;
    std::optional<PublicKey> identity_;
};

}  // namespace

std::string_view name(Level level) {
    return level == Level::fine ? "ok" : level == Level::warning ? "warning" : "problem";
}

std::vector<Finding> diagnose(const Result<node::Config>& config, const Surroundings& world) {
    if (!config) {
        return {{"config", Level::problem, config.error().to_string(), config.error().to_string()}};
    }
    Examination examination{*config, world};
    examination.all();
    return std::move(examination).take();
}

int exit_code(const std::vector<Finding>& findings) {
    Level worst = Level::fine;
    for (const Finding& finding : findings) {
        worst = std::max(worst, finding.level);
    }
    return static_cast<int>(worst);
}

}  // namespace probatum::tools
