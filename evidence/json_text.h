#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace probatum::evidence {

/// Writes one JSON text (RFC 8259), indented by two blanks, keys in the order of the calls: the same calls, the same
/// bytes. The caller opens and closes in pairs.
class JsonText {
public:
    JsonText& begin_object();
    JsonText& end_object();
    JsonText& begin_array();
    JsonText& end_array();
    JsonText& key(std::string_view name);
    JsonText& text(std::string_view value);  ///< UTF-8; control characters are escaped.
    JsonText& number(std::int64_t value);
    JsonText& number(std::uint64_t value);
    JsonText& boolean(bool value);
    JsonText& null();

    JsonText& member(std::string_view name, std::string_view value) { return key(name).text(value); }
    JsonText& member(std::string_view name, std::uint64_t value) { return key(name).number(value); }

    [[nodiscard]] std::string take();  ///< With a newline at the end.

private:
    JsonText& begin(char bracket);
    JsonText& end(char bracket);
    void before_value();
    void new_line();

    struct Level {
        bool has_elements{false};
    };
    std::string out_;
    std::vector<Level> levels_;
    bool after_key_{false};
};

}  // namespace probatum::evidence
