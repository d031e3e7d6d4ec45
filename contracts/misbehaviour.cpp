#include "contracts/misbehaviour.h"

#include <algorithm>

#include "base/check.h"
#include "contracts/codec.h"
#include "contracts/epoch_terms.h"
#include "contracts/permissions.h"
#include "contracts/state_keys.h"
#include "ledger/misbehaviour.h"

namespace probatum::contracts {
namespace {

Bytes encode_uint(std::uint64_t number) {
    cbor::Writer out{9};
    out.uint(number);
    return out.take();
}

/// On a chain without governance the set of genesis reigns for good.
std::optional<ledger::ValidatorSet> set_of(const ledger::StateView& state, Epoch epoch) {
    if (std::optional<EpochTerms> terms = find_terms(state, epoch)) {
        return std::move(terms->validators);
    }
    if (epoch.raw() != 0) {
        return std::nullopt;
    }
    const std::optional<Bytes> value = state.get(state_keys::validators());
    PROBATUM_CHECK(value.has_value(), "genesis wrote the validators");
    Result<ledger::ValidatorSet> set = ledger::ValidatorSet::decode(*value);
    PROBATUM_CHECK(set.has_value(), "the state holds only what we wrote");
    return *std::move(set);
}

Result<ledger::Misbehaviour> judge(const Execute& task, const ReportBody& body) {
    Result<ledger::Misbehaviour> proof = ledger::decode_misbehaviour(body.proof);
    if (!proof) {
        return fail(Errc::misbehaviour_invalid, "proof");
    }
    const std::optional<ledger::ValidatorSet> set = set_of(task.state, proof->epoch);
    if (!set || std::ranges::find(set->all(), proof->validator) == set->all().end()) {
        return fail(Errc::misbehaviour_invalid, "proof.validator");
    }
    if (!ledger::verify_misbehaviour(*proof, task.context.chain_id, ledger::EcdsaChecker{})) {
        return fail(Errc::misbehaviour_invalid, "proof.signature");
    }
    return proof;
}

Result<ledger::StateOverlay::Writes> run(const Execute& task) {
    if (task.resolved.idempotency_key_used) {
        return fail(Errc::idempotency_conflict, "idempotency_key");
    }
    PROBATUM_TRY(permit(task.action.name, nullptr, task.resolved));
    const auto& body = std::get<ReportBody>(task.action.body);
    PROBATUM_LET(proof, judge(task, body));
    const Digest key = state_keys::misbehaviour({.validator = proof.validator.key.id(),
                                                 .epoch = proof.epoch,
                                                 .view = proof.view,
                                                 .kind = proof.statements.front().kind});
    if (task.state.get(key)) {
        return fail(Errc::already_reported, "proof");
    }
    const std::uint64_t number = misbehaviour_count(task.state) + 1;
    ledger::StateOverlay::Writes writes;
    writes[key] = encode_uint(number);
    writes[state_keys::misbehaviour_count()] = encode_uint(number);
    writes[state_keys::misbehaviour_number(number)] =
        encode(MisbehaviourRecord{.proof = body.proof,
                                  .organisation = task.resolved.organisation,
                                  .member = task.resolved.member,
                                  .transaction = task.transaction.id(),
                                  .height = task.context.height,
                                  .time = task.context.time});
    return writes;
}

}  // namespace

Bytes encode(const MisbehaviourRecord& record) {
    cbor::Writer out{record.proof.size() + 160};
    out.array(6).bytes(record.proof).text(record.organisation).text(record.member).digest(record.transaction);
    out.uint(record.height.raw()).uint(record.time.raw());
    return out.take();
}

Result<MisbehaviourRecord> decode_misbehaviour_record(ByteView bytes) {
    cbor::Reader in{bytes};
    MisbehaviourRecord out;
    in.field("misbehaviour").array_of(6);
    out.proof = to_bytes(in.field("proof").bytes());
    out.organisation = codec::read_text(in, {"organisation", kMaxNumberBytes});
    out.member = codec::read_text(in, {"member", kMaxNumberBytes});
    out.transaction = in.field("transaction").digest();
    out.height = Height{in.field("height").uint()};
    out.time = UnixMs{in.field("time").uint()};
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

std::uint64_t misbehaviour_count(const ledger::StateView& state) {
    const std::optional<Bytes> value = state.get(state_keys::misbehaviour_count());
    if (!value) {
        return 0;
    }
    cbor::Reader in{*value};
    return in.uint();
}

std::optional<MisbehaviourRecord> find_misbehaviour(const ledger::StateView& state, std::uint64_t number) {
    const std::optional<Bytes> value = state.get(state_keys::misbehaviour_number(number));
    if (!value) {
        return std::nullopt;
    }
    Result<MisbehaviourRecord> record = decode_misbehaviour_record(*value);
    PROBATUM_CHECK(record.has_value(), "the state holds only what we wrote");
    return *std::move(record);
}

Execution execute_report(const Execute& task) {
    Result<ledger::StateOverlay::Writes> writes = run(task);
    if (!writes) {
        return refused(writes.error());
    }
    Execution out;
    out.writes = *std::move(writes);
    write_record(out, task);
    return out;
}

}  // namespace probatum::contracts
