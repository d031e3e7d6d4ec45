#include "contracts/voucher.h"

#include <array>

#include "contracts/codec.h"
#include "contracts/contract_terms.h"

namespace probatum::contracts {
namespace {

constexpr std::array<std::string_view, 5> kStateNames{"offered", "live", "split", "redeemed", "cancelled"};

}  // namespace

std::string_view name(PieceState state) { return kStateNames.at(static_cast<std::size_t>(state) - 1); }

MinorAmount VoucherBook::open_minor() const {
    MinorAmount sum = 0;
    for (const Piece& piece : pieces) {
        sum += piece.open() ? piece.amount_minor : 0;  // Together no more than the voucher.
    }
    return sum;
}

namespace codec {
namespace {

void write_piece(cbor::Writer& out, const Piece& piece) {
    out.array(7).uint(piece.parent).uint(piece.level).text(piece.holder).integer(piece.amount_minor);
    out.uint(static_cast<std::uint64_t>(piece.state)).boolean(piece.financed);
    if (piece.offer) {
        out.array(4).text(piece.offer->to).boolean(piece.offer->finances).boolean(piece.offer->recourse);
        out.integer(piece.offer->price_minor);
    } else {
        out.null();
    }
}

std::optional<PieceOffer> read_offer(cbor::Reader& in) {
    if (in.field("pieces.offer").take_null()) {
        return std::nullopt;
    }
    PieceOffer out;
    in.array_of(4);
    out.to = read_text(in, {"pieces.offer", kMaxNumberBytes});
    out.finances = in.boolean();
    out.recourse = in.boolean();
    out.price_minor = in.integer();
    in.leave();
    return out;
}

Piece read_piece(cbor::Reader& in) {
    Piece out;
    in.field("pieces").array_of(7);
    out.parent = in.uint();
    out.level = static_cast<std::uint32_t>(in.uint_at_most(kMaxVoucherLevels));
    out.holder = read_text(in, {"pieces.holder", kMaxNumberBytes});
    out.amount_minor = in.integer();
    out.state = read_enum(in, "pieces.state", PieceState::cancelled);
    out.financed = in.boolean();
    out.offer = read_offer(in);
    in.leave();
    return out;
}

}  // namespace

void write(cbor::Writer& out, const VoucherTerms& terms) {
    write_date(out.array(7).text(terms.currency.code()).integer(terms.amount_minor), terms.contract_date);
    write_date(out.integer(terms.utc_offset_minutes), terms.due);
    out.uint(terms.max_level);
    if (terms.reason) {
        out.text(*terms.reason);
    } else {
        out.null();
    }
}

VoucherTerms read_voucher_terms(cbor::Reader& in) {
    VoucherTerms out = no_voucher_terms();
    in.array_of(7);
    out.currency = read_currency(in);
    out.amount_minor = in.field("amount").integer();
    out.contract_date = read_date(in.field("contract_date"));
    out.utc_offset_minutes = read_utc_offset(in);
    out.due = read_date(in.field("due"));
    out.max_level = static_cast<std::uint32_t>(in.field("max_level").uint_at_most(kMaxVoucherLevels));
    if (!in.take_null()) {
        out.reason = read_text(in, {"reason", kMaxVoucherReasonBytes});
    }
    in.leave();
    return out;
}

}  // namespace codec

void write(cbor::Writer& out, const VoucherBook& book) {
    out.array(4).text(book.issuer).text(book.first_holder).array(book.pieces.size());
    for (const Piece& piece : book.pieces) {
        codec::write_piece(out, piece);
    }
    codec::write_totals(out, book.redemptions);
}

VoucherBook read_voucher_book(cbor::Reader& in) {
    VoucherBook out;
    in.array_of(4);
    out.issuer = codec::read_text(in, {"issuer", kMaxNumberBytes});
    out.first_holder = codec::read_text(in, {"first_holder", kMaxNumberBytes});
    const std::size_t pieces = codec::read_count(in, "pieces", kMaxPieces);
    for (std::size_t i = 0; i < pieces && !in.failed(); ++i) {
        out.pieces.push_back(codec::read_piece(in));
        // Numbers lead backwards only, so that whoever follows them comes to an end.
        if (out.pieces.back().parent > i || (out.pieces.back().parent == 0) != (i == 0)) {
            in.refuse(Errc::malformed, "a piece of nothing");
        }
    }
    in.leave();
    out.redemptions = codec::read_totals(in);
    in.leave();
    return out;
}

}  // namespace probatum::contracts
