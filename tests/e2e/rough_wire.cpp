// A bad network between real processes on any machine: TCP relays that delay, lose and cut, as TCP would show it to
// both ends. Needs no privileges and no kernel modules.
//
// Usage: rough_wire DELAY_MS JITTER_MS LOSS_PERCENT SEED LISTEN:FROM:TO:TARGET...
//   Each link listens on 127.0.0.1:LISTEN and relays to 127.0.0.1:TARGET; FROM and TO are the numbers of its ends.
// Standard input: "cut 0,1" parts these ends from all others, "heal" joins them again; each is answered by one line.
//
// What it models. Every segment of 1448 bytes arrives after DELAY ± JITTER, in order. A lost one comes again after one
// round trip where enough segments follow it (fast retransmit), otherwise after a time-out of one round trip and 200
// ms, which doubles; all behind it waits. While a link is cut, neither end is read or written; afterwards it goes on at
// the moment of the sender's next retransmission, whose intervals have doubled since the cut. Who dialled meanwhile
// goes on with the next SYN, 1, 3 or 7 seconds after its first.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <list>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using std::chrono::milliseconds;

constexpr std::size_t kSegment = 1448;
constexpr std::size_t kMostQueued = 4U << 20U;
constexpr milliseconds kLeastTimeout{200};

struct Weather {
    int delay_ms{0};
    int jitter_ms{0};
    double loss{0};
    std::mt19937_64 random;

    bool lost() { return std::uniform_real_distribution<>{0, 1}(random) < loss; }
    /// How long one segment takes, with what was lost of it.
    milliseconds travel(std::size_t following) {
        milliseconds out{delay_ms + std::uniform_int_distribution<>{-jitter_ms, jitter_ms}(random)};
        milliseconds again{2 * delay_ms};
        if (following < 3) {
            again += kLeastTimeout;
        }
        for (; lost(); again *= 2) {
            out += again;
        }
        return out;
    }
};

struct Segment {
    Time due;
    std::string bytes;
};

/// One direction of a relayed connection.
struct Direction {
    int from{-1};
    int to{-1};
    std::deque<Segment> queue;
    std::size_t queued{0};
    bool ended{false};  ///< Nothing more comes.
    bool passed_end{false};
};

struct Link {
    int listener{-1};
    unsigned from{0};
    unsigned to{0};
    std::uint16_t target{0};
};

struct Connection {
    const Link* link{nullptr};
    Direction there;
    Direction back;
    Time opened;
    Time frozen_until{};  ///< After a cut: when the ends find each other again.
    bool cut{false};
    Time cut_at{};
    bool broken{false};
};

[[noreturn]] void die(const std::string& why) {
    std::fprintf(stderr, "rough_wire: %s\n", why.c_str());
    std::exit(2);
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

void prepare(int socket) {
    fcntl(socket, F_SETFL, O_NONBLOCK);
    const int yes = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

Link open_link(const std::string& text) {
    std::istringstream words{text};
    unsigned listen_port = 0;
    unsigned target = 0;
    char colon = 0;
    Link out;
    if (!(words >> listen_port >> colon >> out.from >> colon >> out.to >> colon >> target)) {
        die(text + ": LISTEN:FROM:TO:TARGET");
    }
    out.target = static_cast<std::uint16_t>(target);
    out.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    setsockopt(out.listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const sockaddr_in address = loopback(static_cast<std::uint16_t>(listen_port));
    if (bind(out.listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(out.listener, 64) != 0) {
        die("port " + std::to_string(listen_port) + " is not to be had");
    }
    prepare(out.listener);
    return out;
}

class Wire {
public:
    Wire(Weather weather, std::vector<Link> links) : weather_{std::move(weather)}, links_{std::move(links)} {}

    void run() {
        while (!over_) {
            wait();
            const Time now = Clock::now();
            for (const Link& link : links_) {
                accept_from(link, now);
            }
            for (Connection& one : connections_) {
                if (!one.cut && one.frozen_until <= now) {
                    relay(one, one.there, now);
                    relay(one, one.back, now);
                }
            }
            connections_.remove_if([](Connection& one) {
                if (!one.broken && !(one.there.passed_end && one.back.passed_end)) {
                    return false;
                }
                close(one.there.from);
                close(one.there.to);
                return true;
            });
        }
    }

private:
    bool parts(const Link& link) const { return island_.contains(link.from) != island_.contains(link.to); }

    void wait() {
        std::vector<pollfd> files{{STDIN_FILENO, POLLIN, 0}};
        for (const Link& link : links_) {
            files.push_back({link.listener, POLLIN, 0});
        }
        Time next = Clock::now() + milliseconds{500};
        for (const Connection& one : connections_) {
            if (one.cut) {
                continue;
            }
            if (one.frozen_until > Clock::now()) {
                next = std::min(next, one.frozen_until);
                continue;
            }
            for (const Direction* way : {&one.there, &one.back}) {
                if (!way->ended && way->queued < kMostQueued) {
                    files.push_back({way->from, POLLIN, 0});
                }
                if (!way->queue.empty()) {
                    next = std::min(next, way->queue.front().due);
                    if (way->queue.front().due <= Clock::now()) {
                        files.push_back({way->to, POLLOUT, 0});
                    }
                }
            }
        }
        const auto left = std::chrono::ceil<milliseconds>(next - Clock::now()).count();
        poll(files.data(), files.size(), static_cast<int>(std::clamp<long long>(left, 0, 500)));
        if ((files.front().revents & (POLLIN | POLLHUP)) != 0) {
            obey();
        }
    }

    void accept_from(const Link& link, Time now) {
        const int near = accept4(link.listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (near < 0) {
            return;
        }
        const int far = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in address = loopback(link.target);
        if (connect(far, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            close(near);
            close(far);
            return;
        }
        prepare(near);
        prepare(far);
        Connection fresh;
        fresh.link = &link;
        fresh.there.from = fresh.back.to = near;
        fresh.there.to = fresh.back.from = far;
        fresh.opened = now;
        fresh.cut = parts(link);
        fresh.cut_at = now;
        // The handshake of TCP itself takes a round trip.
        fresh.frozen_until = now + milliseconds{2 * weather_.delay_ms};
        connections_.push_back(std::move(fresh));
    }

    void relay(Connection& one, Direction& way, Time now) {
        take(way, now);
        while (!way.queue.empty() && way.queue.front().due <= now) {
            std::string& bytes = way.queue.front().bytes;
            const ssize_t sent = send(way.to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent < 0) {
                one.broken = one.broken || (errno != EAGAIN && errno != EWOULDBLOCK);
                return;
            }
            way.queued -= static_cast<std::size_t>(sent);
            bytes.erase(0, static_cast<std::size_t>(sent));
            if (!bytes.empty()) {
                return;
            }
            way.queue.pop_front();
        }
        if (way.ended && way.queue.empty() && !way.passed_end) {
            way.passed_end = true;
            shutdown(way.to, SHUT_WR);
        }
    }

    void take(Direction& way, Time now) {
        char buffer[64 * 1024];
        while (!way.ended && way.queued < kMostQueued) {
            const ssize_t got = recv(way.from, buffer, sizeof buffer, 0);
            if (got < 0) {
                way.ended = errno != EAGAIN && errno != EWOULDBLOCK;
                return;
            }
            way.ended = got == 0;
            const auto size = static_cast<std::size_t>(got);
            for (std::size_t at = 0; at < size; at += kSegment) {
                const std::size_t length = std::min(kSegment, size - at);
                const std::size_t following = (size - at - length + kSegment - 1) / kSegment;
                Time due = now + weather_.travel(following);
                if (!way.queue.empty()) {
                    due = std::max(due, way.queue.back().due);
                }
                way.queue.push_back({due, std::string(buffer + at, length)});
                way.queued += length;
            }
        }
    }

    void obey() {
        char buffer[256];
        const ssize_t got = read(STDIN_FILENO, buffer, sizeof buffer);
        if (got <= 0) {
            over_ = true;
            return;
        }
        std::istringstream lines{std::string(buffer, static_cast<std::size_t>(got))};
        for (std::string word; lines >> word;) {
            island_.clear();
            if (word == "cut") {
                std::string list;
                lines >> list;
                std::ranges::replace(list, ',', ' ');
                std::istringstream numbers{list};
                for (unsigned number = 0; numbers >> number;) {
                    island_.insert(number);
                }
            }
            for (Connection& one : connections_) {
                parts(*one.link) ? cut(one) : heal(one);
            }
            std::printf("%s\n", word.c_str());
            std::fflush(stdout);
        }
    }

    static void cut(Connection& one) {
        if (!one.cut) {
            one.cut = true;
            one.cut_at = Clock::now();
        }
    }

    /// Goes on at the next attempt of whoever waits, whose intervals have doubled all the while.
    void heal(Connection& one) const {
        if (!one.cut) {
            return;
        }
        one.cut = false;
        const bool dialled_in_vain = one.cut_at == one.opened;
        milliseconds interval =
            dialled_in_vain ? milliseconds{1000} : milliseconds{2 * weather_.delay_ms} + kLeastTimeout;
        Time attempt = one.cut_at + interval;
        while (attempt < Clock::now()) {
            interval *= 2;
            attempt += interval;
        }
        one.frozen_until = attempt;
        // What was on its way got lost with the cut.
        for (Direction* way : {&one.there, &one.back}) {
            for (Segment& segment : way->queue) {
                segment.due = std::max(segment.due, attempt + milliseconds{weather_.delay_ms});
            }
        }
    }

    Weather weather_;
    std::vector<Link> links_;
    std::list<Connection> connections_;
    std::set<unsigned> island_;
    bool over_{false};
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 6) {
        die("DELAY_MS JITTER_MS LOSS_PERCENT SEED LISTEN:FROM:TO:TARGET...");
    }
    std::signal(SIGPIPE, SIG_IGN);
    Weather weather{std::atoi(argv[1]), std::atoi(argv[2]), std::atof(argv[3]) / 100,
                    std::mt19937_64{std::strtoull(argv[4], nullptr, 10)}};
    std::vector<Link> links;
    for (int i = 5; i < argc; ++i) {
        links.push_back(open_link(argv[i]));
    }
    std::printf("ready\n");
    std::fflush(stdout);
    Wire{std::move(weather), std::move(links)}.run();
}
