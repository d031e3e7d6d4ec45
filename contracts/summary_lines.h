#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/summary.h"

/// How the lines of a summary are collected.
namespace probatum::contracts {

class Lines {
public:
    Lines(std::vector<SummaryLine>& out, const std::vector<std::string>& hidden) : out_{out}, hidden_{hidden} {}

    struct Label {
        std::string_view name;
        std::string_view english;
        std::string_view chinese;
    };

    void add(Label label, std::string value) {
        out_.push_back(
            {std::string{label.name}, std::string{label.english}, std::string{label.chinese}, std::move(value)});
    }
    void add_sealed(Label label, std::string value) {
        const bool is_hidden = std::ranges::find(hidden_, label.name) != hidden_.end();
        add(label, is_hidden ? "(hidden / 未披露)" : std::move(value));
    }
    void add_optional(Label label, const std::optional<std::string>& value) {
        if (value) {
            add(label, *value);
        }
    }
    [[nodiscard]] bool hides(std::string_view field) const {
        return std::ranges::find(hidden_, field) != hidden_.end();
    }

private:
    std::vector<SummaryLine>& out_;
    const std::vector<std::string>& hidden_;
};

[[nodiscard]] std::string joined(const DocumentDigests& digests);

void add_payment(Lines& lines, const Payment& body);
void add_terms(Lines& lines, const ReceivableTerms& terms);
void add_terms(Lines& lines, const VoucherTerms& terms);
void add_lines(Lines& lines, const ConfirmBody& body);
void add_lines(Lines& lines, const AssignBody& body);
void add_lines(Lines& lines, const AcceptAssignmentBody& body);
void add_lines(Lines& lines, const WithdrawAssignmentBody& body);
void add_lines(Lines& lines, const NotifyBody& body);
void add_lines(Lines& lines, const RespondBody& body);
void add_lines(Lines& lines, const RegisterAssignmentBody& body);
void add_lines(Lines& lines, const BuyBackBody& body);
void add_lines(Lines& lines, const PayClaimBody& body);
void add_lines(Lines& lines, const SetOffBody& body);
void add_lines(Lines& lines, const IssueBody& body);
void add_lines(Lines& lines, const AcceptPieceBody& body);
void add_lines(Lines& lines, const WithdrawPieceBody& body);
void add_lines(Lines& lines, const SplitBody& body);
void add_lines(Lines& lines, const TransferBody& body);
void add_lines(Lines& lines, const FinancePieceBody& body);
void add_lines(Lines& lines, const RedeemBody& body);
void add_lines(Lines& lines, const CancelPieceBody& body);
void add_lines(Lines& lines, const ProposeKeyBody& body);
void add_lines(Lines& lines, const ConfirmKeyBody& body);
void add_lines(Lines& lines, const OpenFinancingBody& body);
void add_lines(Lines& lines, const ReleaseFinancingBody& body);
void add_lines(Lines& lines, const RetagBody& body);

}  // namespace probatum::contracts
