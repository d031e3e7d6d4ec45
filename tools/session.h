#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "base/result.h"
#include "rpc/client.h"
#include "rpc/json.h"

namespace probatum::tools {

enum class Language { english, chinese };
/// Chinese where LC_ALL, LC_MESSAGES or LANG (the first that is set) begins with "zh".
[[nodiscard]] Language language_of_locale();

/// What every command answers to the shell.
inline constexpr int kExitYes = 0;     ///< Done; the answer is yes.
inline constexpr int kExitNo = 1;      ///< Done; the answer is no: refused by a rule, not valid, not found.
inline constexpr int kExitFailed = 2;  ///< Could not be done: bad usage, unreadable file, no connection.

/// One run of the program: where words go and in which language. Results go to `out`, everything else to `err`.
class Session {
public:
    struct Streams {
        std::ostream& out;
        std::ostream& err;
        bool interactive{false};  ///< A person sits at the terminal and can be asked.
    };
    explicit Session(Streams streams) : streams_{streams} {}

    bool json{false};
    Language language{Language::english};

    [[nodiscard]] std::string_view say(std::string_view english, std::string_view chinese) const {
        return language == Language::chinese ? chinese : english;
    }
    [[nodiscard]] bool interactive() const { return streams_.interactive; }

    /// The result: with --json the object, otherwise the text for people.
    void result(const rpc::Json& machine, std::string_view people);
    /// A result that is already in the form asked for.
    void verbatim(std::string_view text);
    /// One line about what goes on; silent with --json.
    void note(std::string_view line);
    /// Asks at the terminal; true only for y, yes or 是. Precondition: interactive().
    [[nodiscard]] bool confirm(std::string_view question);

    /// Prints the numbered error with its remedy and gives the exit code: what the node answered in 1xx to 3xx or as
    /// not_found is a no, everything else could not be done.
    [[nodiscard]] int report(const Error& error);

    /// Calls a node and remembers that a refusal came from it.
    [[nodiscard]] Result<rpc::Json> call(rpc::Client& client, std::string_view method,
                                         rpc::Json params = rpc::Json::object());

private:
    Streams streams_;
    bool node_refused_{false};
};

}  // namespace probatum::tools
