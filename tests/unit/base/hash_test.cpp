#include "base/hash.h"

#include <gtest/gtest.h>

#include "base/text_encoding.h"
#include "support.h"

namespace probatum {
namespace {

const std::string kTwoBlocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

TEST(Sha256, Fips180Examples) {
    EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(sha256(as_bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_hex(sha256(as_bytes(kTwoBlocks))), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(to_hex(sha256(Bytes(1'000'000, 'a'))),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sm3, GbT32905Examples) {
    EXPECT_EQ(to_hex(sm3(as_bytes("abc"))), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    std::string sixteen_times;
    for (int i = 0; i < 16; ++i) {
        sixteen_times += "abcd";
    }
    EXPECT_EQ(to_hex(sm3(as_bytes(sixteen_times))), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

template <class Hash>
void expect_pieces_equal_the_whole(Digest (*whole)(ByteView)) {
    Bytes bytes;
    for (unsigned i = 0; i < 200; ++i) {
        bytes.push_back(static_cast<std::uint8_t>(i));
        const ByteView view{bytes};
        for (const std::size_t cut : {std::size_t{0}, bytes.size() / 3, bytes.size()}) {
            Hash hash;
            hash.update(view.first(cut)).update(view.subspan(cut));
            EXPECT_EQ(hash.finish(), whole(bytes)) << bytes.size() << " cut at " << cut;
        }
    }
}

TEST(Sha256, PiecesEqualTheWhole) { expect_pieces_equal_the_whole<Sha256>(sha256); }
TEST(Sm3, PiecesEqualTheWhole) { expect_pieces_equal_the_whole<Sm3>(sm3); }

TEST(Sha256, TakesSingleBytes) {
    Sha256 hash;
    hash.update(std::uint8_t{'a'}).update(std::uint8_t{'b'}).update(std::uint8_t{'c'});
    EXPECT_EQ(hash.finish(), sha256(as_bytes("abc")));
}

TEST(DigestAlgorithm, RegistryHoldsNumbersAndNames) {
    EXPECT_EQ(digest_algorithm(-16).value(), DigestAlgorithm::sha256);
    EXPECT_EQ(digest_algorithm(-70016).value(), DigestAlgorithm::sm3);
    EXPECT_EQ(name(DigestAlgorithm::sha256), "sha-256");
    EXPECT_EQ(name(DigestAlgorithm::sm3), "sm3");
    for (const std::int64_t number :
         {std::int64_t{0}, std::int64_t{16}, std::int64_t{-18}, (std::int64_t{1} << 32) - 16}) {
        EXPECT_EQ(test::code_of(digest_algorithm(number)), Errc::unknown_algorithm) << number;
    }
}

}  // namespace
}  // namespace probatum
