#pragma once

#include "base/cbor.h"
#include "contracts/actions.h"

/// The fixed part of a contract: what was registered, and whether it holds together.
namespace probatum::contracts {

inline constexpr std::uint64_t kMaxBackValueDays = 36'500;

struct ContractTerms {
    Digest id;
    std::string organisation;  ///< Who registered it.
    std::string number;        ///< Its own number, unique within the organisation.
    std::vector<Party> parties;
    KindTerms of_kind;
    std::vector<Document> documents;
    std::vector<Link> links{};

    [[nodiscard]] ContractKind kind() const { return kind_of(of_kind); }
    [[nodiscard]] const Currency& currency() const { return currency_of(of_kind); }
    [[nodiscard]] std::int32_t utc_offset_minutes() const { return utc_offset_minutes_of(of_kind); }
    /// Precondition: it is a loan.
    [[nodiscard]] const LoanTerms& loan() const { return std::get<LoanTerms>(of_kind); }
    [[nodiscard]] LoanTerms& loan() { return std::get<LoanTerms>(of_kind); }
    /// Precondition: it is one.
    [[nodiscard]] const ReceivableTerms& receivable() const { return std::get<ReceivableTerms>(of_kind); }
    [[nodiscard]] const VoucherTerms& voucher() const { return std::get<VoucherTerms>(of_kind); }

    [[nodiscard]] bool is_party(std::string_view organisation_id) const;
    [[nodiscard]] bool is_party(std::string_view organisation_id, Capacity capacity) const;
    friend bool operator==(const ContractTerms&, const ContractTerms&) = default;
};

/// [id, kind, organisation, number, parties, terms of the kind, documents, links]; docs/formats.cddl `contract-terms`.
[[nodiscard]] Bytes encode(const ContractTerms& terms);
[[nodiscard]] Result<ContractTerms> decode_contract_terms(ByteView bytes);

/// terms_invalid, amount_invalid or digest_required, with the field to blame, where the terms contradict themselves.
/// Threads: pure.
[[nodiscard]] Result<void> check_terms(const RegisterBody& body);

namespace codec {
void write_parties(cbor::Writer& out, const std::vector<Party>& parties);  ///< [+ [organisation, capacity]]
[[nodiscard]] std::vector<Party> read_parties(cbor::Reader& in);
void write_rows(cbor::Writer& out, const std::vector<DueRow>& rows);  ///< [+ [date, principal, interest]]
[[nodiscard]] std::vector<DueRow> read_rows(cbor::Reader& in);
void write_allocation(cbor::Writer& out, const std::vector<Claim>& order);  ///< [+ claim]
[[nodiscard]] std::vector<Claim> read_allocation(cbor::Reader& in);
void write_documents(cbor::Writer& out, const std::vector<Document>& documents);  ///< [+ [digests, title, media type]]
[[nodiscard]] std::vector<Document> read_documents(cbor::Reader& in);
[[nodiscard]] std::int32_t read_utc_offset(cbor::Reader& in);         ///< -1439..1439
void write_links(cbor::Writer& out, const std::vector<Link>& links);  ///< [* [relation, contract id]]
[[nodiscard]] std::vector<Link> read_links(cbor::Reader& in);
/// Where terms are yet to be read.
[[nodiscard]] LoanTerms no_loan_terms();
[[nodiscard]] ReceivableTerms no_receivable_terms();
[[nodiscard]] VoucherTerms no_voucher_terms();
}  // namespace codec

}  // namespace probatum::contracts
