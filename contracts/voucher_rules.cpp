#include "contracts/voucher_rules.h"

#include <algorithm>

namespace probatum::contracts::rules {
namespace {

Result<Piece*> require_piece(Circulating at, std::uint64_t number) {
    if (number == 0 || number > at.book.pieces.size()) {
        return fail(Errc::part_unknown, "piece");
    }
    return &at.book.pieces[number - 1];
}

Result<void> require_not_due(Circulating at) {
    if (at.attempt.date > at.terms.due) {
        return fail(Errc::voucher_due, "due");
    }
    return {};
}

/// A piece that its holder may do something with: live, theirs, and offered to nobody.
Result<Piece*> require_free(Circulating at, std::uint64_t number) {
    PROBATUM_LET(piece, require_piece(at, number));
    if (piece->state != PieceState::live) {
        return fail(Errc::wrong_state, "piece");
    }
    if (piece->holder != at.signer()) {
        return fail(Errc::not_the_holder, "piece");
    }
    if (piece->offer) {
        return fail(Errc::offer_pending, "piece");
    }
    return piece;
}

Result<void> offer(Circulating at, std::uint64_t number, PieceOffer offered) {
    PROBATUM_LET(piece, require_free(at, number));
    PROBATUM_TRY(require_not_due(at));
    if (offered.to == at.book.issuer || offered.to == piece->holder) {
        return fail(Errc::terms_invalid, "to", "the issuer or the holder itself");
    }
    if (!at.attempt.resolved.parties_registered.value_or(false)) {
        return fail(Errc::terms_invalid, "to", "the organisation is not registered");
    }
    if (piece->level >= at.terms.max_level) {
        return fail(Errc::level_exceeded, "piece");
    }
    piece->offer = std::move(offered);
    return {};
}

Result<void> accept_offer(Circulating at, Piece& piece, Answer answer) {
    if (piece.offer->to != at.signer()) {
        return fail(Errc::wrong_counterparty, "issuer");
    }
    if (answer == Answer::object) {
        piece.offer.reset();
        return {};
    }
    PROBATUM_TRY(require_not_due(at));
    const Resolved& signer = at.attempt.resolved;
    if (piece.offer->finances && !signer.roles.has(Role::lender_maker) && !signer.roles.has(Role::lender_checker)) {
        return fail(Errc::role_missing, "role");
    }
    piece.holder = piece.offer->to;
    piece.financed = piece.offer->finances;
    ++piece.level;
    piece.offer.reset();
    return {};
}

Result<void> check_amounts(const SplitBody& body, const Piece& piece) {
    if (body.amounts_minor.size() < 2 || body.amounts_minor.size() > kMaxChildrenAtOnce) {
        return fail(Errc::amount_invalid, "amounts", "2 to 32 amounts");
    }
    MinorAmount left = piece.amount_minor;
    for (const MinorAmount amount : body.amounts_minor) {
        if (amount <= 0 || amount > left) {
            return fail(Errc::amount_invalid, "amounts");
        }
        left -= amount;
    }
    if (left != 0) {
        return fail(Errc::amount_invalid, "amounts", "they do not add up to the piece");
    }
    return {};
}

Result<void> check_payment(Circulating at, const RedeemBody& body, const Piece& piece) {
    if (body.currency != at.terms.currency) {
        return fail(Errc::currency_mismatch, "currency");
    }
    if (body.amount_minor != piece.amount_minor) {
        return fail(Errc::amount_invalid, "amount", "a piece is redeemed whole");
    }
    if (body.value_date < at.terms.contract_date || body.value_date > at.attempt.date) {
        return fail(Errc::value_date_invalid, "value_date");
    }
    // Nobody has to take money early: before the due date it is the holder's word that counts.
    if (body.value_date < at.terms.due && at.signer() != piece.holder) {
        return fail(Errc::not_due, "value_date");
    }
    if (at.attempt.resolved.bank_reference_used.value_or(true)) {
        return fail(Errc::bank_reference_used, "bank_reference");
    }
    return {};
}

}  // namespace

Result<void> issue(ContractState& state, Circulating at) {
    if (at.signer() != at.book.issuer) {
        return fail(Errc::wrong_counterparty, "issuer");
    }
    if (state.phase != Phase::registered) {
        return fail(Errc::wrong_state, "phase");
    }
    for (const Party& party : at.attempt.terms.parties) {
        if (party.capacity == Capacity::guarantor && !state.signed_by(party.organisation)) {
            return fail(Errc::not_signed, "signatures", party.organisation);
        }
    }
    // The term that the network limits is counted from the day of issue: nothing circulates before it.
    if (at.attempt.date < at.terms.contract_date) {
        return fail(Errc::value_date_invalid, "contract_date", "not before its day of issue");
    }
    PROBATUM_TRY(require_not_due(at));
    at.book.pieces.push_back({.holder = at.book.first_holder, .amount_minor = at.terms.amount_minor});
    state.phase = Phase::active;
    return {};
}

Result<void> accept_piece(Circulating at, const AcceptPieceBody& body) {
    PROBATUM_LET(piece, require_piece(at, body.piece));
    if (piece->offer) {
        return accept_offer(at, *piece, body.answer);
    }
    if (piece->state != PieceState::offered) {
        return fail(Errc::wrong_state, "piece");
    }
    if (piece->holder != at.signer()) {
        return fail(Errc::wrong_counterparty, "issuer");
    }
    if (body.answer == Answer::object) {
        piece->state = PieceState::cancelled;
        return {};
    }
    PROBATUM_TRY(require_not_due(at));
    piece->state = PieceState::live;
    return {};
}

Result<void> withdraw_piece(Circulating at, const WithdrawPieceBody& body) {
    PROBATUM_LET(piece, require_piece(at, body.piece));
    if (piece->holder != at.signer()) {
        return fail(Errc::not_the_holder, "piece");
    }
    if (!piece->offer) {
        return fail(Errc::wrong_state, "piece");
    }
    piece->offer.reset();
    return {};
}

Result<void> split(Circulating at, const SplitBody& body) {
    PROBATUM_LET(piece, require_free(at, body.piece));
    if (body.currency != at.terms.currency) {
        return fail(Errc::currency_mismatch, "currency");
    }
    PROBATUM_TRY(require_not_due(at));
    PROBATUM_TRY(check_amounts(body, *piece));
    if (at.book.pieces.size() + body.amounts_minor.size() > kMaxPieces) {
        return fail(Errc::too_many_parts, "amounts");
    }
    piece->state = PieceState::split;
    const Piece parent = *piece;
    for (const MinorAmount amount : body.amounts_minor) {
        at.book.pieces.push_back({.parent = body.piece,
                                  .level = parent.level,
                                  .holder = parent.holder,
                                  .amount_minor = amount,
                                  .state = PieceState::live,
                                  .financed = parent.financed});
    }
    return {};
}

Result<void> transfer(Circulating at, const TransferBody& body) { return offer(at, body.piece, {.to = body.to}); }

Result<void> finance_piece(Circulating at, const FinancePieceBody& body) {
    PROBATUM_LET(piece, require_piece(at, body.piece));
    if (body.currency != at.terms.currency) {
        return fail(Errc::currency_mismatch, "currency");
    }
    if (body.price_minor <= 0 || body.price_minor > piece->amount_minor) {
        return fail(Errc::amount_invalid, "price");
    }
    return offer(at, body.piece,
                 {.to = body.lender, .finances = true, .recourse = body.recourse, .price_minor = body.price_minor});
}

Result<Posting> redeem(Circulating at, const RedeemBody& body, const Digest& reference) {
    PROBATUM_LET(piece, require_piece(at, body.piece));
    if (piece->state != PieceState::live) {
        return fail(Errc::wrong_state, "piece");
    }
    const bool by_bank = at.attempt.terms.is_party(at.signer(), Capacity::settlement_bank);
    if (at.signer() != at.book.issuer && at.signer() != piece->holder && !by_bank) {
        return fail(Errc::wrong_counterparty, "issuer");
    }
    PROBATUM_TRY(check_payment(at, body, *piece));
    piece->state = PieceState::redeemed;
    piece->offer.reset();
    at.book.redemptions.claimed_minor += body.amount_minor;
    return Posting{.kind = PostingKind::redemption,
                   .organisation = at.signer(),
                   .amount_minor = body.amount_minor,
                   .value_date = body.value_date,
                   .recorded = at.attempt.date,
                   .reference = reference,
                   .payee = piece->holder,
                   .holder = piece->holder};
}

Result<void> cancel_piece(Circulating at, const CancelPieceBody& body) {
    PROBATUM_LET(piece, require_piece(at, body.piece));
    if (piece->state == PieceState::offered) {
        if (at.signer() != at.book.issuer) {
            return fail(Errc::wrong_counterparty, "issuer");
        }
        piece->state = PieceState::cancelled;
        return {};
    }
    PROBATUM_LET(free, require_free(at, body.piece));
    free->state = PieceState::cancelled;
    return {};
}

}  // namespace probatum::contracts::rules
