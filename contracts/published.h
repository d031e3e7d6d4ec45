#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/civil_time.h"
#include "contracts/decimal.h"
#include "contracts/schedule/calendar.h"
#include "contracts/terms.h"
#include "ledger/state_view.h"

/// What the consortium publishes for all contracts: calendars, index fixings, templates. A version or a fixing that
/// stands never changes. Source: docs/spec/published.md. Threads: pure.
namespace probatum::contracts {

inline constexpr std::size_t kMaxCalendarDays = 1024;  ///< Holidays; make-up working days.

/// One version of a calendar. Its digest is the SHA-256 of its encoding, and that encoding is the state value, so that
/// a proof of the state is a proof of the digest.
struct PublishedCalendar {
    std::string code;          ///< "CN"
    std::uint64_t version{1};  ///< From 1.
    schedule::Calendar calendar;
    friend bool operator==(const PublishedCalendar&, const PublishedCalendar&) = default;
};
/// [code, version, weekend, [* holiday], [* make-up working day]]; weekend: Monday is bit 0, Sunday bit 6.
[[nodiscard]] Bytes encode(const PublishedCalendar& calendar);
[[nodiscard]] Result<PublishedCalendar> decode_calendar(ByteView bytes);
[[nodiscard]] Digest digest_of(const PublishedCalendar& calendar);

/// The latest version, or nothing.
[[nodiscard]] std::optional<PublishedCalendar> find_calendar(const ledger::StateView& state, std::string_view code);
[[nodiscard]] std::optional<PublishedCalendar> find_calendar(const ledger::StateView& state, std::string_view code,
                                                             std::uint64_t version);

/// What an index stood at on a day. Fixings of one index come in ascending order of their dates.
struct Fixing {
    std::string index;  ///< "LPR-1Y"
    CivilDate date;
    Decimal rate;              ///< Per year: 0.0345 is 3.45 %.
    std::string organisation;  ///< Who published it.
    std::string member;
    Height height;
    std::optional<CivilDate> previous{};  ///< The date of the fixing before.
    friend bool operator==(const Fixing&, const Fixing&) = default;
};
/// [index, date, rate, organisation, member, height, previous / null]
[[nodiscard]] Bytes encode(const Fixing& fixing);
[[nodiscard]] Result<Fixing> decode_fixing(ByteView bytes);

/// An index and who publishes it.
struct RateIndex {
    std::string publisher;              ///< Organisation id.
    std::optional<CivilDate> latest{};  ///< Of its fixings.
    std::uint64_t fixings{0};
    friend bool operator==(const RateIndex&, const RateIndex&) = default;
};
/// [publisher, latest / null, fixings]
[[nodiscard]] Bytes encode(const RateIndex& index);
[[nodiscard]] Result<RateIndex> decode_rate_index(ByteView bytes);

[[nodiscard]] std::optional<RateIndex> find_index(const ledger::StateView& state, std::string_view index);
/// The fixing of exactly this day.
[[nodiscard]] std::optional<Fixing> find_fixing(const ledger::StateView& state, std::string_view index, CivilDate date);
/// The last fixing on or before the day; nothing where more than `kMaxFixingSteps` are later: the cost stays bounded.
inline constexpr std::size_t kMaxFixingSteps = 64;
[[nodiscard]] std::optional<Fixing> find_fixing_before(const ledger::StateView& state, std::string_view index,
                                                       CivilDate date);

/// One version of a contract template: which documents it consists of.
struct ContractTemplate {
    std::string name;      ///< "loan-equal-instalment"
    std::string language;  ///< "zh", "en"
    std::uint64_t version{1};
    std::string title;
    std::vector<Document> documents;  ///< 1..16
    friend bool operator==(const ContractTemplate&, const ContractTemplate&) = default;
};
inline constexpr std::size_t kMaxTemplateDocuments = 16;
/// [name, language, version, title, [+ [digests, title, media type]]]
[[nodiscard]] Bytes encode(const ContractTemplate& item);
[[nodiscard]] Result<ContractTemplate> decode_template(ByteView bytes);
/// The latest version, or nothing.
struct TemplateName {
    std::string name;
    std::string language;
};
[[nodiscard]] std::optional<ContractTemplate> find_template(const ledger::StateView& state, const TemplateName& name);
[[nodiscard]] std::optional<ContractTemplate> find_template(const ledger::StateView& state, const TemplateName& name,
                                                            std::uint64_t version);

namespace codec {
void write_calendar(cbor::Writer& out, const schedule::Calendar& calendar);  ///< Three items of an open array.
[[nodiscard]] schedule::Calendar read_calendar(cbor::Reader& in);
/// "zh", "en-GB": 2..16 of a-z A-Z 0-9 -
[[nodiscard]] std::string read_language(cbor::Reader& in);
}  // namespace codec

}  // namespace probatum::contracts
