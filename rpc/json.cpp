#include "rpc/json.h"

#include <optional>
#include <vector>

#include "base/bytes.h"

namespace probatum::rpc {

namespace {

/// Builds the value while the parser reads. The library's own builder keeps the last of two equal names and rounds long
/// numbers; both would let two readers of one request see different things.
class Builder final : public nlohmann::json_sax<Json> {
public:
    explicit Builder(JsonLimits limits) : limits_{limits} {}

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(std::int64_t value) override { return add(value); }
    bool number_unsigned(std::uint64_t value) override { return add(value); }
    bool number_float(double, const std::string& literal) override {
        return add(Json::binary(to_bytes(as_bytes(literal))));
    }
    bool string(std::string& value) override { return add(std::move(value)); }
    bool binary(Json::binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(Json::object()); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_array() override { return close(); }

    bool key(std::string& name) override {
        const auto [place, fresh] = open_.back()->get_ref<Json::object_t&>().emplace(name, nullptr);
        if (!fresh) {
            return refuse({Errc::malformed, name.substr(0, 128), "a name stands twice in one object"});
        }
        member_ = &place->second;
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        return refuse({Errc::malformed, {}, "not JSON at byte " + std::to_string(position)});
    }

    [[nodiscard]] const std::optional<Error>& error() const { return error_; }
    [[nodiscard]] Json take() { return std::move(root_); }

private:
    bool refuse(Error error) {
        if (!error_) {
            error_ = std::move(error);
        }
        return false;
    }

    Json* place(Json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        if (open_.back()->is_array()) {
            auto& array = open_.back()->get_ref<Json::array_t&>();
            array.push_back(std::move(value));
            return &array.back();
        }
        *member_ = std::move(value);
        return member_;
    }

    bool add(Json value) {
        place(std::move(value));
        return true;
    }

    bool open(Json value) {
        if (open_.size() >= limits_.depth) {
            return refuse({Errc::too_deep, {}, "nesting is limited to " + std::to_string(limits_.depth)});
        }
        open_.push_back(place(std::move(value)));
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    JsonLimits limits_;
    Json root_;
    Json* member_{nullptr};
    std::vector<Json*> open_;
    std::optional<Error> error_;
};

}  // namespace

Result<Json> parse_json(std::string_view text, JsonLimits limits) {
    Builder builder{limits};
    const bool whole = Json::sax_parse(text.begin(), text.end(), &builder);
    if (builder.error()) {
        return fail(*builder.error());
    }
    if (!whole) {
        return fail(Errc::malformed, {}, "not JSON");
    }
    return builder.take();
}

bool is_other_number(const Json& value) { return value.is_binary(); }

std::string number_text(const Json& value) {
    if (!is_other_number(value)) {
        return value.dump();
    }
    const auto& literal = value.get_binary();
    return {literal.begin(), literal.end()};
}

std::string to_text(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string to_pretty_text(const Json& value) { return value.dump(2, ' ', false, Json::error_handler_t::replace); }

}  // namespace probatum::rpc
