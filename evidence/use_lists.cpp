#include "evidence/use_lists.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text_encoding.h"
#include "contracts/execution.h"
#include "contracts/state_keys.h"
#include "ledger/evidence_log.h"

namespace probatum::evidence {

namespace {

constexpr std::size_t kPage = 256;

std::uint8_t index_kind(UseListKind kind) {
    using Kind = contracts::IndexEntry::Kind;
    return static_cast<std::uint8_t>(kind == UseListKind::document ? Kind::document : Kind::bank_reference);
}

/// The index names subjects only; what stands under a contract's state key is a contract.
Use use_of(const Source& source, const Digest& subject) {
    const bool is_contract = source.state(contracts::state_keys::contract(subject)).has_value();
    return {is_contract ? contracts::UseKind::contract : contracts::UseKind::record, subject};
}

Result<UseList> gather_use_list(const Source& source, UseListKind kind, const Digest& id) {
    UseList out{kind, id, {}, {}};
    const Digest key = state_key_of(kind, id);
    out.state = {source.state(key), source.prove_state(key)};
    std::optional<std::uint64_t> after;
    for (;;) {
        PROBATUM_LET(page, source.list(index_kind(kind), id.view(), after, kPage));
        for (const Source::Listed& listed : page) {
            out.uses.push_back(use_of(source, listed.subject));
        }
        if (out.uses.size() > kMaxUseItems) {
            return fail(Errc::too_large, "uses");
        }
        if (page.size() < kPage) {
            return out;
        }
        after = page.back().cursor;
    }
}

/// The frontier that the uses shown give is the value under the list's key in the head's state.
Result<void> check_list(const UseList& list, const Digest& state_root) {
    PROBATUM_LET(proven, ledger::verify_state_proof(state_root, state_key_of(list.kind, list.id), list.state.proof));
    ledger::log::Frontier frontier;
    for (const Use& use : list.uses) {
        frontier.append(ledger::log::leaf_hash(contracts::use_leaf(use.kind, use.subject)));
    }
    if (!proven) {
        if (list.state.value || !list.uses.empty()) {
            return fail(Errc::evidence_mismatch, "uses.state");
        }
        return {};
    }
    const bool complete =
        list.state.value && *proven == sha256(*list.state.value) && *list.state.value == ledger::log::encode(frontier);
    if (!complete) {
        return fail(Errc::evidence_mismatch, "uses.state");
    }
    return {};
}

}  // namespace

Digest state_key_of(UseListKind kind, const Digest& id) {
    return kind == UseListKind::document ? contracts::state_keys::document(id)
                                         : contracts::state_keys::bank_reference(id);
}

void add_uses(const contracts::DecodedAction& action, const Digest& transaction, ExpectedUses& out) {
    const auto add_document = [&out](const contracts::DocumentDigests& digests, const Use& use) {
        if (const auto sha256_digest = contracts::find_digest(digests, DigestAlgorithm::sha256)) {
            out[{UseListKind::document, *sha256_digest}].push_back(use);
        }
    };
    if (const auto* const deposit = std::get_if<contracts::DepositBody>(&action.body)) {
        add_document(deposit->digests, {contracts::UseKind::record, transaction});
        return;
    }
    if (!action.contract) {
        return;
    }
    const Use by_contract{contracts::UseKind::contract, *action.contract};
    if (const auto* const registered = std::get_if<contracts::RegisterBody>(&action.body)) {
        for (const contracts::Document& each : registered->documents) {
            add_document(each.digests, by_contract);
        }
    } else if (action.blinded_reference) {
        out[{UseListKind::bank_reference, *action.blinded_reference}].push_back(by_contract);
    }
}

Result<std::vector<UseList>> gather_use_lists(const Source& source, const ExpectedUses& expected) {
    if (expected.size() > kMaxUseLists) {
        return fail(Errc::too_large, "uses");
    }
    std::vector<UseList> out;
    for (const auto& [name, uses] : expected) {
        PROBATUM_LET(list, gather_use_list(source, name.first, name.second));
        out.push_back(std::move(list));
    }
    return out;
}

bool verify_use_lists(const Bundle& bundle, const ExpectedUses& expected, CheckList& checks) {
    std::size_t items = 0;
    bool same_names = bundle.uses.size() == expected.size();
    for (const UseList& list : bundle.uses) {
        items += list.uses.size();
        same_names = same_names && expected.contains({list.kind, list.id});
    }
    const Finding finding{"uses " + std::to_string(items), "lists " + std::to_string(expected.size()),
                          "lists " + std::to_string(bundle.uses.size())};
    if (!same_names) {
        return checks.fail(check::kUseLists, finding, Error{Errc::evidence_mismatch, "uses"});
    }
    const Digest& state_root = bundle.head.header.state_root;
    for (const UseList& list : bundle.uses) {
        const Finding one{to_hex(list.id), to_hex(state_root), "uses " + std::to_string(list.uses.size())};
        if (const Result<void> complete = check_list(list, state_root); !complete) {
            return checks.fail(check::kUseLists, one, complete.error());
        }
        for (const Use& use : expected.at({list.kind, list.id})) {
            if (std::ranges::find(list.uses, use) == list.uses.end()) {
                return checks.fail(check::kUseLists, one, Error{Errc::evidence_mismatch, "uses.items"});
            }
        }
    }
    return checks.pass(check::kUseLists, finding);
}

}  // namespace probatum::evidence
