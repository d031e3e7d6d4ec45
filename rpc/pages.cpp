#include "rpc/pages.h"

namespace probatum::rpc {

namespace {

constexpr std::size_t kMaxPage = 200;
constexpr std::size_t kDefaultPage = 50;

}  // namespace

Page read_page(Params& params) {
    Page out;
    if (params.has("cursor")) {
        out.after = params.uint("cursor", INT64_MAX);
    }
    (void)params.raw("cursor");
    out.limit = params.uint("limit", kMaxPage, kDefaultPage);
    return out;
}

std::vector<Parameter> page_parameters() {
    return {{"cursor", "next_cursor of the page before", false, schema::text("Opaque")},
            {"limit", "Items per page", false, schema::uint("Count", kMaxPage)}};
}

Json page_schema(Json item) {
    return schema::object({{"items", schema::list(std::move(item), "Newest first")},
                           {"next_cursor", schema::nullable(schema::text("Null: nothing follows"))},
                           {"count", schema::uint("How many there are in all")}});
}

}  // namespace probatum::rpc
