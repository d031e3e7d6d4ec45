// Every byte of a journal is changed, one at a time: the change is noticed on opening or on reading, or it touched
// nothing.
#include "journal_support.h"
#include "ledger/store/journal_scan.h"

namespace probatum::ledger::store {
namespace {

using test::FaultyFiles;
using test::kChain;
using test::kFolder;
using test::kIncarnation;
using test::reopen;
using test::small_segments;

constexpr std::array<std::uint8_t, 4> kPatterns{0x01, 0x80, 0xff, 0x00};  // The last one means: set to zero.

std::uint8_t damaged(std::uint8_t byte, std::uint8_t pattern) {
    return pattern == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(byte ^ pattern);
}

class JournalDamage : public testing::Test {
protected:
    void SetUp() override {
        const auto journal = Journal::create(files_, kFolder, kChain, kIncarnation, small_segments()).value();
        for (std::size_t i = 0; i < 30; ++i) {
            const Bytes payload = test::payload_of(i);
            written_.push_back({journal->append(test::kind_of(i), payload), test::kind_of(i), payload});
            if (i % 3 == 2) {
                journal->sync();
            }
        }
        last_ = journal->last_segment();
        ASSERT_GT(last_, 2U);
    }

    FaultyFiles files_;
    std::vector<test::Written> written_;
    std::uint64_t last_{0};
};

TEST_F(JournalDamage, NoChangedByteIsServed) {
    std::size_t refused = 0;
    std::size_t harmless = 0;
    for (std::uint64_t segment = 1; segment <= last_; ++segment) {
        const Path path = kFolder / format::segment_name(segment);
        for (std::size_t i = 0; i < files_.content(path).size(); ++i) {
            for (const std::uint8_t pattern : kPatterns) {
                FaultyFiles files = files_.copy();
                std::uint8_t& byte = files.content(path)[i];
                if (damaged(byte, pattern) == byte) {
                    continue;
                }
                byte = damaged(byte, pattern);
                const auto again = reopen(files);
                if (!again.journal) {
                    ++refused;
                    continue;
                }
                ++harmless;
                ASSERT_EQ(again.records, written_)
                    << "segment " << segment << " byte " << i << " pattern " << int{pattern};
            }
        }
    }
    EXPECT_GT(refused, 20'000U);
    RecordProperty("harmless", static_cast<int>(harmless));
}

TEST_F(JournalDamage, AnOldSegmentThatIsNotScannedIsCheckedOnReading) {
    const Path path = kFolder / format::segment_name(1);
    std::size_t noticed = 0;
    for (std::size_t i = format::kSegmentHeaderBytes; i < files_.content(path).size(); ++i) {
        FaultyFiles files = files_.copy();
        files.content(path)[i] ^= 0x10;
        const auto again = reopen(files, kFolder, last_);
        ASSERT_TRUE(again.journal);
        for (const auto& record : written_) {
            if (record.position.segment != 1) {
                break;
            }
            const auto read = (*again.journal)->read(record.position);
            noticed += read ? 0 : 1;
            if (read) {
                ASSERT_EQ(read->payload, record.payload);
                ASSERT_EQ(read->kind, record.kind);
            } else {
                ASSERT_EQ(read.error().code, Errc::storage_corrupt);
            }
        }
    }
    EXPECT_GT(noticed, 3'000U);
}

TEST_F(JournalDamage, ACutFileIsRefused) {
    const Path path = kFolder / format::segment_name(last_);
    for (std::size_t size = 0; size < 4096; size += 7) {
        FaultyFiles files = files_.copy();
        files.content(path).resize(size);
        EXPECT_EQ(reopen(files).journal.error().code, Errc::storage_corrupt) << size;
    }
}

TEST_F(JournalDamage, ARecordThatIsMovedIsNotARecord) {
    FaultyFiles files = files_.copy();
    // The second record's bytes over the first one's place: same checksums, another position.
    auto& bytes = files.content(kFolder / format::segment_name(1));
    const auto from = static_cast<std::ptrdiff_t>(written_[1].position.offset);
    const auto to = static_cast<std::ptrdiff_t>(written_[2].position.offset);
    const std::vector<std::uint8_t> record{bytes.begin() + from, bytes.begin() + to};
    std::ranges::copy(record, bytes.begin() + static_cast<std::ptrdiff_t>(written_[0].position.offset));
    EXPECT_EQ(reopen(files).journal.error().code, Errc::storage_corrupt);
}

}  // namespace
}  // namespace probatum::ledger::store
