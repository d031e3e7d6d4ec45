#include "ledger/store/journal.h"

#include <thread>

#include "journal_support.h"

namespace probatum::ledger::store {
namespace {

using test::kChain;
using test::kFolder;
using test::kIncarnation;
using test::reopen;
using test::small_segments;

/// Appends `count` records, three to a sync.
std::vector<test::Written> write_records(Journal& journal, std::size_t count) {
    std::vector<test::Written> out;
    for (std::size_t i = 0; i < count; ++i) {
        const Bytes payload = test::payload_of(i);
        out.push_back({journal.append(test::kind_of(i), payload), test::kind_of(i), payload});
        if (i % 3 == 2) {
            journal.sync();
        }
    }
    journal.sync();
    return out;
}

TEST(Journal, GivesBackWhatWasWrittenInOrderAcrossSegments) {
    const test::TemporaryFolder folder;
    PosixFiles files;
    std::vector<test::Written> written;
    {
        const auto journal =
            Journal::create(files, folder.path() / "j", kChain, kIncarnation, small_segments()).value();
        written = write_records(*journal, 200);
        EXPECT_GT(journal->last_segment(), 10U);
        EXPECT_EQ(journal->first_segment(), 1U);
    }
    const auto again = reopen(files, folder.path() / "j");
    ASSERT_TRUE(again.journal) << again.journal.error().to_string();
    EXPECT_EQ(again.records, written);
    EXPECT_EQ((*again.journal)->incarnation(), kIncarnation);
    for (const auto& record : written) {
        const auto read = (*again.journal)->read(record.position);
        ASSERT_TRUE(read);
        EXPECT_EQ(read->payload, record.payload);
        EXPECT_EQ(read->kind, record.kind);
    }
}

TEST(Journal, GoesOnWhereItStopped) {
    test::FaultyFiles files;
    std::vector<test::Written> written;
    {
        written = write_records(*Journal::create(files, kFolder, kChain, kIncarnation, small_segments()).value(), 10);
    }
    {
        const auto again = reopen(files);
        const auto more = write_records(**again.journal, 10);
        written.insert(written.end(), more.begin(), more.end());
    }
    EXPECT_EQ(reopen(files).records, written);
}

TEST(Journal, AnUnsyncedRecordIsNotRead) {
    test::FaultyFiles files;
    const auto journal = Journal::create(files, kFolder, kChain, kIncarnation, small_segments()).value();
    const Position position = journal->append(RecordKind::own_vote, as_bytes("vote"));
    EXPECT_EQ(journal->read(position).error().code, Errc::not_found);
    journal->sync();
    EXPECT_TRUE(journal->read(position));
    EXPECT_EQ(journal->read({9, 88}).error().code, Errc::not_found);
    EXPECT_EQ(journal->read({0, 88}).error().code, Errc::not_found);
    EXPECT_EQ(journal->read({1, 3}).error().code, Errc::not_found);
    EXPECT_EQ(journal->read({1, position.offset + 1}).error().code, Errc::storage_corrupt);
}

TEST(Journal, IsMadeOnceAndOpenedOnce) {
    const test::TemporaryFolder folder;
    PosixFiles files;
    EXPECT_EQ(reopen(files, folder.path() / "j").journal.error().code, Errc::journal_missing);
    {
        const auto journal = Journal::create(files, folder.path() / "j", kChain, kIncarnation, small_segments());
        ASSERT_TRUE(journal);
        EXPECT_EQ(reopen(files, folder.path() / "j").journal.error().code, Errc::preflight_failed);
    }
    EXPECT_EQ(Journal::create(files, folder.path() / "j", kChain, kIncarnation, small_segments()).error().code,
              Errc::storage_failed);
    std::filesystem::remove_all(folder.path() / "j");
    EXPECT_EQ(reopen(files, folder.path() / "j").journal.error().code, Errc::journal_missing);
}

TEST(Journal, RefusesAnotherChain) {
    test::FaultyFiles files;
    {
        ASSERT_TRUE(Journal::create(files, kFolder, test::digest_of("another"), kIncarnation, small_segments()));
    }
    EXPECT_EQ(reopen(files).journal.error().code, Errc::foreign_chain);
}

TEST(Journal, ScansFromTheSegmentThatIsNamed) {
    test::FaultyFiles files;
    std::vector<test::Written> written;
    {
        written = write_records(*Journal::create(files, kFolder, kChain, kIncarnation, small_segments()).value(), 60);
    }
    std::erase_if(written, [](const auto& record) { return record.position.segment < 3; });
    EXPECT_EQ(reopen(files, kFolder, 3).records, written);
    EXPECT_EQ(reopen(files, kFolder, 99).journal.error().code, Errc::journal_missing);
}

TEST(Journal, TrimsWholeSegmentsAndNeverTheLast) {
    test::FaultyFiles files;
    const auto journal = Journal::create(files, kFolder, kChain, kIncarnation, small_segments()).value();
    auto written = write_records(*journal, 60);
    const std::uint64_t before = journal->bytes_on_disk();
    journal->trim_below(4);
    EXPECT_EQ(journal->first_segment(), 4U);
    EXPECT_LT(journal->bytes_on_disk(), before);
    EXPECT_EQ(journal->read(written.front().position).error().code, Errc::not_found);
    EXPECT_TRUE(journal->read(written.back().position));
    journal->trim_below(1000);
    EXPECT_EQ(journal->first_segment(), journal->last_segment());
    EXPECT_TRUE(journal->read(written.back().position));
}

TEST(Journal, AMissingSegmentIsRefused) {
    test::FaultyFiles files;
    {
        write_records(*Journal::create(files, kFolder, kChain, kIncarnation, small_segments()).value(), 60);
    }
    ASSERT_TRUE(files.remove(kFolder / format::segment_name(3)));
    EXPECT_EQ(reopen(files).journal.error().code, Errc::storage_corrupt);
}

TEST(Journal, AnUnknownKindIsRefused) {
    test::FaultyFiles files;
    {
        const auto journal = Journal::create(files, kFolder, kChain, kIncarnation, small_segments()).value();
        journal->append(static_cast<RecordKind>(9), as_bytes("from the future"));
        journal->sync();
    }
    EXPECT_EQ(reopen(files).journal.error().code, Errc::storage_corrupt);
}

TEST(Journal, ABlockComesBackWhole) {
    test::FaultyFiles files;
    const auto journal = Journal::create(files, kFolder, kChain, kIncarnation, {.on_fatal = test::throw_fatal}).value();
    const BlockPtr block = test::ChainMaker{}.next(3).block;
    const Position position = journal->append(*block);
    const Position vote = journal->append(test::make_vote(VoteKind::notarize, View{1}, block->id));
    journal->sync();
    EXPECT_EQ(journal->read_block(position).value()->id, block->id);
    EXPECT_EQ(journal->read_block(vote).error().code, Errc::storage_corrupt);
}

TEST(Journal, AFailedSyncIsFatalAndNotRetried) {
    test::FaultyFiles files;
    const auto journal = Journal::create(files, kFolder, kChain, kIncarnation, small_segments()).value();
    journal->append(RecordKind::own_vote, as_bytes("vote"));
    files.fail_sync_after(0);
    EXPECT_THROW(journal->sync(), test::StorageFatal);
}

TEST(Journal, WhoIsReadOnlyNoticesNewRoomWithoutWriting) {
    test::FaultyFiles files;
    files.set_capacity(5 * 4096);
    JournalOptions options = small_segments();
    options.minimum_free_bytes = 4096;
    const auto journal = Journal::create(files, kFolder, kChain, kIncarnation, options).value();
    while (!journal->reserve_released()) {
        journal->append(RecordKind::own_vote, Bytes(3000, 1));
        journal->sync();
    }
    journal->look_again();
    EXPECT_TRUE(journal->read_only());
    files.set_capacity(64 * 4096);
    EXPECT_TRUE(journal->read_only());
    journal->look_again();
    EXPECT_FALSE(journal->read_only());
    EXPECT_FALSE(journal->reserve_released());
}

TEST(Journal, AFullDiskUsesTheReserveAndSaysSo) {
    test::FaultyFiles files;
    files.set_capacity(5 * 4096);
    JournalOptions options = small_segments();
    options.minimum_free_bytes = 4096;
    const auto journal = Journal::create(files, kFolder, kChain, kIncarnation, options).value();
    const Bytes payload(3000, 1);
    const auto fill_one = [&] {
        journal->append(RecordKind::own_vote, payload);
        journal->sync();
    };
    fill_one();
    EXPECT_FALSE(journal->read_only());
    // Each record takes a segment, and what a full segment did not use is given back.
    while (!journal->reserve_released()) {
        fill_one();
    }
    EXPECT_TRUE(journal->read_only());
    const std::uint64_t last = journal->last_segment();
    EXPECT_EQ(last, 5U);
    EXPECT_THROW(
        {
            for (int i = 0; i < 5; ++i) {
                fill_one();
            }
        },
        test::StorageFatal);

    // Room again: the reserve comes back with the next segment.
    test::FaultyFiles freed = files.copy();
    freed.set_capacity(1 << 20);
    auto again = reopen(freed, kFolder, 0, options);
    ASSERT_TRUE(again.journal) << again.journal.error().to_string();
    EXPECT_FALSE((*again.journal)->reserve_released());
    EXPECT_FALSE((*again.journal)->read_only());
    EXPECT_GE(again.records.size(), 5U);
}

TEST(Journal, IsReadByOthersWhileItIsWritten) {
    const test::TemporaryFolder folder;
    PosixFiles files;
    const auto journal = Journal::create(files, folder.path() / "j", kChain, kIncarnation, small_segments()).value();
    const auto first = write_records(*journal, 30);
    std::thread reader{[&] {
        for (int round = 0; round < 20; ++round) {
            for (const auto& record : first) {
                const auto read = journal->read(record.position);
                EXPECT_TRUE(read && read->payload == record.payload);
            }
        }
    }};
    write_records(*journal, 300);
    reader.join();
}

}  // namespace
}  // namespace probatum::ledger::store
