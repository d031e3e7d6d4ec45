#include <algorithm>

#include "base/text_encoding.h"
#include "rpc/claims_json.h"

namespace probatum::rpc {

namespace {

using namespace contracts;

const char* name_of(Answer answer) { return answer == Answer::accept ? "accept" : "object"; }

Json optional_digest(const std::optional<Digest>& digest) { return digest ? Json(to_hex(*digest)) : Json{}; }

Json registration_view(const std::optional<Registration>& registration) {
    if (!registration) {
        return nullptr;
    }
    return {
        {"registry", registration->registry}, {"number", registration->number}, {"at", to_rfc3339(registration->at)}};
}

Json mark_view(const std::optional<Mark>& mark) {
    if (!mark) {
        return nullptr;
    }
    return {{"organisation", mark->organisation}, {"member", mark->member}, {"event", mark->sequence}};
}

std::string proof_text(const keyed_tag::Proof& proof) { return to_hex(proof.challenge) + to_hex(proof.response); }

/// The members of every body; a sealed value that is hidden is null.
struct Members {
    const std::vector<std::string>& hidden;

    [[nodiscard]] Json sealed(std::string_view field, Json value) const {
        return std::ranges::find(hidden, field) == hidden.end() ? std::move(value) : Json{};
    }
    [[nodiscard]] Json payment(const Payment& body) const {
        return {{"amount", sealed("amount", format_amount(body.amount_minor, body.currency))},
                {"currency", body.currency.code()},
                {"value_date", sealed("value_date", body.value_date.to_string())},
                {"bank", sealed("bank", body.bank)},
                {"bank_reference", sealed("bank_reference", body.bank_reference)}};
    }
    Json operator()(const ConfirmBody& body) const {
        return {{"answer", name_of(body.answer)},
                {"existence", body.existence},
                {"confirms_amount", body.amount},
                {"no_defences", body.no_defences},
                {"amount", sealed("amount", format_amount(body.amount_minor, body.currency))},
                {"currency", body.currency.code()},
                {"document", optional_digest(body.document)}};
    }
    Json operator()(const AssignBody& body) const {
        return {{"part", body.part},
                {"assignee", body.assignee},
                {"amount", sealed("amount", format_amount(body.amount_minor, body.currency))},
                {"currency", body.currency.code()},
                {"recourse", body.recourse},
                {"competes_with", body.competes_with ? Json(*body.competes_with) : Json{}},
                {"registration", registration_view(body.registration)},
                {"document", to_hex(body.document)}};
    }
    Json operator()(const AcceptAssignmentBody& body) const {
        return {{"assignment", body.assignment}, {"answer", name_of(body.answer)}};
    }
    Json operator()(const RespondBody& body) const {
        return {{"assignment", body.assignment}, {"answer", name_of(body.answer)}};
    }
    Json operator()(const WithdrawAssignmentBody& body) const { return {{"assignment", body.assignment}}; }
    Json operator()(const BuyBackBody& body) const { return {{"assignment", body.assignment}}; }
    Json operator()(const NotifyBody& body) const {
        return {{"assignment", body.assignment}, {"document", optional_digest(body.document)}};
    }
    Json operator()(const RegisterAssignmentBody& body) const {
        return {{"assignment", body.assignment}, {"registration", registration_view(body.registration)}};
    }
    Json operator()(const PayClaimBody& body) const {
        Json out = payment(body);
        out["part"] = body.part;
        out["payee"] = body.payee;
        return out;
    }
    Json operator()(const SetOffBody& body) const {
        return {{"part", body.part},
                {"amount", sealed("amount", format_amount(body.amount_minor, body.currency))},
                {"currency", body.currency.code()},
                {"against", body.against},
                {"arose", body.arose.to_string()},
                {"due", body.due.to_string()},
                {"same_contract", body.same_contract},
                {"document", to_hex(body.document)}};
    }
    Json operator()(const IssueBody&) const { return Json::object(); }
    Json operator()(const AcceptPieceBody& body) const {
        return {{"piece", body.piece}, {"answer", name_of(body.answer)}};
    }
    Json operator()(const WithdrawPieceBody& body) const { return {{"piece", body.piece}}; }
    Json operator()(const CancelPieceBody& body) const { return {{"piece", body.piece}}; }
    Json operator()(const SplitBody& body) const {
        Json amounts = Json::array();
        for (const MinorAmount amount : body.amounts_minor) {
            amounts.push_back(format_amount(amount, body.currency));
        }
        return {{"piece", body.piece},
                {"amounts", sealed("amounts", std::move(amounts))},
                {"currency", body.currency.code()}};
    }
    Json operator()(const TransferBody& body) const { return {{"piece", body.piece}, {"to", body.to}}; }
    Json operator()(const FinancePieceBody& body) const {
        return {{"piece", body.piece},
                {"lender", body.lender},
                {"price", sealed("price", format_amount(body.price_minor, body.currency))},
                {"currency", body.currency.code()},
                {"recourse", body.recourse},
                {"document", to_hex(body.document)}};
    }
    Json operator()(const RedeemBody& body) const {
        Json out = payment(body);
        out["piece"] = body.piece;
        return out;
    }
    Json operator()(const ProposeKeyBody& body) const {
        return {{"key", to_hex(body.key.bytes())}, {"lenders", body.lenders}, {"boxes", to_hex(body.boxes)}};
    }
    Json operator()(const ConfirmKeyBody& body) const { return {{"key", to_hex(body.key.bytes())}}; }
    Json operator()(const OpenFinancingBody& body) const {
        Json out{{"tags", Json::array()},
                 {"same_item", body.same_item ? Json(proof_text(*body.same_item)) : Json{}},
                 {"rank", body.rank ? Json(*body.rank) : Json{}},
                 {"financing_contract", optional_digest(body.contract)}};
        for (const KeyedTag& tag : body.tags) {
            out["tags"].push_back({{"key", tag.key}, {"tag", to_hex(tag.tag.bytes())}});
        }
        return out;
    }
    Json operator()(const ReleaseFinancingBody& body) const { return {{"tag", to_hex(body.tag.bytes())}}; }
    Json operator()(const RetagBody& body) const {
        return {
            {"from", to_hex(body.from.bytes())}, {"to", to_hex(body.to.bytes())}, {"proof", proof_text(body.proof)}};
    }
    template <class Other>
    Json operator()(const Other&) const {
        return Json::object();
    }
};

Json assignment_view(const ReceivableBook& book, std::uint64_t number) {
    const Assignment& assignment = book.assignments[number - 1];
    return {{"assignment", number},
            {"part", assignment.part},
            {"assignor", book.holder_by(assignment.source)},
            {"assignee", assignment.assignee},
            {"status", name(assignment.state)},
            {"recourse", assignment.recourse},
            {"competes", assignment.competes},
            {"returns", assignment.returns ? Json(*assignment.returns) : Json{}},
            {"registration", registration_view(assignment.registration)},
            {"notified", mark_view(assignment.notified)},
            {"answered", mark_view(assignment.answered)},
            {"accepted_by_debtor", assignment.accepted_by_debtor},
            {"binds_from", assignment.binds_from ? Json(assignment.binds_from->to_string()) : Json{}}};
}

}  // namespace

Json view_of(const ReceivableTerms& terms) {
    Json out{{"currency", terms.currency.code()},
             {"amount", format_amount(terms.amount_minor, terms.currency)},
             {"contract_date", terms.contract_date.to_string()},
             {"utc_offset_minutes", terms.utc_offset_minutes},
             {"due", terms.due.to_string()},
             {"invoices", Json::array()},
             {"notice", name(terms.notice)},
             {"basis", terms.basis}};
    for (const Invoice& invoice : terms.invoices) {
        Json digests = Json::object();
        for (const DocumentDigest& digest : invoice.digests) {
            digests[std::string{name(digest.algorithm)}] = to_hex(digest.value);
        }
        out["invoices"].push_back({{"number", invoice.number},
                                   {"digests", std::move(digests)},
                                   {"amount", format_amount(invoice.amount_minor, terms.currency)},
                                   {"issued", invoice.issued.to_string()}});
    }
    return out;
}

Json view_of(const VoucherTerms& terms) {
    Json out{{"currency", terms.currency.code()},
             {"amount", format_amount(terms.amount_minor, terms.currency)},
             {"contract_date", terms.contract_date.to_string()},
             {"utc_offset_minutes", terms.utc_offset_minutes},
             {"due", terms.due.to_string()},
             {"max_level", terms.max_level}};
    if (terms.reason) {
        out["reason"] = *terms.reason;
    }
    return out;
}

Json claim_view(const ActionBody& body, const std::vector<std::string>& hidden) {
    return std::visit(Members{hidden}, body);
}

Json view_of(const ReceivableBook& book, const Currency& currency) {
    const auto money = [&](MinorAmount amount) { return format_amount(amount, currency); };
    Json out{{"creditor", book.creditor},        {"debtor", book.debtor},
             {"confirmation", nullptr},          {"objection", nullptr},
             {"open", money(book.open_minor())}, {"parts", Json::array()},
             {"assignments", Json::array()}};
    if (book.confirmation) {
        const Confirmation& said = *book.confirmation;
        out["confirmation"] = {{"by", mark_view(said.by)},
                               {"existence", said.existence},
                               {"no_defences", said.no_defences},
                               {"amount", said.amount ? Json(money(said.amount_minor)) : Json{}}};
    }
    if (book.objection) {
        out["objection"] = {{"by", mark_view(book.objection->by)}, {"disputed", money(book.objection->disputed_minor)}};
    }
    for (std::uint64_t number = 1; number <= book.parts.size(); ++number) {
        const Part& part = book.parts[number - 1];
        out["parts"].push_back({{"part", number},
                                {"parent", part.parent == 0 ? Json{} : Json(part.parent)},
                                {"holder", holder_of(book, number)},
                                {"payee", payee_of(book, number)},
                                {"amount", money(part.amount_minor)},
                                {"moved", money(part.moved_minor)},
                                {"paid", money(part.paid_minor)},
                                {"set_off", money(part.set_off_minor)},
                                {"open", money(part.open_minor())},
                                {"to_pass_on", money(part.to_pass_on_minor)}});
    }
    for (std::uint64_t number = 1; number <= book.assignments.size(); ++number) {
        out["assignments"].push_back(assignment_view(book, number));
    }
    return out;
}

Json view_of(const VoucherBook& book, const Currency& currency) {
    Json out{{"issuer", book.issuer},
             {"first_holder", book.first_holder},
             {"open", format_amount(book.open_minor(), currency)},
             {"pieces", Json::array()}};
    for (std::uint64_t number = 1; number <= book.pieces.size(); ++number) {
        const Piece& piece = book.pieces[number - 1];
        Json shown{{"piece", number},
                   {"parent", piece.parent == 0 ? Json{} : Json(piece.parent)},
                   {"level", piece.level},
                   {"holder", piece.holder},
                   {"amount", format_amount(piece.amount_minor, currency)},
                   {"status", name(piece.state)},
                   {"financed", piece.financed},
                   {"offer", nullptr}};
        if (piece.offer) {
            shown["offer"] = {{"to", piece.offer->to}, {"finances", piece.offer->finances}};
        }
        out["pieces"].push_back(std::move(shown));
    }
    return out;
}

Json view_of(const LendersKey& key) {
    return {{"number", key.number},   {"key", to_hex(key.key.bytes())}, {"proposer", key.proposer},
            {"lenders", key.lenders}, {"confirmed", key.confirmed},     {"boxes", to_hex(key.boxes)},
            {"items", key.items}};
}

Json view_of(const Financings& found) {
    Json out = Json::array();
    for (const Financing& financing : found.standing) {
        out.push_back({{"rank", financing.rank == 0 ? Json{} : Json(financing.rank)},
                       {"key", found.key},
                       {"lender", financing.lender},
                       {"member", financing.member},
                       {"contract", optional_digest(financing.contract)},
                       {"transaction", to_hex(financing.transaction)},
                       {"height", financing.height.raw()},
                       {"time", to_rfc3339(financing.time)}});
    }
    return out;
}

}  // namespace probatum::rpc
