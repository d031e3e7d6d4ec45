#include "evidence/gather.h"

#include <utility>

#include "contracts/epoch_terms.h"
#include "contracts/state_keys.h"
#include "contracts/succession.h"
#include "evidence/use_lists.h"
#include "evidence/verify_contract.h"
#include "evidence/verify_record.h"

namespace probatum::evidence {

namespace {

Result<FinalHeader> gather_head(const Source& source) {
    PROBATUM_LET(finality, source.finality(source.head().height));
    return FinalHeader{source.head(), std::move(finality)};
}

class SourceState final : public ledger::StateView {
public:
    explicit SourceState(const Source& source) : source_{source} {}
    [[nodiscard]] std::optional<Bytes> get(const Digest& key) const override { return source_.state(key); }

private:
    const Source& source_;
};

Result<contracts::EpochTerms> terms_of(const Source& source, Epoch epoch) {
    const std::optional<Bytes> value = source.state(contracts::state_keys::epoch(epoch));
    if (!value) {
        return fail(Errc::not_found, "epoch");
    }
    return contracts::decode_epoch_terms(*value);
}

Result<Bundle> gather_common(const Source& source, Subject subject) {
    PROBATUM_LET(head, gather_head(source));
    PROBATUM_LET(path, gather_validator_path(source));
    return Bundle{subject, source.genesis(), std::move(path), std::move(head), std::nullopt, std::nullopt, {}, {}};
}

}  // namespace

Result<std::vector<ValidatorChange>> gather_validator_path(const Source& source) {
    std::vector<ValidatorChange> out;
    for (Epoch epoch{1}; epoch <= source.head().epoch; epoch = epoch.next()) {
        PROBATUM_LET(terms, terms_of(source, epoch));
        if (const auto next = terms_of(source, epoch.next()); next && next->first == terms.first) {
            continue;  // A succession passed it over before it had a block.
        }
        const Height closing_height{terms.first.raw() - 1};
        PROBATUM_LET(closing, source.header(closing_height));
        std::vector<Bytes> succession = contracts::find_succession(SourceState{source}, epoch);
        if (closing.next_validators == closing.validators && succession.empty()) {
            continue;  // Something else than the validators changed.
        }
        PROBATUM_LET(finality, source.finality(closing_height));
        if (out.size() == kMaxValidatorChanges) {
            return fail(Errc::too_large, "validator_path");
        }
        out.push_back({{std::move(closing), std::move(finality)}, std::move(terms.validators), std::move(succession)});
    }
    return out;
}

Result<Bundle> gather_contract(const Source& source, const Digest& contract) {
    PROBATUM_LET(out, gather_common(source, {SubjectKind::contract, contract}));
    PROBATUM_LET(part, gather_contract_part(source, contract));
    PROBATUM_LET(uses, gather_use_lists(source, uses_of(part)));
    out.contract = std::move(part);
    out.uses = std::move(uses);
    PROBATUM_LET(registry, gather_registry(source, out));
    out.registry = std::move(registry);
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
    PROBATUM_LET(registry, gather_registry(source, out));
    out.registry = std::move(registry);
    return out;
}

Result<Bundle> gather_document(const Source& source, const Digest& document_sha256) {
    PROBATUM_LET(out, gather_common(source, {SubjectKind::document, document_sha256}));
    PROBATUM_LET(uses, gather_use_lists(source, {{{UseListKind::document, document_sha256}, {}}}));
    out.uses = std::move(uses);
    return out;
}

Result<Bundle> gather_standing(const Source& source, const Digest& contract) {
    PROBATUM_LET(out, gather_common(source, {SubjectKind::standing, contract}));
    const Digest key = contracts::state_keys::contract(contract);
    out.standing = ProvenValue{source.state(key), source.prove_state(key)};
    return out;
}

Result<Bundle> gather(const Source& source, const Subject& subject) {
    switch (subject.kind) {
        case SubjectKind::contract:
            return gather_contract(source, subject.id);
        case SubjectKind::record:
            return gather_record(source, subject.id);
        case SubjectKind::document:
            return gather_document(source, subject.id);
        case SubjectKind::standing:
            return gather_standing(source, subject.id);
    }
    return fail(Errc::malformed, "subject");
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
