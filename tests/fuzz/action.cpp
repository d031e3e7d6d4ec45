// Bodies and openings of every action come from strangers: decoding answers with a value or an error, and what decodes
// can be shown. The first byte chooses the action; one CBOR item is the body, the rest the openings.

#include "base/cbor.h"
#include "base/check.h"
#include "contracts/summary.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace probatum;
    using namespace probatum::contracts;
    static constexpr std::string_view kActions[]{
        "evidence.deposit", "contract.register", "contract.sign",   "contract.approve",    "contract.activate",
        "contract.settle",  "fund.disburse",     "fund.repay",      "fund.acknowledge",    "gov.propose",
        "gov.vote",         "gov.enact",         "validator.ready", "misbehaviour.report", "claim.confirm",
        "claim.assign",     "claim.accept",      "claim.withdraw",  "claim.notify",        "claim.respond",
        "claim.register",   "claim.buy_back",    "claim.pay",       "claim.set_off",       "voucher.issue",
        "voucher.accept",   "voucher.withdraw",  "voucher.split",   "voucher.transfer",    "voucher.finance",
        "voucher.redeem",   "voucher.cancel",    "finance.key",     "finance.confirm",     "finance.open",
        "finance.release",  "finance.retag",     "member.add",      "member.roles",        "member.remove",
        "member.rotate",    "certificate.bind",  "index.publish"};
    if (size < 2) {
        return 0;
    }
    const std::string_view action = kActions[data[0] % std::size(kActions)];
    cbor::Reader in{ByteView{data + 1, size - 1}};
    const Bytes body = to_bytes(in.raw_item());
    if (in.failed()) {
        return 0;
    }
    auto openings = ledger::decode_openings(in.rest());
    if (!openings) {
        return 0;
    }
    const ledger::Payload payload{
        .idempotency_key = {}, .valid_until = {}, .action = std::string{action}, .body = body};
    // Governance and financing are about no contract. A registration names its contract; its id follows from the
    // number, which is the business of decode_action.
    const cose::ProtectedHeader header{
        .content_type = std::string{ledger::kTransactionContentType},
        .key_id = {},
        .chain_id = {},
        .issuer = "bank-a",
        .subject = is_governance_action(action) || is_financing_action(action) || is_identity_action(action)
                       ? std::nullopt
                       : std::optional{std::string(64, '0')}};
    const Bytes statement = cose::assemble(header, ledger::encode(payload), {});
    const auto transaction = ledger::Transaction::decode(ledger::encode_transaction(statement, *std::move(openings)));
    if (!transaction) {
        return 0;
    }
    if (const auto decoded = decode_action(**transaction)) {
        PROBATUM_CHECK(decoded->name == action, "the action is the one that was named");
        PROBATUM_CHECK(
            decoded->hidden.size() + (*transaction)->openings().size() == sealed_fields(decoded->body).size(),
            "every sealed field is either open or hidden");
        PROBATUM_CHECK(!to_text(summarise_action(*decoded)).empty(), "what decodes can be shown");
    }
    return 0;
}
