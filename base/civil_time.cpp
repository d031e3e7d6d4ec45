#include "base/civil_time.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace probatum {

namespace {

constexpr std::int64_t kMsPerSecond = 1'000;
constexpr std::int64_t kMsPerMinute = 60 * kMsPerSecond;
constexpr std::int64_t kMsPerHour = 60 * kMsPerMinute;
constexpr std::int64_t kMsPerDay = 24 * kMsPerHour;
constexpr std::int64_t kDaysPerEra = 146'097;  ///< 400 Gregorian years.
constexpr std::int64_t kEpochFromMarch0000 = 719'468;

struct Ymd {
    std::int64_t year;
    int month;
    int day;
};

constexpr bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr int days_in_month(std::int64_t year, int month) {
    if (month == 2) {
        return is_leap(year) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

constexpr bool exists(Ymd date) {
    return date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

/// Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so the leap day comes last.
constexpr std::int64_t days_from_civil(Ymd date) {
    const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
    const std::int64_t era = floor_div(year, 400);
    const std::int64_t year_of_era = year - era * 400;
    const int month_from_march = (date.month + 9) % 12;
    const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * kDaysPerEra + day_of_era - kEpochFromMarch0000;
}

constexpr Ymd civil_from_days(std::int64_t days) {
    const std::int64_t shifted = days + kEpochFromMarch0000;
    const std::int64_t era = floor_div(shifted, kDaysPerEra);
    const std::int64_t day_of_era = shifted - era * kDaysPerEra;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const auto month_from_march = static_cast<int>((5 * day_of_year + 2) / 153);
    const auto day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    const int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

std::string padded(std::int64_t value, std::size_t width) {
    std::string digits = std::to_string(value);
    return digits.size() >= width ? digits : std::string(width - digits.size(), '0') + digits;
}

/// Years of more or fewer than four digits take a sign, as in ISO 8601's expanded form, so that no two dates look
/// alike.
std::string date_text(std::int64_t days) {
    const Ymd date = civil_from_days(days);
    std::string year = padded(date.year < 0 ? -date.year : date.year, 4);
    if (date.year < 0) {
        year.insert(0, "-");
    }
    if (date.year > 9'999) {
        year.insert(0, "+");
    }
    return year + "-" + padded(date.month, 2) + "-" + padded(date.day, 2);
}

/// Takes fixed pieces from the front of a text; the first mismatch spoils all that follows.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_{text} {}

    int digits(std::size_t count) {
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const char c = take();
            if (c < '0' || c > '9') {
                good_ = false;
            }
            value = value * 10 + (c - '0');
        }
        return good_ ? value : 0;
    }
    void literal(char expected) {
        if (take() != expected) {
            good_ = false;
        }
    }
    bool take_if(char c) {
        if (rest_.empty() || rest_.front() != c) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }
    [[nodiscard]] bool next_is_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
    [[nodiscard]] bool done() const { return good_ && rest_.empty(); }

private:
    char take() {
        if (rest_.empty()) {
            good_ = false;
            return '0';
        }
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }
    std::string_view rest_;
    bool good_{true};
};

Ymd scan_date(Scanner& scanner) {
    const int year = scanner.digits(4);
    scanner.literal('-');
    const int month = scanner.digits(2);
    scanner.literal('-');
    return {year, month, scanner.digits(2)};
}

/// Milliseconds after a point, one to three digits; 0 without one.
int scan_fraction(Scanner& scanner) {
    if (!scanner.take_if('.')) {
        return 0;
    }
    int value = scanner.digits(1) * 100;
    if (scanner.next_is_digit()) {
        value += scanner.digits(1) * 10;
    }
    if (scanner.next_is_digit()) {
        value += scanner.digits(1);
    }
    return value;
}

/// "Z" or "+08:00"; nullopt if out of range. What does not scan is left to done().
std::optional<std::int64_t> scan_offset_ms(Scanner& scanner) {
    if (scanner.take_if('Z')) {
        return 0;
    }
    const bool west = scanner.take_if('-');
    if (!west) {
        scanner.literal('+');
    }
    const int hours = scanner.digits(2);
    scanner.literal(':');
    const int minutes = scanner.digits(2);
    if (hours > 23 || minutes > 59) {
        return std::nullopt;
    }
    const std::int64_t offset_ms = hours * kMsPerHour + minutes * kMsPerMinute;
    return west ? -offset_ms : offset_ms;
}

}  // namespace

Result<CivilDate> CivilDate::from_ymd(int year, int month, int day) {
    const Ymd date{year, month, day};
    if (year < 1900 || year > 2400 || !exists(date)) {
        return fail(Errc::malformed, {}, "no such day");
    }
    return CivilDate{static_cast<std::int32_t>(days_from_civil(date))};
}

Result<CivilDate> CivilDate::parse(std::string_view iso8601) {
    Scanner scanner{iso8601};
    const Ymd date = scan_date(scanner);
    if (!scanner.done()) {
        return fail(Errc::malformed, {}, "expected a date like 2026-11-21");
    }
    return from_ymd(static_cast<int>(date.year), date.month, date.day);
}

std::string CivilDate::to_string() const { return date_text(days_); }

CivilDate date_at(UnixMs time, int utc_offset_minutes) {
    // An instant beyond what a date can count stays at the last day: foreign bytes can hold any number.
    constexpr std::int64_t kLastDay = std::numeric_limits<std::int32_t>::max();
    const auto day = static_cast<std::int64_t>(time.raw() / static_cast<std::uint64_t>(kMsPerDay));
    const auto ms_of_day = static_cast<std::int64_t>(time.raw() % static_cast<std::uint64_t>(kMsPerDay));
    const std::int64_t local_day = day + floor_div(ms_of_day + utc_offset_minutes * kMsPerMinute, kMsPerDay);
    return CivilDate{static_cast<std::int32_t>(std::min(local_day, kLastDay))};
}

std::string to_rfc3339(UnixMs time) {
    const auto day = static_cast<std::int64_t>(time.raw() / static_cast<std::uint64_t>(kMsPerDay));
    const auto ms = static_cast<std::int64_t>(time.raw() % static_cast<std::uint64_t>(kMsPerDay));
    return date_text(day) + "T" + padded(ms / kMsPerHour, 2) + ":" + padded(ms / kMsPerMinute % 60, 2) + ":" +
           padded(ms / kMsPerSecond % 60, 2) + "." + padded(ms % kMsPerSecond, 3) + "Z";
}

Result<UnixMs> parse_rfc3339(std::string_view text) {
    Scanner scanner{text};
    const Ymd date = scan_date(scanner);
    scanner.literal('T');
    const int hour = scanner.digits(2);
    scanner.literal(':');
    const int minute = scanner.digits(2);
    scanner.literal(':');
    const int second = scanner.digits(2);
    const int fraction_ms = scan_fraction(scanner);
    const std::optional<std::int64_t> offset_ms = scan_offset_ms(scanner);
    if (!scanner.done()) {
        return fail(Errc::malformed, {}, "expected a time like 2026-11-21T08:00:00.000Z");
    }
    if (!offset_ms || !exists(date) || hour > 23 || minute > 59 || second > 59) {
        return fail(Errc::malformed, {}, "no such time");
    }
    const std::int64_t ms = days_from_civil(date) * kMsPerDay + hour * kMsPerHour + minute * kMsPerMinute +
                            second * kMsPerSecond + fraction_ms - *offset_ms;
    if (ms < 0) {
        return fail(Errc::malformed, {}, "before 1970");
    }
    return UnixMs{static_cast<std::uint64_t>(ms)};
}

}  // namespace probatum
