#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/text_encoding.h"
#include "node/machine.h"
#include "rpc/params.h"
#include "tools/commands.h"

namespace probatum::tools {

namespace {

using rpc::Json;

struct ChainOptions {
    NetworkOptions network;
    std::optional<std::uint64_t> height;
    std::filesystem::path out;
};

struct TransactionOptions {
    NetworkOptions network;
    std::string id;
    std::filesystem::path file;
    std::uint32_t wait_ms{30'000};
};

/// What the figures mean for whoever has to do something.
std::string verdict_text(const Session& session, const Json& status) {
    const auto reachable = status.value("reachable", std::size_t{0});
    const auto quorum = status.value("quorum", std::size_t{0});
    std::string missing;
    for (const Json& validator : status.at("validators")) {
        if (!validator.value("self", false) && !validator.value("connected", false)) {
            missing += (missing.empty() ? "" : ", ") + validator.value("organisation", "");
        }
    }
    if (reachable < quorum) {
        return fmt::format("{} {} ({})\n",
                           session.say("NO QUORUM: nothing becomes final until so many more are back:",
                                       "不足法定数：在以下数量的节点恢复之前无法最终确认："),
                           quorum - reachable, missing);
    }
    std::string out;
    if (!missing.empty()) {
        out = fmt::format("{} {}; {} {}\n", session.say("missing:", "缺席："), missing,
                          session.say("so many more may fail:", "还可容忍故障数："), reachable - quorum);
    }
    if (status.value("mode", "") == "follower") {
        out += fmt::format("{}\n", session.say("this node's key has no vote in this epoch: it follows",
                                               "本节点密钥在当前纪元无表决权：仅跟随同步"));
    }
    return out;
}

std::string status_text(const Session& session, const Json& status) {
    std::string out = fmt::format("{} ({})  {}\n", status.value("chain_name", ""), status.value("chain_id", ""),
                                  status.value("mode", ""));
    out += fmt::format("{} {}  {} {}  {} {}  {}\n", session.say("height", "高度"), status.value("height", 0),
                       session.say("epoch", "纪元"), status.value("epoch", 0), session.say("view", "视图"),
                       status.value("view", 0), status.value("block_time", ""));
    out += fmt::format("{} {} ms\n", session.say("own clock ahead of the others by", "本机时钟领先其他节点"),
                       status.value("clock_drift_ms", 0));
    out += fmt::format("{} {}/{}, {} {}\n", session.say("reachable", "可达"), status.value("reachable", 0),
                       status.at("validators").size(), session.say("quorum", "法定数"), status.value("quorum", 0));
    for (const Json& validator : status.at("validators")) {
        const bool self = validator.value("self", false);
        const std::string_view state = self                                  ? session.say("this node", "本节点")
                                       : validator.value("connected", false) ? session.say("connected", "已连接")
                                                                             : session.say("MISSING", "缺席");
        const std::string clock =
            validator.contains("clock_offset_ms")
                ? fmt::format("  {} {:+} ms", session.say("clock", "时钟"), validator.value("clock_offset_ms", 0))
                : "";
        out += fmt::format("  {}  {}  {}  {} {}{}  {}\n", validator.value("index", 0),
                           validator.value("organisation", ""), state, session.say("height", "高度"),
                           validator.value("last_height", 0), clock, validator.value("problem", ""));
    }
    out += verdict_text(session, status);
    if (!status.value("ready", false)) {
        out += fmt::format("{}\n", session.say("not ready: catching up", "未就绪：正在追赶同步"));
    }
    if (status.value("read_only", false)) {
        out += fmt::format("{}\n", session.say("read-only: the disk is full", "只读：磁盘已满"));
    }
    if (!status.value("alarm", "").empty()) {
        out += fmt::format("{}: {}\n", session.say("ALARM", "告警"), status.value("alarm", ""));
    }
    return out;
}

/// Yes: ready, no alarm, and a quorum can be reached.
Result<int> show_status(Session& session, const ChainOptions& options) {
    PROBATUM_LET(client, connect(options.network));
    PROBATUM_LET(status, session.call(client, "chain.status"));
    session.result(status, status_text(session, status));
    const bool well = status.value("ready", false) && status.value("alarm", "").empty() &&
                      status.value("reachable", 0) >= status.value("quorum", 0);
    return well ? kExitYes : kExitNo;
}

Result<int> show_block(Session& session, const ChainOptions& options) {
    PROBATUM_LET(client, connect(options.network));
    Json query = Json::object();
    if (options.height) {
        query["height"] = *options.height;
    }
    PROBATUM_LET(block, session.call(client, "chain.block", query));
    const Json& header = block.at("header");
    std::string text =
        fmt::format("{} {}  {}\n  id {}\n  {} {}\n  {} {}\n", session.say("block", "区块"), header.value("height", 0),
                    header.value("time", ""), header.value("id", ""), session.say("state root", "状态根"),
                    header.value("state_root", ""), session.say("log root", "日志根"), header.value("log_root", ""));
    for (const Json& transaction : block.at("transactions")) {
        const Json& outcome = transaction.at("outcome");
        text += fmt::format("  {}  {}\n", transaction.value("id", ""),
                            outcome.value("accepted", false)
                                ? std::string{session.say("accepted", "已接受")}
                                : fmt::format("{} {}", outcome.value("number", 0), outcome.value("name", "")));
    }
    session.result(block, text);
    return kExitYes;
}

Result<int> fetch_genesis(Session& session, const ChainOptions& options) {
    PROBATUM_LET(network, join(session, options.network));
    if (!options.out.empty()) {
        PROBATUM_TRY(node::write_file(options.out, network.genesis_bytes));
    }
    session.result({{"chain_id", to_hex(network.chain_id)},
                    {"chain_name", network.genesis.chain_name},
                    {"pinned", network.pinned}},
                   fmt::format("{}  {}\n", to_hex(network.chain_id), network.genesis.chain_name));
    return kExitYes;
}

Result<int> get_transaction(Session& session, const TransactionOptions& options) {
    const auto id = digest_from_hex(options.id);
    if (!id) {
        return fail(Errc::usage, "id", "64 hexadecimal digits are needed");
    }
    PROBATUM_LET(network, join(session, options.network));
    PROBATUM_LET(found, session.call(network.client, "tx.get", {{"id", options.id}}));
    if (found.at("status") != "final") {
        session.result(found, fmt::format("{}\n", session.say("pending", "等待最终确认")));
        return kExitNo;
    }
    PROBATUM_LET(receipt, verified_receipt(session, found.at("receipt"), network, *id));
    found["receipt"] = receipt;
    session.result(found, receipt_text(session, receipt));
    return receipt.at("outcome").value("accepted", false) ? kExitYes : kExitNo;
}

Result<int> submit_transaction(Session& session, const TransactionOptions& options) {
    PROBATUM_LET(file, node::read_file(options.file, 4 * ledger::kMaxTransactionBytes));
    // The wire form itself, or its text in hexadecimal or base64url with a line end.
    std::string text{as_text(file)};
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.pop_back();
    }
    const auto decoded = rpc::decode_bytes(text);
    PROBATUM_LET(transaction, ledger::Transaction::decode(decoded ? *decoded : file));
    PROBATUM_LET(network, join(session, options.network));
    PROBATUM_LET(answer,
                 session.call(network.client, "tx.submit",
                              {{"transaction", to_base64url(transaction->wire())}, {"wait_ms", options.wait_ms}}));
    if (answer.value("status", "") != "final") {
        return fail(Errc::not_final_yet, to_hex(transaction->id()), "submitted, not final yet");
    }
    PROBATUM_LET(receipt, verified_receipt(session, answer.at("receipt"), network, transaction->id()));
    answer["receipt"] = receipt;
    session.result(answer, receipt_text(session, receipt));
    return receipt.at("outcome").value("accepted", false) ? kExitYes : kExitNo;
}

}  // namespace

void add_chain_commands(CLI::App& app, Commands& commands) {
    const auto status = std::make_shared<ChainOptions>();
    CLI::App* const shows =
        commands.add(app, "status", "How a node stands and who is missing; exit code 1 if it is not well",
                     "节点状态与缺席者；异常时退出码为 1", "probatum status --node http://127.0.0.1:8100");
    commands.add_network(*shows, status->network);
    shows->callback([&commands, status] {
        commands.chosen = [&commands, status] { return show_status(commands.session, *status); };
    });

    CLI::App* const group = commands.group(app, "chain", "Blocks and genesis", "区块与创世信息");
    const auto block = std::make_shared<ChainOptions>();
    CLI::App* const blocks = commands.add(*group, "block", "A final block", "最终区块",
                                          "probatum chain block 7 --node http://127.0.0.1:8100");
    blocks->add_option("height", block->height, commands.say("The last one if not given", "缺省为最新"));
    commands.add_network(*blocks, block->network);
    blocks->callback(
        [&commands, block] { commands.chosen = [&commands, block] { return show_block(commands.session, *block); }; });

    const auto genesis = std::make_shared<ChainOptions>();
    CLI::App* const fetches = commands.add(*group, "genesis", "The digest of genesis, and its exact bytes with --out",
                                           "创世摘要；用 --out 导出原始字节",
                                           "probatum chain genesis --out genesis.cbor --node http://127.0.0.1:8100");
    fetches->add_option("--out", genesis->out, commands.say("The file to write", "输出文件"));
    commands.add_network(*fetches, genesis->network);
    fetches->callback([&commands, genesis] {
        commands.chosen = [&commands, genesis] { return fetch_genesis(commands.session, *genesis); };
    });
}

void add_transaction_commands(CLI::App& app, Commands& commands) {
    CLI::App* const group = commands.group(app, "tx", "Transactions", "交易");
    const auto getting = std::make_shared<TransactionOptions>();
    CLI::App* const gets =
        commands.add(*group, "get", "A transaction and its receipt, verified here", "查询交易及回执，并在本机验证",
                     "probatum tx get 5b0e... --node http://127.0.0.1:8100");
    gets->add_option("id", getting->id, commands.say("Transaction id", "交易标识"))->required();
    commands.add_network(*gets, getting->network);
    gets->callback([&commands, getting] {
        commands.chosen = [&commands, getting] { return get_transaction(commands.session, *getting); };
    });

    const auto sending = std::make_shared<TransactionOptions>();
    CLI::App* const sends =
        commands.add(*group, "submit", "Send a transaction that was signed elsewhere", "提交在别处签名的交易",
                     "probatum tx submit signed.cbor --node http://127.0.0.1:8100");
    sends
        ->add_option("file", sending->file,
                     commands.say("The wire transaction: CBOR, hexadecimal or base64url",
                                  "交易原文：CBOR、十六进制或 base64url"))
        ->required();
    sends
        ->add_option("--wait-ms", sending->wait_ms,
                     commands.say("How long to wait for finality", "等待最终确认的毫秒数"))
        ->capture_default_str();
    commands.add_network(*sends, sending->network);
    sends->callback([&commands, sending] {
        commands.chosen = [&commands, sending] { return submit_transaction(commands.session, *sending); };
    });
}

}  // namespace probatum::tools
