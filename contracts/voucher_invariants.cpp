#include <algorithm>

#include "contracts/invariants.h"
#include "contracts/voucher.h"

/// I14 and its neighbours, from the tree as it stands and from what one event changed in it.
namespace probatum::contracts {
namespace {

__extension__ using Wide = __int128;

/// The remainder of every piece: its amount less what was redeemed or cancelled in it, counted from the leaves upwards.
std::vector<Wide> remainders(const VoucherBook& book) {
    std::vector<Wide> out;
    for (const Piece& piece : book.pieces) {
        out.push_back(piece.amount_minor);
    }
    for (std::size_t i = 0; i < book.pieces.size(); ++i) {
        if (book.pieces[i].open() || book.pieces[i].state == PieceState::split) {
            continue;
        }
        for (std::uint64_t at = i + 1; at != 0; at = book.pieces[at - 1].parent) {
            out[at - 1] -= book.pieces[i].amount_minor;
        }
    }
    return out;
}

/// I14: the live pieces of every piece that was split sum to what remains of it, and its children to all of it.
Result<void> check_tree(const VoucherTerms& terms, const VoucherBook& book) {
    std::vector<Wide> children(book.pieces.size(), 0);
    std::vector<Wide> open(book.pieces.size(), 0);
    for (std::size_t i = 0; i < book.pieces.size(); ++i) {
        const Piece& piece = book.pieces[i];
        PROBATUM_TRY(demand(piece.amount_minor > 0, "I2", "a piece of nothing"));
        PROBATUM_TRY(demand((piece.parent == 0) == (i == 0) && piece.parent <= i, "I14", "no tree"));
        PROBATUM_TRY(demand(piece.level <= terms.max_level, "I14", "changed hands too often"));
        PROBATUM_TRY(demand(!piece.offer || piece.state == PieceState::live, "I14", "an offer of what is not live"));
        if (piece.parent != 0) {
            const Piece& parent = book.pieces[piece.parent - 1];
            PROBATUM_TRY(demand(parent.state == PieceState::split && parent.level <= piece.level, "I14",
                                "a child of a piece that was not split"));
            children[piece.parent - 1] += piece.amount_minor;
        }
        for (std::uint64_t at = piece.open() ? i + 1 : 0; at != 0; at = book.pieces[at - 1].parent) {
            open[at - 1] += piece.amount_minor;
        }
    }
    const std::vector<Wide> remaining = remainders(book);
    for (std::size_t i = 0; i < book.pieces.size(); ++i) {
        const bool was_split = book.pieces[i].state == PieceState::split;
        PROBATUM_TRY(demand(children[i] == (was_split ? book.pieces[i].amount_minor : 0), "I14",
                            "the children are not the piece"));
        PROBATUM_TRY(demand(open[i] == remaining[i], "I14", "the live children are not the remainder"));
    }
    return demand(book.pieces.empty() || book.pieces[0].amount_minor == terms.amount_minor, "I14",
                  "the first piece is not the voucher");
}

Result<void> check_totals(const VoucherBook& book, Phase phase) {
    Wide redeemed = 0;
    for (const Piece& piece : book.pieces) {
        redeemed += piece.state == PieceState::redeemed ? piece.amount_minor : 0;
    }
    const Totals& totals = book.redemptions;
    const bool answered = totals.claimed_minor == 0 && totals.objected_minor == 0;
    PROBATUM_TRY(demand(phase != Phase::settled || answered, "I4", "settled over what nobody acknowledged"));
    return demand(Wide{totals.claimed_minor} + totals.acknowledged_minor + totals.objected_minor == redeemed, "I4",
                  "redemptions by answer do not add up");
}

/// What may happen to one piece: the holder's word or the acceptance of who becomes holder, and nothing after its end.
Result<void> check_piece(const Transition& t, const Piece& before, const Piece& after) {
    const std::string& signer = t.resolved.organisation;
    const bool due = t.date > t.terms.voucher().due;
    PROBATUM_TRY(demand(before.open() || before == after, "I14", "a piece came back after its end"));
    PROBATUM_TRY(demand(before.amount_minor == after.amount_minor && before.parent == after.parent, "I14",
                        "a piece changed its amount or its parent"));
    if (before.holder != after.holder) {
        const bool offered = before.offer && before.offer->to == after.holder && signer == after.holder;
        PROBATUM_TRY(demand(offered && after.level == before.level + 1, "I14", "moved without holder and acceptor"));
        PROBATUM_TRY(demand(!due, "I14", "moved after the due date"));
    }
    if (after.offer && before.offer != after.offer) {
        PROBATUM_TRY(demand(!before.offer && signer == before.holder && !due, "I14", "offered by somebody else"));
    }
    if (after.state == PieceState::split && before.state != after.state) {
        PROBATUM_TRY(demand(signer == before.holder && !due, "I14", "split by somebody else or after the due date"));
    }
    return {};
}

Result<void> check_changes(const Transition& t) {
    const VoucherBook& before = t.before->state.voucher();
    const VoucherBook& after = t.after.voucher();
    PROBATUM_TRY(demand(after.pieces.size() >= before.pieces.size(), "I14", "a piece is gone"));
    for (std::size_t i = 0; i < before.pieces.size(); ++i) {
        PROBATUM_TRY(check_piece(t, before.pieces[i], after.pieces[i]));
    }
    if (!std::holds_alternative<RedeemBody>(t.action.body)) {
        return {};
    }
    PROBATUM_TRY(demand(t.postings.size() == 1, "I7", "money moved without a posting"));
    PROBATUM_TRY(demand(t.resolved.bank_reference_used == false, "I6", "a bank reference used before"));
    const CivilDate value_date = t.postings[0].posting.value_date;
    return demand(value_date >= t.terms.voucher().contract_date && value_date <= t.date, "I12", "value date");
}

}  // namespace

Result<void> check_voucher_invariants(const Transition& t) {
    PROBATUM_TRY(check_tree(t.terms.voucher(), t.after.voucher()));
    PROBATUM_TRY(check_totals(t.after.voucher(), t.after.phase));
    PROBATUM_TRY(demand(t.after.voucher().pieces.empty() == (t.after.phase == Phase::registered), "I14",
                        "issued and not active, or the reverse"));
    PROBATUM_TRY(demand(t.after.voucher().pieces.empty() || t.date >= t.terms.voucher().contract_date, "I14",
                        "in circulation before its day of issue"));
    return t.before == nullptr ? Result<void>{} : check_changes(t);
}

}  // namespace probatum::contracts
