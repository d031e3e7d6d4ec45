#include "contracts/terms.h"

#include <array>

#include "base/cbor.h"

namespace probatum::contracts {
namespace {

constexpr std::array<std::string_view, 7> kCapacityNames{"lender",   "borrower", "guarantor", "settlement-bank",
                                                         "creditor", "debtor",   "holder"};
constexpr std::array<std::string_view, 3> kClaimNames{"costs", "interest", "principal"};
constexpr std::array<std::string_view, std::variant_size_v<KindTerms>> kKindNames{"loan", "receivable", "voucher"};
constexpr std::array<std::string_view, 3> kRelationNames{"secures", "guarantees", "finances"};

}  // namespace

DocumentDigests digests_of(ByteView document) {
    return {{DigestAlgorithm::sha256, sha256(document)}, {DigestAlgorithm::sm3, sm3(document)}};
}

std::optional<Digest> find_digest(const DocumentDigests& digests, DigestAlgorithm algorithm) {
    for (const DocumentDigest& digest : digests) {
        if (digest.algorithm == algorithm) {
            return digest.value;
        }
    }
    return std::nullopt;
}

std::string_view name(Capacity capacity) { return kCapacityNames.at(static_cast<std::size_t>(capacity) - 1); }

Result<Capacity> capacity_from_name(std::string_view text) {
    for (std::size_t i = 0; i < kCapacityNames.size(); ++i) {
        if (kCapacityNames[i] == text) {
            return static_cast<Capacity>(i + 1);
        }
    }
    return fail(Errc::malformed, "capacity", "lender, borrower, guarantor, settlement-bank, creditor or debtor");
}

std::string_view name(Claim claim) { return kClaimNames.at(static_cast<std::size_t>(claim) - 1); }

Result<Claim> claim_from_name(std::string_view text) {
    for (std::size_t i = 0; i < kClaimNames.size(); ++i) {
        if (kClaimNames[i] == text) {
            return static_cast<Claim>(i + 1);
        }
    }
    return fail(Errc::malformed, "allocation", "costs, interest or principal");
}

std::string_view name(ContractKind kind) { return kKindNames.at(static_cast<std::size_t>(kind) - 1); }

Result<ContractKind> contract_kind_from_name(std::string_view text) {
    for (std::size_t i = 0; i < kKindNames.size(); ++i) {
        if (kKindNames[i] == text) {
            return static_cast<ContractKind>(i + 1);
        }
    }
    return fail(Errc::malformed, "kind", "these rules have no such kind of contract");
}

ContractKind kind_of(const KindTerms& terms) { return static_cast<ContractKind>(terms.index() + 1); }

const Currency& currency_of(const KindTerms& terms) {
    return std::visit([](const auto& of_kind) -> const Currency& { return of_kind.currency; }, terms);
}

MinorAmount amount_of(const KindTerms& terms) {
    return std::visit(
        [](const auto& of_kind) {
            if constexpr (requires { of_kind.principal_minor; }) {
                return of_kind.principal_minor;
            } else {
                return of_kind.amount_minor;
            }
        },
        terms);
}

CivilDate contract_date_of(const KindTerms& terms) {
    return std::visit([](const auto& of_kind) { return of_kind.contract_date; }, terms);
}

std::int32_t utc_offset_minutes_of(const KindTerms& terms) {
    return std::visit([](const auto& of_kind) { return of_kind.utc_offset_minutes; }, terms);
}

std::string_view name(Relation relation) { return kRelationNames.at(static_cast<std::size_t>(relation) - 1); }

Result<Relation> relation_from_name(std::string_view text) {
    for (std::size_t i = 0; i < kRelationNames.size(); ++i) {
        if (kRelationNames[i] == text) {
            return static_cast<Relation>(i + 1);
        }
    }
    return fail(Errc::malformed, "relation", "secures, guarantees or finances");
}

Digest contract_id(const ContractName& contract) {
    cbor::Writer out{160};
    out.array(4).text("contract").digest(contract.chain_id).text(contract.organisation).text(contract.number);
    return sha256(out.view());
}

Digest blind(const BankReference& reference) {
    cbor::Writer out{208};
    out.array(4).text("bank-reference").digest(reference.chain_id).text(reference.bank).text(reference.reference);
    return sha256(out.view());
}

}  // namespace probatum::contracts
