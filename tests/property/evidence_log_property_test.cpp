#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/evidence_log.h"
#include "ledger/pair_hash.h"
#include "ledger_generators.h"

namespace probatum::ledger::log {
namespace {

using test::any_digest;

std::vector<Digest> any_leaves(std::size_t at_least) {
    return *rc::gen::suchThat(rc::gen::container<std::vector<Digest>>(any_digest()),
                              [=](const auto& leaves) { return leaves.size() >= at_least; });
}

NodeSource source_of(const std::vector<Digest>& leaves) {
    return [&leaves](Node node) {
        const auto begin = leaves.begin() + static_cast<std::ptrdiff_t>(node.index << node.level);
        return root_of({begin, begin + (std::ptrdiff_t{1} << node.level)});
    };
}

RC_GTEST_PROP(EvidenceLogProperty, FrontierAndTreeAgree, ()) {
    const std::vector<Digest> leaves = any_leaves(0);
    Frontier frontier;
    for (const Digest& leaf : leaves) {
        frontier.append(leaf);
    }
    RC_ASSERT(frontier.root() == root_of(leaves));
    RC_ASSERT(frontier.root() == root_at(leaves.size(), source_of(leaves)));
    RC_ASSERT(decode_frontier(encode(frontier)).value() == frontier);
}

RC_GTEST_PROP(EvidenceLogProperty, InclusionHoldsAndNoChangedProofDoes, ()) {
    const std::vector<Digest> leaves = any_leaves(1);
    const auto index = *rc::gen::inRange<std::size_t>(0, leaves.size());
    const Digest root = root_of(leaves);
    std::vector<Digest> path = prove_inclusion(index, leaves.size(), source_of(leaves));
    RC_ASSERT(verify_inclusion(leaves[index], index, leaves.size(), path, root));

    const Digest other = *any_digest();
    RC_PRE(other != leaves[index]);
    RC_ASSERT(!verify_inclusion(other, index, leaves.size(), path, root));
    const auto wrong = *rc::gen::inRange<std::size_t>(0, path.size() + 1);
    if (wrong < path.size()) {
        path[wrong].bytes[*rc::gen::inRange<std::size_t>(0, 32)] ^= 0x10;
    } else {
        path.push_back(other);
    }
    RC_ASSERT(!verify_inclusion(leaves[index], index, leaves.size(), path, root));
}

RC_GTEST_PROP(EvidenceLogProperty, ConsistencyHoldsAndNoChangedProofDoes, ()) {
    const std::vector<Digest> leaves = any_leaves(2);
    const auto first = *rc::gen::inRange<std::size_t>(1, leaves.size());
    const Digest first_root = root_of({leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(first)});
    const Digest second_root = root_of(leaves);
    std::vector<Digest> path = prove_consistency(first, leaves.size(), source_of(leaves));
    RC_ASSERT(verify_consistency(first, leaves.size(), path, first_root, second_root));
    RC_ASSERT(!verify_consistency(first, leaves.size(), path, second_root, first_root));
    path[*rc::gen::inRange<std::size_t>(0, path.size())].bytes[*rc::gen::inRange<std::size_t>(0, 32)] ^= 0x01;
    RC_ASSERT(!verify_consistency(first, leaves.size(), path, first_root, second_root));
}

/// Eight at a time gives what one at a time gives, whatever the count and the prefix.
RC_GTEST_PROP(PairHashProperty, AllGivesWhatOneGives, ()) {
    const std::vector<Digest> inputs = any_leaves(2);
    const auto prefix = *rc::gen::arbitrary<std::uint8_t>();
    std::vector<Digest> outputs(inputs.size() - 1);
    std::vector<PairJob> jobs;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        jobs.push_back({&inputs[i], &inputs[i + 1], &outputs[i]});
    }
    pair_hash_all(prefix, jobs);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        RC_ASSERT(outputs[i] == pair_hash(prefix, inputs[i], inputs[i + 1]));
    }
}

}  // namespace
}  // namespace probatum::ledger::log
