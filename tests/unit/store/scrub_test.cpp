#include "ledger/store/scrub.h"

#include <leveldb/db.h>
#include <leveldb/write_batch.h>

#include <fstream>
#include <random>

#include "ledger/store/journal_format.h"
#include "ledger/store/keys.h"
#include "support.h"

namespace probatum::ledger::store {
namespace {

using test::kChain;
using test::kIncarnation;

class Scrub : public testing::Test {
protected:
    void SetUp() override {
        journal_ = Journal::create(files_, folder_.path() / "journal", kChain, kIncarnation, {.minimum_free_bytes = 0})
                       .value();
        open();
        for (const std::size_t transactions : {5U, 40U, 0U, 17U}) {
            CommittedBlock block = chain_.next(transactions);
            block.position = journal_->append(*block.block);
            journal_->sync();
            store_->commit(block);
        }
    }

    void open() {
        store_ = ChainStore::open(database(), kChain, chain_.genesis(), {.on_fatal = test::throw_fatal}).value();
    }
    [[nodiscard]] Path database() const { return folder_.path() / "db"; }

    /// Works on the closed database as somebody would who knows how to write valid checksums.
    template <class Action>
    void tamper(const Action& action) {
        store_.reset();
        leveldb::DB* db = nullptr;
        ASSERT_TRUE(leveldb::DB::Open({}, database().string(), &db).ok());
        action(*db);
        delete db;
    }

    std::map<std::string, std::string> all() {
        std::map<std::string, std::string> out;
        tamper([&](leveldb::DB& db) {
            const std::unique_ptr<leveldb::Iterator> it{db.NewIterator({})};
            for (it->SeekToFirst(); it->Valid(); it->Next()) {
                out[it->key().ToString()] = it->value().ToString();
            }
        });
        return out;
    }

    /// What the node adds from the rules: here the maker knows the certificates and the logs.
    [[nodiscard]] ScrubChecks checks() const {
        ScrubChecks out;
        out.tree = &chain_.tree();
        out.certificate = [](const Header& header, const Certificate& certificate) -> Result<void> {
            if (certificate == test::make_certificate(VoteKind::finalize, View{header.height.raw()}, id_of(header))) {
                return {};
            }
            return fail(Errc::certificate_invalid);
        };
        out.subject_log = [this](const Digest& subject, bool refused, const log::Frontier& leaves) -> Result<void> {
            const auto& log = chain_.logs().at({subject, refused});
            return log == leaves ? Result<void>{} : fail(Errc::invalid_proof);
        };
        return out;
    }

    /// storage_corrupt on opening or by the scrub.
    std::optional<Error> damage_found() {
        auto opened = ChainStore::open(database(), kChain, chain_.genesis(), {.on_fatal = test::throw_fatal});
        if (!opened) {
            return opened.error();
        }
        const auto report = scrub((*opened)->view(), *journal_, checks());
        return report ? std::nullopt : std::optional{report.error()};
    }

    test::TemporaryFolder folder_;
    PosixFiles files_;
    test::ChainMaker chain_;
    std::unique_ptr<Journal> journal_;
    std::unique_ptr<ChainStore> store_;
};

TEST_F(Scrub, ReadsEverythingAndIsContent) {
    const auto report = scrub(store_->view(), *journal_, checks());
    ASSERT_TRUE(report) << report.error().to_string();
    EXPECT_EQ(report->blocks, 4U);
    EXPECT_EQ(report->entries, 62U);
    EXPECT_EQ(report->events, 62U);
    EXPECT_EQ(report->index_entries, 62U);
    EXPECT_EQ(report->state_values, chain_.state().size());
    EXPECT_EQ(report->log_nodes, 4U);  // 62 entries: three subtrees of 16 and one of 32.
    EXPECT_TRUE(scrub(store_->view(), *journal_));
}

TEST_F(Scrub, FindsAChangedByteInAnyValueThatAProofRestsOn) {
    // An index only lists; nothing is proven with it, and no digest covers it.
    std::map<char, int> tried;
    for (const auto& [key, value] : all()) {
        const char table = key.front();
        if (table == keys::kIndex || ++tried[table] > 12) {
            continue;
        }
        std::string changed = value;
        changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 0x20);
        tamper([&](leveldb::DB& db) { ASSERT_TRUE(db.Put({}, key, changed).ok()); });
        EXPECT_TRUE(damage_found()) << "table " << table << " key " << to_hex(as_bytes(key));
        tamper([&](leveldb::DB& db) { ASSERT_TRUE(db.Put({}, key, value).ok()); });
    }
    EXPECT_FALSE(damage_found());
    EXPECT_GE(tried.size(), 9U);
}

TEST_F(Scrub, FindsAValueThatIsMissing) {
    std::map<char, int> tried;
    for (const auto& [key, value] : all()) {
        const char table = key.front();
        if (table == keys::kIndex || table == keys::kFinality || ++tried[table] > 6) {
            continue;
        }
        tamper([&](leveldb::DB& db) { ASSERT_TRUE(db.Delete({}, key).ok()); });
        EXPECT_TRUE(damage_found()) << "table " << table << " key " << to_hex(as_bytes(key));
        tamper([&](leveldb::DB& db) { ASSERT_TRUE(db.Put({}, key, value).ok()); });
    }
    EXPECT_FALSE(damage_found());
}

TEST_F(Scrub, NamesTheStateValueThatWasChanged) {
    const Digest key = chain_.state().begin()->first;
    tamper([&](leveldb::DB& db) { ASSERT_TRUE(db.Put({}, keys::state(key), "forged").ok()); });
    const auto found = damage_found();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->field, "state");
    EXPECT_NE(found->detail.find(to_hex(key)), std::string::npos);
}

TEST_F(Scrub, FindsAChangedBlockInTheJournal) {
    const Position position = store_->view()->position_of(Height{2}).value();
    const Path path = folder_.path() / "journal" / format::segment_name(position.segment);
    std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(static_cast<std::streamoff>(position.offset + 200));
    file.put('\x7e');
    file.close();
    const auto report = scrub(store_->view(), *journal_);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, Errc::storage_corrupt);
    EXPECT_EQ(store_->view()->block_at(Height{2}, *journal_).error().code, Errc::storage_corrupt);
    EXPECT_TRUE(store_->view()->block_at(Height{1}, *journal_));
}

// Bytes flipped on the disk itself, under LevelDB's own checksums.
TEST_F(Scrub, FindsFlippedBytesInTheDatabaseFiles) {
    // Opening writes the log's contents to a table.
    store_.reset();
    open();
    store_.reset();
    std::vector<Path> tables;
    for (const auto& entry : std::filesystem::directory_iterator{database()}) {
        if (entry.path().extension() == ".ldb") {
            tables.push_back(entry.path());
        }
    }
    ASSERT_FALSE(tables.empty());
    const auto contents = all();
    std::size_t noticed = 0;
    std::mt19937_64 random{7};
    for (int round = 0; round < 40; ++round) {
        const Path& path = tables[random() % tables.size()];
        const auto at = static_cast<std::streamoff>(random() % (std::filesystem::file_size(path) - 48));
        std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
        file.seekg(at);
        const char before = static_cast<char>(file.get());
        file.seekp(at);
        file.put(static_cast<char>(before ^ 0x04));
        file.flush();
        // LevelDB does without a damaged filter, which only saves it reading; then nothing that was stored is
        // different.
        const bool found = damage_found().has_value();
        noticed += found ? 1 : 0;
        EXPECT_TRUE(found || all() == contents) << path << " at " << at;
        file.seekp(at);
        file.put(before);
        file.close();
    }
    EXPECT_GT(noticed, 30U);
    EXPECT_FALSE(damage_found());
}

}  // namespace
}  // namespace probatum::ledger::store
