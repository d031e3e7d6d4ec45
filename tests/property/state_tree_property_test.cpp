#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "base/hash.h"
#include "ledger/state_tree.h"
#include "ledger_generators.h"

namespace probatum::ledger {
namespace {

using test::any_digest;
using test::crowded_key;

using Model = std::map<Digest, Digest>;
using Items = std::vector<std::pair<Digest, Digest>>;

Digest hash(std::uint8_t prefix, const Digest& a, const Digest& b) {
    return Sha256{}.update(prefix).update(a.view()).update(b.view()).finish();
}

bool bit(const Digest& key, std::size_t depth) { return (key.bytes[depth / 8] >> (7 - depth % 8) & 1U) != 0; }

/// The definition of the tree, word by word: empty, a lone leaf, or two halves by the next bit.
Digest naive_root(const Items& items, std::size_t depth) {
    if (items.empty()) {
        return {};
    }
    if (items.size() == 1) {
        return hash(0x00, items[0].first, items[0].second);
    }
    Items halves[2];
    for (const auto& item : items) {
        halves[bit(item.first, depth) ? 1 : 0].push_back(item);
    }
    return hash(0x01, naive_root(halves[0], depth + 1), naive_root(halves[1], depth + 1));
}

Digest naive_root(const Model& model) { return naive_root(Items{model.begin(), model.end()}, 0); }

/// A batch of writes and removals over few keys, sorted.
std::vector<StateChange> any_batch() {
    const auto writes = *rc::gen::container<std::map<Digest, rc::Maybe<std::uint8_t>>>(
        rc::gen::oneOf(crowded_key(), any_digest()), rc::gen::maybe(rc::gen::arbitrary<std::uint8_t>()));
    std::vector<StateChange> out;
    for (const auto& [key, value] : writes) {
        out.push_back({key, value ? std::optional{sha256(ByteView{&*value, 1})} : std::nullopt});
    }
    return out;
}

void apply_to(Model& model, const std::vector<StateChange>& batch) {
    for (const StateChange& change : batch) {
        if (change.value_digest) {
            model[change.key] = *change.value_digest;
        } else {
            model.erase(change.key);
        }
    }
}

void check_agrees(const StateTree& tree, const Model& model) {
    RC_ASSERT(tree.root() == naive_root(model));
    RC_ASSERT(tree.size() == model.size());
}

void check_proof(const StateTree& tree, const Model& model, const Digest& key) {
    const auto found = model.find(key);
    const std::optional<Digest> expected = found == model.end() ? std::nullopt : std::optional{found->second};
    RC_ASSERT(tree.find(key) == expected);
    const StateProof proof = tree.prove(key);
    RC_ASSERT(verify_state_proof(tree.root(), key, proof).value() == expected);
    RC_ASSERT(decode_state_proof(encode(proof)).value() == proof);
}

RC_GTEST_PROP(StateTreeProperty, AgreesWithAMapThroughBatches, ()) {
    StateTree tree;
    Model model;
    const auto rounds = *rc::gen::inRange(1, 6);
    for (int round = 0; round < rounds; ++round) {
        const std::vector<StateChange> batch = any_batch();
        const StateTree before = tree;
        const Digest root_before = before.root();
        tree = tree.apply(batch);
        apply_to(model, batch);
        check_agrees(tree, model);
        RC_ASSERT(before.root() == root_before);
        for (const StateChange& change : batch) {
            check_proof(tree, model, change.key);
        }
    }
    check_proof(tree, model, *crowded_key());
    check_proof(tree, model, *any_digest());
}

RC_GTEST_PROP(StateTreeProperty, ForksFromOneVersionDoNotDisturbEachOther, ()) {
    const std::vector<StateChange> base = any_batch();
    const std::vector<StateChange> left = any_batch();
    const std::vector<StateChange> right = any_batch();
    Model model;
    apply_to(model, base);
    Model left_model = model;
    apply_to(left_model, left);
    Model right_model = model;
    apply_to(right_model, right);
    StateTree trunk = StateTree{}.apply(base);
    StateTree left_tree = trunk.apply(left);
    const StateTree right_tree = trunk.apply(right);
    check_agrees(left_tree, left_model);
    trunk = StateTree{};
    left_tree = StateTree{};
    check_agrees(right_tree, right_model);
}

/// Whatever is changed in a good proof, it never proves something else for its key under the same root.
RC_GTEST_PROP(StateTreeProperty, NoChangedProofProvesAnythingElse, ()) {
    std::vector<StateChange> batch = any_batch();
    const StateTree tree = StateTree{}.apply(batch);
    const Digest key = *rc::gen::oneOf(crowded_key(), any_digest());
    StateProof proof = tree.prove(key);
    const StateProof good = proof;
    switch (*rc::gen::inRange(0, 6)) {
        case 0:
            proof.leaf.reset();
            break;
        case 1:
            proof.leaf = StateProof::Leaf{key, *any_digest()};
            break;
        case 2:
            proof.leaf = StateProof::Leaf{*crowded_key(), *any_digest()};
            break;
        case 3:
            proof.siblings.push_back(*rc::gen::element(Digest{}, *any_digest()));
            break;
        case 4:
            if (!proof.siblings.empty()) {
                proof.siblings.pop_back();
            }
            break;
        default:
            if (!proof.siblings.empty()) {
                proof.siblings[*rc::gen::inRange<std::size_t>(0, proof.siblings.size())] = *any_digest();
            }
    }
    const auto verified = verify_state_proof(tree.root(), key, proof);
    RC_ASSERT(proof == good || !verified.has_value());
}

RC_GTEST_PROP(StateTreeProperty, AProofOfOneKeyIsRefusedForAKeyOnAnotherPath, ()) {
    const StateTree tree = StateTree{}.apply(any_batch());
    const Digest key = *crowded_key();
    const Digest other = *crowded_key();
    const auto verified = verify_state_proof(tree.root(), other, tree.prove(key));
    if (verified) {
        RC_ASSERT(*verified == tree.find(other));
    }
}

}  // namespace
}  // namespace probatum::ledger
