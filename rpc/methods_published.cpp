#include "base/text_encoding.h"
#include "contracts/codec.h"
#include "contracts/published.h"
#include "contracts/state_keys.h"
#include "rpc/actions.h"
#include "rpc/methods.h"
#include "rpc/pages.h"
#include "rpc/registry_json.h"

namespace probatum::rpc {

namespace {

using namespace contracts;

struct Now {
    std::shared_ptr<const evidence::Source> source;
    SourceState state;
    explicit Now(const node::Service& service) : source{service.view()}, state{*source} {}
};

std::optional<std::uint64_t> read_version(Params& params) {
    const bool given = params.has("version");
    const std::uint64_t version = params.uint("version", INT64_MAX, 0);
    return given ? std::optional{version} : std::nullopt;
}

// --- Calendars -----------------------------------------------------------------------------------------------------

Json calendar_view(const PublishedCalendar& calendar) {
    Json out{{"code", calendar.code}, {"version", calendar.version}, {"digest", to_hex(digest_of(calendar))}};
    out.update(view_of(calendar.calendar));
    return out;
}

Json calendar_schema() {
    return schema::object({{"code", schema::text("")},
                           {"version", schema::uint("From 1")},
                           {"digest", schema::digest("As contracts resolve it")},
                           {"weekend", schema::list(schema::text("mon ... sun"))},
                           {"holidays", schema::list(schema::text("YYYY-MM-DD"))},
                           {"working_days", schema::list(schema::text("YYYY-MM-DD"), "Make-up working days")}});
}

struct CalendarAsked {
    std::string code;
    std::optional<std::uint64_t> version;
};

Result<Json> get_calendar(const node::Service& service, const CalendarAsked& asked) {
    const Now now{service};
    const auto found =
        asked.version ? find_calendar(now.state, asked.code, *asked.version) : find_calendar(now.state, asked.code);
    if (!found) {
        return fail(Errc::not_found, "code");
    }
    return calendar_view(*found);
}

Result<Json> list_calendars(const node::Service& service, const Page& asked) {
    const Now now{service};
    const std::uint64_t count = codec::held_uint(now.state.get(state_keys::calendar_count()));
    return newest_first(asked, count, [&](std::uint64_t number) {
        const std::string code = codec::held_text(now.state.get(state_keys::calendar_number(number))).value();
        return calendar_view(find_calendar(now.state, code).value());
    });
}

std::vector<Method> calendar_methods(node::Service& service) {
    return {{.name = "published.calendars",
             .summary_en = "The calendars of the consortium, each in its latest version, in pages",
             .summary_zh = "联盟日历（各取最新版本），分页列出",
             .parameters = page_parameters(),
             .result_name = "page",
             .result_schema = page_schema(calendar_schema()),
             .errors = {},
             .handler = answering(read_page, [&service](const Page& asked) { return list_calendars(service, asked); })},
            {.name = "published.calendar",
             .summary_en = "One version of a calendar with its digest",
             .summary_zh = "日历的某一版本及其摘要",
             .parameters = {{"code", "Of the calendar", true, schema::text("Code")},
                            {"version", "The latest if not given", false, schema::uint("Version")}},
             .result_name = "calendar",
             .result_schema = calendar_schema(),
             .errors = {Errc::not_found},
             .handler = answering(
                 [](Params& params) {
                     std::string code = params.text("code");
                     return CalendarAsked{std::move(code), read_version(params)};
                 },
                 [&service](const CalendarAsked& asked) { return get_calendar(service, asked); })}};
}

// --- Indexes and fixings -------------------------------------------------------------------------------------------

Json fixing_view(const Fixing& fixing) {
    Json out{{"index", fixing.index},
             {"date", fixing.date.to_string()},
             {"rate", fixing.rate.to_string()},
             {"organisation", fixing.organisation},
             {"member", fixing.member},
             {"height", fixing.height.raw()},
             {"previous", nullptr}};
    if (fixing.previous) {
        out["previous"] = fixing.previous->to_string();
    }
    return out;
}

Json fixing_schema() {
    return schema::object({{"index", schema::text("")},
                           {"date", schema::text("YYYY-MM-DD")},
                           {"rate", schema::text("Per year: 0.0345 is 3.45 %")},
                           {"organisation", schema::text("Who published it")},
                           {"member", schema::text("")},
                           {"height", schema::uint("")},
                           {"previous", schema::nullable(schema::text("The date of the fixing before"))}});
}

struct FixingAsked {
    std::string index;
    std::optional<CivilDate> date;
    bool exact{false};
};

Result<Json> get_fixing(const node::Service& service, const FixingAsked& asked) {
    const Now now{service};
    const std::optional<RateIndex> index = find_index(now.state, asked.index);
    if (!index) {
        return fail(Errc::index_unknown, "index");
    }
    const std::optional<CivilDate> date = asked.date ? asked.date : index->latest;
    const auto found = !date         ? std::nullopt
                       : asked.exact ? find_fixing(now.state, asked.index, *date)
                                     : find_fixing_before(now.state, asked.index, *date);
    if (!found) {
        return fail(Errc::not_found, "date");
    }
    return fixing_view(*found);
}

Result<Json> list_indexes(const node::Service& service, const Page& asked) {
    const Now now{service};
    const std::uint64_t count = codec::held_uint(now.state.get(state_keys::rate_index_count()));
    return newest_first(asked, count, [&](std::uint64_t number) {
        const std::string code = codec::held_text(now.state.get(state_keys::rate_index_number(number))).value();
        const RateIndex index = find_index(now.state, code).value();
        Json out{{"index", code}, {"publisher", index.publisher}, {"fixings", index.fixings}, {"latest", nullptr}};
        if (index.latest) {
            out["latest"] = index.latest->to_string();
        }
        return out;
    });
}

std::vector<Method> index_methods(node::Service& service) {
    return {{.name = "published.indexes",
             .summary_en = "The indexes of the consortium and who publishes them, in pages",
             .summary_zh = "联盟指数及其发布机构，分页列出",
             .parameters = page_parameters(),
             .result_name = "page",
             .result_schema = page_schema(schema::any("index, publisher, fixings, latest")),
             .errors = {},
             .handler = answering(read_page, [&service](const Page& asked) { return list_indexes(service, asked); })},
            {.name = "published.fixing",
             .summary_en = "A fixing of an index: the last one on or before a day, or exactly that day's",
             .summary_zh = "指数定价：某日或之前最近一次，或恰为该日",
             .parameters = {{"index", "Its code", true, schema::text("Code")},
                            {"date", "YYYY-MM-DD; the latest if not given", false, schema::text("Date")},
                            {"exact", "Only that day's; false if not given", false, schema::boolean("Exact")}},
             .result_name = "fixing",
             .result_schema = fixing_schema(),
             .errors = {Errc::index_unknown, Errc::not_found},
             .handler = answering(
                 [](Params& params) {
                     FixingAsked out{.index = params.text("index"), .date = {}, .exact = false};
                     out.date = params.optional_date("date");
                     out.exact = params.boolean("exact", false);
                     return out;
                 },
                 [&service](const FixingAsked& asked) { return get_fixing(service, asked); })}};
}

// --- Templates -----------------------------------------------------------------------------------------------------

Json template_view(const ContractTemplate& item) {
    Json out{{"template", item.name},
             {"language", item.language},
             {"version", item.version},
             {"title", item.title},
             {"documents", Json::array()}};
    for (const Document& document : item.documents) {
        out["documents"].push_back(view_of(document));
    }
    return out;
}

Json template_schema() {
    return schema::object({{"template", schema::text("Name")},
                           {"language", schema::text("")},
                           {"version", schema::uint("From 1")},
                           {"title", schema::text("")},
                           {"documents", schema::list(schema::any("digests, title, media_type"))}});
}

struct TemplateAsked {
    TemplateName name;
    std::optional<std::uint64_t> version;
};

Result<Json> get_template(const node::Service& service, const TemplateAsked& asked) {
    const Now now{service};
    const auto found =
        asked.version ? find_template(now.state, asked.name, *asked.version) : find_template(now.state, asked.name);
    if (!found) {
        return fail(Errc::not_found, "template");
    }
    return template_view(*found);
}

Result<Json> list_templates(const node::Service& service, const Page& asked) {
    const Now now{service};
    const std::uint64_t count = codec::held_uint(now.state.get(state_keys::template_count()));
    return newest_first(asked, count, [&](std::uint64_t number) {
        const Bytes named = now.state.get(state_keys::template_number(number)).value();
        cbor::Reader in{named};
        in.array_of(2);
        TemplateName name{std::string{in.text()}, {}};
        name.language = in.text();
        return template_view(find_template(now.state, name).value());
    });
}

std::vector<Method> template_methods(node::Service& service) {
    return {{.name = "published.templates",
             .summary_en = "The contract templates of the consortium, each in its latest version, in pages",
             .summary_zh = "联盟合同模板（各取最新版本），分页列出",
             .parameters = page_parameters(),
             .result_name = "page",
             .result_schema = page_schema(template_schema()),
             .errors = {},
             .handler = answering(read_page, [&service](const Page& asked) { return list_templates(service, asked); })},
            {.name = "published.template",
             .summary_en = "One version of a contract template with the digests of its documents",
             .summary_zh = "合同模板的某一版本及其文件摘要",
             .parameters = {{"template", "Its name", true, schema::text("Name")},
                            {"language", "zh, en", true, schema::text("Language")},
                            {"version", "The latest if not given", false, schema::uint("Version")}},
             .result_name = "template",
             .result_schema = template_schema(),
             .errors = {Errc::not_found},
             .handler = answering(
                 [](Params& params) {
                     TemplateName name{params.text("template"), {}};
                     name.language = params.text("language");
                     return TemplateAsked{std::move(name), read_version(params)};
                 },
                 [&service](const TemplateAsked& asked) { return get_template(service, asked); })}};
}

}  // namespace

std::vector<Method> published_methods(const Context& context) {
    std::vector<Method> out;
    for (auto* part : {&calendar_methods, &index_methods, &template_methods}) {
        std::vector<Method> more = part(context.service);
        out.insert(out.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
    return out;
}

}  // namespace probatum::rpc
