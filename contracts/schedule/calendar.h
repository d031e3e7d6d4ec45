#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contracts/schedule/moment.h"

namespace probatum::schedule {

/// Which days business is done on: data, never code. A make-up working day beats a holiday, a holiday beats the week.
struct Calendar {
    /// Monday first; true where the weekday is free.
    std::array<bool, 7> weekend{};
    std::vector<CivilDate> holidays{};      ///< Strictly ascending.
    std::vector<CivilDate> working_days{};  ///< Make-up working days, strictly ascending.

    [[nodiscard]] static Calendar every_day() { return {}; }
    [[nodiscard]] static Calendar monday_to_friday() {
        return {.weekend = {false, false, false, false, false, true, true}};
    }
    /// terms_invalid with `holidays`, `working_days` or `weekend` to blame: not ascending, or no working weekday.
    [[nodiscard]] Result<void> check() const;
    [[nodiscard]] bool is_business_day(CivilDate date) const;
    friend bool operator==(const Calendar&, const Calendar&) = default;
};

/// Where a date that is not a business day goes.
enum class Roll : std::uint8_t {
    none,                ///< It stays.
    following,           ///< The next business day.
    modified_following,  ///< The next business day; the one before where that is in another month.
    preceding,           ///< The business day before.
    modified_preceding   ///< The business day before; the next one where that is in another month.
};

/// A roll, and whether amounts are calculated for the rolled date or for the one before rolling.
struct BusinessDayConvention {
    Roll roll{Roll::none};
    bool calculate_first{false};

    /// "NOS", "NULL", "SCF", "SCMF", "CSF", "CSMF", "SCP", "SCMP", "CSP", "CSMP"; nullopt otherwise.
    [[nodiscard]] static std::optional<BusinessDayConvention> parse(std::string_view code);
    [[nodiscard]] std::string_view code() const;  ///< "NOS" where nothing rolls.
    friend bool operator==(const BusinessDayConvention&, const BusinessDayConvention&) = default;
};

/// A date of the schedule: when it happens, and the moment its amounts are calculated for.
struct ScheduledDate {
    Moment event;
    Moment calculation;
};

/// terms_invalid (calendar) where there is no business day within 60 days. Threads: pure.
[[nodiscard]] Result<ScheduledDate> rolled(Moment date, const Calendar& calendar, BusinessDayConvention convention);

}  // namespace probatum::schedule
