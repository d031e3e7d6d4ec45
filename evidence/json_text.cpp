#include "evidence/json_text.h"

#include <utility>

#include "base/check.h"

namespace probatum::evidence {

JsonText& JsonText::begin_object() { return begin('{'); }
JsonText& JsonText::end_object() { return end('}'); }
JsonText& JsonText::begin_array() { return begin('['); }
JsonText& JsonText::end_array() { return end(']'); }

JsonText& JsonText::begin(char bracket) {
    before_value();
    out_.push_back(bracket);
    levels_.push_back({});
    return *this;
}

JsonText& JsonText::end(char bracket) {
    PROBATUM_CHECK(!levels_.empty() && !after_key_, "brackets come in pairs");
    const bool has_elements = levels_.back().has_elements;
    levels_.pop_back();
    if (has_elements) {
        new_line();
    }
    out_.push_back(bracket);
    return *this;
}

JsonText& JsonText::key(std::string_view name) {
    text(name);
    out_ += ": ";
    after_key_ = true;
    return *this;
}

JsonText& JsonText::text(std::string_view value) {
    constexpr std::string_view kHex = "0123456789abcdef";
    before_value();
    out_.push_back('"');
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out_.push_back('\\');
            out_.push_back(c);
        } else if (byte < 0x20 || byte == 0x7f) {
            out_ += "\\u00";
            out_.push_back(kHex[byte >> 4U]);
            out_.push_back(kHex[byte & 0xfU]);
        } else {
            out_.push_back(c);
        }
    }
    out_.push_back('"');
    return *this;
}

JsonText& JsonText::number(std::int64_t value) {
    before_value();
    out_ += std::to_string(value);
    return *this;
}

JsonText& JsonText::number(std::uint64_t value) {
    before_value();
    out_ += std::to_string(value);
    return *this;
}

JsonText& JsonText::boolean(bool value) {
    before_value();
    out_ += value ? "true" : "false";
    return *this;
}

JsonText& JsonText::null() {
    before_value();
    out_ += "null";
    return *this;
}

std::string JsonText::take() {
    PROBATUM_CHECK(levels_.empty(), "brackets come in pairs");
    out_.push_back('\n');
    return std::move(out_);
}

void JsonText::before_value() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    if (levels_.empty()) {
        return;
    }
    if (levels_.back().has_elements) {
        out_.push_back(',');
    }
    levels_.back().has_elements = true;
    new_line();
}

void JsonText::new_line() {
    out_.push_back('\n');
    out_.append(2 * levels_.size(), ' ');
}

}  // namespace probatum::evidence
