#include "ledger/store/files.h"

#include "support.h"

namespace probatum::ledger::store {
namespace {

TEST(PosixFiles, WhatIsWrittenIsReadAndAllocatedSpaceIsZero) {
    const test::TemporaryFolder folder;
    PosixFiles files;
    const Path path = folder.path() / "a";
    const auto writer = files.open_write(path).value();
    ASSERT_TRUE(writer->allocate(10'000));
    ASSERT_TRUE(writer->write_at(5'000, as_bytes("probatum")));
    ASSERT_TRUE(writer->sync());
    const auto reader = files.open_read(path).value();
    EXPECT_EQ(reader->size().value(), 10'000U);
    Bytes bytes(20'000);
    EXPECT_EQ(reader->read_at(0, bytes).value(), 10'000U);
    EXPECT_EQ(as_text(ByteView{bytes}.subspan(5'000, 8)), "probatum");
    EXPECT_EQ(std::ranges::count(bytes, 0), 20'000 - 8);
    EXPECT_EQ(reader->read_at(10'000, bytes).value(), 0U);
}

TEST(PosixFiles, NamesAreListedRenamedAndRemoved) {
    const test::TemporaryFolder folder;
    PosixFiles files;
    ASSERT_TRUE(files.make_directory(folder.path() / "x/y"));
    for (const char* name : {"b", "a", "c"}) {
        ASSERT_TRUE(files.open_write(folder.path() / name));
    }
    ASSERT_TRUE(files.rename(folder.path() / "c", folder.path() / "d"));
    ASSERT_TRUE(files.remove(folder.path() / "a"));
    ASSERT_TRUE(files.remove(folder.path() / "never there"));
    ASSERT_TRUE(files.sync_directory(folder.path()));
    EXPECT_EQ(files.list(folder.path()).value(), (std::vector<std::string>{"b", "d"}));
    EXPECT_TRUE(files.list(folder.path() / "none").value().empty());
    EXPECT_GT(files.free_space(folder.path()).value(), 0U);
}

TEST(PosixFiles, ALockIsHeldOnce) {
    const test::TemporaryFolder folder;
    PosixFiles files;
    {
        const auto lock = files.lock(folder.path() / "lock");
        ASSERT_TRUE(lock);
        EXPECT_EQ(files.lock(folder.path() / "lock").error().code, Errc::preflight_failed);
    }
    EXPECT_TRUE(files.lock(folder.path() / "lock"));
}

TEST(PosixFiles, AFailureNamesTheFile) {
    PosixFiles files;
    const auto opened = files.open_read("/nonexistent/x");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::storage_failed);
    EXPECT_EQ(opened.error().field, "x");
    const auto full = files.open_write("/dev/full").value()->write_at(0, as_bytes("x"));
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, Errc::disk_full);
}

TEST(StorageFatalDeathTest, EndsTheProcessEvenIfTheHandlerReturns) {
    EXPECT_DEATH(storage_fatal({}, Error{Errc::storage_failed, "x", "gone"}), "900 storage_failed");
    EXPECT_DEATH(storage_fatal([](const Error&) {}, Error{Errc::storage_failed}), "");
}

}  // namespace
}  // namespace probatum::ledger::store
