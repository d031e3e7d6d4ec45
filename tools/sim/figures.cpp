#include "tools/sim/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace probatum::sim {

namespace {

constexpr std::string_view kFault = "fault.";
constexpr std::string_view kChange = "change.";

}  // namespace

std::uint64_t Figures::of(const std::string& name) const {
    const auto found = sums_.find(name);
    return found == sums_.end() ? 0 : found->second;
}

void Figures::raise(const std::string& name, std::uint64_t to) {
    std::uint64_t& known = greatest_[name];
    known = std::max(known, to);
}

void Figures::add(const Outcome& one) {
    ++sums_["seeds"];
    sums_["failed"] += one.violations.empty() ? 0 : 1;
    sums_["views"] += one.views;
    sums_["epochs"] += one.epochs;
    sums_["seeds_with_governance"] += one.governed ? 1 : 0;
    sums_["heights"] += one.height;
    sums_["transactions"] += one.transactions;
    sums_["refusals"] += one.refusals;
    sums_["restarts"] += one.restarts;
    sums_["liars"] += one.liars;
    sums_["machines_lost"] += one.lost_machines;
    sums_["messages"] += one.messages.sent;
    sums_["message_bytes"] += one.messages.bytes;
    for (const std::size_t kind : {1U, 2U, 3U}) {  // proposals, votes, certificates
        sums_["consensus_messages"] += one.messages.kinds.at(kind);
        sums_["consensus_bytes"] += one.messages.kind_bytes.at(kind);
    }
    sums_["consensus_cpu_us"] += one.consensus_nanoseconds / 1'000;
    sums_["virtual_ms"] += one.virtual_time / kMillisecond;
    for (std::size_t i = 0; i < kFaults; ++i) {
        sums_["faults"] += one.faults[i];
        sums_[std::string{kFault} + std::string{name(static_cast<Fault>(i))}] += one.faults[i];
    }
    for (std::size_t i = 0; i < kTurns; ++i) {
        sums_[std::string{kChange} + std::string{name(static_cast<Turn>(i))}] += one.turns[i];
    }
    raise("slowest_recovery_ms", one.slowest_recovery / kMillisecond);
    raise("most_votes_held", one.peaks.votes);
    raise("most_certificates_held", one.peaks.certificates);
    raise("most_blocks_held", one.peaks.blocks);
    raise("most_transactions_held", one.peaks.pool);
    raise("longest_queue", one.peaks.queue);
    digest_ ^= one.digest;
}

void Figures::add(const Figures& other) {
    for (const auto& [name, value] : other.sums_) {
        sums_[name] += value;
    }
    for (const auto& [name, value] : other.greatest_) {
        raise(name, value);
    }
    digest_ ^= other.digest_;
}

void Figures::add_time(double real_seconds, double cpu_seconds) {
    sums_["real_ms"] += static_cast<std::uint64_t>(real_seconds * 1000.0);
    sums_["cpu_ms"] += static_cast<std::uint64_t>(cpu_seconds * 1000.0);
}

std::string Figures::to_line() const {
    const nlohmann::json line{{"sums", sums_}, {"greatest", greatest_}, {"digest", digest_}};
    return line.dump();
}

Figures Figures::from_line(const std::string& line) {
    const nlohmann::json read = nlohmann::json::parse(line, nullptr, false);
    Figures out;
    if (read.is_object() && read.contains("sums") && read.contains("greatest") && read.contains("digest")) {
        read.at("sums").get_to(out.sums_);
        read.at("greatest").get_to(out.greatest_);
        read.at("digest").get_to(out.digest_);
    }
    return out;
}

std::string Figures::to_text() const {
    std::string out;
    const auto line = [&out](const std::string& name, const auto& value) {
        out += fmt::format("{:<26} {}\n", name, value);
    };
    for (const auto& [name, value] : sums_) {
        line(name, value);
    }
    for (const auto& [name, value] : greatest_) {
        line(name, value);
    }
    line("digest", fmt::format("{:016x}", digest_));
    if (of("cpu_ms") > 0) {
        line("times_real_time_per_core",
             fmt::format("{:.1f}", static_cast<double>(of("virtual_ms")) / static_cast<double>(of("cpu_ms"))));
    }
    return out;
}

}  // namespace probatum::sim
