#include "evidence/contract_events.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/cbor.h"
#include "base/text_encoding.h"
#include "contracts/epoch_terms.h"
#include "contracts/execution.h"
#include "contracts/roles.h"
#include "ledger/evidence_log.h"

namespace probatum::evidence {

namespace {

std::string place(std::string_view log, std::uint64_t sequence) {
    return std::string{log} + "[" + std::to_string(sequence) + "]";
}

/// Height, position and time of a leaf, in the order in which the chain grows.
auto order_of(const ledger::EventLeaf& leaf) { return std::tuple{leaf.height, leaf.index}; }

Result<void> check_resolved(const DecodedEvent& event, const Signers& signers) {
    const ledger::Transaction& transaction = *event.event->transaction;
    PROBATUM_TRY(signers.check(transaction));
    if (!event.supported) {
        return {};
    }
    const KnownSigner& member = *signers.find(transaction.header().key_id);
    const contracts::Resolved& resolved = event.resolved;
    if (resolved.organisation != member.organisation) {
        return fail(Errc::issuer_mismatch, "resolved.organisation");
    }
    if (resolved.member != member.member) {
        return fail(Errc::unknown_key, "resolved.member");
    }
    // What was bound on this chain has its record in the bundle: left out, nobody could judge it.
    PROBATUM_TRY(signers.check_certificate(transaction.header().key_id, resolved.certificate));
    if (member.of_genesis == nullptr) {
        return {};
    }
    const bool same = resolved.roles == contracts::RoleSet::of(member.of_genesis->roles) &&
                      resolved.certificate == member.of_genesis->certificate_digest &&
                      resolved.key_status == contracts::KeyStatus::active;
    if (!same) {
        return fail(Errc::role_missing, "resolved.roles");
    }
    return {};
}

/// Read by itself: later rules may have given the resolved inputs more fields than this program can decode.
std::optional<std::uint64_t> rules_version_of(ByteView resolved) {
    constexpr std::uint64_t kRulesVersionKey = 6;
    cbor::Reader in{resolved};
    for (std::uint64_t left = in.map(); left > 0 && !in.failed(); --left) {
        if (in.uint() == kRulesVersionKey) {
            const std::uint64_t version = in.uint();
            return in.failed() ? std::nullopt : std::optional{version};
        }
        static_cast<void>(in.raw_item());
    }
    return std::nullopt;
}

bool is_supported(const BundleEvent& event) {
    return contracts::is_known_action(event.transaction->payload().action) &&
           rules_version_of(event.leaf.resolved).value_or(1) <= contracts::kHighestRulesVersion;
}

Result<DecodedEvent> decode_event(const BundleEvent& event, const Digest& contract, const Digest& chain_id) {
    PROBATUM_TRY(check_statement(*event.transaction, chain_id, event.leaf.time));
    if (!is_supported(event)) {
        if (event.transaction->header().subject != to_hex(contract)) {
            return fail(Errc::evidence_mismatch, "subject");
        }
        contracts::DecodedAction unread{.name = event.transaction->payload().action, .body = contracts::ActivateBody{}};
        return DecodedEvent{&event, std::move(unread), {}, false};
    }
    PROBATUM_LET(action, contracts::decode_action(*event.transaction));
    if (action.contract != contract) {
        return fail(Errc::evidence_mismatch, "subject");
    }
    PROBATUM_LET(resolved, contracts::decode_resolved(event.leaf.resolved));
    return DecodedEvent{&event, std::move(action), std::move(resolved)};
}

Error at(std::string_view log, std::uint64_t sequence, Error error) {
    error.field = place(log, sequence) + (error.field.empty() ? "" : "." + error.field);
    return error;
}

}  // namespace

bool all_supported(const std::vector<DecodedEvent>& events) {
    return std::ranges::all_of(events, &DecodedEvent::supported);
}

Result<void> check_leaves(const std::vector<BundleEvent>& events, const Digest& contract, bool refused,
                          const ledger::Header& head) {
    const std::string_view log = refused ? "refused" : "events";
    Digest previous{};
    const ledger::EventLeaf* before = nullptr;
    for (std::uint64_t sequence = 0; sequence < events.size(); ++sequence) {
        const ledger::EventLeaf& leaf = events[sequence].leaf;
        const auto mismatch = [&](std::string_view field) {
            return fail(Errc::evidence_mismatch, place(log, sequence) + "." + std::string{field});
        };
        if (leaf.subject != contract) {
            return mismatch("subject");
        }
        if (leaf.sequence != sequence) {
            return mismatch("sequence");
        }
        if (leaf.previous != previous) {
            return mismatch("previous");
        }
        if (leaf.outcome.accepted() == refused) {
            return mismatch("outcome");
        }
        if (before != nullptr && (order_of(leaf) <= order_of(*before) || leaf.time < before->time)) {
            return mismatch("height");
        }
        if (leaf.height.raw() == 0 || leaf.height > head.height || leaf.time > head.time) {
            return mismatch("height");
        }
        previous = ledger::log::leaf_hash(ledger::encode(leaf));
        before = &leaf;
    }
    return {};
}

Result<void> check_transactions(const std::vector<BundleEvent>& events) {
    for (const BundleEvent& event : events) {
        if (event.leaf.transaction != event.transaction->id()) {
            return fail(
                Errc::evidence_mismatch,
                place(event.leaf.outcome.accepted() ? "events" : "refused", event.leaf.sequence) + ".transaction");
        }
    }
    return {};
}

Result<std::vector<DecodedEvent>> decode_events(const std::vector<BundleEvent>& events, const Digest& contract,
                                                const Digest& chain_id) {
    std::vector<DecodedEvent> out;
    for (const BundleEvent& event : events) {
        Result<DecodedEvent> decoded = decode_event(event, contract, chain_id);
        if (!decoded) {
            const std::string_view log = event.leaf.outcome.accepted() ? "events" : "refused";
            return fail(at(log, event.leaf.sequence, std::move(decoded).error()));
        }
        out.push_back(*std::move(decoded));
    }
    return out;
}

Result<void> check_signers(const std::vector<DecodedEvent>& events, const Signers& signers) {
    for (const DecodedEvent& event : events) {
        if (Result<void> checked = check_resolved(event, signers); !checked) {
            const ledger::EventLeaf& leaf = event.event->leaf;
            return fail(at(leaf.outcome.accepted() ? "events" : "refused", leaf.sequence, std::move(checked).error()));
        }
    }
    return {};
}

}  // namespace probatum::evidence
