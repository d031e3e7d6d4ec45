#include "rpc/contract_view.h"

#include "base/text_encoding.h"
#include "contracts/actions.h"
#include "contracts/resolved.h"
#include "contracts/view.h"
#include "rpc/actions.h"
#include "rpc/claims_json.h"
#include "rpc/methods.h"
#include "rpc/views.h"

namespace probatum::rpc {

namespace {

using contracts::Mark;

/// A contract and the day as of which it is shown: that of the view's last block, under the contract's own offset.
struct Shown {
    Digest id;
    contracts::StoredContract stored;
    CivilDate date;

    [[nodiscard]] const contracts::ContractTerms& terms() const { return stored.contract.terms; }
    [[nodiscard]] const contracts::ContractState& state() const { return stored.contract.state; }
    [[nodiscard]] Json money(MinorAmount amount_minor) const { return format_amount(amount_minor, terms().currency()); }
};

Result<Shown> find(const evidence::Source& source, const Digest& id) {
    const SourceState state{source};
    auto stored = contracts::find_contract(state, id);
    if (!stored) {
        return fail(Errc::not_found, "contract", to_hex(id));
    }
    const CivilDate date = date_at(source.head().time, stored->contract.terms.utc_offset_minutes());
    return Shown{id, *std::move(stored), date};
}

Json parties_view(const std::vector<contracts::Party>& parties) {
    Json out = Json::array();
    for (const contracts::Party& party : parties) {
        out.push_back({{"organisation", party.organisation}, {"capacity", contracts::name(party.capacity)}});
    }
    return out;
}

Json brief(const Shown& shown) {
    return {{"contract", to_hex(shown.id)},
            {"type", contracts::name(shown.terms().kind())},
            {"status", contracts::name(shown.state().phase)},
            {"organisation", shown.terms().organisation},
            {"number", shown.terms().number},
            {"currency", shown.terms().currency().code()},
            {"parties", parties_view(contracts::parties_of(shown.terms(), shown.state().book))},
            {"event_count", shown.stored.head.events.frontier.size},
            {"refused_count", shown.stored.head.refusals.frontier.size}};
}

Json mark_view(const std::optional<Mark>& mark) {
    if (!mark) {
        return nullptr;
    }
    return {{"organisation", mark->organisation}, {"member", mark->member}, {"event", mark->sequence}};
}

Json totals_view(const Shown& shown, const contracts::Totals& totals) {
    return {{"claimed", shown.money(totals.claimed_minor)},
            {"acknowledged", shown.money(totals.acknowledged_minor)},
            {"objected", shown.money(totals.objected_minor)}};
}

Json summary_view(const Shown& shown) {
    const contracts::LoanSummary summary = contracts::summarise(shown.stored.contract, shown.date);
    Json out{{"as_of", shown.date.to_string()},
             {"limit", shown.money(summary.limit_minor)},
             {"disbursed", shown.money(summary.disbursed_minor)},
             {"undrawn", shown.money(summary.undrawn_minor)},
             {"principal_outstanding", shown.money(summary.principal_outstanding_minor)},
             {"principal_due", shown.money(summary.principal_due_minor)},
             {"interest_due", shown.money(summary.interest_due_minor)},
             {"suspense", shown.money(summary.suspense_minor)},
             {"overdue", summary.overdue},
             {"next_due", nullptr}};
    if (summary.next_due) {
        out["next_due"] = {{"due", summary.next_due->due.to_string()},
                           {"principal", shown.money(summary.next_due->principal_minor)},
                           {"interest", shown.money(summary.next_due->interest_minor)}};
    }
    return out;
}

Json plan_view(const Shown& shown) {
    Json out = Json::array();
    const auto paid = contracts::paid_rows(shown.stored.contract);
    for (std::size_t i = 0; i < paid.size(); ++i) {
        const contracts::DueRow& row = shown.terms().loan().rows[i];
        out.push_back({{"due", row.due.to_string()},
                       {"principal", shown.money(row.principal_minor)},
                       {"interest", shown.money(row.interest_minor)},
                       {"principal_paid", shown.money(paid[i].principal_minor)},
                       {"interest_paid", shown.money(paid[i].interest_minor)}});
    }
    return out;
}

Json accounts_view(const Shown& shown) {
    const contracts::Accounts accounts = contracts::advance(shown.terms(), shown.state(), shown.date).loan().accounts();
    Json out = Json::object();
    for (std::size_t i = 1; i <= contracts::kAccounts; ++i) {
        const auto account = static_cast<contracts::Account>(i);
        out[std::string{contracts::name(account)}] = shown.money(accounts.balance(account));
    }
    return out;
}

Json posting_view(const Shown& shown, std::uint64_t event, const contracts::Posting& posting) {
    Json out{{"event", event},
             {"kind", contracts::name(posting.kind)},
             {"organisation", posting.organisation},
             {"amount", shown.money(posting.amount_minor)},
             {"value_date", posting.value_date.to_string()},
             {"recorded", posting.recorded.to_string()},
             {"reference", posting.reference ? Json(to_hex(*posting.reference)) : Json()},
             {"status", contracts::name(posting.status)},
             {"answered_by", mark_view(posting.answered_by)}};
    if (posting.payee) {
        out["payee"] = *posting.payee;
        out["holder"] = posting.holder.value_or(*posting.payee);
    }
    if (contracts::is_repayment(posting.kind)) {
        out["allocation"] = Json::object();
        for (const book::Claim claim : book::kAllClaims) {
            out["allocation"][std::string{book::name(claim)}] = shown.money(posting.allocation.paid[claim]);
        }
        out["allocation"]["suspense"] = shown.money(posting.allocation.suspense_minor);
    }
    return out;
}

/// What the kind of contract has of its own.
void add_book(const Shown& shown, Json& out) {
    const contracts::KindBook& book = shown.state().book;
    if (const auto* receivable = std::get_if<contracts::ReceivableBook>(&book)) {
        out["receivable"] = view_of(*receivable, shown.terms().currency());
        out["payments"] = totals_view(shown, receivable->payments);
        out["set_offs"] = totals_view(shown, receivable->set_offs);
    } else if (const auto* voucher = std::get_if<contracts::VoucherBook>(&book)) {
        out["voucher"] = view_of(*voucher, shown.terms().currency());
        out["redemptions"] = totals_view(shown, voucher->redemptions);
    } else {
        out["summary"] = summary_view(shown);
        out["plan"] = plan_view(shown);
        out["accounts"] = accounts_view(shown);
        out["disbursements"] = totals_view(shown, shown.state().loan().disbursements);
        out["repayments"] = totals_view(shown, shown.state().loan().repayments);
    }
}

/// A contract with more postings than this is read event by event with contract.history.
constexpr std::uint64_t kShownPostings = 200;

Json postings_view(const evidence::Source& source, const Shown& shown) {
    Json out = Json::array();
    const SourceState state{source};
    const std::uint64_t events = shown.stored.head.events.frontier.size;
    const std::uint64_t first = events > kShownPostings ? events - kShownPostings : 0;
    for (std::uint64_t event = first; event < events; ++event) {
        if (const auto posting = contracts::find_posting(state, shown.id, event)) {
            out.push_back(posting_view(shown, event, *posting));
        }
    }
    return out;
}

}  // namespace

Result<Json> contract_brief(const evidence::Source& source, const Digest& contract) {
    PROBATUM_LET(shown, find(source, contract));
    return brief(shown);
}

Result<Json> contract_view(const evidence::Source& source, const Digest& contract) {
    PROBATUM_LET(shown, find(source, contract));
    Json out = brief(shown);
    out["terms"] = view_of(shown.terms().of_kind);
    out["terms_version"] = shown.state().terms_version;
    out["links"] = view_of(shown.terms().links);
    out["documents"] = Json::array();
    for (const contracts::Document& document : shown.terms().documents) {
        out["documents"].push_back(view_of(document));
    }
    out["registered_by"] = mark_view(shown.state().registrar);
    out["signatures"] = Json::array();
    for (const Mark& mark : shown.state().signatures) {
        out["signatures"].push_back(mark_view(mark));
    }
    out["required_signers"] = contracts::required_signers(shown.terms());
    out["approvals"] = {{"maker", mark_view(shown.state().maker)}, {"checker", mark_view(shown.state().checker)}};
    add_book(shown, out);
    out["postings"] = postings_view(source, shown);
    out["records"] = shown.state().records;
    out["event_log_root"] = to_hex(shown.stored.head.events.frontier.root());
    out["refusal_log_root"] = to_hex(shown.stored.head.refusals.frontier.root());
    out["height"] = source.head().height.raw();
    return out;
}

Result<Json> event_view(const evidence::Source& source, const ledger::EventLeaf& leaf) {
    PROBATUM_LET(transaction, source.transaction(leaf.transaction));
    PROBATUM_LET(action, contracts::decode_action(*transaction));
    PROBATUM_LET(resolved, contracts::decode_resolved(leaf.resolved));
    Json out = view_of(leaf);
    out["organisation"] = resolved.organisation;
    out["member"] = resolved.member;
    out["key_id"] = to_hex(transaction->header().key_id.digest);
    out["action"] = view_of(action);
    return out;
}

}  // namespace probatum::rpc
