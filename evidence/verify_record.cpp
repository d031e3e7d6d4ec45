#include "evidence/verify_record.h"

#include "base/civil_time.h"
#include "base/text_encoding.h"
#include "contracts/epoch_terms.h"
#include "evidence/signers.h"
#include "ledger/evidence_log.h"

namespace probatum::evidence {

namespace {

/// Nothing where the action, or the rules of its block, are later than this program.
Result<std::optional<contracts::DecodedAction>> read_record(const RecordPart& record, const Trust& trust) {
    const ledger::Transaction& transaction = *record.transaction;
    PROBATUM_TRY(check_statement(transaction, trust.chain_id, record.block.header.time));
    const Signers signers{trust};
    PROBATUM_TRY(signers.check(transaction));
    PROBATUM_TRY(signers.check_borne(transaction.header().key_id));
    if (!contracts::is_known_action(transaction.payload().action) ||
        record.block.header.rules_version > contracts::kHighestRulesVersion) {
        return std::nullopt;
    }
    PROBATUM_LET(action, contracts::decode_action(transaction));
    return std::optional{std::move(action)};
}

std::string outcome_text(const ledger::Outcome& outcome) { return "code " + std::to_string(outcome.code); }

bool check_entry(const RecordPart& record, const Digest& subject, CheckList& checks) {
    const bool holds = record.entry.transaction == subject && record.transaction->id() == subject;
    return checks.decide(check::kRecordEntry, holds,
                         {outcome_text(record.entry.outcome), to_hex(subject), to_hex(record.entry.transaction)});
}

/// The log index lies between the sizes of the log before and after the block, so the block is the very one.
Result<void> check_place(const RecordPart& record) {
    const ledger::Header& block = record.block.header;
    if (record.parent.has_value() == (block.height.raw() == 1)) {
        return fail(Errc::evidence_mismatch, "record.parent");
    }
    if (record.parent && ledger::id_of(*record.parent) != block.parent) {
        return fail(Errc::evidence_mismatch, "record.parent");
    }
    const std::uint64_t before = record.parent ? record.parent->log_size : 0;
    if (record.log_index < before || record.log_index >= block.log_size) {
        return fail(Errc::evidence_mismatch, "record.log_index");
    }
    return {};
}

bool check_block(const Bundle& bundle, const Trust& trust, CheckList& checks) {
    const RecordPart& record = *bundle.record;
    const ledger::Header& block = record.block.header;
    const std::uint64_t before = record.parent ? record.parent->log_size : 0;
    const Finding finding{"height " + std::to_string(block.height.raw()) + ", " + to_rfc3339(block.time),
                          std::to_string(before) + " <= index < " + std::to_string(block.log_size),
                          "index " + std::to_string(record.log_index)};
    Result<void> holds = check_final_header(record.block, trust);
    if (holds) {
        holds = check_place(record);
    }
    if (holds && block.height > bundle.head.header.height) {
        holds = fail(Errc::evidence_mismatch, "record.block.height");
    }
    const bool at_head = block.height == bundle.head.header.height;
    if (holds && at_head && ledger::id_of(block) != ledger::id_of(bundle.head.header)) {
        holds = fail(Errc::evidence_mismatch, "record.block");
    }
    return holds ? checks.pass(check::kRecordBlock, finding) : checks.fail(check::kRecordBlock, finding, holds.error());
}

bool check_inclusion(const RecordPart& record, CheckList& checks) {
    const ledger::Header& block = record.block.header;
    const Digest leaf = ledger::log::leaf_hash(ledger::encode(record.entry));
    const Finding finding{to_hex(leaf) + ", path " + std::to_string(record.log_path.size()), to_hex(block.log_root),
                          ""};
    const Result<void> included =
        ledger::log::verify_inclusion(leaf, record.log_index, block.log_size, record.log_path, block.log_root);
    if (!included) {
        return checks.fail(check::kRecordInclusion, finding, included.error());
    }
    return checks.pass(check::kRecordInclusion, {finding.input, finding.expected, finding.expected});
}

}  // namespace

RecordView view_of_record(contracts::DecodedAction action, const ledger::Entry& entry) {
    RecordView out{std::move(action), {}};
    if (entry.outcome.accepted()) {
        add_uses(out.action, entry.transaction, out.uses);
    }
    return out;
}

Result<RecordPart> gather_record_part(const Source& source, const Digest& id) {
    PROBATUM_LET(location, source.locate(id));
    PROBATUM_LET(transaction, source.transaction(id));
    PROBATUM_LET(entry, source.entry(location.log_index));
    PROBATUM_LET(header, source.header(location.height));
    PROBATUM_LET(finality, source.finality(location.height));
    PROBATUM_LET(log_path, source.prove_entry(location.log_index, header.log_size));
    std::optional<ledger::Header> parent;
    if (location.height.raw() > 1) {
        PROBATUM_LET(before, source.header(Height{location.height.raw() - 1}));
        parent = std::move(before);
    }
    return RecordPart{std::move(transaction),
                      std::move(entry),
                      location.log_index,
                      std::move(log_path),
                      {std::move(header), std::move(finality)},
                      std::move(parent)};
}

std::optional<RecordView> verify_record(const Bundle& bundle, const Trust& trust, CheckList& checks) {
    const RecordPart& record = *bundle.record;
    const cose::ProtectedHeader& header = record.transaction->header();
    const Finding statement{to_hex(record.transaction->id()), header.issuer, to_hex(header.key_id.digest)};
    Result<std::optional<contracts::DecodedAction>> action = read_record(record, trust);
    if (!action) {
        checks.fail(check::kRecordStatement, statement, action.error());
        return std::nullopt;
    }
    if (*action) {
        checks.pass(check::kRecordStatement, statement);
    } else {
        checks.skip(check::kRecordStatement, statement, kNotSupported);
    }
    const bool holds = check_entry(record, bundle.subject.id, checks) && check_block(bundle, trust, checks) &&
                       check_inclusion(record, checks);
    if (!holds || !*action) {
        return std::nullopt;
    }
    return view_of_record(**std::move(action), record.entry);
}

}  // namespace probatum::evidence
