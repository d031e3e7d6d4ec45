// A process that writes is killed with SIGKILL, again and again, on the real disk.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "journal_support.h"

namespace probatum::ledger::store {
namespace {

using test::kChain;
using test::kIncarnation;

constexpr const char* kFolderVariable = "PROBATUM_KILL_TEST_FOLDER";
constexpr const char* kPipeVariable = "PROBATUM_KILL_TEST_PIPE";

JournalOptions small() {
    JournalOptions options;
    options.segment_bytes = 64 * 1024;
    options.minimum_free_bytes = 0;
    return options;
}

/// Re-executes what is missing and answers the height reached.
std::uint64_t catch_up(test::ChainMaker& chain, ChainStore& store, const OpenedJournal& opened) {
    std::uint64_t height = 0;
    for (; height < store.height().raw(); ++height) {
        chain.next(3);
    }
    for (const FinalBlock& block : opened.recovered.final_blocks) {
        CommittedBlock again = chain.next(3);
        EXPECT_EQ(again.block->id, block.block.id);
        again.position = block.block.position;
        store.commit(again);
        ++height;
    }
    return height;
}

// The writing half; runs only as a process of its own.
TEST(KillChild, DISABLED_Writes) {
    const Path folder{std::getenv(kFolderVariable)};
    const int pipe = std::atoi(std::getenv(kPipeVariable));
    PosixFiles files;
    test::ChainMaker chain;
    auto store =
        ChainStore::open(folder / "db", kChain, {}, {.checkpoint_blocks = 4, .write_buffer_bytes = 65536}).value();
    auto opened = recover(files, folder / "journal", kChain, store->tip(), small()).value();
    std::uint64_t height = catch_up(chain, *store, opened);
    for (;;) {
        CommittedBlock block = chain.next(3);
        block.position = opened.journal->append(*block.block);
        opened.journal->append(test::make_vote(VoteKind::finalize, View{block.block->header.view}, block.block->id));
        opened.journal->append(*block.finality);
        opened.journal->sync();
        ++height;
        // From here on it counts as final.
        if (::write(pipe, &height, sizeof height) != sizeof height) {
            std::abort();
        }
        store->commit(block);
    }
}

/// Starts the child, lets it report `blocks` times, kills it; answers the last height that it called final.
std::uint64_t run_and_kill(const Path& folder, std::uint64_t blocks) {
    int ends[2] = {};
    EXPECT_EQ(::pipe(ends), 0);
    const ::pid_t child = ::fork();
    if (child == 0) {
        ::setenv(kFolderVariable, folder.c_str(), 1);
        ::setenv(kPipeVariable, std::to_string(ends[1]).c_str(), 1);
        ::execl("/proc/self/exe", "unit_store", "--gtest_filter=KillChild.DISABLED_Writes",
                "--gtest_also_run_disabled_tests", "--gtest_brief=1", nullptr);
        ::_exit(127);
    }
    ::close(ends[1]);
    std::uint64_t height = 0;
    std::uint64_t last = 0;
    for (std::uint64_t i = 0; i < blocks && ::read(ends[0], &height, sizeof height) == sizeof height; ++i) {
        last = height;
    }
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the child ended by itself";
    // What it said after the last reading counts as well.
    while (::read(ends[0], &height, sizeof height) == sizeof height) {
        last = height;
    }
    ::close(ends[0]);
    return last;
}

TEST(Kill, NothingThatWasCalledFinalIsLost) {
    const test::TemporaryFolder folder;
    PosixFiles files;
    {
        ASSERT_TRUE(Journal::create(files, folder.path() / "journal", kChain, kIncarnation, small()));
    }
    std::uint64_t before = 0;
    for (std::uint64_t round = 1; round <= 8; ++round) {
        const std::uint64_t promised = run_and_kill(folder.path(), 10 + round * 13);
        ASSERT_GT(promised, before);
        auto store = ChainStore::open(folder.path() / "db", kChain, {}, {});
        ASSERT_TRUE(store) << store.error().to_string();
        auto opened = recover(files, folder.path() / "journal", kChain, (*store)->tip(), small());
        ASSERT_TRUE(opened) << opened.error().to_string();
        test::ChainMaker chain;
        before = catch_up(chain, **store, *opened);
        ASSERT_GE(before, promised) << "round " << round;
        ASSERT_EQ((*store)->view()->state_tree().value().root(), chain.tree().root());
    }
}

}  // namespace
}  // namespace probatum::ledger::store
