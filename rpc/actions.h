#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "contracts/actions.h"
#include "contracts/summary.h"
#include "rpc/json.h"
#include "rpc/params.h"

/// Actions as JSON: what tx.prepare takes, what tx.get and contract.history show, and what a TERMS.json file holds.
/// The members are described in docs/rpc.md, section "Actions". Threads: pure.
namespace probatum::rpc {

/// Reads the body of an action. Errors name the member with its whole path: "body.terms.rows[2].principal".
/// @param action    "contract.register"; malformed where no such action is known.
/// @param contract  the contract that the action is about; demanded by every action that has one.
[[nodiscard]] Result<contracts::Action> read_action(std::string_view action, std::optional<Digest> contract,
                                                    Params body);

/// The body of contract.register. With `documents_elsewhere` the list of documents may be missing: the caller adds it.
[[nodiscard]] contracts::RegisterBody read_register(Params& body, bool documents_elsewhere);

/// {digests, title, media_type}
[[nodiscard]] contracts::Document read_document(Params& given);

/// A name and a text for each: fields that no rule reads and whose openings stay beside the chain.
[[nodiscard]] std::vector<contracts::SideField> read_side_fields(Params& owner, std::string_view name);

/// The body as JSON; hidden fields are null. Amounts are decimal texts in the currency beside them.
[[nodiscard]] Json view_of(const contracts::ActionBody& body, const std::vector<std::string>& hidden);
/// {action, contract, body, hidden, side: [{name, commitment}]}
[[nodiscard]] Json view_of(const contracts::DecodedAction& action);
[[nodiscard]] Json view_of(const contracts::DocumentDigests& digests);
[[nodiscard]] Json view_of(const contracts::Document& document);
[[nodiscard]] Json view_of(const contracts::LoanTerms& terms);
[[nodiscard]] Json view_of(const contracts::KindTerms& terms);
[[nodiscard]] Json view_of(const std::vector<contracts::Link>& links);

/// What a person is about to sign, read back from the very bytes that will be signed.
[[nodiscard]] Result<contracts::ActionSummary> summary_of(const contracts::Draft& draft);
/// {action, en, zh, text, lines: [{name, en, zh, value}]}; the SHA-256 of text may serve as `seen`.
[[nodiscard]] Json view_of(const contracts::ActionSummary& summary);

}  // namespace probatum::rpc
