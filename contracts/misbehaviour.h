#pragma once

#include <optional>
#include <string>

#include "contracts/contract_execution.h"

/// The record of validators that contradicted themselves: portable proofs (ledger/misbehaviour.h), each once per
/// validator, epoch, view and kind. Source: docs/spec/governance.md section 7. Threads: pure.
namespace probatum::contracts {

struct MisbehaviourRecord {
    Bytes proof;               ///< ledger::Misbehaviour, encoded.
    std::string organisation;  ///< Who reported it.
    std::string member;
    Digest transaction;
    Height height;
    UnixMs time;
    friend bool operator==(const MisbehaviourRecord&, const MisbehaviourRecord&) = default;
};
/// [proof, organisation, member, transaction id, height, time]
[[nodiscard]] Bytes encode(const MisbehaviourRecord& record);
[[nodiscard]] Result<MisbehaviourRecord> decode_misbehaviour_record(ByteView bytes);

[[nodiscard]] std::uint64_t misbehaviour_count(const ledger::StateView& state);
/// By its number, from 1 in the order of recording.
[[nodiscard]] std::optional<MisbehaviourRecord> find_misbehaviour(const ledger::StateView& state, std::uint64_t number);

/// Runs misbehaviour.report. Errors, in this order: idempotency_conflict; role_missing; misbehaviour_invalid (the proof
/// does not decode, its signatures do not hold, or no validator of its epoch has the key); already_reported.
[[nodiscard]] Execution execute_report(const Execute& task);

}  // namespace probatum::contracts
