#include "tools/term_reader.h"

#include <algorithm>
#include <array>

namespace probatum::tools {

namespace {

constexpr std::array<std::string_view, 7> kWeekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                    "friday", "saturday", "sunday"};

Result<std::vector<CivilDate>> read_dates(const rpc::Json& object, const std::string& path, const std::string& name) {
    std::vector<CivilDate> out;
    const auto found = object.find(name);
    if (found == object.end()) {
        return out;
    }
    for (const rpc::Json& entry : *found) {
        const auto date =
            entry.is_string() ? CivilDate::parse(entry.get<std::string>()) : Result<CivilDate>{fail(Errc::malformed)};
        if (!date) {
            return fail(Errc::malformed, path + "." + name, "a list of dates like \"2026-10-01\"");
        }
        out.push_back(*date);
    }
    return out;
}

}  // namespace

std::string_view without_blanks(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    return begin == std::string_view::npos ? std::string_view{}
                                           : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

Result<schedule::Rational> read_number(const rpc::Json& value) {
    if (value.is_string()) {
        return schedule::Rational::parse(without_blanks(value.get_ref<const std::string&>()));
    }
    if (value.is_number() || rpc::is_other_number(value)) {
        return schedule::Rational::parse(rpc::number_text(value));
    }
    return fail(Errc::malformed, {}, "a number is needed");
}

Result<schedule::Calendar> read_calendar(const rpc::Json& value, const std::string& path) {
    if (!value.is_object()) {
        return fail(Errc::malformed, path, "an object with weekend, holidays, working_days");
    }
    schedule::Calendar out;
    for (const rpc::Json& entry : value.value("weekend", rpc::Json::array())) {
        const auto* const day =
            entry.is_string() ? std::ranges::find(kWeekdays, entry.get<std::string>()) : kWeekdays.end();
        if (day == kWeekdays.end()) {
            return fail(Errc::malformed, path + ".weekend", "a list of weekdays like \"sunday\"");
        }
        out.weekend[static_cast<std::size_t>(day - kWeekdays.begin())] = true;
    }
    PROBATUM_LET(holidays, read_dates(value, path, "holidays"));
    PROBATUM_LET(working_days, read_dates(value, path, "working_days"));
    out.holidays = std::move(holidays);
    out.working_days = std::move(working_days);
    if (auto held = out.check(); !held) {
        return fail(held.error().code, path + "." + held.error().field, held.error().detail);
    }
    return out;
}

TermReader::TermReader(const rpc::Json& object, std::string path) : object_{object}, path_{std::move(path)} {
    if (!object.is_object()) {
        error_ = Error{Errc::malformed, path_, "an object of terms is needed"};
    }
}

std::string TermReader::path(std::string_view name) const {
    return path_.empty() ? std::string{name} : path_ + "." + std::string{name};
}

void TermReader::refuse(std::string_view name, Errc code, std::string why) {
    if (!error_) {
        error_ = Error{code, path(name), std::move(why)};
    }
}

void TermReader::ignore(std::span<const std::string_view> names) { known_.insert(names.begin(), names.end()); }

const rpc::Json* TermReader::raw(std::string_view name) {
    known_.emplace(name);
    if (error_) {
        return nullptr;
    }
    const auto found = object_.find(std::string{name});
    if (found == object_.end() || found->is_null()) {
        return nullptr;
    }
    const bool empty = found->is_string() && without_blanks(found->get_ref<const std::string&>()).empty();
    return empty ? nullptr : &*found;
}

bool TermReader::has(std::string_view name) { return raw(name) != nullptr; }

std::optional<std::string> TermReader::text(std::string_view name) {
    const rpc::Json* const value = raw(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_string()) {
        refuse(name, Errc::malformed, "a text is needed");
        return std::nullopt;
    }
    return std::string{without_blanks(value->get_ref<const std::string&>())};
}

std::optional<schedule::Rational> TermReader::number(std::string_view name) {
    const rpc::Json* const value = raw(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    auto out = read_number(*value);
    if (!out) {
        refuse(name, out.error().code, out.error().detail);
        return std::nullopt;
    }
    return *std::move(out);
}

std::optional<schedule::Moment> TermReader::moment(std::string_view name) {
    const auto given = text(name);
    const auto out = given ? schedule::Moment::parse(*given) : std::nullopt;
    if (given && !out) {
        refuse(name, Errc::malformed, "a moment like 2026-11-21 or 2026-11-21T00:00:00 is needed");
    }
    return out;
}

std::optional<CivilDate> TermReader::date(std::string_view name) {
    const auto given = text(name);
    if (!given) {
        return std::nullopt;
    }
    const auto out = CivilDate::parse(*given);
    if (!out) {
        refuse(name, Errc::malformed, "a date like 2026-11-21 is needed");
        return std::nullopt;
    }
    return *out;
}

std::optional<schedule::Cycle> TermReader::cycle(std::string_view name) {
    const auto given = text(name);
    const auto out = given ? schedule::Cycle::parse(*given) : std::nullopt;
    if (given && !out) {
        refuse(name, Errc::malformed, "a cycle like P1ML0 (long last stub) or P1ML1 (short) is needed");
    }
    return out;
}

std::optional<schedule::DayCount> TermReader::day_count(std::string_view name) {
    const auto given = text(name);
    const auto out = given ? schedule::day_count_from_name(*given) : std::nullopt;
    if (given && !out) {
        refuse(name, Errc::terms_invalid,
               "'" + *given + "' is none of A/360, A/365, A/A, 30E/360, 30E/360ISDA, 30/360US, 28E/336");
    }
    return out;
}

std::optional<schedule::BusinessDayConvention> TermReader::business_day(std::string_view name) {
    const auto given = text(name);
    const auto out = given ? schedule::BusinessDayConvention::parse(*given) : std::nullopt;
    if (given && !out) {
        refuse(name, Errc::terms_invalid,
               "'" + *given + "' is none of NOS, NULL, SCF, SCMF, CSF, CSMF, SCP, SCMP, CSP, CSMP");
    }
    return out;
}

std::optional<schedule::EndOfMonth> TermReader::end_of_month(std::string_view name) {
    using schedule::EndOfMonth;
    static constexpr std::array kWords{Word<EndOfMonth>{"SD", EndOfMonth::same_day},
                                       Word<EndOfMonth>{"EOM", EndOfMonth::end_of_month}};
    return word<EndOfMonth>(name, kWords);
}

Result<void> TermReader::finish() const {
    if (error_) {
        return fail(*error_);
    }
    for (const auto& [name, value] : object_.items()) {
        if (!known_.contains(name)) {
            return fail(Errc::terms_invalid, path(name.substr(0, 128)), "no term has this name");
        }
    }
    return {};
}

}  // namespace probatum::tools
