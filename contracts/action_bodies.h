#pragma once

#include <vector>

#include "base/cbor.h"
#include "contracts/sealed_fields.h"

/// Bodies as CBOR maps with small integer keys. The formats: docs/formats.cddl, section "actions".
/// Readers leave errors in the CBOR reader; what they return after an error means nothing.
namespace probatum::contracts::bodies {

struct Writing {
    cbor::Writer& out;
    Sealer& sealer;
    const std::vector<SideField>& side;
};

struct Reading {
    cbor::Reader& in;
    Unsealer& unsealer;
    std::vector<SideCommitment>& side;
};

void write(Writing to, const DepositBody& body);
void write(Writing to, const RegisterBody& body);
void write(Writing to, const SignBody& body);
void write(Writing to, const ApproveBody& body);
void write(Writing to, const ActivateBody& body);
void write(Writing to, const SettleBody& body);
void write(Writing to, const DisburseBody& body);
void write(Writing to, const RepayBody& body);
void write(Writing to, const AcknowledgeBody& body);
void write(Writing to, const ProposeBody& body);
void write(Writing to, const VoteBody& body);
void write(Writing to, const EnactBody& body);
void write(Writing to, const ReadyBody& body);
void write(Writing to, const ReportBody& body);
void write(Writing to, const ConfirmBody& body);
void write(Writing to, const AssignBody& body);
void write(Writing to, const AcceptAssignmentBody& body);
void write(Writing to, const WithdrawAssignmentBody& body);
void write(Writing to, const NotifyBody& body);
void write(Writing to, const RespondBody& body);
void write(Writing to, const RegisterAssignmentBody& body);
void write(Writing to, const BuyBackBody& body);
void write(Writing to, const PayClaimBody& body);
void write(Writing to, const SetOffBody& body);
void write(Writing to, const IssueBody& body);
void write(Writing to, const AcceptPieceBody& body);
void write(Writing to, const WithdrawPieceBody& body);
void write(Writing to, const SplitBody& body);
void write(Writing to, const TransferBody& body);
void write(Writing to, const FinancePieceBody& body);
void write(Writing to, const RedeemBody& body);
void write(Writing to, const CancelPieceBody& body);
void write(Writing to, const ProposeKeyBody& body);
void write(Writing to, const ConfirmKeyBody& body);
void write(Writing to, const OpenFinancingBody& body);
void write(Writing to, const ReleaseFinancingBody& body);
void write(Writing to, const RetagBody& body);
void write(Writing to, const AddMemberBody& body);
void write(Writing to, const SetRolesBody& body);
void write(Writing to, const RemoveMemberBody& body);
void write(Writing to, const RotateMemberBody& body);
void write(Writing to, const BindCertificateBody& body);
void write(Writing to, const PublishFixingBody& body);

[[nodiscard]] ActionBody read_deposit(Reading from);
[[nodiscard]] ActionBody read_register(Reading from);
[[nodiscard]] ActionBody read_sign(Reading from);
[[nodiscard]] ActionBody read_approve(Reading from);
[[nodiscard]] ActionBody read_activate(Reading from);
[[nodiscard]] ActionBody read_settle(Reading from);
[[nodiscard]] ActionBody read_disburse(Reading from);
[[nodiscard]] ActionBody read_repay(Reading from);
[[nodiscard]] ActionBody read_acknowledge(Reading from);
[[nodiscard]] ActionBody read_propose(Reading from);
[[nodiscard]] ActionBody read_vote(Reading from);
[[nodiscard]] ActionBody read_enact(Reading from);
[[nodiscard]] ActionBody read_ready(Reading from);
[[nodiscard]] ActionBody read_report(Reading from);
[[nodiscard]] ActionBody read_confirm(Reading from);
[[nodiscard]] ActionBody read_assign(Reading from);
[[nodiscard]] ActionBody read_accept_assignment(Reading from);
[[nodiscard]] ActionBody read_withdraw_assignment(Reading from);
[[nodiscard]] ActionBody read_notify(Reading from);
[[nodiscard]] ActionBody read_respond(Reading from);
[[nodiscard]] ActionBody read_register_assignment(Reading from);
[[nodiscard]] ActionBody read_buy_back(Reading from);
[[nodiscard]] ActionBody read_pay_claim(Reading from);
[[nodiscard]] ActionBody read_set_off(Reading from);
[[nodiscard]] ActionBody read_issue(Reading from);
[[nodiscard]] ActionBody read_accept_piece(Reading from);
[[nodiscard]] ActionBody read_withdraw_piece(Reading from);
[[nodiscard]] ActionBody read_split(Reading from);
[[nodiscard]] ActionBody read_transfer(Reading from);
[[nodiscard]] ActionBody read_finance_piece(Reading from);
[[nodiscard]] ActionBody read_redeem(Reading from);
[[nodiscard]] ActionBody read_cancel_piece(Reading from);
[[nodiscard]] ActionBody read_propose_key(Reading from);
[[nodiscard]] ActionBody read_confirm_key(Reading from);
[[nodiscard]] ActionBody read_open_financing(Reading from);
[[nodiscard]] ActionBody read_release_financing(Reading from);
[[nodiscard]] ActionBody read_retag(Reading from);
[[nodiscard]] ActionBody read_member_add(Reading from);
[[nodiscard]] ActionBody read_member_roles(Reading from);
[[nodiscard]] ActionBody read_member_remove(Reading from);
[[nodiscard]] ActionBody read_member_rotate(Reading from);
[[nodiscard]] ActionBody read_certificate_bind(Reading from);
[[nodiscard]] ActionBody read_index_publish(Reading from);

/// The terms of a kind, as key 4 of a registration.
void write_terms(Writing to, const LoanTerms& terms);
[[nodiscard]] KindTerms read_loan_terms(Reading from);
void write_terms(Writing to, const ReceivableTerms& terms);
[[nodiscard]] KindTerms read_receivable(Reading from);
void write_terms(Writing to, const VoucherTerms& terms);
[[nodiscard]] KindTerms read_voucher(Reading from);

/// Pairs of a map: those that are there, and one more for side fields.
[[nodiscard]] inline std::uint64_t pairs(std::uint64_t own, const std::vector<SideField>& side) {
    return own + (side.empty() ? 0U : 1U);
}

}  // namespace probatum::contracts::bodies
