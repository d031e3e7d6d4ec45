#pragma once

#include "contracts/actions.h"
#include "contracts/contract_state.h"
#include "contracts/financing.h"
#include "rpc/json.h"
#include "rpc/params.h"

/// Receivables, vouchers and financed items as JSON: what tx.prepare takes and tx.get, contract.get and finance.* show.
/// The members are described in docs/rpc.md. Threads: pure.
namespace probatum::rpc {

[[nodiscard]] contracts::ReceivableTerms read_receivable_terms(Params& given);
[[nodiscard]] contracts::VoucherTerms read_voucher_terms(Params& given);
[[nodiscard]] contracts::Payment read_payment(Params& body);
[[nodiscard]] contracts::Answer read_answer(Params& body);
[[nodiscard]] contracts::DocumentDigests read_digests(Params& owner, std::string_view member);

/// Whether the action is one of claim.*, voucher.*, finance.*, and then its body; what it returns after an error means
/// nothing.
[[nodiscard]] std::optional<contracts::ActionBody> read_claim_action(std::string_view action, Params& body);

[[nodiscard]] Json view_of(const contracts::ReceivableTerms& terms);
[[nodiscard]] Json view_of(const contracts::VoucherTerms& terms);

/// The body of one of these actions; hidden fields are null.
[[nodiscard]] Json claim_view(const contracts::ActionBody& body, const std::vector<std::string>& hidden);

/// {creditor, debtor, confirmation, objection, open, parts: [...], assignments: [...]}
[[nodiscard]] Json view_of(const contracts::ReceivableBook& book, const Currency& currency);
/// {issuer, first_holder, open, pieces: [...]}
[[nodiscard]] Json view_of(const contracts::VoucherBook& book, const Currency& currency);
[[nodiscard]] Json view_of(const contracts::LendersKey& key);
[[nodiscard]] Json view_of(const contracts::Financings& found);

}  // namespace probatum::rpc
