#include "evidence/verify.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/text_encoding.h"
#include "evidence/additions.h"
#include "evidence/check_list.h"
#include "evidence/limits.h"
#include "evidence/record_facts.h"
#include "evidence/signers.h"
#include "evidence/verify_certificates.h"
#include "evidence/verify_chain.h"
#include "evidence/verify_contract.h"
#include "evidence/verify_documents.h"
#include "evidence/verify_record.h"
#include "evidence/verify_standing.h"
#include "ledger/evidence_log.h"

namespace probatum::evidence {

namespace {

std::string_view name_of(SubjectKind kind) {
    switch (kind) {
        case SubjectKind::contract:
            return "contract";
        case SubjectKind::record:
            return "record";
        case SubjectKind::document:
            return "document";
        case SubjectKind::standing:
            return "standing";
    }
    return "unknown";
}

/// A party to the contract by its registration or by a later event, or the organisation that made the record.
bool is_party(const Facts& facts, const std::string& organisation) {
    if (facts.record) {
        return facts.record->organisation == organisation;
    }
    if (!facts.contract) {
        return false;
    }
    const auto& parties = facts.contract->parties;
    const auto& later = facts.contract->later_parties;
    return std::ranges::find(parties, organisation, &PartyFact::organisation) != parties.end() ||
           std::ranges::find(later, organisation) != later.end();
}

void fill_chain_facts(const Bundle& bundle, const Trust& trust, Facts& facts) {
    const ledger::Header& head = bundle.head.header;
    const ledger::ValidatorSet& set = trust.set_of(head.epoch);
    facts.subject_kind = std::string{name_of(bundle.subject.kind)};
    facts.subject = bundle.subject.id;
    facts.chain_name = trust.genesis.chain_name;
    facts.chain_id = trust.chain_id;
    facts.height = head.height;
    facts.block = ledger::id_of(head);
    facts.block_time = head.time;
    if (head.epoch == Epoch{}) {
        facts.clock_bound_ms = trust.genesis.parameters.clock_bound_ms;
    }
    facts.validator_count = set.size();
    facts.quorum = set.quorum();
    const auto& signers = bundle.head.finality.certificate.signers;
    for (ledger::ValidatorIndex index = 0; index < set.size(); ++index) {
        const ledger::Validator& validator = set.at(index);
        const contracts::Organisation* const organisation = find_organisation(trust, validator.organisation);
        ValidatorFact fact{index,
                           validator.organisation,
                           organisation == nullptr ? "" : organisation->name,
                           validator.key.id().digest,
                           false,
                           false};
        fact.signed_head = std::ranges::find(signers, index, &ledger::Certificate::Signer::index) != signers.end();
        fact.party = is_party(facts, validator.organisation);
        facts.independent_validators += fact.party ? 0 : 1;
        facts.validators.push_back(std::move(fact));
    }
    facts.quorum_without_parties = facts.independent_validators >= facts.quorum;
}

/// What each step of the path changed.
void fill_validator_changes(const Bundle& bundle, const Trust& trust, Facts& facts) {
    for (std::size_t i = 0; i < bundle.validator_path.size(); ++i) {
        const ledger::Header& closing = bundle.validator_path[i].closing.header;
        ValidatorChangeFact fact{
            trust.reigns.at(i + 1).first, closing.height, ledger::id_of(closing), closing.time, {}, {}, 0, {}};
        fact.authorities = bundle.validator_path[i].succession.size();
        fact.reason = trust.reigns.at(i + 1).reason;
        const auto difference = [](const ledger::ValidatorSet& of, const ledger::ValidatorSet& without) {
            std::vector<ValidatorChangeFact::Validator> out;
            for (const ledger::Validator& validator : of.all()) {
                if (!without.index_of(validator.key.id())) {
                    out.push_back({validator.organisation, validator.key.id().digest});
                }
            }
            return out;
        };
        const ledger::ValidatorSet& before = trust.reigns.at(i).set;
        const ledger::ValidatorSet& after = trust.reigns.at(i + 1).set;
        fact.joined = difference(after, before);
        fact.left = difference(before, after);
        facts.validator_changes.push_back(std::move(fact));
    }
}

bool is_event(const Facts& facts, const Digest& transaction) {
    return std::ranges::find(facts.events, transaction, &EventFact::transaction) != facts.events.end();
}

/// A registration or a payment uses what it names in the name of its contract; a deposit in its own.
bool is_contract_of_record(const Facts& facts, const Digest& contract) {
    return facts.record && facts.record->contract == contract && facts.record->action != "evidence.deposit";
}

void fill_use_facts(const Bundle& bundle, Facts& facts) {
    for (const UseList& list : bundle.uses) {
        UseFact fact{list.kind == UseListKind::document ? "document" : "bank-reference", list.id, {}};
        for (const Use& use : list.uses) {
            // A document is no user of itself: a contract's id may be made equal to a document's digest.
            const bool own = bundle.subject.kind != SubjectKind::document &&
                             (use.subject == bundle.subject.id || is_event(facts, use.subject) ||
                              is_contract_of_record(facts, use.subject));
            if (!own) {
                fact.others.push_back(use.subject);
            }
        }
        facts.uses.push_back(std::move(fact));
    }
}

/// Registered is what something uses; the check of the lists, which comes next, proves that they are complete.
void fill_document_facts(const Bundle& bundle, Facts& facts) {
    const bool used = std::ranges::any_of(bundle.uses, [&](const UseList& list) {
        return list.kind == UseListKind::document && list.id == bundle.subject.id && !list.uses.empty();
    });
    if (used) {
        DocumentFact document;
        document.name = to_hex(bundle.subject.id);
        document.sha256 = bundle.subject.id;
        facts.documents.push_back(std::move(document));
    }
}

/// The part of the verification that depends on the kind of the subject.
bool verify_subject(const Bundle& bundle, const Trust& trust, const VerifyOptions& options, CheckList& checks,
                    Facts& facts) {
    ExpectedUses uses;
    if (bundle.contract) {
        std::optional<ContractView> view = verify_contract(bundle, trust, checks);
        if (!view) {
            return false;
        }
        facts = std::move(view->facts);
        uses = std::move(view->uses);
    } else if (bundle.record) {
        std::optional<RecordView> view = verify_record(bundle, trust, checks);
        if (!view) {
            return false;
        }
        fill_record_facts(*bundle.record, trust, *view, facts);
        uses = std::move(view->uses);
    } else if (bundle.standing) {
        facts.standing = verify_standing(bundle, checks);
        if (!facts.standing) {
            return false;
        }
    } else {
        uses[{UseListKind::document, bundle.subject.id}] = {};
        fill_document_facts(bundle, facts);
    }
    if (!verify_use_lists(bundle, uses, checks) || !verify_documents(facts.documents, options, checks)) {
        return false;
    }
    const bool none = bundle.registry.certificates.empty() && !options.require_certificates;
    return none || verify_certificates(bundle, trust, options, checks, facts);
}

bool check_pages(const VerifyOptions& options, CheckList& checks) {
    if (!options.printed_pages) {
        return true;
    }
    switch (*options.printed_pages) {
        case PrintedPages::same:
            return checks.pass(check::kPrintedPages, {"", "same", "same"});
        case PrintedPages::differ:
            return checks.fail(check::kPrintedPages, {"", "same", "differ"}, Error{Errc::document_mismatch, "pages"});
        case PrintedPages::unknown:
            break;
    }
    return checks.skip(check::kPrintedPages, {"", "same", ""}, "printed-pages-not-checked");
}

void conclude(Report& report, CheckList&& checks) {
    report.failed_check = checks.failed();
    report.conclusion = report.failed_check.empty() ? Conclusion::valid : Conclusion::not_valid;
    if (report.conclusion == Conclusion::valid && !checks.unsupported().empty()) {
        // What this program does not know it never calls valid.
        report.conclusion = Conclusion::unusable;
        report.failed_check = checks.unsupported();
        checks.leave_unsupported();
    }
    report.checks = std::move(checks).take();
}

}  // namespace

std::string_view name(Verdict verdict) {
    switch (verdict) {
        case Verdict::pass:
            return "pass";
        case Verdict::fail:
            return "fail";
        case Verdict::not_checked:
            return "not-checked";
    }
    return "unknown";
}

std::string_view name(Conclusion conclusion) {
    switch (conclusion) {
        case Conclusion::valid:
            return "valid";
        case Conclusion::not_valid:
            return "not-valid";
        case Conclusion::unusable:
            return "unusable";
    }
    return "unknown";
}

int exit_code(Conclusion conclusion) {
    switch (conclusion) {
        case Conclusion::valid:
            return 0;
        case Conclusion::not_valid:
            return 1;
        case Conclusion::unusable:
            return 2;
    }
    return 2;
}

Report verify(ByteView bytes, const VerifyOptions& options) {
    Report report;
    report.bundle_sha256 = sha256(bytes);
    report.bundle_bytes = bytes.size();
    report.genesis_digest = options.genesis_digest;
    CheckList checks;
    const Finding file{std::to_string(bytes.size()) + " bytes", std::string{kBundleContentType} + " 1",
                       "sha-256 " + to_hex(report.bundle_sha256)};
    const Result<Bundle> bundle = decode_bundle(bytes);
    if (!bundle) {
        checks.fail(check::kDecoding, file, bundle.error());
        conclude(report, std::move(checks));
        if (bundle.error().code == Errc::unusable_input) {
            report.conclusion = Conclusion::unusable;
        }
        fill_limits(report);
        return report;
    }
    const bool has_succession = std::ranges::any_of(
        bundle->validator_path, [](const ValidatorChange& change) { return !change.succession.empty(); });
    const bool certificates = !bundle->registry.certificates.empty() || options.require_certificates;
    checks.lay_out(bundle->subject.kind, {.registry = !bundle->registry.empty(),
                                          .certificates = certificates,
                                          .additions = !bundle->additions.empty(),
                                          .succession = has_succession,
                                          .printed_pages = options.printed_pages.has_value()});
    checks.pass(check::kDecoding, file);
    if (const std::optional<Trust> trust = verify_chain(*bundle, options, checks)) {
        Facts facts;
        if (verify_subject(*bundle, *trust, options, checks, facts) &&
            verify_additions(*bundle, *trust, options, checks, facts) && check_pages(options, checks)) {
            fill_chain_facts(*bundle, *trust, facts);
            fill_validator_changes(*bundle, *trust, facts);
            fill_use_facts(*bundle, facts);
            report.facts = std::move(facts);
        }
    }
    conclude(report, std::move(checks));
    fill_limits(report);
    if (has_succession) {
        assume_succession(report);
    }
    return report;
}

Result<void> verify_receipt(const ReceiptParts& receipt, ByteView genesis_bytes, const Digest& genesis_digest,
                            const std::vector<ValidatorChange>& path) {
    if (sha256(genesis_bytes) != genesis_digest) {
        return fail(Errc::wrong_genesis, "genesis");
    }
    PROBATUM_LET(genesis, contracts::decode_genesis(genesis_bytes));
    Trust trust{genesis_digest, genesis, {{Epoch{}, genesis.validator_set(), {}}}, {}};
    PROBATUM_TRY(follow_path(path, trust));
    if (receipt.entry.transaction != receipt.transaction) {
        return fail(Errc::evidence_mismatch, "entry.transaction");
    }
    PROBATUM_TRY(check_final_header({receipt.header, receipt.finality}, trust));
    const Digest leaf = ledger::log::leaf_hash(ledger::encode(receipt.entry));
    return ledger::log::verify_inclusion(leaf, receipt.log_index, receipt.header.log_size, receipt.log_path,
                                         receipt.header.log_root);
}

}  // namespace probatum::evidence
