#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/money.h"
#include "base/strong_id.h"
#include "evidence/certificate_judge.h"

/// What a verified bundle says, in a form that a report can print. Nothing here is proven by being here.
namespace probatum::evidence {

struct ValidatorFact {
    std::uint32_t index{0};
    std::string organisation;
    std::string organisation_name;
    Digest key_id;
    bool signed_head{false};  ///< Its signature stands in the certificate shown.
    bool party{false};        ///< Its organisation is or was a party to the contract, or made the record.
};

/// One change of the set between genesis and the head.
struct ValidatorChangeFact {
    struct Validator {
        std::string organisation;
        Digest key_id;
    };
    Epoch epoch;     ///< The first that the new set agreed on.
    Height height;   ///< Of the block that closed the epoch before, final under the set before.
    Digest closing;  ///< Its id.
    UnixMs time;
    std::vector<Validator> joined;
    std::vector<Validator> left;
    std::size_t authorities{0};  ///< Recovery authorities that named the new set; 0: the old set did.
    std::string reason;          ///< That they gave.
};

struct PartyFact {
    std::string role;  ///< "lender", "borrower", ...
    std::string organisation;
    std::string organisation_name;
    std::string identifier;  ///< Unified social credit code or LEI.
    bool signature_required{true};
    bool signed_contract{false};
};

struct DocumentFact {
    std::string name;
    std::uint64_t size_bytes{0};
    Digest sha256;
    Digest sm3;
    std::string file{};  ///< The caller's file that matches; empty if none was given.
};

struct AccountFact {
    std::string name;  ///< Stable: "principal-receivable".
    MinorAmount balance_minor{0};
};

struct DueRowFact {
    std::string due_date;
    MinorAmount principal_minor{0};
    MinorAmount interest_minor{0};
    MinorAmount principal_paid_minor{0};
    MinorAmount interest_paid_minor{0};
};

/// How a repayment was spread (docs/spec/loan-book.md).
struct AllocationFact {
    MinorAmount interest_minor{0};
    MinorAmount principal_minor{0};
    MinorAmount suspense_minor{0};
};

struct EventFact {
    std::uint64_t sequence{0};
    Height height;
    std::uint32_t index{0};
    UnixMs time;               ///< Consensus clock.
    std::string action;        ///< "fund.disburse"
    std::string organisation;  ///< Who signed.
    std::string member;        ///< Which member's key.
    Digest transaction;
    std::uint16_t refusal{0};  ///< Registry number; 0 accepted.
    std::string refusal_field{};
    std::optional<MinorAmount> amount_minor{};
    std::string declared_date{};  ///< Value date or similar as declared by the signer; empty if none.
    std::string answer{};         ///< "claimed", "acknowledged", "objected"; empty where no answer is due.
    std::optional<AllocationFact> allocation{};  ///< Of a repayment whose contract was re-computed.
    std::string note{};                          ///< A stable name for more: "maker", "object"; may be empty.
    bool openings_hidden{false};
    std::optional<Digest> seen{};  ///< Of what the signer was shown, as the signature says.
    bool seen_reproduced{false};   ///< The text of contracts::shown_to_sign has this digest.
};

struct PostingTotals {
    MinorAmount claimed_minor{0};
    MinorAmount acknowledged_minor{0};
    MinorAmount objected_minor{0};
};

struct UseFact {
    std::string kind;  ///< "document" or "bank-reference"
    Digest id;
    std::vector<Digest> others;  ///< Subjects other than this one.
};

struct ContractFact {
    std::string type;    ///< "loan"
    std::string number;  ///< The lender's own number.
    std::string currency;
    std::string contract_date;
    bool state_shown{false};  ///< Without it status, accounts and totals are unknown, not zero.
    std::string status;       ///< "withheld" where the state is not shown.
    std::int32_t utc_offset_minutes{480};
    bool values_hidden{false};  ///< The bundle hides the principal and the plan.
    MinorAmount principal_minor{0};
    std::vector<PartyFact> parties;
    std::vector<std::string> later_parties;  ///< Organisations to whom an accepted event offered or gave a part.
    std::vector<DueRowFact> rows;
    std::string balances_as_of;  ///< The day of the head's block under the contract's offset.
    MinorAmount principal_outstanding_minor{0};
    MinorAmount principal_due_minor{0};  ///< By the plan on that day, not paid.
    MinorAmount interest_due_minor{0};
    bool overdue{false};
    std::vector<AccountFact> accounts;  ///< Debit balances positive, credit balances negative.
    PostingTotals disbursements;
    PostingTotals repayments;
    bool recomputed{false};  ///< The state was re-computed from the events and is equal.
};

struct RecordFact {
    Digest transaction;
    std::string organisation;
    std::string member;
    std::string action;
    Height height;
    UnixMs time;
    std::uint64_t log_index{0};
    std::uint16_t refusal{0};  ///< Registry number; 0 accepted.
    std::string refusal_field{};
    std::optional<Digest> contract{};  ///< The contract that the record is an event of, if any.
    std::vector<std::pair<std::string, std::string>> provenance;  ///< Stable name, value; empty value: missing.
};

/// How many events a contract has, without showing them; all zero where there is no such contract.
struct StandingFact {
    bool registered{false};
    std::uint64_t events{0};
    Digest last_event;  ///< Leaf hash of the last event.
    std::uint64_t refused{0};
    Digest last_refused;
};

/// A chain of RFC 3161 time-stamps over the bundle: the first, and those that renewed it.
struct ExternalTimeFact {
    UnixMs time;            ///< Of the first token: the bundle existed then.
    std::string authority;  ///< Subject of its certificate.
    std::string algorithm;  ///< Of its message imprint.
    std::string status;     ///< "valid", "valid-by-renewal"
    std::size_t tokens{1};
};

/// A certificate bound to a key that signed, and what the caller's judge says about it.
struct CertificateFact {
    std::string organisation;
    std::string member;
    Digest key_id;
    Digest certificate;
    Height bound_height;
    UnixMs bound_at;
    std::optional<CertificateJudgement> judgement{};  ///< None without a judge.
};

struct Facts {
    std::string subject_kind;  ///< "contract", "record", "document", "standing"
    Digest subject;
    std::string chain_name;
    Digest chain_id;
    Height height;
    Digest block;
    UnixMs block_time;
    /// How far block time may differ from a voter's clock. Nothing from epoch 1 on: the parameters of genesis may have
    /// been changed, and a bundle does not show the later ones.
    std::optional<std::uint32_t> clock_bound_ms{};
    std::uint64_t event_count{0};
    std::uint64_t refused_count{0};
    std::size_t validator_count{0};
    std::size_t quorum{0};
    std::size_t independent_validators{0};  ///< Run by organisations that are no party.
    bool quorum_without_parties{false};
    std::vector<ValidatorFact> validators;
    std::vector<ValidatorChangeFact> validator_changes;
    std::vector<CertificateFact> certificates;
    std::vector<DocumentFact> documents;
    std::vector<UseFact> uses;
    std::vector<EventFact> events;
    std::vector<EventFact> refused;
    std::optional<ContractFact> contract;
    std::optional<RecordFact> record;
    std::optional<StandingFact> standing;
    std::vector<ExternalTimeFact> external_times;
    std::vector<std::pair<std::string, std::size_t>> hidden_fields;  ///< Name, how often; names ascend.
};

/// The earliest time at which somebody outside the network saw the bundle.
[[nodiscard]] inline std::optional<UnixMs> earliest_anchor(const Facts& facts) {
    std::optional<UnixMs> out;
    for (const ExternalTimeFact& external : facts.external_times) {
        out = out && *out < external.time ? *out : external.time;
    }
    return out;
}

}  // namespace probatum::evidence
