#include "tools/signing.h"

#include <fmt/format.h>

#include <chrono>

#include "base/civil_time.h"
#include "base/hash.h"
#include "base/text_encoding.h"
#include "evidence/verify.h"
#include "node/machine.h"
#include "rpc/actions.h"
#include "rpc/views.h"

namespace probatum::tools {

namespace {

constexpr std::uint64_t kValidityMs = 60ULL * 60 * 1000;

Result<contracts::SignerContext> context_of(const Signer& signer, const SigningOptions& options) {
    contracts::SignerContext out{.chain_id = signer.network.chain_id,
                                 .organisation = signer.organisation,
                                 .key = signer.key.public_key().id(),
                                 .idempotency_key = {},
                                 .valid_until = UnixMs{node::wall_clock().raw() + kValidityMs}};
    if (options.idempotency_key.empty()) {
        node::fill_random(out.idempotency_key);
        return out;
    }
    const auto given = from_hex(options.idempotency_key);
    if (!given || given->size() != out.idempotency_key.size()) {
        return fail(Errc::usage, "--idempotency-key", "32 hexadecimal digits are needed");
    }
    std::ranges::copy(*given, out.idempotency_key.begin());
    return out;
}

std::string summary_text(const Session& session, const contracts::ActionSummary& summary, const Signer& signer) {
    std::string out = fmt::format("{}\n  {}: {} / {}\n", session.say(summary.english, summary.chinese),
                                  session.say("signer", "签名人"), signer.organisation, signer.member.id);
    for (const contracts::SummaryLine& line : summary.lines) {
        out += fmt::format("  {}: {}\n", session.say(line.english, line.chinese), line.value);
    }
    return out;
}

/// A signature of a contract says what was shown; then exactly that text is shown, in both languages.
std::pair<std::string, contracts::Action> with_what_is_shown(contracts::Action action) {
    auto* const signature = std::get_if<contracts::SignBody>(&action.body);
    if (signature == nullptr || signature->seen || !action.contract) {
        return {{}, std::move(action)};
    }
    std::string shown = contracts::shown_to_sign(*action.contract, *signature);
    signature->seen = sha256(as_bytes(shown));
    return {std::move(shown), std::move(action)};
}

Salt fresh_salt() {
    Salt out{};
    node::fill_random(out);
    return out;
}

Result<rpc::Json> submit(Session& session, Signer& signer, const Bytes& wire, const SigningOptions& options) {
    const auto begin = std::chrono::steady_clock::now();
    PROBATUM_LET(answer, session.call(signer.network.client, "tx.submit",
                                      {{"transaction", to_base64url(wire)}, {"wait_ms", options.wait_ms}}));
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    if (!answer.is_object()) {
        return fail(Errc::malformed, {}, "the node's answer is not an object");
    }
    answer["elapsed_ms"] = took.count();
    return answer;
}

}  // namespace

Result<Signer> open_signer(Session& session, const SigningOptions& options) {
    PROBATUM_LET(opened, open_key(session, options.key, options.passphrase_file));
    PROBATUM_LET(network,
                 join(session, {.node = options.node, .genesis_digest = options.genesis_digest, .key = options.key}));
    const PublicKey key = opened.key.public_key();
    contracts::Member member{
        .organisation = opened.label.organisation, .id = opened.label.name, .name = {}, .key = key, .roles = {}};
    for (const contracts::Member& known : network.genesis.members) {
        if (known.key == key) {
            member = known;
        }
    }
    if (member.organisation.empty()) {
        return fail(Errc::unknown_key, to_hex(key.id().digest), "no organisation is known for this key");
    }
    std::string organisation = member.organisation;
    return Signer{std::move(network), std::move(opened.key), std::move(organisation), std::move(member)};
}

Result<rpc::Json> verified_receipt(Session& session, rpc::Json receipt, Network& network, const Digest& expected) {
    PROBATUM_LET(parts, rpc::read_receipt(receipt));
    if (parts.transaction != expected) {
        return fail(Errc::evidence_mismatch, "transaction", "the receipt is for another transaction");
    }
    std::vector<evidence::ValidatorChange> path;
    if (parts.header.validators != network.genesis.validator_set().digest()) {
        PROBATUM_LET(answer, session.call(network.client, "chain.trust_path"));
        PROBATUM_LET(steps, rpc::read_trust_path(answer));
        path = std::move(steps);
    }
    PROBATUM_TRY(evidence::verify_receipt(parts, network.genesis_bytes, network.chain_id, path));
    receipt["outcome"] = rpc::view_of(parts.entry.outcome);
    receipt["height"] = parts.header.height.raw();
    receipt["block"] = to_hex(ledger::id_of(parts.header));
    receipt["time"] = to_rfc3339(parts.header.time);
    return receipt;
}

std::string receipt_text(const Session& session, const rpc::Json& receipt) {
    const rpc::Json& outcome = receipt["outcome"];
    const bool accepted = outcome.value("accepted", false);
    std::string out;
    if (accepted) {
        out = fmt::format("{}\n", session.say("accepted", "已接受"));
    } else {
        out = fmt::format("{} {} {}: {}\n", session.say("refused", "已拒绝"), outcome.value("number", 0),
                          outcome.value("name", ""),
                          outcome.value(session.language == Language::chinese ? "message_zh" : "message_en", ""));
        if (!outcome.value("field", "").empty()) {
            out += fmt::format("  {}: {}\n", session.say("field", "字段"), outcome.value("field", ""));
        }
        out += fmt::format("  {}: {}\n", session.say("remedy", "处理办法"),
                           outcome.value(session.language == Language::chinese ? "remedy_zh" : "remedy_en", ""));
    }
    out += fmt::format("  {}: {}\n", session.say("transaction", "交易"), receipt.value("transaction", ""));
    out += fmt::format("  {}: {} ({})\n", session.say("final in block", "最终区块"), receipt.value("height", 0),
                       receipt.value("time", ""));
    return out;
}

Result<int> sign_and_submit(Session& session, const SigningOptions& options, Signer& signer,
                            const contracts::Action& action) {
    PROBATUM_LET(context, context_of(signer, options));
    const auto [shown, whole] = with_what_is_shown(action);
    PROBATUM_LET(draft, contracts::build_transaction(whole, context, fresh_salt));
    PROBATUM_LET(summary, rpc::summary_of(draft));
    session.note(shown.empty() ? summary_text(session, summary, signer) : shown);
    if (!options.yes && session.interactive() && !session.confirm(session.say("Sign this?", "确认签名？"))) {
        return fail(Errc::usage, "", "not signed");
    }
    const Bytes wire = draft.sign(signer.key);
    PROBATUM_LET(transaction, ledger::Transaction::decode(wire));
    PROBATUM_LET(answer, submit(session, signer, wire, options));
    if (answer.value("status", "") != "final" || !answer["receipt"].is_object()) {
        return fail(Errc::not_final_yet, to_hex(transaction->id()),
                    "submitted, not final yet; ask with: probatum tx get " + to_hex(transaction->id()));
    }
    PROBATUM_LET(receipt, verified_receipt(session, answer["receipt"], signer.network, transaction->id()));
    answer["receipt"] = receipt;
    answer["verified_against"] = to_hex(signer.network.chain_id);
    answer["genesis_pinned"] = signer.network.pinned;
    if (draft.header.subject) {
        answer["contract"] = *draft.header.subject;
    }
    std::string text = receipt_text(session, receipt);
    if (draft.header.subject) {
        text += fmt::format("  {}: {}\n", session.say("contract", "合同"), *draft.header.subject);
    }
    text += fmt::format("  {}: {} ms\n", session.say("final after", "最终确认耗时"), answer.value("elapsed_ms", 0));
    text +=
        fmt::format("  {} {}\n", session.say("receipt verified here against genesis", "回执已在本机对照创世摘要验证"),
                    to_hex(signer.network.chain_id));
    session.result(answer, text);
    return receipt["outcome"].value("accepted", false) ? kExitYes : kExitNo;
}

}  // namespace probatum::tools
