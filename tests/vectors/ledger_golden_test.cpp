// Golden vectors of the ledger: every signed and every hashed byte, generated here from fixed inputs and compared with
// the committed file. Sections of docs/spec/ledger.md are named beside each case.
#include <gtest/gtest.h>

#include "base/text_encoding.h"
#include "ledger/block.h"
#include "ledger/entry.h"
#include "ledger/evidence_log.h"
#include "ledger/misbehaviour.h"
#include "ledger/state_tree.h"
#include "ledger_samples.h"
#include "vectors.h"

namespace probatum::ledger {
namespace {

using Document = nlohmann::ordered_json;
using test::named_digest;

std::string hex(const Digest& digest) { return to_hex(digest); }
std::string hex(ByteView bytes) { return to_hex(bytes); }

Document hex_list(const std::vector<Digest>& digests) {
    Document out = Document::array();
    for (const Digest& digest : digests) {
        out.push_back(hex(digest));
    }
    return out;
}

/// The bytes of one item, what they say, and their digest where that is used.
Document item(ByteView bytes) {
    Document out;
    out["bytes"] = hex(bytes);
    out["diagnostic"] = cbor::diagnose(bytes).value();
    return out;
}

Document hashed_item(ByteView bytes) {
    Document out = item(bytes);
    out["sha256"] = hex(sha256(bytes));
    return out;
}

Document transaction_case() {
    const TransactionPtr transaction = test::sample_transaction(1, 8);
    const SecretKey key = test::named_key("lender-a");
    Document out;
    out["section"] = "2";
    out["secret_key"] = hex(key.scalar());
    out["public_key"] = hex(key.public_key().bytes());
    out["chain_id"] = hex(test::sample_chain());
    out["payload"] = item(transaction->statement().payload);
    out["protected_header"] = item(transaction->statement().protected_bytes);
    out["sig_structure"] =
        hashed_item(cose::signing_bytes(transaction->statement().protected_bytes, transaction->statement().payload));
    out["signature"] = hex(transaction->statement().signature);
    out["statement"] = hashed_item(transaction->statement_bytes());
    out["openings"] = hashed_item(transaction->openings_bytes());
    out["wire"] = item(transaction->wire());
    out["id"] = hex(transaction->id());
    EXPECT_TRUE(transaction->statement().verify(key.public_key()));
    return out;
}

Document vote_case(VoteKind kind, const ValidatorSet& set) {
    const VoteTarget target{kind, Epoch{0}, View{7}, kind == VoteKind::nullify ? Digest{} : named_digest("block")};
    const Vote vote = test::sample_vote(target, set, 2);
    const Bytes header = vote_protected_header(test::sample_chain(), set.at(2));
    const Bytes payload = vote_payload(target, test::sample_chain());
    Document out;
    out["section"] = "4";
    out["secret_key"] = hex(test::named_key("bank-2").scalar());
    out["chain_id"] = hex(test::sample_chain());
    out["payload"] = item(payload);
    out["protected_header"] = item(header);
    out["sig_structure"] = hashed_item(cose::signing_bytes(header, payload));
    out["vote"] = item(encode(vote));
    EXPECT_TRUE(verify_vote(vote, set, test::sample_chain(), EcdsaChecker{}));
    return out;
}

Document certificate_case(const ValidatorSet& set) {
    const Certificate certificate =
        test::sample_certificate({VoteKind::finalize, Epoch{0}, View{7}, named_digest("block")}, set);
    Document out;
    out["section"] = "4";
    out["validators"] = hashed_item(set.encode());
    out["quorum"] = set.quorum();
    out["chain_id"] = hex(test::sample_chain());
    out["certificate"] = hashed_item(encode(certificate));
    EXPECT_TRUE(verify_certificate(certificate, set, test::sample_chain(), EcdsaChecker{}));
    return out;
}

Document misbehaviour_case(const ValidatorSet& set) {
    const auto finalize = [&](std::string_view block) {
        return test::sample_vote({VoteKind::finalize, Epoch{0}, View{7}, named_digest(block)}, set, 2);
    };
    const Misbehaviour proof = make_misbehaviour(finalize("block"), finalize("other block"), set).value();
    Document out;
    out["section"] = "4";
    out["chain_id"] = hex(test::sample_chain());
    out["misbehaviour"] = item(encode(proof));
    EXPECT_TRUE(verify_misbehaviour(proof, test::sample_chain(), EcdsaChecker{}));
    return out;
}

Document payload_leaves(const Block& block) {
    Document out = Document::array();
    out.push_back(block.parent_certificate ? hex(encode(*block.parent_certificate)) : "f6");
    for (const TransactionPtr& transaction : block.transactions) {
        out.push_back(
            hex(cbor::Writer{}.array(2).digest(transaction->id()).digest(transaction->openings_digest()).view()));
    }
    return out;
}

Document block_case(const Block& block) {
    Document out;
    out["section"] = "5";
    out["payload_leaves"] = payload_leaves(block);
    out["payload_root"] = hex(block.header.payload_root);
    out["header"] = hashed_item(encode(block.header));
    out["id"] = hex(block.id);
    out["block"] = hex(encode(block));
    return out;
}

Document finality_case(const std::vector<BlockPtr>& blocks, const ValidatorSet& set) {
    const Block& last = *blocks.back();
    const FinalityProof proof{test::sample_certificate({VoteKind::finalize, Epoch{0}, last.header.view, last.id}, set),
                              {last.header, blocks[1]->header}};
    Document out;
    out["section"] = "6";
    out["header"] = hex(encode(blocks[0]->header));
    out["validators"] = hex(set.encode());
    out["proof"] = item(encode(proof));
    EXPECT_TRUE(verify_finality(blocks[0]->header, proof, set, EcdsaChecker{}));
    return out;
}

Document entry_case(const Outcome& outcome) {
    const Bytes bytes = encode(Entry{named_digest("transaction"), outcome, named_digest("changes")});
    Document out;
    out["section"] = "7";
    out["entry"] = item(bytes);
    out["leaf_hash"] = hex(log::leaf_hash(bytes));
    return out;
}

Document event_leaf_case() {
    EventLeaf leaf;
    leaf.subject = named_digest("contract");
    leaf.sequence = 3;
    leaf.previous = named_digest("leaf 2");
    leaf.transaction = named_digest("transaction");
    leaf.height = Height{9};
    leaf.index = 1;
    leaf.time = UnixMs{1'795'219'200'009};
    leaf.resolved = cbor::Writer{}.map(1).uint(1).text("lender-a").take();
    Document out;
    out["section"] = "8";
    out["leaf"] = item(encode(leaf));
    out["leaf_hash"] = hex(log::leaf_hash(encode(leaf)));
    return out;
}

Document log_case(std::size_t size) {
    std::vector<Digest> leaves;
    log::Frontier frontier;
    for (std::size_t i = 0; i < size; ++i) {
        const std::string text = "entry " + std::to_string(i);
        leaves.push_back(log::leaf_hash(as_bytes(text)));
        frontier.append(leaves.back());
    }
    const log::NodeSource source = [&](log::Node node) {
        const auto begin = leaves.begin() + static_cast<std::ptrdiff_t>(node.index << node.level);
        return log::root_of({begin, begin + (std::ptrdiff_t{1} << node.level)});
    };
    Document out;
    out["section"] = "3";
    out["leaves"] = "the ASCII texts \"entry 0\" to \"entry " + std::to_string(size - 1) + "\"";
    out["leaf_hashes"] = hex_list(leaves);
    out["frontier"] = item(encode(frontier));
    out["root"] = hex(frontier.root());
    out["inclusion_of_4"] = hex_list(log::prove_inclusion(4, size, source));
    out["consistency_from_3"] = hex_list(log::prove_consistency(3, size, source));
    return out;
}

Document changes_case(const std::vector<StateChange>& changes) {
    cbor::Writer writer;
    writer.array(changes.size());
    for (const StateChange& change : changes) {
        writer.array(2).digest(change.key);
        if (change.value_digest) {
            writer.digest(*change.value_digest);
        } else {
            writer.null();
        }
    }
    Document out = hashed_item(writer.view());
    EXPECT_EQ(sha256(writer.view()), change_digest(changes));
    return out;
}

Document state_case() {
    const auto key = [](std::string_view name) { return state_key("sample", as_bytes(name)); };
    std::vector<StateChange> changes;
    Document keys;
    for (const std::string name : {"one", "two", "three", "four", "five"}) {
        changes.push_back({key(name), named_digest("value of " + name)});
        Document entry;
        entry["preimage"] = hex(cbor::Writer{}.array(2).text("sample").bytes(as_bytes(name)).view());
        entry["key"] = hex(key(name));
        entry["value_digest"] = hex(*changes.back().value_digest);
        keys.push_back(entry);
    }
    std::ranges::sort(changes, {}, &StateChange::key);
    const StateTree tree = StateTree{}.apply(changes);
    Document out;
    out["section"] = "9";
    out["empty_root"] = hex(StateTree{}.root());
    out["leaves"] = keys;
    out["root_of_one"] = hex(StateTree{}.apply(std::span{changes}.first(1)).root());
    out["root"] = hex(tree.root());
    out["change_digest"] = changes_case(changes);
    out["presence_of_three"] = item(encode(tree.prove(key("three"))));
    const std::vector<StateChange> removal{{key("three"), std::nullopt}};
    const StateTree less = tree.apply(removal);
    out["root_without_three"] = hex(less.root());
    out["change_digest_of_removal"] = changes_case(removal);
    out["absence_of_three"] = item(encode(less.prove(key("three"))));
    EXPECT_EQ(verify_state_proof(tree.root(), key("three"), tree.prove(key("three"))).value(),
              named_digest("value of three"));
    EXPECT_EQ(verify_state_proof(less.root(), key("three"), less.prove(key("three"))).value(), std::nullopt);
    return out;
}

TEST(GoldenVectors, Ledger) {
    const ValidatorSet set = test::sample_set(4);
    const std::vector<BlockPtr> blocks = test::sample_chain_of_blocks(3, set, 1);
    Document document;
    document["source"] = "docs/spec/ledger.md; keys are SHA-256 of \"key of NAME\"";
    document["transaction"] = transaction_case();
    document["log"] = log_case(7);
    document["votes"] = {vote_case(VoteKind::notarize, set), vote_case(VoteKind::nullify, set),
                         vote_case(VoteKind::finalize, set)};
    document["certificate"] = certificate_case(set);
    document["misbehaviour"] = misbehaviour_case(set);
    document["blocks"] = {block_case(*blocks[0]), block_case(*blocks[1])};
    document["finality_proof"] = finality_case(blocks, set);
    document["entries"] = {entry_case({}), entry_case({300, "amount"})};
    document["event_leaf"] = event_leaf_case();
    document["state"] = state_case();
    test::expect_golden(test::golden_vector("ledger.json"), document.dump(2) + "\n");
}

}  // namespace
}  // namespace probatum::ledger
