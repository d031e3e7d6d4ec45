// Every published case of ACTUS contracts: each event, its amount and the state after it, to 1e-8.
#include <gtest/gtest.h>

#include <iostream>

#include "tools/actus_json.h"
#include "tools/term_reader.h"
#include "vectors.h"

namespace probatum::schedule {
namespace {

/// A case that the rules do not give, because what was published is wrong. Each is run all the same: one that comes out
/// as published after all must leave this list.
struct WrongUpstream {
    std::string_view name;
    std::string_view why;
};
const std::vector<WrongUpstream> kWrongUpstream{};

const Rational& tolerance() {
    static const Rational kTolerance = *Rational::parse("1e-8");
    return kTolerance;
}

/// What differs between one event and its published result; empty if nothing does.
std::string difference(const ActusEvent& event, const rpc::Json& wanted) {
    const auto at = Moment::parse(wanted.at("eventDate").get<std::string>());
    if (!at || *at != event.at) {
        return "happens at " + event.at.to_string() + ", published " + wanted.at("eventDate").get<std::string>();
    }
    if (wanted.at("eventType") != name(event.type)) {
        return "is " + std::string{name(event.type)} + ", published " + wanted.at("eventType").get<std::string>();
    }
    struct Figure {
        const char* name;
        const Rational& value;
    };
    for (const Figure& figure : {Figure{"payoff", event.payoff}, Figure{"notionalPrincipal", event.notional},
                                 Figure{"nominalInterestRate", event.rate}, Figure{"accruedInterest", event.accrued}}) {
        const auto published = tools::read_number(wanted.at(figure.name));
        if (!published || (figure.value - *published).magnitude() > tolerance()) {
            return std::string{figure.name} + " " + figure.value.decimal(12) + ", published " +
                   wanted.at(figure.name).dump();
        }
    }
    return {};
}

std::string difference(const rpc::Json& object, const std::string& name) {
    const auto input = tools::read_actus_case(object, name);
    if (!input) {
        return input.error().to_string();
    }
    const auto events = actus_events(*input);
    if (!events) {
        return events.error().to_string();
    }
    const rpc::Json& results = object.at("results");
    for (std::size_t i = 0; i < std::min(events->size(), results.size()); ++i) {
        if (const std::string found = difference((*events)[i], results[i]); !found.empty()) {
            return "event " + std::to_string(i) + " of " + (*events)[i].at.to_string() + " " + found;
        }
    }
    return events->size() == results.size()
               ? ""
               : "has " + std::to_string(events->size()) + " events, published " + std::to_string(results.size());
}

TEST(ActusVectors, EveryPublishedEventIsTheEngines) {
    PROBATUM_REQUIRE_VECTORS("actus");
    std::size_t cases = 0;
    std::size_t events = 0;
    for (const auto& path : test::published_files("actus")) {
        const auto file = rpc::parse_json(test::read_text(path));
        ASSERT_TRUE(file) << path << ": " << file.error().to_string();
        for (const auto& [name, object] : file->items()) {
            ++cases;
            events += object.at("results").size();
            const std::string found = difference(object, name);
            const auto listed = std::ranges::find(kWrongUpstream, name, &WrongUpstream::name);
            if (listed == kWrongUpstream.end()) {
                EXPECT_EQ(found, "") << path.filename() << " " << name;
            } else {
                EXPECT_NE(found, "") << name << " comes out as published: take it off the list of wrong cases";
                std::cout << name << " is wrong as published: " << listed->why << "\n";
            }
        }
    }
    std::cout << cases << " cases, " << events << " events, " << kWrongUpstream.size() << " wrong as published\n";
    EXPECT_GT(cases, 0U);
}

}  // namespace
}  // namespace probatum::schedule
