#include "node/send_queue.h"

#include <gtest/gtest.h>

namespace probatum::node {
namespace {

Frame frame(std::uint8_t fill, std::size_t size) { return std::make_shared<const Bytes>(size, fill); }

TEST(SendQueue, UrgentFramesGoFirstEachInItsOrder) {
    SendQueue queue{{100, 100}};
    EXPECT_EQ(queue.push(frame(1, 1), Priority::bulk), SendQueue::Push::wake);
    EXPECT_EQ(queue.push(frame(2, 1), Priority::urgent), SendQueue::Push::queued);
    EXPECT_EQ(queue.push(frame(3, 1), Priority::urgent), SendQueue::Push::queued);
    Bytes out;
    queue.fill(out, 100);
    EXPECT_EQ(out, (Bytes{2, 3, 1}));
}

TEST(SendQueue, EachPriorityHasItsOwnBoundAndGetsRoomBack) {
    SendQueue queue{{10, 5}};
    EXPECT_NE(queue.push(frame(1, 5), Priority::bulk), SendQueue::Push::full);
    EXPECT_EQ(queue.push(frame(1, 1), Priority::bulk), SendQueue::Push::full);
    EXPECT_NE(queue.push(frame(2, 10), Priority::urgent), SendQueue::Push::full);
    EXPECT_EQ(queue.push(frame(2, 1), Priority::urgent), SendQueue::Push::full);
    Bytes out;
    queue.fill(out, 1);
    EXPECT_EQ(out.size(), 10U) << "one frame is enough";
    EXPECT_NE(queue.push(frame(2, 10), Priority::urgent), SendQueue::Push::full);
}

TEST(SendQueue, WhoTurnsOutToBeAnObserverGetsLessRoom) {
    SendQueue queue{{100, 100}};
    EXPECT_NE(queue.push(frame(1, 8), Priority::urgent), SendQueue::Push::full);
    queue.limit({10, 0});
    EXPECT_EQ(queue.push(frame(1, 3), Priority::urgent), SendQueue::Push::full);
    EXPECT_NE(queue.push(frame(1, 2), Priority::urgent), SendQueue::Push::full);
    EXPECT_EQ(queue.push(frame(1, 1), Priority::bulk), SendQueue::Push::full);
}

TEST(SendQueue, TheWriterSleepsOnlyWhenNothingIsLeft) {
    SendQueue queue{{100, 100}};
    EXPECT_EQ(queue.push(frame(1, 1), Priority::urgent), SendQueue::Push::wake);
    Bytes out;
    queue.fill(out, 100);
    EXPECT_EQ(queue.push(frame(1, 1), Priority::urgent), SendQueue::Push::queued) << "it will look again";
    out.clear();
    queue.fill(out, 100);
    out.clear();
    queue.fill(out, 100);
    EXPECT_TRUE(out.empty());
    EXPECT_EQ(queue.push(frame(1, 1), Priority::urgent), SendQueue::Push::wake);
}

}  // namespace
}  // namespace probatum::node
