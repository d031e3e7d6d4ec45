#include "tools/plan_json.h"

#include <array>

#include "tools/term_reader.h"

namespace probatum::tools {

namespace {

using namespace schedule;

constexpr std::array kShapes{Word<PlanShape>{"bullet", PlanShape::bullet},
                             Word<PlanShape>{"interest-only", PlanShape::interest_only},
                             Word<PlanShape>{"equal-principal", PlanShape::equal_principal},
                             Word<PlanShape>{"equal-instalment", PlanShape::equal_instalment},
                             Word<PlanShape>{"explicit", PlanShape::explicit_rows},
                             Word<PlanShape>{"fixed-payment", PlanShape::fixed_payment}};
constexpr std::array kRoundings{Word<Rounding>{"half-up", Rounding::half_up},
                                Word<Rounding>{"half-even", Rounding::half_even}};
constexpr std::array kFeeKinds{Word<PlanFeeKind>{"at-start", PlanFeeKind::at_start},
                               Word<PlanFeeKind>{"each-due-date", PlanFeeKind::each_due_date},
                               Word<PlanFeeKind>{"yearly-on-balance", PlanFeeKind::yearly_on_balance},
                               Word<PlanFeeKind>{"share-at-start", PlanFeeKind::share_at_start}};
constexpr std::array kChoices{Word<PrepaymentChoice>{"shorten-term", PrepaymentChoice::shorten_term},
                              Word<PrepaymentChoice>{"reduce-instalment", PrepaymentChoice::reduce_instalment}};
constexpr std::array kPrepaymentFees{Word<PrepaymentFeeKind>{"none", PrepaymentFeeKind::none},
                                     Word<PrepaymentFeeKind>{"fixed", PrepaymentFeeKind::fixed},
                                     Word<PrepaymentFeeKind>{"relative", PrepaymentFeeKind::relative},
                                     Word<PrepaymentFeeKind>{"differential", PrepaymentFeeKind::differential}};

/// Amounts are texts in the currency's own decimals, as everywhere in the programs.
std::optional<MinorAmount> amount(TermReader& in, std::string_view name, Currency currency) {
    const auto text = in.text(name);
    if (!text) {
        return std::nullopt;
    }
    const auto out = parse_amount(*text, currency);
    if (!out) {
        in.refuse(name, out.error().code, "an amount like 1000.00 in the currency's decimals");
        return std::nullopt;
    }
    return *out;
}

/// Reads each entry of a list with a reader of its own.
template <class Value, class Read>
Result<std::vector<Value>> list_of(TermReader& in, std::string_view name, Read read) {
    std::vector<Value> out;
    const rpc::Json* const list = in.raw(name);
    if (list == nullptr) {
        return out;
    }
    if (!list->is_array()) {
        return fail(Errc::malformed, in.path(name), "a list is needed");
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
        TermReader entry{(*list)[i], in.path(name) + "[" + std::to_string(i) + "]"};
        out.push_back(read(entry));
        PROBATUM_TRY(entry.finish());
    }
    return out;
}

PlanFee read_fee(TermReader& in, Currency currency) {
    PlanFee out;
    out.kind = in.need(in.word<PlanFeeKind>("kind", kFeeKinds), "kind");
    const bool by_rate = out.kind == PlanFeeKind::yearly_on_balance || out.kind == PlanFeeKind::share_at_start;
    if (by_rate) {
        out.rate = in.need(in.number("rate"), "rate");
    } else {
        out.amount_minor = in.need(amount(in, "amount", currency), "amount");
    }
    return out;
}

Result<PrepaymentFee> read_prepayment_fee(const rpc::Json& value, const std::string& path, Currency currency) {
    TermReader in{value, path};
    PrepaymentFee out;
    out.kind = in.need(in.word<PrepaymentFeeKind>("kind", kPrepaymentFees), "kind");
    if (out.kind == PrepaymentFeeKind::fixed) {
        out.amount_minor = in.need(amount(in, "amount", currency), "amount");
    } else if (out.kind != PrepaymentFeeKind::none) {
        out.rate = in.need(in.number("rate"), "rate");
    }
    PROBATUM_TRY(in.finish());
    return out;
}

Prepayment read_prepayment(TermReader& in, Currency currency) {
    Prepayment out;
    out.date = in.need(in.date("date"), "date");
    out.principal_minor = in.need(amount(in, "principal", currency), "principal");
    out.choice = in.need(in.word<PrepaymentChoice>("choice", kChoices), "choice");
    if (const rpc::Json* const fee = in.raw("fee")) {
        auto read = read_prepayment_fee(*fee, "fee", currency);
        if (!read) {
            in.refuse(read.error().field, read.error().code, read.error().detail);
        }
        out.fee = std::move(read).value_or(PrepaymentFee{});
    }
    return out;
}

ExplicitRow read_row(TermReader& in, Currency currency) {
    ExplicitRow out;
    out.due = in.need(in.date("due"), "due");
    out.principal_minor = in.need(amount(in, "principal", currency), "principal");
    out.interest_minor = in.need(amount(in, "interest", currency), "interest");
    return out;
}

void read_shape(TermReader& in, PlanTerms& out) {
    out.start = in.need(in.date("start"), "start");
    out.maturity = in.need(in.date("maturity"), "maturity");
    out.rate = in.need(in.number("rate"), "rate");
    out.day_count = in.need(in.day_count("day_count"), "day_count");
    const auto cycle = in.cycle("cycle");
    out.cycle = out.shape == PlanShape::bullet ? cycle.value_or(Cycle{}) : in.need(cycle, "cycle");
    out.first_due = in.date("first_due");
    out.capitalise_until = in.date("capitalise_until");
    out.end_of_month = in.end_of_month("end_of_month").value_or(EndOfMonth::same_day);
    out.business_day = in.business_day("business_day").value_or(BusinessDayConvention{});
    if (const rpc::Json* const given = in.raw("calendar")) {
        auto calendar = read_calendar(*given, "calendar");
        if (!calendar) {
            in.refuse(calendar.error().field, calendar.error().code, calendar.error().detail);
        }
        out.calendar = std::move(calendar).value_or(Calendar{});
    }
}

Result<Currency> read_currency(TermReader& in) {
    const std::string code = in.need(in.text("currency"), "currency");
    auto out = Currency::from_code(code);
    if (!out) {
        return fail(out.error().code, in.path("currency"), "an ISO 4217 code like CNY is needed");
    }
    return out;
}

/// A loan as it is registered: its rows are the plan.
Result<PlanFile> read_loan(const rpc::Json& terms) {
    TermReader in{terms, "terms"};
    PROBATUM_LET(currency, read_currency(in));
    PlanTerms out;
    out.shape = PlanShape::explicit_rows;
    out.principal_minor = in.need(amount(in, "principal", currency), "principal");
    out.start = in.need(in.date("contract_date"), "contract_date");
    PROBATUM_LET(rows, list_of<ExplicitRow>(in, "rows", [&](TermReader& row) { return read_row(row, currency); }));
    out.rows = std::move(rows);
    in.ignore(std::to_array<std::string_view>({"utc_offset_minutes", "allocation", "max_back_value_days"}));
    PROBATUM_TRY(in.finish());
    return PlanFile{currency, std::move(out)};
}

bool is_loan(const rpc::Json& file) {
    return file.is_object() && file.contains("terms") && file.at("terms").is_object() &&
           file.at("terms").contains("rows");
}

}  // namespace

bool is_plan(const rpc::Json& file) { return (file.is_object() && file.contains("shape")) || is_loan(file); }

Result<PlanFile> read_plan(const rpc::Json& file) {
    if (is_loan(file)) {
        return read_loan(file.at("terms"));
    }
    TermReader in{file, ""};
    PROBATUM_LET(currency, read_currency(in));
    PlanTerms out;
    out.shape = in.need(in.word<PlanShape>("shape", kShapes), "shape");
    out.principal_minor = in.need(amount(in, "principal", currency), "principal");
    out.rounding = in.word<Rounding>("rounding", kRoundings).value_or(Rounding::half_up);
    if (out.shape == PlanShape::explicit_rows) {
        out.start = in.need(in.date("start"), "start");
    } else {
        read_shape(in, out);
        out.balloon_minor = amount(in, "balloon", currency).value_or(0);
        if (out.shape == PlanShape::fixed_payment) {
            out.payment_minor = in.need(amount(in, "payment", currency), "payment");
        }
        PROBATUM_LET(fees, list_of<PlanFee>(in, "fees", [&](TermReader& fee) { return read_fee(fee, currency); }));
        out.fees = std::move(fees);
    }
    PROBATUM_LET(prepayments, list_of<Prepayment>(in, "prepayments",
                                                  [&](TermReader& one) { return read_prepayment(one, currency); }));
    out.prepayments = std::move(prepayments);
    if (out.shape == PlanShape::explicit_rows) {
        PROBATUM_LET(rows, list_of<ExplicitRow>(in, "rows", [&](TermReader& row) { return read_row(row, currency); }));
        out.rows = std::move(rows);
    }
    PROBATUM_TRY(in.finish());
    return PlanFile{currency, std::move(out)};
}

ScheduleTable plan_table(const std::vector<PlanRow>& rows, Currency currency, bool chinese) {
    const auto title = [&](const char* english, const char* local) { return std::string{chinese ? local : english}; };
    const auto kind = [&](PlanRowKind of) {
        constexpr std::array<const char*, 4> kChinese{"费用", "转本", "还款", "提前还款"};
        return chinese ? std::string{kChinese[static_cast<std::size_t>(of) - 1]} : std::string{name(of)};
    };
    ScheduleTable out;
    out.columns = {{"due", title("due", "日期")},
                   {"kind", title("kind", "事项")},
                   {"principal", title("principal", "本金"), true},
                   {"interest", title("interest", "利息"), true},
                   {"fee", title("fee", "费用"), true},
                   {"total", title("total", "合计"), true},
                   {"capitalised", title("capitalised", "转入本金"), true},
                   {"outstanding", title("outstanding", "剩余本金"), true}};
    for (const PlanRow& row : rows) {
        const auto money = [&](MinorAmount minor) { return format_amount(minor, currency); };
        out.rows.push_back({row.due.to_string(), kind(row.kind), money(row.principal_minor), money(row.interest_minor),
                            money(row.fee_minor), money(row.total_minor()), money(row.capitalised_minor),
                            money(row.outstanding_minor)});
    }
    return out;
}

}  // namespace probatum::tools
