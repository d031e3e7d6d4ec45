#include "rpc/params.h"

#include <algorithm>
#include <charconv>

#include "base/text_encoding.h"

namespace probatum::rpc {

namespace {

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, value);
    if (text.empty() || stop != end || problem != std::errc{}) {
        return std::nullopt;
    }
    return value;
}

std::string join(std::string_view path, std::string_view field) {
    if (path.empty()) {
        return std::string{field};
    }
    if (field.empty()) {
        return std::string{path};
    }
    std::string out{path};
    if (field.front() != '[') {
        out += '.';
    }
    return out.append(field);
}

}  // namespace

Result<Bytes> decode_bytes(std::string_view text) {
    const bool hexadecimal = std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
    return hexadecimal ? from_hex(text) : from_base64url(text);
}

Params::Params(Json object, std::string path) : object_(std::move(object)), path_{std::move(path)} {
    if (object_.is_null()) {
        object_ = Json::object();
    }
    if (!object_.is_object()) {
        refuse({}, {Errc::malformed, {}, "an object is needed"});
        object_ = Json::object();
    }
}

std::string Params::path_of(std::string_view name) const { return join(path_, name); }

void Params::refuse(std::string_view name, Error error) {
    if (error_) {
        return;
    }
    error.field = join(path_of(name), error.field);
    error_ = std::move(error);
}

bool Params::has(std::string_view name) const {
    const auto member = object_.find(name);
    return member != object_.end() && !member->is_null();
}

const Json* Params::find(std::string_view name) {
    known_.emplace_back(name);
    if (error_) {
        return nullptr;
    }
    const auto member = object_.find(name);
    return member == object_.end() || member->is_null() ? nullptr : &*member;
}

const Json* Params::demand(std::string_view name, std::string_view what) {
    const Json* const member = find(name);
    if (member == nullptr) {
        refuse(name, {Errc::malformed, {}, std::string{what} + " is needed"});
    }
    return member;
}

std::string Params::text(std::string_view name) {
    const Json* const member = demand(name, "a text");
    if (member == nullptr) {
        return {};
    }
    if (!member->is_string() || member->get_ref<const std::string&>().empty()) {
        refuse(name, {Errc::malformed, {}, "a text that is not empty is needed"});
        return {};
    }
    return member->get<std::string>();
}

std::optional<std::string> Params::optional_text(std::string_view name) {
    if (find(name) == nullptr) {
        return std::nullopt;
    }
    return text(name);
}

bool Params::boolean(std::string_view name, bool otherwise) {
    const Json* const member = find(name);
    if (member == nullptr) {
        return otherwise;
    }
    if (!member->is_boolean()) {
        refuse(name, {Errc::malformed, {}, "true or false is needed"});
        return otherwise;
    }
    return member->get<bool>();
}

std::uint64_t Params::uint(std::string_view name, std::uint64_t maximum) {
    const Json* const member = demand(name, "a whole number");
    if (member == nullptr) {
        return 0;
    }
    std::optional<std::uint64_t> value;
    if (member->is_number_unsigned() || (member->is_number_integer() && *member >= 0)) {
        value = member->get<std::uint64_t>();
    }
    // Readers that keep numbers as doubles send large ones as text.
    if (member->is_string()) {
        value = parse_decimal(member->get_ref<const std::string&>());
    }
    if (!value) {
        refuse(name, {Errc::malformed, {}, "a whole number from 0 is needed"});
        return 0;
    }
    if (*value > maximum) {
        refuse(name, {Errc::too_large, {}, "at most " + std::to_string(maximum)});
        return 0;
    }
    return *value;
}

std::uint64_t Params::uint(std::string_view name, std::uint64_t maximum, std::uint64_t otherwise) {
    return find(name) == nullptr ? otherwise : uint(name, maximum);
}

std::int64_t Params::integer(std::string_view name, std::int64_t minimum, std::int64_t maximum) {
    const Json* const member = demand(name, "a whole number");
    if (member == nullptr) {
        return 0;
    }
    const bool fits =
        member->is_number_integer() && (!member->is_number_unsigned() || member->get<std::uint64_t>() <= INT64_MAX);
    if (!fits || member->get<std::int64_t>() < minimum || member->get<std::int64_t>() > maximum) {
        refuse(name,
               {Errc::malformed,
                {},
                "a whole number from " + std::to_string(minimum) + " to " + std::to_string(maximum) + " is needed"});
        return 0;
    }
    return member->get<std::int64_t>();
}

Digest Params::digest(std::string_view name) {
    const std::string written = text(name);
    if (failed()) {
        return {};
    }
    return value(name, digest_from_hex(written), Digest{});
}

std::optional<Digest> Params::optional_digest(std::string_view name) {
    if (find(name) == nullptr) {
        return std::nullopt;
    }
    return digest(name);
}

Bytes Params::bytes(std::string_view name) {
    const std::string written = text(name);
    if (failed()) {
        return {};
    }
    return value(name, decode_bytes(written), Bytes{});
}

std::optional<Bytes> Params::optional_bytes(std::string_view name) {
    if (find(name) == nullptr) {
        return std::nullopt;
    }
    return bytes(name);
}

CivilDate Params::date(std::string_view name) {
    const std::string written = text(name);
    if (failed()) {
        return {};
    }
    return value(name, CivilDate::parse(written), CivilDate{});
}

std::optional<CivilDate> Params::optional_date(std::string_view name) {
    if (find(name) == nullptr) {
        return std::nullopt;
    }
    return date(name);
}

UnixMs Params::instant(std::string_view name) {
    const Json* const member = demand(name, "an instant");
    if (member == nullptr) {
        return {};
    }
    if (member->is_number_unsigned()) {
        return UnixMs{member->get<std::uint64_t>()};
    }
    const std::string written = text(name);
    if (failed()) {
        return {};
    }
    return value(name, parse_rfc3339(written), UnixMs{});
}

std::optional<UnixMs> Params::optional_instant(std::string_view name) {
    if (find(name) == nullptr) {
        return std::nullopt;
    }
    return instant(name);
}

Currency Params::currency(std::string_view name) {
    const Currency otherwise = *Currency::from_code("CNY");
    const std::string written = text(name);
    if (failed()) {
        return otherwise;
    }
    return value(name, Currency::from_code(written), otherwise);
}

MinorAmount Params::amount(std::string_view name, Currency currency) {
    const Json* const member = demand(name, "an amount");
    if (member == nullptr) {
        return 0;
    }
    if (!member->is_string()) {
        refuse(name,
               {Errc::malformed, {}, "an amount is a text such as \"100000.00\": JSON numbers get rounded on the way"});
        return 0;
    }
    return value(name, parse_amount(member->get_ref<const std::string&>(), currency), MinorAmount{0});
}

Params Params::object(std::string_view name) {
    const Json* const member = demand(name, "an object");
    return Params{member == nullptr ? Json::object() : *member, path_of(name)};
}

std::optional<Params> Params::optional_object(std::string_view name) {
    if (find(name) == nullptr) {
        return std::nullopt;
    }
    return object(name);
}

std::size_t Params::array(std::string_view name, std::size_t maximum) {
    const Json* const member = find(name);
    if (member == nullptr) {
        return 0;
    }
    if (!member->is_array()) {
        refuse(name, {Errc::malformed, {}, "a list is needed"});
        return 0;
    }
    if (member->size() > maximum) {
        refuse(name, {Errc::too_large, {}, "at most " + std::to_string(maximum) + " elements"});
        return 0;
    }
    return member->size();
}

Params Params::element(std::string_view name, std::size_t index) {
    const std::string path = path_of(name) + "[" + std::to_string(index) + "]";
    const auto member = object_.find(name);
    const bool there = member != object_.end() && member->is_array() && index < member->size();
    return Params{there ? (*member)[index] : Json::object(), path};
}

std::string Params::text_element(std::string_view name, std::size_t index) {
    const auto member = object_.find(name);
    const bool there =
        member != object_.end() && member->is_array() && index < member->size() && (*member)[index].is_string();
    if (!there) {
        refuse(std::string{name} + "[" + std::to_string(index) + "]", {Errc::malformed, {}, "a text is needed"});
        return {};
    }
    return (*member)[index].get<std::string>();
}

Json Params::raw(std::string_view name) {
    const Json* const member = find(name);
    return member == nullptr ? Json{} : *member;
}

void Params::take(Params& child) {
    if (error_) {
        return;
    }
    if (auto whole = child.finish(); !whole) {
        error_ = std::move(whole).error();
    }
}

Result<void> Params::finish() const {
    if (error_) {
        return fail(*error_);
    }
    for (const auto& [name, value] : object_.items()) {
        if (std::ranges::find(known_, name) == known_.end()) {
            return fail(Errc::malformed, path_of(name.substr(0, 128)), "this name is not known here");
        }
    }
    return {};
}

}  // namespace probatum::rpc
