#include "tools/plain_text.h"

namespace probatum::tools {

namespace {

std::string value_text(const rpc::Json& value) {
    if (value.is_null()) {
        return "-";
    }
    return value.is_string() ? value.get<std::string>() : value.dump();
}

bool is_flat_list(const rpc::Json& value) {
    return value.is_array() && std::none_of(value.begin(), value.end(),
                                            [](const rpc::Json& item) { return item.is_object() || item.is_array(); });
}

std::string list_text(const rpc::Json& list) {
    std::string out;
    for (const rpc::Json& item : list) {
        out += (out.empty() ? "" : " ") + value_text(item);
    }
    return out.empty() ? "-" : out;
}

}  // namespace

std::string plain_text(const rpc::Json& object, std::size_t indent) {
    const std::string margin(indent, ' ');
    std::string out;
    for (const auto& [name, value] : object.items()) {
        if (value.is_object()) {
            out += margin + name + ":\n" + plain_text(value, indent + 2);
        } else if (is_flat_list(value)) {
            out += margin + name + ": " + list_text(value) + "\n";
        } else if (value.is_array()) {
            for (const rpc::Json& item : value) {
                out += margin + name + ":\n" + plain_text(item, indent + 2);
            }
        } else {
            out += margin + name + ": " + value_text(value) + "\n";
        }
    }
    return out;
}

}  // namespace probatum::tools
