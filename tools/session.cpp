#include "tools/session.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <ostream>

#include "rpc/dispatcher.h"

namespace probatum::tools {

Language language_of_locale() {
    for (const char* const name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* const value = std::getenv(name);
        if (value == nullptr || *value == '\0') {
            continue;
        }
        return std::string_view{value}.starts_with("zh") ? Language::chinese : Language::english;
    }
    return Language::english;
}

void Session::result(const rpc::Json& machine, std::string_view people) {
    streams_.out << (json ? rpc::to_pretty_text(machine) : std::string{people});
    if (json || (!people.empty() && people.back() != '\n')) {
        streams_.out << '\n';
    }
    streams_.out.flush();
}

void Session::verbatim(std::string_view text) { streams_.out << text << std::flush; }

void Session::note(std::string_view line) {
    if (!json) {
        streams_.err << line << std::endl;
    }
}

bool Session::confirm(std::string_view question) {
    streams_.err << question << " [y/N] " << std::flush;
    std::ifstream terminal{"/dev/tty"};
    std::string answer;
    std::getline(terminal, answer);
    return answer == "y" || answer == "Y" || answer == "yes" || answer == "是";
}

int Session::report(const Error& error) {
    const ErrorInfo& line = info(error.code);
    if (json) {
        streams_.err << rpc::to_pretty_text({{"error", rpc::error_data(error)}}) << std::endl;
    } else {
        std::string text = fmt::format("{} {} {}: {}\n", say("error", "错误"), error.number(), line.name,
                                       say(line.english, line.chinese));
        if (!error.field.empty()) {
            text += fmt::format("  {}: {}\n", say("field", "字段"), error.field);
        }
        if (!error.detail.empty()) {
            text += fmt::format("  {}: {}\n", say("detail", "详情"), error.detail);
        }
        text += fmt::format("  {}: {}\n", say("remedy", "处理办法"), say(line.remedy_english, line.remedy_chinese));
        streams_.err << text << std::flush;
    }
    const bool no = error.range() <= 300 || error.code == Errc::not_found;
    return node_refused_ && no ? kExitNo : kExitFailed;
}

Result<rpc::Json> Session::call(rpc::Client& client, std::string_view method, rpc::Json params) {
    auto answer = client.call(method, std::move(params));
    node_refused_ = !answer && answer.error().code != Errc::connection_failed;
    return answer;
}

}  // namespace probatum::tools
