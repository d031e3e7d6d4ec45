#include "evidence/gather.h"

#include <utility>

#include "contracts/state_keys.h"
#include "evidence/use_lists.h"
#include "evidence/verify_contract.h"
#include "evidence/verify_record.h"

namespace probatum::evidence {

namespace {

Result<FinalHeader> gather_head(const Source& source) {
    PROBATUM_LET(finality, source.finality(source.head().height));
    return FinalHeader{source.head(), std::move(finality)};
}

/// The set of genesis reigns for good until governance may change it; then the source will give the closing headers.
Result<Bundle> gather_common(const Source& source, Subject subject) {
    PROBATUM_LET(head, gather_head(source));
    return Bundle{subject, source.genesis(), {}, std::move(head), std::nullopt, std::nullopt, {}};
}

}  // namespace

Result<Bundle> gather_contract(const Source& source, const Digest& contract) {
    PROBATUM_LET(out, gather_common(source, {SubjectKind::contract, contract}));
    PROBATUM_LET(part, gather_contract_part(source, contract));
    PROBATUM_LET(uses, gather_use_lists(source, uses_of(part)));
    out.contract = std::move(part);
    out.uses = std::move(uses);
    return out;
}

Result<Bundle> gather_record(const Source& source, const Digest& transaction) {
    PROBATUM_LET(out, gather_common(source, {SubjectKind::record, transaction}));
    PROBATUM_LET(record, gather_record_part(source, transaction));
    PROBATUM_LET(action, contracts::decode_action(*record.transaction));
    const RecordView view = view_of_record(std::move(action), record.entry);
    PROBATUM_LET(uses, gather_use_lists(source, view.uses));
    out.record = std::move(record);
    out.uses = std::move(uses);
    return out;
}

Result<Bundle> gather_document(const Source& source, const Digest& document_sha256) {
    PROBATUM_LET(out, gather_common(source, {SubjectKind::document, document_sha256}));
    PROBATUM_LET(uses, gather_use_lists(source, {{{UseListKind::document, document_sha256}, {}}}));
    out.uses = std::move(uses);
    return out;
}

Result<Bundle> gather(const Source& source, const Digest& id) {
    if (source.state(contracts::state_keys::contract(id))) {
        return gather_contract(source, id);
    }
    if (source.locate(id)) {
        return gather_record(source, id);
    }
    PROBATUM_LET(document, gather_document(source, id));
    if (document.uses.front().uses.empty()) {
        return fail(Errc::not_found, "id");
    }
    return document;
}

}  // namespace probatum::evidence
