#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/civil_time.h"
#include "base/hash.h"
#include "base/money.h"
#include "base/result.h"
#include "contracts/documents.h"
#include "contracts/receivable_terms.h"
#include "contracts/voucher_terms.h"

/// What a contract says: fixed at registration, the same for its whole life.
namespace probatum::contracts {

inline constexpr std::size_t kMaxParties = 16;
inline constexpr std::size_t kMaxRows = 600;
inline constexpr std::size_t kMaxLinks = 16;
inline constexpr std::size_t kMaxNumberBytes = 64;  ///< A contract's own number, a bank reference, an organisation id.

/// In which capacity an organisation is party to a contract.
enum class Capacity : std::uint8_t {
    lender = 1,
    borrower = 2,
    guarantor = 3,
    settlement_bank = 4,
    creditor = 5,  ///< To whom a receivable or a voucher was owed first.
    debtor = 6,    ///< Who owes it; the issuer of a voucher.
    holder = 7,    ///< Nobody registers as one: who holds, or is offered, a part of a claim is one while it lasts.
};
[[nodiscard]] std::string_view name(Capacity capacity);  ///< "settlement-bank"
[[nodiscard]] Result<Capacity> capacity_from_name(std::string_view name);

struct Party {
    std::string organisation;
    Capacity capacity{Capacity::lender};
    friend bool operator==(const Party&, const Party&) = default;
};

/// What is owed on one day. Amounts in minor units, zero or more, not both zero.
struct DueRow {
    CivilDate due;
    MinorAmount principal_minor{0};
    MinorAmount interest_minor{0};
    friend bool operator==(const DueRow&, const DueRow&) = default;
};

/// The classes among which a repayment is allocated (Civil Code art. 561).
enum class Claim : std::uint8_t { costs = 1, interest = 2, principal = 3 };
[[nodiscard]] std::string_view name(Claim claim);
[[nodiscard]] Result<Claim> claim_from_name(std::string_view name);

/// The terms of a loan with an explicit plan. `principal_minor` and `rows` are sealed in the signed body.
struct LoanTerms {
    Currency currency;
    MinorAmount principal_minor{0};  ///< The approved limit; equals the sum of the rows' principal.
    CivilDate contract_date;
    std::int32_t utc_offset_minutes{480};
    std::vector<DueRow> rows;  ///< 1..600, dates strictly ascending, none before the contract date.
    std::vector<Claim> allocation{Claim::costs, Claim::interest, Claim::principal};  ///< Each class once.
    /// How many days a value date may lie before the day of recording. None: any, but never before the contract date.
    std::optional<std::uint32_t> max_back_value_days{};
    friend bool operator==(const LoanTerms&, const LoanTerms&) = default;
};

/// The terms that a kind of contract has of its own, in the order of ContractKind. Every alternative has members
/// `currency`, `contract_date` and `utc_offset_minutes` of the types above.
using KindTerms = std::variant<LoanTerms, ReceivableTerms, VoucherTerms>;
enum class ContractKind : std::uint8_t { loan = 1, receivable = 2, voucher = 3 };
[[nodiscard]] std::string_view name(ContractKind kind);  ///< "loan"
[[nodiscard]] Result<ContractKind> contract_kind_from_name(std::string_view name);
[[nodiscard]] ContractKind kind_of(const KindTerms& terms);
[[nodiscard]] const Currency& currency_of(const KindTerms& terms);
[[nodiscard]] MinorAmount amount_of(const KindTerms& terms);  ///< Of a loan its principal.
[[nodiscard]] CivilDate contract_date_of(const KindTerms& terms);
[[nodiscard]] std::int32_t utc_offset_minutes_of(const KindTerms& terms);

/// How a contract stands to an older one.
enum class Relation : std::uint8_t {
    secures = 1,     ///< A pledge or another right for what the other one owes.
    guarantees = 2,  ///< A promise to pay what the other one owes.
    finances = 3     ///< Money advanced against the other one.
};
[[nodiscard]] std::string_view name(Relation relation);
[[nodiscard]] Result<Relation> relation_from_name(std::string_view name);

struct Link {
    Relation relation{Relation::secures};
    Digest contract;
    friend bool operator==(const Link&, const Link&) = default;
};

/// SHA-256 of the deterministic CBOR array ["contract", chain id, issuer organisation, own number].
struct ContractName {
    Digest chain_id;
    std::string organisation;
    std::string number;
};
[[nodiscard]] Digest contract_id(const ContractName& name);

/// SHA-256 of ["bank-reference", chain id, bank, reference]: equal for equal payments, tells nothing else without
/// guessing.
struct BankReference {
    Digest chain_id;
    std::string bank;
    std::string reference;
};
[[nodiscard]] Digest blind(const BankReference& reference);

}  // namespace probatum::contracts
