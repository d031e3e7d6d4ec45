#include "ledger/store/crc32c.h"

#include <gtest/gtest.h>

namespace probatum::ledger::store {
namespace {

// Published values: RFC 3720 appendix B.4.
TEST(Crc32c, GivesThePublishedValues) {
    EXPECT_EQ(crc32c({Bytes(32, 0x00)}), 0x8a9136aaU);
    EXPECT_EQ(crc32c({Bytes(32, 0xff)}), 0x62a8ab43U);
    EXPECT_EQ(crc32c({as_bytes("123456789")}), 0xe3069283U);
}

TEST(Crc32c, PartsCountAsOne) { EXPECT_EQ(crc32c({as_bytes("1234"), {}, as_bytes("56789")}), 0xe3069283U); }

}  // namespace
}  // namespace probatum::ledger::store
