#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "contracts/published.h"
#include "tools/commands.h"
#include "tools/plain_text.h"

namespace probatum::tools {

namespace {

using rpc::Json;

struct FixingOptions {
    SigningOptions signing;
    std::string index;
    std::string date;
    std::string rate;
};

struct ReadOptions {
    NetworkOptions network;
    Json query = Json::object();
    std::string name;
    std::string second;
    std::uint64_t version{0};
    bool exact{false};
};
using ReadPtr = std::shared_ptr<ReadOptions>;
using Query = Json (*)(const ReadOptions&);

Result<int> publish(Session& session, const FixingOptions& options) {
    PROBATUM_LET(date, CivilDate::parse(options.date));
    PROBATUM_LET(rate, contracts::Decimal::parse(options.rate));
    PROBATUM_LET(signer, open_signer(session, options.signing));
    return sign_and_submit(
        session, options.signing, signer,
        {.contract = {}, .body = contracts::PublishFixingBody{options.index, date, rate}, .side = {}});
}

struct Reading {
    const char* name;
    std::string_view english;
    std::string_view chinese;
    std::string_view example;
    std::string_view method;
    Query query;
};

CLI::App* add_reading(CLI::App& group, Commands& commands, const Reading& reading, const ReadPtr& options) {
    CLI::App* const command = commands.add(group, reading.name, reading.english, reading.chinese, reading.example);
    commands.add_network(*command, options->network);
    command->callback([&commands, options, reading] {
        commands.chosen = [&commands, options, reading]() -> Result<int> {
            PROBATUM_LET(client, connect(options->network));
            PROBATUM_LET(answer, commands.session.call(client, reading.method, reading.query(*options)));
            commands.session.result(answer, plain_text(answer));
            return kExitYes;
        };
    });
    return command;
}

Json everything(const ReadOptions&) { return Json::object(); }

Json with_version(Json query, const ReadOptions& options) {
    if (options.version != 0) {
        query["version"] = options.version;
    }
    return query;
}

void add_index(CLI::App& app, Commands& commands) {
    CLI::App* const group = commands.group(app, "index", "Indexes and their fixings", "指数与定价");
    const auto options = std::make_shared<FixingOptions>();
    CLI::App* const publishes =
        commands.add(*group, "publish", "Publish the next fixing of an index; by the publisher that the electors named",
                     "发布指数的下一期定价（由表决指定的发布机构签署）",
                     "probatum index publish LPR-1Y --date 2026-11-20 --rate 0.0345 --key publisher.key");
    publishes->add_option("index", options->index, commands.say("Its code", "指数代码"))->required();
    publishes->add_option("--date", options->date, commands.say("YYYY-MM-DD", "定价日期"))->required();
    publishes
        ->add_option("--rate", options->rate, commands.say("Per year: 0.0345 is 3.45 %", "年利率：0.0345 即 3.45%"))
        ->required();
    commands.add_signing(*publishes, options->signing);
    publishes->callback([&commands, options] {
        commands.chosen = [&commands, options] { return publish(commands.session, *options); };
    });
    add_reading(*group, commands,
                {"list", "The indexes and who publishes them", "指数及其发布机构", "probatum index list",
                 "published.indexes", everything},
                std::make_shared<ReadOptions>());
    const auto showing = std::make_shared<ReadOptions>();
    CLI::App* const shows = add_reading(*group, commands,
                                        {"show", "The last fixing on or before a day", "某日或之前最近一次定价",
                                         "probatum index show LPR-1Y --date 2026-11-25", "published.fixing",
                                         [](const ReadOptions& read) {
                                             Json query{{"index", read.name}, {"exact", read.exact}};
                                             if (!read.second.empty()) {
                                                 query["date"] = read.second;
                                             }
                                             return query;
                                         }},
                                        showing);
    shows->add_option("index", showing->name, commands.say("Its code", "指数代码"))->required();
    shows->add_option("--date", showing->second, commands.say("The latest if not given", "缺省为最近一次"));
    shows->add_flag("--exact", showing->exact, commands.say("Only that day's", "仅限该日"));
}

void add_calendar(CLI::App& app, Commands& commands) {
    CLI::App* const group = commands.group(app, "calendar", "Holidays and make-up working days", "节假日与调休日历");
    add_reading(*group, commands,
                {"list", "The calendars, each in its latest version", "日历列表（各取最新版本）",
                 "probatum calendar list", "published.calendars", everything},
                std::make_shared<ReadOptions>());
    const auto showing = std::make_shared<ReadOptions>();
    CLI::App* const shows = add_reading(
        *group, commands,
        {"show", "One version of a calendar with its digest", "日历的某一版本及其摘要", "probatum calendar show CN",
         "published.calendar", [](const ReadOptions& read) { return with_version({{"code", read.name}}, read); }},
        showing);
    shows->add_option("code", showing->name, commands.say("Of the calendar", "日历代码"))->required();
    shows->add_option("--version", showing->version, commands.say("The latest if not given", "缺省为最新版本"));
}

void add_template(CLI::App& app, Commands& commands) {
    CLI::App* const group =
        commands.group(app, "template", "Contract templates on record, with their digests", "已登记的合同模板及其摘要");
    add_reading(*group, commands,
                {"list", "The templates, each in its latest version", "模板列表（各取最新版本）",
                 "probatum template list", "published.templates", everything},
                std::make_shared<ReadOptions>());
    const auto showing = std::make_shared<ReadOptions>();
    CLI::App* const shows = add_reading(
        *group, commands,
        {"show", "One version of a template with the digests of its documents", "模板的某一版本及其文件摘要",
         "probatum template show loan-equal-instalment zh", "published.template",
         [](const ReadOptions& read) {
             return with_version({{"template", read.name}, {"language", read.second}}, read);
         }},
        showing);
    shows->add_option("template", showing->name, commands.say("Its name", "模板名称"))->required();
    shows->add_option("language", showing->second, "zh, en")->required();
    shows->add_option("--version", showing->version, commands.say("The latest if not given", "缺省为最新版本"));
}

}  // namespace

void add_published_commands(CLI::App& app, Commands& commands) {
    add_index(app, commands);
    add_calendar(app, commands);
    add_template(app, commands);
}

}  // namespace probatum::tools
