#include "contracts/schedule/moment.h"

#include <chrono>

namespace probatum::schedule {

namespace {

/// Two digits at `at`, or -1.
int two_digits(std::string_view text, std::size_t at) {
    const auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
    return digit(at) && digit(at + 1) ? (text[at] - '0') * 10 + (text[at + 1] - '0') : -1;
}

std::string padded(std::int32_t value) { return value < 10 ? "0" + std::to_string(value) : std::to_string(value); }

}  // namespace

CivilDay civil(CivilDate date) {
    const std::chrono::year_month_day parts{std::chrono::sys_days{std::chrono::days{date.days()}}};
    return {int{parts.year()}, static_cast<int>(unsigned{parts.month()}), static_cast<int>(unsigned{parts.day()})};
}

CivilDate date_of(CivilDay day) {
    const auto parts = std::chrono::year{day.year} / day.month / day.day;
    return CivilDate{static_cast<std::int32_t>(std::chrono::sys_days{parts}.time_since_epoch().count())};
}

bool is_leap(int year) { return std::chrono::year{year}.is_leap(); }

int days_in_month(int year, int month) {
    const auto last = std::chrono::year{year} / month / std::chrono::last;
    return static_cast<int>(unsigned{last.day()});
}

bool is_last_of_month(CivilDate date) { return civil(plus_days(date, 1)).day == 1; }

int weekday(CivilDate date) {
    const std::chrono::weekday day{std::chrono::sys_days{std::chrono::days{date.days()}}};
    return static_cast<int>(day.iso_encoding()) - 1;
}

std::string Moment::to_string() const {
    return date.to_string() + "T" + padded(second_of_day / 3600) + ":" + padded(second_of_day / 60 % 60) + ":" +
           padded(second_of_day % 60);
}

std::optional<Moment> Moment::parse(std::string_view text) {
    const auto date = CivilDate::parse(text.substr(0, 10));
    if (!date) {
        return std::nullopt;
    }
    if (text.size() == 10) {
        return Moment{*date};
    }
    const bool with_seconds = text.size() == 19 && text[16] == ':';
    if (text[10] != 'T' || (text.size() != 16 && !with_seconds) || text[13] != ':') {
        return std::nullopt;
    }
    const int hour = two_digits(text, 11);
    const int minute = two_digits(text, 14);
    const int second = with_seconds ? two_digits(text, 17) : 0;
    if (hour == 24 && minute == 0 && second == 0) {
        return Moment{plus_days(*date, 1)};
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
        return std::nullopt;
    }
    return Moment{*date, hour * 3600 + minute * 60 + second};
}

}  // namespace probatum::schedule
