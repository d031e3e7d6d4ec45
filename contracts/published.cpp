#include "contracts/published.h"

#include <algorithm>

#include "base/check.h"
#include "base/hash.h"
#include "contracts/codec.h"
#include "contracts/contract_terms.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {
namespace {

constexpr std::size_t kWeekdays = 7;
constexpr std::size_t kMinLanguageBytes = 2;
constexpr std::size_t kMaxLanguageBytes = 16;

template <class Value>
std::optional<Value> held(const std::optional<Bytes>& bytes, Result<Value> (*decode)(ByteView)) {
    if (!bytes) {
        return std::nullopt;
    }
    Result<Value> value = decode(*bytes);
    PROBATUM_CHECK(value.has_value(), "the state holds only what we wrote");
    return *std::move(value);
}

void write_days(cbor::Writer& out, const std::vector<CivilDate>& days) {
    out.array(days.size());
    for (const CivilDate day : days) {
        codec::write_date(out, day);
    }
}

std::vector<CivilDate> read_days(cbor::Reader& in, std::string_view field) {
    std::vector<CivilDate> out;
    const std::size_t count = codec::read_count(in, field, kMaxCalendarDays);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        const CivilDate day = codec::read_date(in);
        if (!out.empty() && day <= out.back()) {
            in.refuse(Errc::malformed, "days ascend and stand once each");
        }
        out.push_back(day);
    }
    in.leave();
    return out;
}

void write_optional_date(cbor::Writer& out, const std::optional<CivilDate>& date) {
    if (date) {
        codec::write_date(out, *date);
    } else {
        out.null();
    }
}

std::optional<CivilDate> read_optional_date(cbor::Reader& in, std::string_view field) {
    if (in.field(field).take_null()) {
        return std::nullopt;
    }
    return codec::read_date(in);
}

}  // namespace

void codec::write_calendar(cbor::Writer& out, const schedule::Calendar& calendar) {
    std::uint64_t weekend = 0;
    for (std::size_t day = 0; day < kWeekdays; ++day) {
        weekend |= calendar.weekend.at(day) ? 1ULL << day : 0;
    }
    write_days(out.uint(weekend), calendar.holidays);
    write_days(out, calendar.working_days);
}

schedule::Calendar codec::read_calendar(cbor::Reader& in) {
    schedule::Calendar out;
    const std::uint64_t weekend = in.field("weekend").uint_at_most((1U << kWeekdays) - 1);
    for (std::size_t day = 0; day < kWeekdays; ++day) {
        out.weekend.at(day) = (weekend >> day & 1U) != 0;
    }
    out.holidays = read_days(in, "holidays");
    out.working_days = read_days(in, "working_days");
    if (const Result<void> sound = out.check(); !in.failed() && !sound) {
        in.refuse(Errc::malformed, "a calendar has a working weekday");
    }
    return out;
}

std::string codec::read_language(cbor::Reader& in) {
    std::string text = read_code(in, "language");
    if (!in.failed() && (text.size() < kMinLanguageBytes || text.size() > kMaxLanguageBytes)) {
        in.refuse(Errc::malformed, "a tag of RFC 5646: zh, en-GB");
    }
    return text;
}

Bytes encode(const PublishedCalendar& calendar) {
    cbor::Writer out{64 + (calendar.calendar.holidays.size() + calendar.calendar.working_days.size()) * 8};
    out.array(5).text(calendar.code).uint(calendar.version);
    codec::write_calendar(out, calendar.calendar);
    return out.take();
}

Result<PublishedCalendar> decode_calendar(ByteView bytes) {
    cbor::Reader in{bytes};
    PublishedCalendar out;
    in.array_of(5);
    out.code = codec::read_code(in, "code");
    out.version = in.field("version").uint();
    out.calendar = codec::read_calendar(in);
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

Digest digest_of(const PublishedCalendar& calendar) { return sha256(encode(calendar)); }

std::optional<PublishedCalendar> find_calendar(const ledger::StateView& state, std::string_view code) {
    const std::uint64_t latest = codec::held_uint(state.get(state_keys::calendar_latest(code)));
    return latest == 0 ? std::nullopt : find_calendar(state, code, latest);
}

std::optional<PublishedCalendar> find_calendar(const ledger::StateView& state, std::string_view code,
                                               std::uint64_t version) {
    return held<PublishedCalendar>(state.get(state_keys::calendar(code, version)), decode_calendar);
}

Bytes encode(const Fixing& fixing) {
    cbor::Writer out{160};
    codec::write_date(out.array(7).text(fixing.index), fixing.date);
    codec::write_decimal(out, fixing.rate);
    out.text(fixing.organisation).text(fixing.member).uint(fixing.height.raw());
    write_optional_date(out, fixing.previous);
    return out.take();
}

Result<Fixing> decode_fixing(ByteView bytes) {
    cbor::Reader in{bytes};
    Fixing out;
    in.array_of(7);
    out.index = codec::read_code(in, "index");
    out.date = codec::read_date(in.field("date"));
    out.rate = codec::read_decimal(in, "rate");
    out.organisation = codec::read_text(in, {"organisation", kMaxNumberBytes});
    out.member = codec::read_text(in, {"member", kMaxNumberBytes});
    out.height = Height{in.field("height").uint()};
    out.previous = read_optional_date(in, "previous");
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

Bytes encode(const RateIndex& index) {
    cbor::Writer out{80};
    write_optional_date(out.array(3).text(index.publisher), index.latest);
    out.uint(index.fixings);
    return out.take();
}

Result<RateIndex> decode_rate_index(ByteView bytes) {
    cbor::Reader in{bytes};
    RateIndex out;
    in.array_of(3);
    out.publisher = codec::read_text(in, {"publisher", kMaxNumberBytes});
    out.latest = read_optional_date(in, "latest");
    out.fixings = in.field("fixings").uint();
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

std::optional<RateIndex> find_index(const ledger::StateView& state, std::string_view index) {
    return held<RateIndex>(state.get(state_keys::rate_index(index)), decode_rate_index);
}

std::optional<Fixing> find_fixing(const ledger::StateView& state, std::string_view index, CivilDate date) {
    return held<Fixing>(state.get(state_keys::fixing(index, date)), decode_fixing);
}

std::optional<Fixing> find_fixing_before(const ledger::StateView& state, std::string_view index, CivilDate date) {
    const std::optional<RateIndex> found = find_index(state, index);
    std::optional<CivilDate> at = found ? found->latest : std::nullopt;
    for (std::size_t step = 0; at && step <= kMaxFixingSteps; ++step) {
        std::optional<Fixing> fixing = find_fixing(state, index, *at);
        PROBATUM_CHECK(fixing.has_value(), "fixings are never removed");
        if (fixing->date <= date) {
            return fixing;
        }
        at = fixing->previous;
    }
    return std::nullopt;
}

Bytes encode(const ContractTemplate& item) {
    cbor::Writer out{256};
    out.array(5).text(item.name).text(item.language).uint(item.version).text(item.title);
    codec::write_documents(out, item.documents);
    return out.take();
}

Result<ContractTemplate> decode_template(ByteView bytes) {
    cbor::Reader in{bytes};
    ContractTemplate out;
    in.array_of(5);
    out.name = codec::read_code(in, "name");
    out.language = codec::read_language(in);
    out.version = in.field("version").uint();
    out.title = codec::read_text(in, {"title", kMaxTitleBytes});
    out.documents = codec::read_documents(in);
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

std::optional<ContractTemplate> find_template(const ledger::StateView& state, const TemplateName& name) {
    const std::uint64_t latest = codec::held_uint(state.get(state_keys::template_latest(name.name, name.language)));
    return latest == 0 ? std::nullopt : find_template(state, name, latest);
}

std::optional<ContractTemplate> find_template(const ledger::StateView& state, const TemplateName& name,
                                              std::uint64_t version) {
    return held<ContractTemplate>(state.get(state_keys::contract_template(name.name, name.language, version)),
                                  decode_template);
}

}  // namespace probatum::contracts
