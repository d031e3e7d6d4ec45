#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "tools/sim/simulation.h"

namespace probatum::sim {

/// What the runs of many seeds were, added up: by name, so that a record of one day can be added to that of another.
class Figures {
public:
    void add(const Outcome& one);
    void add(const Figures& other);
    void add_time(double real_seconds, double cpu_seconds);

    [[nodiscard]] std::uint64_t seeds() const { return of("seeds"); }
    [[nodiscard]] std::uint64_t failed() const { return of("failed"); }
    /// One line of JSON.
    [[nodiscard]] std::string to_line() const;
    /// Nothing is added where the line is not one of ours.
    [[nodiscard]] static Figures from_line(const std::string& line);
    /// For people: one figure a line, with what follows from them.
    [[nodiscard]] std::string to_text() const;

private:
    [[nodiscard]] std::uint64_t of(const std::string& name) const;
    void raise(const std::string& name, std::uint64_t to);

    std::map<std::string, std::uint64_t> sums_;
    std::map<std::string, std::uint64_t> greatest_;
    std::uint64_t digest_{0};
};

}  // namespace probatum::sim
