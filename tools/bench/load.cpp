#include "tools/bench/load.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "base/text_encoding.h"
#include "rpc/client.h"

namespace probatum::bench {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint32_t kWaitMs = 20'000;

double milliseconds(Clock::duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

rpc::Client connect(const std::string& url) {
    auto client = rpc::Client::make(url);
    if (!client) {
        throw std::runtime_error{client.error().to_string()};
    }
    return std::move(*client);
}

/// Bodies are made beforehand: what is measured is the chain, not this process.
std::string submit_text(const Bytes& transaction, std::uint64_t id) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"tx.submit","params":{"transaction":")" +
           to_base64url(transaction) + R"(","proof":false,"wait_ms":)" + std::to_string(kWaitMs) + "}}";
}

std::string batch_text(const std::vector<Bytes>& transactions, std::size_t first, std::size_t count) {
    std::string body = "[";
    for (std::size_t i = first; i < first + count; ++i) {
        body += (i == first ? "" : ",") + submit_text(transactions[i], i);
    }
    return body + "]";
}

std::size_t count_of(std::string_view text, std::string_view word) {
    std::size_t count = 0;
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + word.size())) {
        ++count;
    }
    return count;
}

/// What the connections add up.
class Tally {
public:
    void add(std::string_view answer, std::size_t sent, double time_ms) {
        const std::size_t final = count_of(answer, R"("status":"final")");
        const std::size_t refused = count_of(answer, R"("error":)");
        const std::scoped_lock lock{mutex_};
        result_.sent += sent;
        result_.final += final;
        result_.refused += refused;
        result_.unanswered += sent - std::min(sent, final + refused);
        times_ms_.insert(times_ms_.end(), final, time_ms);
        if (refused > 0 && result_.first_error.empty()) {
            result_.first_error = std::string{answer.substr(answer.find(R"("error":)"), 300)};
        }
    }
    void fail(std::string why, std::size_t sent) {
        const std::scoped_lock lock{mutex_};
        result_.sent += sent;
        result_.unanswered += sent;
        if (result_.first_error.empty()) {
            result_.first_error = std::move(why);
        }
    }
    LoadResult finish(double seconds, double cpu) {
        result_.seconds = seconds;
        result_.client_cpu_seconds = cpu;
        result_.finality = percentiles_of(std::move(times_ms_));
        return result_;
    }

private:
    std::mutex mutex_;
    LoadResult result_;
    std::vector<double> times_ms_;
};

void post(rpc::Client& client, const std::string& body, std::size_t sent, Clock::time_point due, Tally& tally) {
    const auto answer = client.post(body);
    if (!answer) {
        tally.fail(answer.error().to_string(), sent);
        return;
    }
    tally.add(*answer, sent, milliseconds(Clock::now() - due));
}

}  // namespace

Percentiles percentiles_of(std::vector<double> times_ms) {
    if (times_ms.empty()) {
        return {};
    }
    std::ranges::sort(times_ms);
    const auto at = [&](double share) {
        return times_ms[std::min(times_ms.size() - 1,
                                 static_cast<std::size_t>(share * static_cast<double>(times_ms.size())))];
    };
    return {.p50_ms = at(0.5), .p90_ms = at(0.9), .p99_ms = at(0.99), .maximum_ms = times_ms.back()};
}

LoadResult run_closed(const Target& target, const std::vector<Bytes>& transactions, std::size_t connections,
                      std::size_t batch, double seconds) {
    std::vector<std::string> bodies;
    for (std::size_t i = 0; i + batch <= transactions.size(); i += batch) {
        bodies.push_back(batch_text(transactions, i, batch));
    }
    Tally tally;
    std::atomic<std::size_t> next{0};
    const double cpu = cpu_seconds();
    const auto start = Clock::now();
    const auto end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < connections; ++i) {
        threads.emplace_back([&, i] {
            auto client = connect(target.urls[i % target.urls.size()]);
            while (Clock::now() < end) {
                const std::size_t mine = next++;
                if (mine >= bodies.size()) {
                    return;
                }
                post(client, bodies[mine], batch, Clock::now(), tally);
            }
        });
    }
    threads.clear();
    return tally.finish(std::chrono::duration<double>(Clock::now() - start).count(), cpu_seconds() - cpu);
}

LoadResult run_open(const Target& target, const std::vector<Bytes>& transactions, std::size_t connections,
                    double per_second, double seconds) {
    const auto count = std::min(transactions.size(), static_cast<std::size_t>(per_second * seconds));
    std::vector<std::string> bodies;
    for (std::size_t i = 0; i < count; ++i) {
        bodies.push_back(submit_text(transactions[i], i));
    }
    Tally tally;
    std::atomic<std::size_t> next{0};
    const double cpu = cpu_seconds();
    const auto start = Clock::now();
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < connections; ++i) {
        threads.emplace_back([&, i] {
            auto client = connect(target.urls[i % target.urls.size()]);
            for (std::size_t mine = next++; mine < count; mine = next++) {
                const auto due = start + std::chrono::duration_cast<Clock::duration>(
                                             std::chrono::duration<double>(static_cast<double>(mine) / per_second));
                std::this_thread::sleep_until(due);
                post(client, bodies[mine], 1, due, tally);
            }
        });
    }
    threads.clear();
    return tally.finish(std::chrono::duration<double>(Clock::now() - start).count(), cpu_seconds() - cpu);
}

}  // namespace probatum::bench
