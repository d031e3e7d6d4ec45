#pragma once

#include <string>
#include <vector>

#include "contracts/actions.h"

/// What a person reads before signing.
namespace probatum::contracts {

struct SummaryLine {
    std::string name;     ///< Stable: "amount". Names of rows count from one: "row.1".
    std::string english;  ///< The label.
    std::string chinese;
    std::string value;  ///< Free of language where it can be: "100000.00 CNY", "2026-11-18", a digest in hex.
    friend bool operator==(const SummaryLine&, const SummaryLine&) = default;
};

struct ActionSummary {
    std::string action;   ///< "fund.disburse"
    std::string english;  ///< "Record a disbursement"
    std::string chinese;
    std::vector<SummaryLine> lines;
    friend bool operator==(const ActionSummary&, const ActionSummary&) = default;
};

/// Every field of the action that its signature covers, in the order of the body; hidden fields are named as hidden,
/// side fields by name only. Nothing is left out: what is not in the summary is not in the body. Threads: pure.
[[nodiscard]] ActionSummary summarise_action(const DecodedAction& action);

/// The summary as UTF-8 text in both languages, one field a line, ending in \n.
[[nodiscard]] std::string to_text(const ActionSummary& summary);

/// What a person is shown before signing a contract: the text of the summary of contract.sign without `seen` and side
/// fields. The SHA-256 of these bytes is `seen`; whoever holds the signed transaction can reproduce it.
/// Source: docs/spec/contracts.md, "What the signer was shown".
[[nodiscard]] std::string shown_to_sign(const Digest& contract, const SignBody& body);

}  // namespace probatum::contracts
