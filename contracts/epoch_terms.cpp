#include "contracts/epoch_terms.h"

#include <algorithm>

#include "base/check.h"
#include "contracts/authorise.h"
#include "contracts/genesis_codec.h"
#include "contracts/liveness.h"
#include "contracts/registry.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {
namespace {

template <class Value>
Value held(Result<Value> decoded) {
    PROBATUM_CHECK(decoded.has_value(), "the state holds only what we wrote");
    return *std::move(decoded);
}

/// Nothing on a chain without governance.
std::optional<Epoch> epoch_in_force(const ledger::StateView& state) {
    const std::optional<Bytes> value = state.get(state_keys::current_epoch());
    if (!value) {
        return std::nullopt;
    }
    cbor::Reader in{*value};
    const Epoch epoch{in.uint()};
    PROBATUM_CHECK(in.finish().has_value(), "the state holds only what we wrote");
    return epoch;
}

/// Puts the terms of a new epoch in force. A validator that stays keeps when it was seen last.
void install(const EpochTerms& before, const EpochTerms& terms, std::vector<Height>& seen,
             ledger::StateOverlay::Writes& writes) {
    std::vector<Height> moved;
    for (const ledger::Validator& validator : terms.validators.all()) {
        const auto index = before.validators.index_of(validator.key.id());
        moved.push_back(index ? seen.at(*index) : Height{});
    }
    seen = std::move(moved);
    writes[state_keys::current_epoch()] = codec::encode_uint(terms.epoch.raw());
    writes[state_keys::validators()] = terms.validators.encode();
    cbor::Writer parameters;
    codec::write_parameters(parameters, terms.parameters);
    writes[state_keys::parameters()] = parameters.take();
    cbor::Writer governance;
    codec::write_governance(governance, *terms.governance);
    writes[state_keys::governance()] = governance.take();
}

/// Whoever is no member of the set says nothing: a block may be executed before its certificate is verified.
void see(std::vector<Height>& seen, ledger::ValidatorIndex index, Height height) {
    if (index < seen.size()) {
        seen[index] = height;
    }
}

/// The parent becomes a mark that readiness may name.
void add_mark(const BlockStart& start, const ledger::StateView& state, ledger::StateOverlay::Writes& writes) {
    const std::uint64_t parent_height = start.context.height.raw() - 1;
    if (parent_height % kMarkSpacing != 0) {
        return;
    }
    std::vector<ChainMark> marks = find_marks(state);
    if (marks.size() == kMaxMarks) {
        marks.erase(marks.begin());
    }
    marks.push_back({Height{parent_height}, start.parent});
    cbor::Writer out;
    out.array(marks.size());
    for (const ChainMark& mark : marks) {
        out.array(2).uint(mark.height.raw()).digest(mark.block);
    }
    writes[state_keys::marks()] = out.take();
}

}  // namespace

Bytes encode(const EpochTerms& terms) {
    cbor::Writer out{256 + terms.validators.size() * 64};
    out.array(7).uint(terms.epoch.raw()).uint(terms.first.raw());
    codec::write_optional(out, terms.proposal);
    out.raw(terms.validators.encode());
    codec::write_parameters(out, terms.parameters);
    out.uint(terms.rules_version);
    if (terms.governance) {
        codec::write_governance(out, *terms.governance);
    } else {
        out.null();
    }
    return out.take();
}

Result<EpochTerms> decode_epoch_terms(ByteView bytes) {
    cbor::Reader in{bytes};
    in.field("epoch").array_of(7);
    const Epoch epoch{in.uint()};
    const Height first{in.field("first").uint()};
    const std::optional<Digest> proposal = codec::read_optional_digest(in.field("proposal"));
    const ByteView set_bytes = in.field("validators").raw_item();
    PROBATUM_TRY(in.status());
    PROBATUM_LET(set, ledger::ValidatorSet::decode(set_bytes));
    EpochTerms out{.epoch = epoch,
                   .first = first,
                   .proposal = proposal,
                   .validators = std::move(set),
                   .parameters = codec::read_parameters(in),
                   .rules_version = in.field("rules_version").uint(),
                   .governance = {}};
    if (!in.field("governance").take_null()) {
        out.governance = codec::read_governance(in);
    }
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

EpochTerms current_terms(const ledger::StateView& state, const Genesis& genesis) {
    if (const std::optional<Epoch> epoch = epoch_in_force(state)) {
        std::optional<EpochTerms> terms = find_terms(state, *epoch);
        PROBATUM_CHECK(terms.has_value(), "the epoch in force has its terms in the state");
        return *std::move(terms);
    }
    return {.epoch = {},
            .first = Height{1},
            .validators = genesis.validator_set(),
            .parameters = genesis.parameters,
            .rules_version = genesis.rules_version};
}

std::optional<EpochTerms> next_terms(const ledger::StateView& after) {
    const std::optional<Epoch> in_force = epoch_in_force(after);
    std::optional<EpochTerms> out;
    // More than one only where a succession came right after a closing block.
    for (Epoch epoch = in_force.value_or(Epoch{}).next(); in_force; epoch = epoch.next()) {
        std::optional<EpochTerms> later = find_terms(after, epoch);
        if (!later) {
            break;
        }
        out = std::move(later);
    }
    return out;
}

std::optional<ledger::ValidatorSet> next_validator_set(const ledger::StateView& after) {
    std::optional<EpochTerms> terms = next_terms(after);
    return terms ? std::optional{std::move(terms->validators)} : std::nullopt;
}

EpochTerms terms_of_child(const ledger::StateView& after, const Genesis& genesis) {
    std::optional<EpochTerms> next = next_terms(after);
    return next ? *std::move(next) : current_terms(after, genesis);
}

std::optional<EpochTerms> find_terms(const ledger::StateView& state, Epoch epoch) {
    const std::optional<Bytes> value = state.get(state_keys::epoch(epoch));
    return value ? std::optional{held(decode_epoch_terms(*value))} : std::nullopt;
}

ledger::StateOverlay::Writes begin_block(const BlockStart& start, const ledger::StateView& parent_state) {
    const std::optional<Epoch> in_force = epoch_in_force(parent_state);
    if (!in_force) {
        return {};
    }
    ledger::StateOverlay::Writes writes;
    std::vector<Height> seen = find_liveness(parent_state);
    // The certificate belongs to the epoch of the parent: it is read under the old set before the new one takes over.
    if (start.parent_certificate != nullptr) {
        for (const ledger::Certificate::Signer& signer : start.parent_certificate->signers) {
            see(seen, signer.index, start.context.height);
        }
    }
    if (start.context.epoch != *in_force) {
        const std::optional<EpochTerms> before = find_terms(parent_state, *in_force);
        const std::optional<EpochTerms> terms = next_terms(parent_state);
        // A header that claims an epoch which does not begin here is refused by whoever checks it; nothing follows from
        // it.
        if (before && terms && terms->epoch == start.context.epoch && terms->first == start.context.height) {
            install(*before, *terms, seen, writes);
        }
    }
    see(seen, start.proposer, start.context.height);
    writes[state_keys::liveness()] = encode_liveness(seen);
    add_mark(start, parent_state, writes);
    return writes;
}

ledger::StateOverlay::Writes first_epoch_writes(const Genesis& genesis) {
    const EpochTerms terms{.epoch = {},
                           .first = Height{1},
                           .validators = genesis.validator_set(),
                           .parameters = genesis.parameters,
                           .rules_version = genesis.rules_version,
                           .governance = genesis.governance};
    ledger::StateOverlay::Writes writes;
    cbor::Writer governance;
    codec::write_governance(governance, *genesis.governance);
    writes[state_keys::governance()] = governance.take();
    writes[state_keys::current_epoch()] = codec::encode_uint(0);
    writes[state_keys::epoch(Epoch{})] = encode(terms);
    writes[state_keys::liveness()] = encode_liveness(std::vector<Height>(terms.validators.size()));
    writes.merge(first_registry_writes(genesis));
    return writes;
}

}  // namespace probatum::contracts
