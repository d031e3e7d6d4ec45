#pragma once

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"

namespace probatum::node {

/// Bytes of one connection, cut into messages. Threads: one.
class Inbox {
public:
    /// The next whole message's bytes, which stay until space() is called; nothing while more has to arrive. too_large
    /// where one is announced above the limit.
    [[nodiscard]] Result<std::optional<ByteView>> next(std::size_t limit) {
        const std::size_t have = end_ - begin_;
        want_ = 4;
        if (have < want_) {
            return std::nullopt;
        }
        const std::uint8_t* head = bytes_.data() + begin_;
        const std::size_t size =
            std::size_t{head[0]} << 24U | std::size_t{head[1]} << 16U | std::size_t{head[2]} << 8U | head[3];
        if (size > limit) {
            return fail(Errc::too_large, "message", "a message above the limit");
        }
        want_ += size;
        if (have < want_) {
            return std::nullopt;
        }
        begin_ += want_;
        return ByteView{head + 4, size};
    }

    /// Where what arrives next is to be put; then filled() says how much it was.
    [[nodiscard]] std::span<std::uint8_t> space() {
        if (begin_ > 0) {
            std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        // Grows with what arrived, so that an announced length alone takes no memory.
        const std::size_t size = std::max(kReadBytes, std::min(want_, 2 * end_ + kReadBytes));
        if (bytes_.size() < size) {
            bytes_.resize(size);
        }
        return std::span{bytes_}.subspan(end_);
    }
    void filled(std::size_t count) { end_ += count; }

private:
    static constexpr std::size_t kReadBytes = 64U << 10U;
    Bytes bytes_;
    std::size_t begin_{0};
    std::size_t end_{0};
    std::size_t want_{4};
};

}  // namespace probatum::node
