#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "contracts/loan_book.h"
#include "contracts/marks.h"
#include "contracts/receivable.h"
#include "contracts/voucher.h"

/// The part of a contract that moves with its events.
namespace probatum::contracts {

enum class Phase : std::uint8_t { registered = 1, active = 2, settled = 3 };
[[nodiscard]] std::string_view name(Phase phase);

/// What a kind of contract keeps of its own, in the order of ContractKind.
using KindBook = std::variant<LoanBook, ReceivableBook, VoucherBook>;

struct ContractState {
    Digest terms;                    ///< SHA-256 of the encoded terms that are in force.
    std::uint64_t terms_version{1};  ///< One more with each amendment.
    Phase phase{Phase::registered};
    std::uint64_t events{0};  ///< Accepted so far; equals the size of the event log (I18).
    Mark registrar;
    std::vector<Mark> signatures{};  ///< One per organisation, in order of signing.
    std::optional<Mark> maker{};
    std::optional<Mark> checker{};
    std::uint64_t records{0};  ///< Evidence deposits under this contract.
    KindBook book{};

    [[nodiscard]] bool signed_by(std::string_view organisation) const;
    /// Precondition: it is a loan.
    [[nodiscard]] const LoanBook& loan() const { return std::get<LoanBook>(book); }
    [[nodiscard]] LoanBook& loan() { return std::get<LoanBook>(book); }
    /// Precondition: it is one.
    [[nodiscard]] const ReceivableBook& receivable() const { return std::get<ReceivableBook>(book); }
    [[nodiscard]] ReceivableBook& receivable() { return std::get<ReceivableBook>(book); }
    [[nodiscard]] const VoucherBook& voucher() const { return std::get<VoucherBook>(book); }
    [[nodiscard]] VoucherBook& voucher() { return std::get<VoucherBook>(book); }
    friend bool operator==(const ContractState&, const ContractState&) = default;
};

/// docs/formats.cddl `contract-state`
[[nodiscard]] Bytes encode(const ContractState& state);
[[nodiscard]] Result<ContractState> decode_contract_state(ByteView bytes);

}  // namespace probatum::contracts
