// The power goes at every single step of writing; what a sync had promised is there afterwards, and nothing is
// invented.
#include "journal_support.h"

namespace probatum::ledger::store {
namespace {

using test::FaultyFiles;
using test::kChain;
using test::kFolder;
using test::kIncarnation;
using test::reopen;
using test::small_segments;

/// What a run of the machine said and did.
struct Run {
    std::vector<test::Written> appended;
    std::size_t promised{0};  ///< So many of them were covered by a sync that returned.
    bool created{false};
};

void write(FaultyFiles& files, Run& run, std::size_t records) {
    try {
        const auto journal = Journal::create(files, kFolder, kChain, kIncarnation, small_segments()).value();
        run.created = true;
        for (std::size_t i = 0; i < records; ++i) {
            const Bytes payload = test::payload_of(i);
            // Noted first: rolling over to a new segment may strike within append.
            run.appended.push_back({{}, test::kind_of(i), payload});
            run.appended.back().position = journal->append(test::kind_of(i), payload);
            if (i % 3 == 2) {
                journal->sync();
                run.promised = run.appended.size();
            }
        }
    } catch (const test::PowerLost&) {
    }
}

/// The records found are a beginning of those written, and no shorter than what was promised.
void expect_kept(const Run& run, const std::vector<test::Written>& found, std::uint64_t step) {
    ASSERT_GE(found.size(), run.promised) << "a promise was broken; step " << step;
    ASSERT_LE(found.size(), run.appended.size()) << "step " << step;
    for (std::size_t i = 0; i < found.size(); ++i) {
        ASSERT_EQ(found[i].payload, run.appended[i].payload) << "record " << i << " step " << step;
        ASSERT_EQ(found[i].kind, run.appended[i].kind);
    }
}

void crash_everywhere(FaultyFiles::Unsynced unsynced, std::uint64_t seeds) {
    constexpr std::size_t kRecords = 24;
    FaultyFiles whole;
    Run complete;
    write(whole, complete, kRecords);
    const std::uint64_t steps = whole.steps();
    ASSERT_GT(steps, 5'000U);
    std::uint64_t survived = 0;
    for (std::uint64_t step = 0; step < steps; ++step) {
        for (std::uint64_t seed = 0; seed < seeds; ++seed) {
            FaultyFiles files;
            files.lose_power_after(step);
            Run run;
            write(files, run, kRecords);
            files.restart(unsynced, step * 1000 + seed);
            auto again = reopen(files);
            if (!again.journal) {
                // Only a journal whose making was never finished may be missing.
                ASSERT_FALSE(run.created) << "step " << step << ": " << again.journal.error().to_string();
                ASSERT_EQ(again.journal.error().code, Errc::journal_missing);
                continue;
            }
            expect_kept(run, again.records, step);
            if (testing::Test::HasFatalFailure()) {
                return;
            }
            survived += again.records.size();
            // It goes on from there, and a second opening finds exactly what the first found and what came after.
            if (step % 16 == 0) {
                auto expected = again.records;
                const Bytes more = test::payload_of(1000 + step);
                expected.push_back({(*again.journal)->append(RecordKind::block, more), RecordKind::block, more});
                (*again.journal)->sync();
                again.journal->reset();
                files.restart(FaultyFiles::Unsynced::lost);
                const auto third = reopen(files);
                ASSERT_TRUE(third.journal) << "step " << step << ": " << third.journal.error().to_string();
                ASSERT_EQ(third.records, expected) << "step " << step;
            }
        }
    }
    EXPECT_GT(survived, steps);
}

TEST(JournalCrash, UnsyncedWritesLostAtEveryByte) { crash_everywhere(FaultyFiles::Unsynced::lost, 1); }
TEST(JournalCrash, TornAtEveryByte) { crash_everywhere(FaultyFiles::Unsynced::kept, 1); }
TEST(JournalCrash, SectorsSurviveInAnyOrderAtEveryByte) { crash_everywhere(FaultyFiles::Unsynced::sectors, 2); }

}  // namespace
}  // namespace probatum::ledger::store
