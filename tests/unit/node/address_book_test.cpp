#include "node/address_book.h"

#include <gtest/gtest.h>

#include "contracts_world.h"

/// docs/spec/node.md, Peers: who dials whom.
namespace probatum::node {
namespace {

using test::key_of;

ledger::Validator validator(const std::string& organisation, const std::string& key) {
    return {organisation, key_of(key).public_key()};
}
KeyId id_of(const std::string& key) { return key_of(key).public_key().id(); }

const std::vector<ledger::Validator> kThree{validator("a", "1"), validator("b", "2"), validator("b", "3")};
const std::vector<AddressBook::Peer> kPeers{
    {0, "a", {"10.0.0.1", 1}}, {1, "b", {"10.0.0.2", 2}}, {2, "b", {"10.0.0.3", 3}}};

TEST(AddressBook, OfTwoOfGenesisTheFirstDialsAndWhoIsNotInItDialsAll) {
    const AddressBook second{id_of("2"), kThree, {kPeers[0], kPeers[2]}};
    EXPECT_FALSE(second.dials(kPeers[0]));
    EXPECT_TRUE(second.dials(kPeers[2]));
    const AddressBook stranger{id_of("9"), kThree, kPeers};
    const AddressBook observer{std::nullopt, kThree, kPeers};
    for (const auto& peer : kPeers) {
        EXPECT_TRUE(stranger.dials(peer));
        EXPECT_TRUE(observer.dials(peer));
    }
}

TEST(AddressBook, KnowsNumbersAndOrganisations) {
    const AddressBook book{std::nullopt, kThree, kPeers};
    EXPECT_EQ(book.number_of(id_of("3")), 2U);
    EXPECT_FALSE(book.number_of(id_of("9")));
    EXPECT_EQ(book.validators_of("b"), (std::vector<PeerId>{1, 2}));
    EXPECT_TRUE(book.is_alone(kPeers[0]));
    EXPECT_FALSE(book.is_alone(kPeers[1]));
}

TEST(AddressBook, SaysWhyNobodyIsConnectedYet) {
    AddressBook book{id_of("1"), kThree, {kPeers[2]}};
    EXPECT_EQ(book.first_state(0).problem, "");
    EXPECT_EQ(book.first_state(1).problem, "no address configured");
    EXPECT_EQ(book.first_state(2).problem, "not connected yet");
    EXPECT_EQ(book.first_state(2).address, "10.0.0.3:3");
    // Who came later is found at the address of its organisation.
    auto more = kThree;
    more.push_back(validator("b", "4"));
    more.push_back(validator("c", "5"));
    book.know(more);
    EXPECT_EQ(book.first_state(3).address, "10.0.0.3:3");
    EXPECT_EQ(book.first_state(4).problem, "no address configured");
}

}  // namespace
}  // namespace probatum::node
