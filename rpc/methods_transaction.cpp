#include <chrono>

#include "base/cose.h"
#include "base/text_encoding.h"
#include "rpc/actions.h"
#include "rpc/methods.h"
#include "rpc/schemas.h"
#include "rpc/views.h"

namespace probatum::rpc {

namespace {

/// The wire transaction, whole or from the parts that tx.prepare gave and a signature made elsewhere.
Bytes read_wire(Params& params) {
    if (auto whole = params.optional_bytes("transaction")) {
        if (params.has("prepared")) {
            params.refuse("prepared", {Errc::malformed, {}, "give the transaction or its parts, not both"});
        }
        (void)params.raw("prepared");
        return *std::move(whole);
    }
    Params parts = params.object("prepared");
    const Bytes header_bytes = parts.bytes("protected");
    const Bytes payload = parts.bytes("payload");
    const Bytes openings = parts.bytes("openings");
    const Bytes signature_bytes = parts.bytes("signature");
    const auto assemble = [&]() -> Result<Bytes> {
        PROBATUM_LET(header, cose::decode_protected_header(header_bytes));
        PROBATUM_LET(opened, ledger::decode_openings(openings));
        Signature signature{};
        if (signature_bytes.size() != signature.size()) {
            return fail(Errc::malformed, "signature", "64 bytes: r, then s");
        }
        std::ranges::copy(signature_bytes, signature.begin());
        return ledger::encode_transaction(cose::assemble(header, payload, signature), std::move(opened));
    };
    params.take(parts);
    if (params.failed()) {
        return {};
    }
    auto wire = assemble();
    if (wire) {
        return *std::move(wire);
    }
    params.refuse("prepared", std::move(wire).error());
    return {};
}

Json pending_view(const node::Submitted& submitted) {
    return {{"transaction", to_hex(submitted.transaction)},
            {"status", "pending"},
            {"already_pending", submitted.already_pending},
            {"receipt", nullptr}};
}

struct Wish {
    std::uint64_t wait_ms{0};
    bool proof{true};
};

Json final_view(const node::Receipt& receipt, const Wish& wish) {
    return {{"transaction", to_hex(receipt.transaction)},
            {"status", "final"},
            {"already_pending", false},
            {"receipt", wish.proof ? view_of(receipt) : view_without_proof(receipt)}};
}

/// After the pool took it: answers at once, or with the receipt when it is final. A wait that runs out is no error: the
/// transaction was taken, and that is what the answer says.
void answer_submitted(node::Service& service, const node::Submitted& submitted, const Wish& wish, const Reply& reply) {
    if (submitted.already_recorded) {
        auto receipt = service.receipt(submitted.transaction);
        if (!receipt) {
            return reply(refuse(std::move(receipt).error()));
        }
        receipt->already_recorded = true;
        return reply(final_view(*receipt, wish));
    }
    if (wish.wait_ms == 0) {
        return reply(pending_view(submitted));
    }
    service.await_final(submitted.transaction, std::chrono::milliseconds{wish.wait_ms},
                        [submitted, wish, reply](Result<node::Receipt> receipt) {
                            if (receipt) {
                                return reply(final_view(*receipt, wish));
                            }
                            if (receipt.error().code == Errc::not_final_yet) {
                                return reply(pending_view(submitted));
                            }
                            reply(refuse(std::move(receipt).error()));
                        });
}

Json submitted_schema() {
    return schema::object({{"transaction", schema::digest("Transaction id")},
                           {"status", schema::one_of("pending: taken, not final yet", {"pending", "final"})},
                           {"already_pending", schema::boolean("It was waiting before")},
                           {"receipt", schema::nullable(schema::reference("Receipt"))}});
}

Method submit_method(const Context& context) {
    const Json parts = schema::object({{"protected", schema::bytes("As tx.prepare gave it")},
                                       {"payload", schema::bytes("As tx.prepare gave it")},
                                       {"openings", schema::bytes("As tx.prepare gave it")},
                                       {"signature", schema::bytes("r, then s: 64 bytes, low-S")}},
                                      "The parts that tx.prepare gave, and the signature");
    return {
        .name = "tx.submit",
        .summary_en =
            "Takes a signed transaction; with wait_ms, answers with the receipt and its proof once it is final",
        .summary_zh = "提交已签名交易；给出 wait_ms 时，待最终确认后返回回执及证明",
        .parameters = {{"transaction", "The wire transaction", false, schema::bytes("CBOR")},
                       {"wait_ms", "How long to wait for finality; 0: not at all", false,
                        schema::uint("Milliseconds", context.options.max_wait_ms)},
                       {"prepared", "Instead of the transaction: its parts", false, parts},
                       {"proof", "False: the receipt comes without its proof; fetch it later with tx.get", false,
                        schema::boolean("Default true")}},
        .result_name = "submitted",
        .result_schema = submitted_schema(),
        .errors = {Errc::malformed, Errc::not_deterministic, Errc::too_large, Errc::bad_signature,
                   Errc::high_s_signature, Errc::foreign_chain, Errc::unknown_key, Errc::expired, Errc::valid_too_long,
                   Errc::bad_commitment, Errc::missing_opening, Errc::issuer_mismatch, Errc::idempotency_conflict,
                   Errc::pool_full, Errc::sender_limit, Errc::read_only, Errc::not_ready},
        .handler = [&service = context.service, waiting = context.waiting, max_wait_ms = context.options.max_wait_ms](
                       Params params, Reply reply) {
            Bytes wire = read_wire(params);
            const Wish wish{std::min<std::uint64_t>(params.uint("wait_ms", UINT32_MAX, 0), max_wait_ms),
                            params.boolean("proof", true)};
            if (auto whole = params.finish(); !whole) {
                return reply(refuse_params(std::move(whole).error()));
            }
            service.submit(std::move(wire),
                           [&service, wish, held = waiting->hold(std::move(reply))](Result<node::Submitted> submitted) {
                               if (!submitted) {
                                   return held(refuse(std::move(submitted).error()));
                               }
                               answer_submitted(service, *submitted, wish, held);
                           });
        }};
}

Json transaction_view(const ledger::Transaction& transaction) {
    Json out{{"organisation", transaction.header().issuer},
             {"key_id", to_hex(transaction.header().key_id.digest)},
             {"valid_until", to_rfc3339(transaction.payload().valid_until)},
             {"idempotency_key", to_hex(transaction.payload().idempotency_key)},
             {"wire", to_hex(transaction.wire())},
             {"action", nullptr}};
    if (const auto action = contracts::decode_action(transaction)) {
        out["action"] = view_of(*action);
    }
    return out;
}

Result<Json> find_transaction(node::Service& service, const Digest& id) {
    if (const auto waiting = service.pending(id)) {
        return Json{{"status", "pending"}, {"transaction", transaction_view(*waiting)}, {"receipt", nullptr}};
    }
    PROBATUM_LET(receipt, service.receipt(id));
    PROBATUM_LET(transaction, service.view()->transaction(id));
    return Json{{"status", "final"}, {"transaction", transaction_view(*transaction)}, {"receipt", view_of(receipt)}};
}

Method get_method(node::Service& service) {
    return {
        .name = "tx.get",
        .summary_en = "A transaction by its id: what was signed, whether it is final, and the receipt with its proof",
        .summary_zh = "按标识查询交易：签名内容、是否最终确认、回执及证明",
        .parameters = {{"id", "Transaction id", true, schema::digest("Transaction id")}},
        .result_name = "found",
        .result_schema = schema::object(
            {{"status", schema::one_of("", {"pending", "final"})},
             {"transaction", schema::object({{"organisation", schema::text("Who signed")},
                                             {"key_id", schema::digest("")},
                                             {"valid_until", schema::instant("")},
                                             {"idempotency_key", schema::hex("16 bytes")},
                                             {"wire", schema::hex("The exact transaction")},
                                             {"action", schema::nullable(schema::reference("Action"))}})},
             {"receipt", schema::nullable(schema::reference("Receipt"))}}),
        .errors = {Errc::not_found, Errc::not_final_yet, Errc::pruned},
        .handler = answering([](Params& params) { return params.digest("id"); },
                             [&service](const Digest& id) { return find_transaction(service, id); })};
}

}  // namespace

std::vector<Method> transaction_methods(const Context& context) {
    return {submit_method(context), get_method(context.service)};
}

}  // namespace probatum::rpc
