#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "rpc/method.h"
#include "rpc/schemas.h"

/// Lists that the state numbers from 1, newest first, in pages. Threads: pure.
namespace probatum::rpc {

struct Page {
    std::optional<std::uint64_t> after;
    std::size_t limit{0};
};
[[nodiscard]] Page read_page(Params& params);
[[nodiscard]] std::vector<Parameter> page_parameters();
[[nodiscard]] Json page_schema(Json item);

/// `count` are there; `item` gives the one of a number.
template <class Item>
Json newest_first(const Page& asked, std::uint64_t count, Item item) {
    Json items = Json::array();
    std::uint64_t at = std::min(asked.after.value_or(count + 1), count + 1);
    while (at > 1 && items.size() < asked.limit) {
        items.push_back(item(--at));
    }
    Json next = at > 1 && !items.empty() ? Json(std::to_string(at)) : Json{};
    return {{"items", std::move(items)}, {"next_cursor", std::move(next)}, {"count", count}};
}

}  // namespace probatum::rpc
