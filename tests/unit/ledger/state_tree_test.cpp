#include "ledger/state_tree.h"

#include <gtest/gtest.h>

#include "ledger_samples.h"

namespace probatum::ledger {
namespace {

using test::named_digest;

/// A key whose first bits are given and whose rest is zero but for the last byte.
Digest key_of(std::uint8_t first_byte, std::uint8_t last_byte = 0) {
    Digest out;
    out.bytes.front() = first_byte;
    out.bytes.back() = last_byte;
    return out;
}

Digest hash(std::uint8_t prefix, const Digest& a, const Digest& b) {
    Bytes message{prefix};
    message.insert(message.end(), a.bytes.begin(), a.bytes.end());
    message.insert(message.end(), b.bytes.begin(), b.bytes.end());
    return sha256(message);
}

const Digest kValue = named_digest("value");
const Digest kOther = named_digest("other value");

StateTree tree_of(std::vector<StateChange> changes) {
    std::ranges::sort(changes, {}, &StateChange::key);
    return StateTree{}.apply(changes);
}

std::optional<Digest> proven(const StateTree& tree, const Digest& key) {
    return verify_state_proof(tree.root(), key, tree.prove(key)).value();
}

TEST(StateTree, EmptyHasTheZeroRootAndProvesAbsence) {
    const StateTree empty;
    EXPECT_TRUE(empty.root().is_zero());
    EXPECT_EQ(empty.size(), 0U);
    EXPECT_EQ(proven(empty, key_of(1)), std::nullopt);
}

TEST(StateTree, HashesLeavesAndInnerNodesAsSpecified) {
    const Digest low = key_of(0x00);
    const Digest high = key_of(0x80);
    const StateTree one = tree_of({{low, kValue}});
    EXPECT_EQ(one.root(), hash(0x00, low, kValue));
    const StateTree two = tree_of({{low, kValue}, {high, kOther}});
    EXPECT_EQ(two.root(), hash(0x01, hash(0x00, low, kValue), hash(0x00, high, kOther)));
    // 00.. and 01..: the other half of the tree is empty.
    const Digest middle = key_of(0x40);
    const StateTree left_only = tree_of({{low, kValue}, {middle, kOther}});
    EXPECT_EQ(left_only.root(), hash(0x01, hash(0x01, hash(0x00, low, kValue), hash(0x00, middle, kOther)), Digest{}));
}

TEST(StateTree, ALoneLeafRisesWhenItsNeighbourGoes) {
    const Digest a = key_of(0x00, 0);
    const Digest b = key_of(0x00, 1);
    const StateTree two = tree_of({{a, kValue}, {b, kOther}});
    EXPECT_EQ(two.prove(a).siblings.size(), 256U);
    EXPECT_EQ(proven(two, a), kValue);
    EXPECT_EQ(proven(two, b), kOther);
    const StateTree one = two.apply(std::vector<StateChange>{{b, std::nullopt}});
    EXPECT_EQ(one.root(), tree_of({{a, kValue}}).root());
    EXPECT_EQ(one.size(), 1U);
    EXPECT_EQ(proven(one, b), std::nullopt);
    EXPECT_EQ(two.find(b), kOther);  // The older version stands unchanged.
}

TEST(StateTree, WhatChangesNothingKeepsTheTree) {
    const StateTree tree = tree_of({{key_of(1), kValue}, {key_of(2), kValue}, {key_of(0x91), kValue}});
    const StateTree same = tree.apply(
        std::vector<StateChange>{{key_of(1), kValue}, {key_of(3), std::nullopt}, {key_of(0x92), std::nullopt}});
    EXPECT_EQ(same.root(), tree.root());
    EXPECT_EQ(same.size(), 3U);
    EXPECT_EQ(tree.apply({}).root(), tree.root());
}

TEST(StateTree, OneBatchOrManyGiveTheSameRoot) {
    std::vector<StateChange> changes;
    for (int i = 0; i < 300; ++i) {
        changes.push_back({named_digest("key " + std::to_string(i)), named_digest("v " + std::to_string(i))});
    }
    StateTree one_by_one;
    for (const StateChange& change : changes) {
        one_by_one = one_by_one.apply({&change, 1});
    }
    const StateTree at_once = tree_of(changes);
    EXPECT_EQ(one_by_one.root(), at_once.root());
    EXPECT_EQ(at_once.size(), 300U);
    for (StateChange& change : changes) {
        change.value_digest.reset();
    }
    std::ranges::sort(changes, {}, &StateChange::key);
    EXPECT_TRUE(at_once.apply(changes).root().is_zero());
}

TEST(StateProof, ComesBackFromItsBytes) {
    const StateTree tree = tree_of({{key_of(0), kValue}, {key_of(0x40), kOther}, {key_of(0xC0), kOther}});
    for (const Digest& key : {key_of(0), key_of(0x20), key_of(0x80), key_of(0xC0)}) {
        const StateProof proof = tree.prove(key);
        EXPECT_EQ(decode_state_proof(encode(proof)).value(), proof);
    }
}

TEST(StateProof, ShowsAbsenceByAnEmptySlotOrByAnotherKey) {
    // 00.., 01..: the slot 1 is empty; 0010.. meets the leaf 00..
    const StateTree tree = tree_of({{key_of(0x00), kValue}, {key_of(0x40), kOther}});
    EXPECT_EQ(tree.prove(key_of(0x80)).leaf, std::nullopt);
    EXPECT_EQ(proven(tree, key_of(0x80)), std::nullopt);
    ASSERT_TRUE(tree.prove(key_of(0x20)).leaf);
    EXPECT_EQ(tree.prove(key_of(0x20)).leaf->key, key_of(0x00));
    EXPECT_EQ(proven(tree, key_of(0x20)), std::nullopt);
}

TEST(StateProof, OfOneKeyProvesNothingAboutAKeyElsewhere) {
    const StateTree tree = tree_of({{key_of(0x00), kValue}, {key_of(0x40), kOther}, {key_of(0x80), kOther}});
    const StateProof proof = tree.prove(key_of(0x00));
    EXPECT_FALSE(verify_state_proof(tree.root(), key_of(0x40), proof));
    EXPECT_FALSE(verify_state_proof(tree.root(), key_of(0x80), proof));
    EXPECT_TRUE(verify_state_proof(tree.root(), key_of(0x20), proof));  // Shares the path: absent.
}

TEST(StateProof, InAFormThatNoTreeHasIsRefusedEvenWithItsRoot) {
    const Digest key = key_of(0x00);
    // A lone leaf one level too low, and an inner node over nothing.
    const Digest low_root = hash(0x01, hash(0x00, key, kValue), Digest{});
    EXPECT_FALSE(verify_state_proof(low_root, key, {StateProof::Leaf{key, kValue}, {Digest{}}}));
    const Digest hollow_root = hash(0x01, Digest{}, Digest{});
    EXPECT_FALSE(verify_state_proof(hollow_root, key, {std::nullopt, {Digest{}}}));
    EXPECT_FALSE(verify_state_proof(low_root, key, {std::nullopt, std::vector<Digest>(257, kValue)}));
}

TEST(StateProof, EveryChangedBitIsRefused) {
    const StateTree tree = tree_of({{key_of(0x00), kValue}, {key_of(0x40), kOther}, {key_of(0x80), kOther}});
    const StateProof proof = tree.prove(key_of(0x00));
    const Bytes bytes = encode(proof);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        Bytes changed = bytes;
        changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        const auto decoded = decode_state_proof(changed);
        EXPECT_FALSE(decoded && verify_state_proof(tree.root(), key_of(0x00), *decoded)) << bit;
    }
}

TEST(StateProof, HasAtMostOneSiblingPerBit) {
    const auto bytes = [](std::size_t siblings) {
        return encode(StateProof{std::nullopt, std::vector<Digest>(siblings, kValue)});
    };
    EXPECT_TRUE(decode_state_proof(bytes(256)));
    EXPECT_FALSE(decode_state_proof(bytes(257)));
}

TEST(StateKey, DependsOnTheTypeAndTheId) {
    const Bytes id{1, 2, 3};
    EXPECT_EQ(state_key("contract", id), sha256(cbor::Writer{}.array(2).text("contract").bytes(id).view()));
    EXPECT_NE(state_key("contract", id), state_key("document", id));
    EXPECT_NE(state_key("ab", as_bytes("c")), state_key("a", as_bytes("bc")));
}

TEST(ChangeDigest, IsTheHashOfTheSortedChanges) {
    const std::vector<StateChange> changes{{key_of(1), kValue}, {key_of(2), std::nullopt}};
    const Bytes expected =
        cbor::Writer{}.array(2).array(2).digest(key_of(1)).digest(kValue).array(2).digest(key_of(2)).null().take();
    EXPECT_EQ(change_digest(changes), sha256(expected));
    EXPECT_EQ(change_digest({}), sha256(Bytes{0x80}));
}

TEST(StateTreeDeathTest, RefusesUnsortedChanges) {
    const std::vector<StateChange> unsorted{{key_of(2), kValue}, {key_of(1), kValue}};
    EXPECT_DEATH((void)StateTree{}.apply(unsorted), "sorted and distinct");
    const std::vector<StateChange> twice{{key_of(1), kValue}, {key_of(1), kValue}};
    EXPECT_DEATH((void)StateTree{}.apply(twice), "sorted and distinct");
}

}  // namespace
}  // namespace probatum::ledger
