// The second guard of the layering: reads the table of docs/architecture.md and checks every include in the tree.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Room {
    std::set<std::string> rooms;
    std::set<std::string> libraries;
    bool deterministic{false};
};

const fs::path kSource{PROBATUM_SOURCE_DIR};

std::string read(const fs::path& path) {
    std::ifstream in{path};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::set<std::string> quoted_names(const std::string& cell) {
    static const std::regex kName{"`([^`]+)`"};
    std::set<std::string> out;
    for (std::sregex_iterator it{cell.begin(), cell.end(), kName}, end; it != end; ++it) {
        out.insert((*it)[1]);
    }
    return out;
}

std::map<std::string, Room> table() {
    std::map<std::string, Room> rooms;
    std::istringstream lines{read(kSource / "docs/architecture.md")};
    static const std::regex kRow{R"(\| `([a-z0-9/]+)` \| ([^|]*)\| ([^|]*)\| (yes|no) \|)"};
    for (std::string line; std::getline(lines, line);) {
        if (std::smatch row; std::regex_match(line, row, kRow)) {
            rooms[row[1]] = Room{quoted_names(row[2]), quoted_names(row[3]), row[4] == "yes"};
        }
    }
    return rooms;
}

/// The room a path lies in: the longest room name that is a prefix of its folder.
std::string room_of(const std::string& relative, const std::map<std::string, Room>& rooms) {
    std::string best;
    for (const auto& [name, room] : rooms) {
        if (relative.starts_with(name + "/") && name.size() > best.size()) {
            best = name;
        }
    }
    return best;
}

std::vector<fs::path> sources_of_rooms(const std::map<std::string, Room>& rooms) {
    std::vector<fs::path> out;
    for (const auto& [name, room] : rooms) {
        if (name.find('/') != std::string::npos) {
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator{kSource / name}) {
            const auto extension = entry.path().extension();
            if (extension == ".h" || extension == ".cpp" || extension == ".def") {
                out.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(out);
    return out;
}

// Third-party prefixes that the table speaks of; standard headers have no slash or extension and are always allowed.
const std::vector<std::string> kLibraries{"boost/multiprecision",
                                          "boost/asio",
                                          "boost/beast",
                                          "boost",
                                          "cryptopp",
                                          "secp256k1",
                                          "tl",
                                          "leveldb",
                                          "openssl",
                                          "spdlog",
                                          "fmt",
                                          "toml++",
                                          "nlohmann",
                                          "CLI",
                                          "prometheus",
                                          "zstd",
                                          "pango",
                                          "cairo",
                                          "qpdf",
                                          "qrencode"};

std::string library_of(const std::string& include) {
    for (const auto& library : kLibraries) {
        if (include.starts_with(library + "/") || include.starts_with(library + ".h") ||
            include.starts_with(library + "_")) {
            return library;
        }
    }
    return {};
}

TEST(Layering, TableNamesEveryRoom) {
    const auto rooms = table();
    for (const char* room :
         {"base", "ledger", "ledger/store", "contracts", "consensus", "evidence", "node", "rpc", "tools"}) {
        EXPECT_TRUE(rooms.contains(room)) << room;
    }
}

TEST(Layering, EveryIncludePointsDown) {
    const auto rooms = table();
    static const std::regex kInclude{R"re(^\s*#\s*include\s+(["<])([^">]+)[">])re"};
    std::size_t seen = 0;
    for (const auto& path : sources_of_rooms(rooms)) {
        const auto relative = fs::relative(path, kSource).string();
        const auto room = room_of(relative, rooms);
        std::istringstream lines{read(path)};
        for (std::string line; std::getline(lines, line);) {
            std::smatch match;
            if (!std::regex_search(line, match, kInclude)) {
                continue;
            }
            ++seen;
            const std::string target = match[2];
            EXPECT_EQ(target.find(".."), std::string::npos) << relative << " includes " << target;
            if (match[1] == "\"") {
                const auto other = room_of(target, rooms);
                EXPECT_FALSE(other.empty()) << relative << " includes " << target << ", which lies in no room";
                EXPECT_TRUE(other == room || rooms.at(room).rooms.contains(other))
                    << relative << " includes " << target << ", but " << room << " may not use " << other;
            } else if (const auto library = library_of(target); !library.empty()) {
                EXPECT_TRUE(rooms.at(room).libraries.contains(library) || target.starts_with("tl/"))
                    << relative << " includes " << target << ", but " << room << " may not use " << library;
            }
        }
    }
    EXPECT_GT(seen, 50U) << "the scan found almost nothing: the test itself is broken";
}

TEST(Layering, DeterministicRoomsHaveNoClockRandomThreadOrFloat) {
    const auto rooms = table();
    static const std::regex kForbidden{
        R"re(\b(system_clock|steady_clock|random_device|mt19937\w*|std::thread|std::jthread|std::mutex|std::atomic|std::async|sleep_for|fopen|ifstream|ofstream|getenv|float|double)\b|\b(rand|time|clock)\(\s*(nullptr|NULL|0|\)))re"};
    for (const auto& path : sources_of_rooms(rooms)) {
        const auto relative = fs::relative(path, kSource).string();
        if (!rooms.at(room_of(relative, rooms)).deterministic) {
            continue;
        }
        std::istringstream lines{read(path)};
        std::size_t number = 0;
        for (std::string line; std::getline(lines, line);) {
            ++number;
            const auto code = line.substr(0, line.find("//"));
            static const std::regex kText{R"re("([^"\\]|\\.)*")re"};
            const auto bare = std::regex_replace(code, kText, "\"\"");
            EXPECT_FALSE(std::regex_search(bare, kForbidden)) << relative << ":" << number << ": " << line;
        }
    }
}

// Asio and Beast are parsed by three sources. A header of a source's own parts may hold them where no other source
// includes it, and no library may offer it to others.
TEST(Layering, HeavyHeadersLiveInAtMostThreeSourceFiles) {
    static const std::regex kInclude{"#include \"([^\"]+)\""};
    const auto rooms = table();
    std::set<std::string> heavy;
    std::multimap<std::string, std::string> included_by;
    for (const auto& path : sources_of_rooms(rooms)) {
        const auto relative = fs::relative(path, kSource).string();
        const auto text = read(path);
        if (text.find("#include <boost/asio") != std::string::npos ||
            text.find("#include <boost/beast") != std::string::npos) {
            heavy.insert(relative);
        }
        for (std::sregex_iterator found{text.begin(), text.end(), kInclude}, end; found != end; ++found) {
            included_by.emplace((*found)[1], relative);
        }
    }
    std::set<std::string> sources;
    std::vector<std::string> open{heavy.begin(), heavy.end()};
    std::set<std::string> seen;
    while (!open.empty()) {
        const std::string file = open.back();
        open.pop_back();
        if (!seen.insert(file).second) {
            continue;
        }
        if (file.ends_with(".cpp")) {
            sources.insert(file);
            continue;
        }
        for (auto [at, end] = included_by.equal_range(file); at != end; ++at) {
            EXPECT_EQ(fs::path{at->second}.parent_path(), fs::path{file}.parent_path()) << file;
            open.push_back(at->second);
        }
    }
    EXPECT_LE(sources.size(), 3U) << ::testing::PrintToString(sources);
    EXPECT_FALSE(sources.empty());
}

TEST(Layering, EveryRoomSaysWhatItIs) {
    for (const auto& [name, room] : table()) {
        EXPECT_TRUE(fs::exists(kSource / name / "README.md")) << name;
    }
}

}  // namespace
