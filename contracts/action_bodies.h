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

/// The terms of a kind, as key 4 of a registration.
void write_terms(Writing to, const LoanTerms& terms);
[[nodiscard]] KindTerms read_loan_terms(Reading from);

/// Pairs of a map: those that are there, and one more for side fields.
[[nodiscard]] inline std::uint64_t pairs(std::uint64_t own, const std::vector<SideField>& side) {
    return own + (side.empty() ? 0U : 1U);
}

}  // namespace probatum::contracts::bodies
