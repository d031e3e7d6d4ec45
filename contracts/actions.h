#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/key.h"
#include "contracts/claim_actions.h"
#include "contracts/financing_actions.h"
#include "contracts/governance_actions.h"
#include "contracts/identity_actions.h"
#include "contracts/payment.h"
#include "contracts/terms.h"
#include "contracts/voucher_actions.h"
#include "ledger/transaction.h"

/// What a person can do: the typed body of every action, and the way between it and the signed bytes.
/// A sealed field stands in the body as a salted commitment and travels as an opening beside the statement.
/// Source: docs/formats.cddl, section "actions". Threads: pure.
namespace probatum::contracts {

struct Reference {
    std::string kind;
    std::string value;
    friend bool operator==(const Reference&, const Reference&) = default;
};

enum class CaptureMethod : std::uint8_t { api = 1, upload = 2, device = 3 };
[[nodiscard]] std::string_view name(CaptureMethod method);
[[nodiscard]] Result<CaptureMethod> capture_method_from_name(std::string_view name);

/// How a document came about (DOMAIN section 1.2). Whatever is missing is shown as missing.
struct Provenance {
    std::optional<std::string> system{};  ///< Capturing system. Texts here: 1..128 bytes.
    std::optional<std::string> system_version{};
    std::optional<std::string> operator_name{};  ///< A member id or a role; put personal names into side fields.
    std::optional<CaptureMethod> method{};
    std::optional<UnixMs> captured_at{};
    DocumentDigests original_digests{};  ///< Of the original before conversion; empty if not given.
    std::optional<std::uint64_t> original_size{};
    std::vector<Reference> references{};  ///< Corroborating: ("bank-receipt", "..."). At most 16.
    std::vector<KeyId> witnesses{};       ///< At most 16, ascending, distinct.
    friend bool operator==(const Provenance&, const Provenance&) = default;
};

/// evidence.deposit. With a contract (in Action::contract) it is an event of that contract and for its parties only.
struct DepositBody {
    DocumentDigests digests;
    std::uint64_t size_bytes{0};
    std::string media_type;
    std::optional<std::string> title{};
    std::optional<Provenance> provenance{};
    friend bool operator==(const DepositBody&, const DepositBody&) = default;
};

/// contract.register. Sealed, of a loan: "principal", "rows"; of a receivable: "amount", "invoices"; of a voucher:
/// "amount".
struct RegisterBody {
    std::string number;  ///< Own number, unique within the issuing organisation.
    std::vector<Party> parties;
    KindTerms terms;
    std::vector<Document> documents;  ///< 1..64
    std::vector<Link> links{};        ///< Contracts that this one is about, each once. At most 16.

    /// Precondition: it is a loan.
    [[nodiscard]] const LoanTerms& loan() const { return std::get<LoanTerms>(terms); }
    [[nodiscard]] LoanTerms& loan() { return std::get<LoanTerms>(terms); }
    friend bool operator==(const RegisterBody&, const RegisterBody&) = default;
};

/// contract.sign
struct SignBody {
    std::vector<DocumentDigests> documents;  ///< All registered documents in their order.
    std::optional<Digest> seen{};            ///< SHA-256 of what the signer was shown.
    friend bool operator==(const SignBody&, const SignBody&) = default;
};

enum class ApprovalCapacity : std::uint8_t { maker = 1, checker = 2 };
/// contract.approve
struct ApproveBody {
    ApprovalCapacity capacity{ApprovalCapacity::maker};
    friend bool operator==(const ApproveBody&, const ApproveBody&) = default;
};
/// contract.activate
struct ActivateBody {
    friend bool operator==(const ActivateBody&, const ActivateBody&) = default;
};
/// contract.settle
struct SettleBody {
    friend bool operator==(const SettleBody&, const SettleBody&) = default;
};

/// fund.disburse
struct DisburseBody : Payment {
    friend bool operator==(const DisburseBody&, const DisburseBody&) = default;
};
/// fund.repay
struct RepayBody : Payment {
    friend bool operator==(const RepayBody&, const RepayBody&) = default;
};

/// fund.acknowledge
struct AcknowledgeBody {
    std::uint64_t target{0};  ///< Sequence number of the disbursement or repayment in the contract's event log.
    Answer answer{Answer::accept};
    friend bool operator==(const AcknowledgeBody&, const AcknowledgeBody&) = default;
};

using ActionBody =
    std::variant<DepositBody, RegisterBody, SignBody, ApproveBody, ActivateBody, SettleBody, DisburseBody, RepayBody,
                 AcknowledgeBody, ProposeBody, VoteBody, EnactBody, ReadyBody, ReportBody, ConfirmBody, AssignBody,
                 AcceptAssignmentBody, WithdrawAssignmentBody, NotifyBody, RespondBody, RegisterAssignmentBody,
                 BuyBackBody, PayClaimBody, SetOffBody, IssueBody, AcceptPieceBody, WithdrawPieceBody, SplitBody,
                 TransferBody, FinancePieceBody, RedeemBody, CancelPieceBody, ProposeKeyBody, ConfirmKeyBody,
                 OpenFinancingBody, ReleaseFinancingBody, RetagBody, AddMemberBody, SetRolesBody, RemoveMemberBody,
                 RotateMemberBody, BindCertificateBody, PublishFixingBody>;

/// The payment in a body that has one, or null.
[[nodiscard]] const Payment* payment_of(const ActionBody& body);

/// A field that no rule reads: only its commitment is signed; the opening stays with the people concerned, beside the
/// chain.
struct SideField {
    std::string name;  ///< 1..64 bytes, not the name of a sealed field: "party.0.name".
    Bytes value;       ///< One deterministic CBOR item.
    friend bool operator==(const SideField&, const SideField&) = default;
};

struct Action {
    /// Absent for a deposit without a contract, for governance, and for contract.register, whose id follows from its
    /// number.
    std::optional<Digest> contract{};
    ActionBody body;
    std::vector<SideField> side{};  ///< At most 64.
};

/// "evidence.deposit", "contract.register" ...
[[nodiscard]] std::string_view action_name(const ActionBody& body);
/// Whether this version of the rules knows the action.
[[nodiscard]] bool is_known_action(std::string_view action);
/// Every action of these rules, in the order of ActionBody.
[[nodiscard]] std::vector<std::string_view> action_names();
/// The fields that are sealed in this body and read by a rule, in the order of their keys; those of a registration
/// depend on the kind of contract.
[[nodiscard]] const std::vector<std::string_view>& sealed_fields(const ActionBody& body);

/// Randomness is the caller's: each call gives sixteen fresh bytes.
using SaltSource = std::function<Salt()>;

/// Who signs, where, and until when.
struct SignerContext {
    Digest chain_id;
    std::string organisation;  ///< Becomes the issuer.
    KeyId key;
    ledger::IdempotencyKey idempotency_key{};
    UnixMs valid_until;
};

/// Everything of a transaction but the signature.
struct Draft {
    cose::ProtectedHeader header;                ///< The subject is the contract id in hex, where there is one.
    Bytes payload;                               ///< Encoded ledger::Payload.
    std::vector<ledger::Opening> openings;       ///< Travel with the statement.
    std::vector<ledger::Opening> side_openings;  ///< To be kept by the caller; never sent to the chain.

    /// The exact bytes that the signer hashes with SHA-256 and signs (the Sig_structure of RFC 9052).
    [[nodiscard]] Bytes signing_bytes() const;
    /// The wire transaction from a signature made elsewhere (not verified here) or made now.
    [[nodiscard]] Bytes assemble(const Signature& signature) const;
    [[nodiscard]] Bytes sign(const SecretKey& key) const;
};

/// Encodes an action under fresh salts. malformed or too_large names a field that no encoding exists for.
/// Only the form is checked here; the rules judge when the transaction is executed.
[[nodiscard]] Result<Draft> build_transaction(const Action& action, const SignerContext& signer,
                                              const SaltSource& salt);

struct SideCommitment {
    std::string name;
    Digest commitment;
    friend bool operator==(const SideCommitment&, const SideCommitment&) = default;
};

struct DecodedAction {
    std::string name;
    std::optional<Digest> contract{};  ///< From the statement's subject; of contract.register too.
    ActionBody body;                   ///< Fields listed in `hidden` hold their default values.
    std::vector<SideCommitment> side{};
    std::vector<std::string> hidden{};          ///< Sealed fields whose opening is not there.
    std::optional<Digest> blinded_reference{};  ///< Of a payment that is not hidden; see contracts/terms.h `blind`.
};

/// Decodes body and openings of a transaction and verifies every commitment that has an opening. Errors: malformed
/// (unknown action, body, subject, or an opening that the action does not have), bad_commitment.
[[nodiscard]] Result<DecodedAction> decode_action(const ledger::Transaction& transaction);

}  // namespace probatum::contracts
