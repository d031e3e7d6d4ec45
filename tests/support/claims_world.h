#pragma once

#include "contracts_world.h"

/// A small supply chain in memory: who owes (core-a), who delivered (supplier-b, supplier-c), who finances (bank-d,
/// factor-e) and who moves the money (bank-s).
namespace probatum::test {

inline contracts::Genesis claims_genesis() {
    using contracts::Role;
    contracts::Genesis genesis = sample_genesis();
    genesis.organisations = {{"core-a", "甲集团", ""},     {"supplier-b", "乙公司", ""}, {"supplier-c", "丙公司", ""},
                             {"bank-d", "丁银行", ""},     {"factor-e", "戊保理", ""},   {"bank-s", "结算银行", ""},
                             {"guarantor-g", "庚担保", ""}};
    genesis.members = {
        member("core-a", "cfo", {Role::core_enterprise}),      member("supplier-b", "cfo", {Role::borrower}),
        member("supplier-c", "cfo", {Role::borrower}),         member("bank-d", "maker", {Role::lender_maker}),
        member("bank-d", "checker", {Role::lender_checker}),   member("factor-e", "maker", {Role::lender_maker}),
        member("factor-e", "checker", {Role::lender_checker}), member("bank-s", "settler", {Role::settlement_bank}),
        member("guarantor-g", "cfo", {Role::guarantor}),       member("core-a", "operator", {Role::validator_operator}),
    };
    genesis.validators.clear();
    for (const char* const organisation : {"core-a", "supplier-b", "bank-d", "factor-e"}) {
        genesis.validators.push_back({organisation, key_of(std::string{"validator "} + organisation).public_key()});
    }
    return genesis;
}

inline contracts::Document sample_paper(std::string_view name) {
    return {contracts::digests_of(as_bytes(name)), std::string{name}, "application/pdf"};
}

/// 100.00 CNY for two invoices of 60.00 and 40.00, due 2027-03-01.
inline contracts::RegisterBody sample_receivable(contracts::NoticeRule notice = contracts::NoticeRule::record) {
    using contracts::Capacity;
    return {.number = "YS-2026-0001",
            .parties = {{"supplier-b", Capacity::creditor},
                        {"core-a", Capacity::debtor},
                        {"bank-s", Capacity::settlement_bank}},
            .terms =
                contracts::ReceivableTerms{
                    .currency = cny(),
                    .amount_minor = 10'000,
                    .contract_date = day("2026-11-10"),
                    .due = day("2027-03-01"),
                    .invoices = {{"INV-1", contracts::digests_of(as_bytes("invoice 1")), 6'000, day("2026-11-01")},
                                 {"INV-2", contracts::digests_of(as_bytes("invoice 2")), 4'000, day("2026-11-05")}},
                    .notice = notice,
                    .basis = {"Civil Code arts 545-549, 761-769"}},
            .documents = {sample_paper("the supply contract")}};
}

/// 100.00 CNY, issued 2026-11-18, due 2027-05-18; a piece may change hands three times.
inline contracts::RegisterBody sample_voucher() {
    using contracts::Capacity;
    return {.number = "PZ-2026-0001",
            .parties = {{"core-a", Capacity::debtor},
                        {"supplier-b", Capacity::creditor},
                        {"bank-s", Capacity::settlement_bank}},
            .terms = contracts::VoucherTerms{.currency = cny(),
                                             .amount_minor = 10'000,
                                             .contract_date = day("2026-11-18"),
                                             .due = day("2027-05-18"),
                                             .max_level = 3},
            .documents = {sample_paper("the voucher")}};
}

/// A world with one claim, registered by `registrar`.
class ClaimWorld : public World {
public:
    explicit ClaimWorld(contracts::RegisterBody body, std::string who = "supplier-b/cfo",
                        const contracts::Genesis& first = claims_genesis())
        : World{first},
          claim{std::move(body)},
          registrar{std::move(who)},
          id{contracts::contract_id({.chain_id = chain_id,
                                     .organisation = registrar.substr(0, registrar.find('/')),
                                     .number = claim.number})} {}

    contracts::Action on(contracts::ActionBody body) const { return {.contract = id, .body = std::move(body)}; }
    contracts::Execution act(std::string_view who, contracts::ActionBody body) { return run(who, on(std::move(body))); }
    /// Demands that it is accepted.
    void must(std::string_view who, contracts::ActionBody body) {
        const contracts::Execution done = act(who, std::move(body));
        ASSERT_TRUE(done.outcome.accepted()) << who << " " << done.outcome.code << " " << done.outcome.field;
    }
    void registered() {
        const contracts::Execution done = run(registrar, {.body = claim});
        ASSERT_TRUE(done.outcome.accepted()) << done.outcome.code << " " << done.outcome.field;
    }
    /// The voucher is issued and in the hands of supplier-b.
    void issued() {
        registered();
        must("core-a/cfo", contracts::IssueBody{});
        must("supplier-b/cfo", contracts::AcceptPieceBody{.piece = 1});
    }

    contracts::AssignBody assignment(std::string to, MinorAmount amount_minor, std::uint64_t part = 1) const {
        return {.currency = cny(),
                .part = part,
                .assignee = std::move(to),
                .amount_minor = amount_minor,
                .document = sha256(as_bytes("the agreement"))};
    }
    /// Of today, at the settlement bank, under a fresh reference.
    contracts::Payment payment(MinorAmount amount_minor, std::string_view value_date = {}) {
        return {.amount_minor = amount_minor,
                .currency = cny(),
                .value_date = value_date.empty() ? date_at(time, 480) : day(value_date),
                .bank = "bank-s",
                .bank_reference = "REF-" + std::to_string(references_++)};
    }
    contracts::PayClaimBody pays(MinorAmount amount_minor, std::string payee, std::uint64_t part = 1,
                                 std::string_view value_date = {}) {
        return {payment(amount_minor, value_date), part, std::move(payee)};
    }
    contracts::RedeemBody redeems(std::uint64_t piece, MinorAmount amount_minor, std::string_view value_date = {}) {
        return {payment(amount_minor, value_date), piece};
    }
    contracts::SplitBody splits(std::uint64_t piece, std::vector<MinorAmount> amounts) const {
        return {.currency = cny(), .piece = piece, .amounts_minor = std::move(amounts)};
    }

    contracts::StoredContract stored() const { return contracts::find_contract(state, id).value(); }
    contracts::ContractState standing() const { return stored().contract.state; }
    contracts::ReceivableBook receivable() const { return standing().receivable(); }
    contracts::VoucherBook voucher() const { return standing().voucher(); }
    void sleep_until(std::string_view date) {
        time = UnixMs{static_cast<std::uint64_t>(day(date).days()) * 86'400'000ULL};
    }

    contracts::RegisterBody claim;
    std::string registrar;
    Digest id;

private:
    int references_{1};
};

}  // namespace probatum::test
