#include "ledger/store/chain_store.h"

#include <leveldb/db.h>
#include <leveldb/write_batch.h>

#include "ledger/store/keys.h"
#include "support.h"

namespace probatum::ledger::store {
namespace {

using test::kChain;
using test::kIncarnation;

StateOverlay::Writes some_genesis() {
    return {{test::digest_of("a"), to_bytes(as_bytes("one"))}, {test::digest_of("b"), to_bytes(as_bytes("two"))}};
}

class ChainStoreTest : public testing::Test {
protected:
    void SetUp() override {
        journal_ = Journal::create(files_, folder_.path() / "journal", kChain, kIncarnation,
                                   {.minimum_free_bytes = 0, .on_fatal = test::throw_fatal})
                       .value();
        open();
    }

    void open() {
        auto opened = ChainStore::open(folder_.path() / "db", kChain, chain_.genesis(), options_);
        ASSERT_TRUE(opened) << opened.error().to_string();
        store_ = *std::move(opened);
    }

    CommittedBlock commit(std::size_t transactions, bool directly_final = true) {
        CommittedBlock block = chain_.next(transactions, directly_final);
        block.position = journal_->append(*block.block);
        journal_->sync();
        store_->commit(block);
        return block;
    }

    test::TemporaryFolder folder_;
    PosixFiles files_;
    test::ChainMaker chain_{some_genesis()};
    ChainStoreOptions options_{.checkpoint_blocks = 4, .on_fatal = test::throw_fatal};
    std::unique_ptr<Journal> journal_;
    std::unique_ptr<ChainStore> store_;
};

TEST_F(ChainStoreTest, BeginsWithTheGenesisState) {
    const ChainViewPtr view = store_->view();
    EXPECT_EQ(view->height(), Height{0});
    EXPECT_EQ(view->block_id(), kChain);
    EXPECT_FALSE(view->header());
    EXPECT_EQ(view->get(test::digest_of("a")), to_bytes(as_bytes("one")));
    EXPECT_FALSE(view->get(test::digest_of("c")));
    EXPECT_EQ(view->state_tree().value().root(), chain_.tree().root());
    EXPECT_EQ(store_->tip().block, kChain);
}

TEST_F(ChainStoreTest, AnswersWhatABlockLeftBehind) {
    commit(3);
    const CommittedBlock block = commit(40);
    const ChainViewPtr view = store_->view();
    EXPECT_EQ(view->height(), Height{2});
    EXPECT_EQ(view->header(), block.block->header);
    EXPECT_EQ(view->header_at(Height{2}).value(), block.block->header);
    EXPECT_EQ(view->height_of(block.block->id).value(), Height{2});
    EXPECT_EQ(view->position_of(Height{2}).value(), block.position);
    EXPECT_EQ(view->block_at(Height{2}, *journal_).value()->id, block.block->id);
    EXPECT_EQ(view->first_entry(Height{2}).value(), 3U);
    EXPECT_EQ(view->entries_of(Height{2}).value(), block.entries);
    for (std::uint32_t i = 0; i < 40; ++i) {
        EXPECT_EQ(view->entry(3 + i).value(), block.entries[i]);
        EXPECT_EQ(view->find_transaction(block.entries[i].transaction).value(),
                  (TransactionLocation{Height{2}, i, 3 + i}));
    }
    EXPECT_EQ(view->entry(43).error().code, Errc::not_found);
    EXPECT_EQ(view->find_transaction(test::digest_of("none")).error().code, Errc::not_found);
    EXPECT_EQ(view->header_at(Height{3}).error().code, Errc::not_found);
}

TEST_F(ChainStoreTest, StateValuesAndTreeFollowTheWrites) {
    for (int i = 0; i < 10; ++i) {
        commit(7);
    }
    const ChainViewPtr view = store_->view();
    for (const auto& [key, value] : chain_.state()) {
        ASSERT_EQ(view->get(key), value);
    }
    EXPECT_EQ(view->state_tree().value().root(), chain_.tree().root());
    std::size_t count = 0;
    ASSERT_TRUE(view->for_each_state([&](const Digest&, ByteView) { return ++count < 5; }));
    EXPECT_EQ(count, 5U);
}

TEST_F(ChainStoreTest, ARemovedValueIsGone) {
    CommittedBlock block = chain_.next(1);
    const Digest key = block.writes.begin()->first;
    block.position = journal_->append(*block.block);
    journal_->sync();
    store_->commit(block);
    ASSERT_TRUE(store_->view()->get(key));
    CommittedBlock removal = chain_.next(0);
    removal.writes[key] = std::nullopt;
    removal.position = journal_->append(*removal.block);
    journal_->sync();
    store_->commit(removal);
    EXPECT_FALSE(store_->view()->get(key));
    // The maker's header does not know of the removal, so the root no longer fits.
    EXPECT_EQ(store_->view()->state_tree().error().code, Errc::storage_corrupt);
}

TEST_F(ChainStoreTest, AViewStandsStillWhileCommitsGoOn) {
    const CommittedBlock first = commit(5);
    const ChainViewPtr then = store_->view();
    const auto tree = then->state_tree().value();
    for (int i = 0; i < 20; ++i) {
        commit(5);
    }
    EXPECT_EQ(then->height(), Height{1});
    EXPECT_EQ(then->state_tree().value().root(), tree.root());
    EXPECT_EQ(then->header_at(Height{2}).error().code, Errc::not_found);
    EXPECT_EQ(then->index_scan({1, to_bytes(as_bytes("party-0")), 0, 100}).value().size(), 1U);
    EXPECT_EQ(store_->view()->height(), Height{21});
    store_.reset();
    EXPECT_EQ(then->header_at(Height{1}).value(), first.block->header);
}

TEST_F(ChainStoreTest, ProofsFromStoredSubtreesHoldForEveryEntry) {
    for (const std::size_t transactions : {1U, 0U, 37U, 64U, 1U, 2U, 200U}) {
        commit(transactions);
    }
    const ChainViewPtr view = store_->view();
    const auto nodes = view->log_nodes();
    const std::uint64_t size = view->log_frontier().size;
    ASSERT_EQ(size, 305U);
    for (std::uint64_t i = 0; i < size; ++i) {
        const auto leaf = log::leaf_hash(encode(view->entry(i).value()));
        const auto path = log::prove_inclusion(i, size, nodes);
        ASSERT_TRUE(log::verify_inclusion(leaf, i, size, path, view->header()->log_root)) << i;
    }
    for (std::uint64_t height = 1; height <= 7; ++height) {
        const Header header = view->header_at(Height{height}).value();
        ASSERT_EQ(log::root_at(header.log_size, nodes), header.log_root) << height;
    }
}

TEST_F(ChainStoreTest, FinalityIsTheNextDirectOneAndTheHeadersBack) {
    const auto one = commit(1, false);
    const auto two = commit(1, false);
    const auto three = commit(1, true);
    commit(1, false);
    const ChainViewPtr view = store_->view();
    EXPECT_EQ(view->finality_at_or_after(Height{1}).value().height, Height{3});
    const FinalityProof proof = view->finality_proof(Height{1}).value();
    EXPECT_EQ(proof.certificate.target.block, three.block->id);
    EXPECT_EQ(proof.path, (std::vector<Header>{three.block->header, two.block->header}));
    EXPECT_TRUE(view->finality_proof(Height{3}).value().path.empty());
    EXPECT_EQ(view->finality_proof(Height{4}).error().code, Errc::not_final_yet);
    EXPECT_EQ(view->finality_proof(Height{5}).error().code, Errc::not_found);
    store_->add_finality(Height{1}, test::make_certificate(VoteKind::finalize, View{1}, one.block->id));
    EXPECT_TRUE(store_->view()->finality_proof(Height{1}).value().path.empty());
}

TEST_F(ChainStoreTest, SubjectLogsArePagedAndCounted) {
    std::map<std::pair<Digest, bool>, std::vector<EventLeaf>> expected;
    for (int i = 0; i < 8; ++i) {
        for (const auto& event : commit(11).events) {
            expected[{event.leaf.subject, event.refused}].push_back(event.leaf);
        }
    }
    const ChainViewPtr view = store_->view();
    for (const auto& [log, leaves] : expected) {
        EXPECT_EQ(view->subject_event_count(log.first, log.second).value(), leaves.size());
        EXPECT_EQ(view->subject_events({log.first, log.second, 0, 1000}).value(), leaves);
        const auto page = view->subject_events({log.first, log.second, 2, 3}).value();
        EXPECT_EQ(page, (std::vector<EventLeaf>{leaves.begin() + 2, leaves.begin() + 5}));
    }
    EXPECT_EQ(view->subject_event_count(test::digest_of("none"), false).value(), 0U);
    Digest last;
    last.bytes.fill(0xff);
    EXPECT_EQ(view->subject_event_count(last, true).value(), 0U);
    EXPECT_TRUE(view->subject_events({last, true, 0, 10}).value().empty());
}

TEST_F(ChainStoreTest, IndexesListInTheOrderOfInsertionAndGoOnAfterACursor) {
    std::vector<Digest> expected;
    for (int i = 0; i < 5; ++i) {
        for (const auto& entry : commit(9).index) {
            if (as_text(entry.key) == "party-1") {
                expected.push_back(entry.subject);
            }
        }
    }
    const ChainViewPtr view = store_->view();
    std::vector<Digest> found;
    IndexPage page{1, to_bytes(as_bytes("party-1")), 0, 4};
    for (;;) {
        const auto hits = view->index_scan(page).value();
        if (hits.empty()) {
            break;
        }
        EXPECT_LE(hits.size(), 4U);
        for (const IndexHit& hit : hits) {
            found.push_back(hit.subject);
        }
        page.after = hits.back().cursor;
    }
    EXPECT_EQ(found, expected);
    EXPECT_TRUE(view->index_scan({2, to_bytes(as_bytes("party-1")), 0, 4}).value().empty());
    EXPECT_TRUE(view->index_scan({1, to_bytes(as_bytes("party-")), 0, 4}).value().empty());
}

TEST_F(ChainStoreTest, ASubjectThatIsATransactionOfItsBlockIsListedFromItsEntry) {
    commit(3);
    CommittedBlock block = chain_.next(40);
    const Bytes key = to_bytes(test::digest_of("document").view());
    const Digest subject = block.block->transactions[36]->id();
    block.index = {{3, key, subject}, {3, key, test::digest_of("a contract")}};
    store_->commit(block);
    commit(3);
    const auto hits = store_->view()->index_scan({3, key, 0, 10}).value();
    ASSERT_EQ(hits.size(), 2U);
    EXPECT_EQ(hits[0].subject, subject);
    EXPECT_EQ(hits[1].subject, test::digest_of("a contract"));
    const auto after_first = store_->view()->index_scan({3, key, hits[0].cursor, 10}).value();
    ASSERT_EQ(after_first.size(), 1U);
}

TEST_F(ChainStoreTest, LongIndexKeysDoNotMix) {
    CommittedBlock block = chain_.next(1);
    const Bytes long_key(300, 'x');
    Bytes other = long_key;
    other.back() = 'y';
    block.index.push_back({2, long_key, test::digest_of("one")});
    block.index.push_back({2, other, test::digest_of("two")});
    store_->commit(block);
    const auto hits = store_->view()->index_scan({2, long_key, 0, 10}).value();
    ASSERT_EQ(hits.size(), 1U);
    EXPECT_EQ(hits.front().subject, test::digest_of("one"));
}

TEST_F(ChainStoreTest, OpensAgainAsItWasClosed) {
    for (int i = 0; i < 9; ++i) {
        commit(6);
    }
    const ExecutedTip before = store_->tip();
    EXPECT_EQ(store_->durable_height(), Height{8});
    store_.reset();
    open();
    EXPECT_EQ(store_->tip().height, before.height);
    EXPECT_EQ(store_->tip().block, before.block);
    EXPECT_EQ(store_->tip().position, before.position);
    EXPECT_EQ(store_->durable_height(), Height{9});
    EXPECT_EQ(store_->view()->log_frontier(), chain_.frontier());
    EXPECT_EQ(store_->view()->state_tree().value().root(), chain_.tree().root());
    commit(6);
    EXPECT_EQ(store_->height(), Height{10});
}

TEST_F(ChainStoreTest, CheckpointsAllowTrimmingBelowTheLastTwo) {
    for (std::uint64_t i = 1; i <= 12; ++i) {
        CommittedBlock block = chain_.next(1);
        block.position = {i, 100};
        block.scan_from = i;
        store_->commit(block);
    }
    EXPECT_EQ(store_->trimmable_below(), 8U);
    EXPECT_EQ(store_->tip().scan_from, 12U);
}

TEST_F(ChainStoreTest, RefusesAnotherChainAndANewerFormat) {
    store_.reset();
    const auto foreign = ChainStore::open(folder_.path() / "db", test::digest_of("another"), {}, options_);
    EXPECT_EQ(foreign.error().code, Errc::foreign_chain);
    {
        leveldb::DB* db = nullptr;
        ASSERT_TRUE(leveldb::DB::Open({}, (folder_.path() / "db").string(), &db).ok());
        ASSERT_TRUE(db->Put({}, std::string{keys::kMetaFormat}, "\x02").ok());
        delete db;
    }
    const auto newer = ChainStore::open(folder_.path() / "db", kChain, {}, options_);
    EXPECT_EQ(newer.error().code, Errc::preflight_failed);
}

TEST_F(ChainStoreTest, IsOpenOnce) {
    EXPECT_EQ(ChainStore::open(folder_.path() / "db", kChain, {}, options_).error().code, Errc::preflight_failed);
}

TEST_F(ChainStoreTest, AGapInTheHeadersIsNoticed) {
    for (int i = 0; i < 10; ++i) {
        commit(2);
    }
    store_.reset();
    for (std::uint64_t height = 1; height <= 10; ++height) {
        leveldb::DB* db = nullptr;
        ASSERT_TRUE(leveldb::DB::Open({}, (folder_.path() / "db").string(), &db).ok());
        std::string value;
        ASSERT_TRUE(db->Get({}, keys::header(Height{height}), &value).ok());
        ASSERT_TRUE(db->Delete({}, keys::header(Height{height})).ok());
        delete db;
        EXPECT_EQ(ChainStore::open(folder_.path() / "db", kChain, {}, options_).error().code, Errc::storage_corrupt)
            << height;
        ASSERT_TRUE(leveldb::DB::Open({}, (folder_.path() / "db").string(), &db).ok());
        ASSERT_TRUE(db->Put({}, keys::header(Height{height}), value).ok());
        delete db;
    }
    open();
    EXPECT_EQ(store_->height(), Height{10});
}

TEST_F(ChainStoreTest, DestroyedItIsBuiltAgainFromTheJournal) {
    std::vector<CommittedBlock> blocks;
    for (int i = 0; i < 6; ++i) {
        blocks.push_back(commit(3));
        journal_->append(*blocks.back().finality);
        journal_->sync();
    }
    store_.reset();
    journal_.reset();
    ASSERT_TRUE(ChainStore::destroy(folder_.path() / "db"));
    open();
    EXPECT_EQ(store_->height(), Height{0});
    auto opened = recover(files_, folder_.path() / "journal", kChain, store_->tip(), {.minimum_free_bytes = 0}).value();
    ASSERT_EQ(opened.recovered.final_blocks.size(), 6U);
    for (std::size_t i = 0; i < 6; ++i) {
        EXPECT_EQ(opened.journal->read_block(opened.recovered.final_blocks[i].block.position).value()->id,
                  blocks[i].block->id);
        store_->commit(blocks[i]);
    }
    EXPECT_EQ(store_->view()->state_tree().value().root(), chain_.tree().root());
}

TEST_F(ChainStoreTest, DestroyRemovesNothingThatIsNotItsOwn) {
    store_.reset();
    const Path precious = folder_.path() / "db" / "precious";
    ASSERT_TRUE(files_.open_write(precious));
    ASSERT_TRUE(ChainStore::destroy(folder_.path() / "db"));
    EXPECT_TRUE(std::filesystem::exists(precious));
}

TEST_F(ChainStoreTest, WrongOrderIsOurOwnFault) {
    commit(1);
    CommittedBlock skipped = chain_.next(1);
    const CommittedBlock after = chain_.next(1);
    EXPECT_DEATH(store_->commit(after), "blocks are committed in order");
    skipped.entries.front().change_digest = {};
    EXPECT_DEATH(store_->commit(skipped), "log root");
}

}  // namespace
}  // namespace probatum::ledger::store
