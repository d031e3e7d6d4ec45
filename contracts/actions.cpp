#include "contracts/actions.h"

#include <algorithm>
#include <array>

#include "base/text_encoding.h"
#include "contracts/action_bodies.h"

namespace probatum::contracts {
namespace {

/// Everything that is particular to one action, in the order of the alternatives of ActionBody.
struct ActionInfo {
    std::string_view name;
    enum class Subject : std::uint8_t { none, optional, required } subject;
    std::vector<std::string_view> sealed;
    ActionBody (*read)(bodies::Reading);
};

const std::array<ActionInfo, std::variant_size_v<ActionBody>>& table() {
    using enum ActionInfo::Subject;
    static const std::vector<std::string_view> payment{"amount", "value_date", "bank", "bank_reference"};
    static const std::array<ActionInfo, std::variant_size_v<ActionBody>> actions{{
        {"evidence.deposit", optional, {}, bodies::read_deposit},
        {"contract.register", required, {}, bodies::read_register},
        {"contract.sign", required, {}, bodies::read_sign},
        {"contract.approve", required, {}, bodies::read_approve},
        {"contract.activate", required, {}, bodies::read_activate},
        {"contract.settle", required, {}, bodies::read_settle},
        {"fund.disburse", required, payment, bodies::read_disburse},
        {"fund.repay", required, payment, bodies::read_repay},
        {"fund.acknowledge", required, {}, bodies::read_acknowledge},
        {"gov.propose", none, {}, bodies::read_propose},
        {"gov.vote", none, {}, bodies::read_vote},
        {"gov.enact", none, {}, bodies::read_enact},
        {"validator.ready", none, {}, bodies::read_ready},
        {"misbehaviour.report", none, {}, bodies::read_report},
        {"claim.confirm", required, {"amount"}, bodies::read_confirm},
        {"claim.assign", required, {"amount"}, bodies::read_assign},
        {"claim.accept", required, {}, bodies::read_accept_assignment},
        {"claim.withdraw", required, {}, bodies::read_withdraw_assignment},
        {"claim.notify", required, {}, bodies::read_notify},
        {"claim.respond", required, {}, bodies::read_respond},
        {"claim.register", required, {}, bodies::read_register_assignment},
        {"claim.buy_back", required, {}, bodies::read_buy_back},
        {"claim.pay", required, payment, bodies::read_pay_claim},
        {"claim.set_off", required, {"amount"}, bodies::read_set_off},
        {"voucher.issue", required, {}, bodies::read_issue},
        {"voucher.accept", required, {}, bodies::read_accept_piece},
        {"voucher.withdraw", required, {}, bodies::read_withdraw_piece},
        {"voucher.split", required, {"amounts"}, bodies::read_split},
        {"voucher.transfer", required, {}, bodies::read_transfer},
        {"voucher.finance", required, {"price"}, bodies::read_finance_piece},
        {"voucher.redeem", required, payment, bodies::read_redeem},
        {"voucher.cancel", required, {}, bodies::read_cancel_piece},
        {"finance.key", none, {}, bodies::read_propose_key},
        {"finance.confirm", none, {}, bodies::read_confirm_key},
        {"finance.open", none, {}, bodies::read_open_financing},
        {"finance.release", none, {}, bodies::read_release_financing},
        {"finance.retag", none, {}, bodies::read_retag},
        {"member.add", none, {}, bodies::read_member_add},
        {"member.roles", none, {}, bodies::read_member_roles},
        {"member.remove", none, {}, bodies::read_member_remove},
        {"member.rotate", none, {}, bodies::read_member_rotate},
        {"certificate.bind", none, {}, bodies::read_certificate_bind},
        {"index.publish", none, {}, bodies::read_index_publish},
    }};
    return actions;
}

/// Of a registration, by the kind of contract in the order of KindTerms.
const std::array<std::vector<std::string_view>, std::variant_size_v<KindTerms>>& sealed_terms() {
    static const std::array<std::vector<std::string_view>, std::variant_size_v<KindTerms>> fields{{
        {"principal", "rows"},
        {"amount", "invoices"},
        {"amount"},
    }};
    return fields;
}

const ActionInfo* find_action(std::string_view action) {
    const auto found = std::ranges::find(table(), action, &ActionInfo::name);
    return found == table().end() ? nullptr : &*found;
}

/// The contract that a statement names: 64 lower-case hexadecimal digits, so that there is one way to write it.
Result<std::optional<Digest>> read_subject(const ActionInfo& action, const std::optional<std::string>& subject) {
    if (!subject) {
        if (action.subject == ActionInfo::Subject::required) {
            return fail(Errc::malformed, "subject", "the statement must name its contract");
        }
        return std::nullopt;
    }
    if (action.subject == ActionInfo::Subject::none) {
        return fail(Errc::malformed, "subject", "this action is about no contract");
    }
    const Result<Digest> contract = digest_from_hex(*subject);
    if (!contract || to_hex(*contract) != *subject) {
        return fail(Errc::malformed, "subject", "a contract id is 64 lower-case hexadecimal digits");
    }
    return *contract;
}

struct Origin {
    const Digest& chain_id;
    const std::string& organisation;
};

std::optional<Digest> blinded(const DecodedAction& action, const Origin& origin) {
    const Payment* either = payment_of(action.body);
    if (either == nullptr || either->bank.empty() || either->bank_reference.empty()) {
        return std::nullopt;
    }
    return blind({.chain_id = origin.chain_id, .bank = either->bank, .reference = either->bank_reference});
}

Result<void> check_register_subject(const DecodedAction& action, const Origin& origin) {
    const auto* body = std::get_if<RegisterBody>(&action.body);
    if (body == nullptr) {
        return {};
    }
    const Digest expected =
        contract_id({.chain_id = origin.chain_id, .organisation = origin.organisation, .number = body->number});
    if (action.contract != expected) {
        return fail(Errc::malformed, "subject", "not the id that follows from organisation and number");
    }
    return {};
}

constexpr std::array<std::string_view, 3> kMethodNames{"api", "upload", "device"};

}  // namespace

std::string_view name(CaptureMethod method) { return kMethodNames.at(static_cast<std::size_t>(method) - 1); }

Result<CaptureMethod> capture_method_from_name(std::string_view text) {
    for (std::size_t i = 0; i < kMethodNames.size(); ++i) {
        if (kMethodNames[i] == text) {
            return static_cast<CaptureMethod>(i + 1);
        }
    }
    return fail(Errc::malformed, "provenance.method", "api, upload or device");
}

const Payment* payment_of(const ActionBody& body) {
    return std::visit(
        [](const auto& typed) -> const Payment* {
            if constexpr (std::is_base_of_v<Payment, std::decay_t<decltype(typed)>>) {
                return &typed;
            } else {
                return nullptr;
            }
        },
        body);
}

std::string_view action_name(const ActionBody& body) { return table()[body.index()].name; }

bool is_financing_action(std::string_view action) { return action.starts_with("finance."); }

bool is_known_action(std::string_view action) { return find_action(action) != nullptr; }

std::vector<std::string_view> action_names() {
    std::vector<std::string_view> out;
    for (const ActionInfo& info : table()) {
        out.push_back(info.name);
    }
    return out;
}

const std::vector<std::string_view>& sealed_fields(const ActionBody& body) {
    const auto* registration = std::get_if<RegisterBody>(&body);
    return registration != nullptr ? sealed_terms()[registration->terms.index()] : table()[body.index()].sealed;
}

Result<DecodedAction> decode_action(const ledger::Transaction& transaction) {
    const ledger::Payload& payload = transaction.payload();
    const ActionInfo* info = find_action(payload.action);
    if (info == nullptr) {
        return fail(Errc::malformed, "action", "these rules have no such action");
    }

    DecodedAction out{.name = payload.action, .body = ActivateBody{}};
    PROBATUM_LET(contract, read_subject(*info, transaction.header().subject));
    out.contract = contract;
    cbor::Reader in{payload.body};
    Unsealer unsealer{transaction.openings()};
    out.body = info->read({in, unsealer, out.side});
    PROBATUM_TRY(in.finish());
    PROBATUM_TRY(unsealer.finish());
    const std::vector<std::string_view>& sealed = sealed_fields(out.body);
    for (const SideCommitment& side : out.side) {
        if (std::ranges::find(sealed, side.name) != sealed.end()) {
            return fail(Errc::malformed, "side", "the name of a sealed field");
        }
    }
    out.hidden = std::move(unsealer.hidden);
    const Origin origin{transaction.header().chain_id, transaction.header().issuer};
    PROBATUM_TRY(check_register_subject(out, origin));
    out.blinded_reference = blinded(out, origin);
    return out;
}

}  // namespace probatum::contracts
