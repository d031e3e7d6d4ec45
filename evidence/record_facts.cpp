#include "evidence/record_facts.h"

#include <set>

#include "base/civil_time.h"
#include "base/text_encoding.h"
#include "evidence/signers.h"

namespace probatum::evidence {

namespace {

using contracts::DepositBody;
using contracts::Provenance;

std::vector<std::pair<std::string, std::string>> provenance_of(const Provenance& given) {
    std::vector<std::pair<std::string, std::string>> out;
    const auto digest = [&given](DigestAlgorithm algorithm) {
        const std::optional<Digest> found = contracts::find_digest(given.original_digests, algorithm);
        return found ? to_hex(*found) : std::string{};
    };
    out.emplace_back("system", given.system.value_or(""));
    out.emplace_back("system-version", given.system_version.value_or(""));
    out.emplace_back("operator", given.operator_name.value_or(""));
    out.emplace_back("method", given.method ? std::string{contracts::name(*given.method)} : std::string{});
    out.emplace_back("captured-at", given.captured_at ? to_rfc3339(*given.captured_at) : std::string{});
    out.emplace_back("original-sha-256", digest(DigestAlgorithm::sha256));
    out.emplace_back("original-sm3", digest(DigestAlgorithm::sm3));
    out.emplace_back("original-size", given.original_size ? std::to_string(*given.original_size) : std::string{});
    for (const contracts::Reference& reference : given.references) {
        out.emplace_back("reference", reference.kind + ": " + reference.value);
    }
    for (const KeyId& witness : given.witnesses) {
        out.emplace_back("witness", to_hex(witness.digest));
    }
    return out;
}

DocumentFact document_of(const DepositBody& deposit) {
    DocumentFact out;
    out.name = deposit.title.value_or(deposit.media_type);
    out.size_bytes = deposit.size_bytes;
    out.sha256 = contracts::find_digest(deposit.digests, DigestAlgorithm::sha256).value_or(Digest{});
    out.sm3 = contracts::find_digest(deposit.digests, DigestAlgorithm::sm3).value_or(Digest{});
    return out;
}

}  // namespace

void fill_record_facts(const RecordPart& record, const Trust& trust, const RecordView& view, Facts& facts) {
    const cose::ProtectedHeader& header = record.transaction->header();
    const Signers signers{trust};
    const KnownSigner* const member = signers.find(header.key_id);
    RecordFact out;
    out.transaction = record.transaction->id();
    out.organisation = header.issuer;
    out.member = member == nullptr ? "" : member->member;
    out.action = view.action.name;
    out.height = record.block.header.height;
    out.time = record.block.header.time;
    out.log_index = record.log_index;
    out.refusal = record.entry.outcome.code;
    out.refusal_field = record.entry.outcome.field;
    out.contract = view.action.contract;
    if (const auto* const deposit = std::get_if<DepositBody>(&view.action.body)) {
        out.provenance = provenance_of(deposit->provenance.value_or(Provenance{}));
        if (record.entry.outcome.accepted()) {
            facts.documents.push_back(document_of(*deposit));  // A refused deposit registers nothing.
        }
    }
    const std::set<std::string> hidden{view.action.hidden.begin(), view.action.hidden.end()};
    for (const std::string& name : hidden) {
        facts.hidden_fields.emplace_back(name, 1);
    }
    facts.record = std::move(out);
}

}  // namespace probatum::evidence
