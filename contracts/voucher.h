#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/cbor.h"
#include "contracts/loan_book.h"
#include "contracts/voucher_terms.h"

/// A voucher in circulation: the pieces into which it was split and who holds them.
/// Source: docs/spec/claims.md, "Vouchers".
namespace probatum::contracts {

/// All pieces stand in one state value, so that every event can check the whole tree (ADR 0046).
inline constexpr std::size_t kMaxPieces = 256;
inline constexpr std::size_t kMaxChildrenAtOnce = 32;

enum class PieceState : std::uint8_t { offered = 1, live = 2, split = 3, redeemed = 4, cancelled = 5 };
[[nodiscard]] std::string_view name(PieceState state);

/// A transfer that waits for its answer.
struct PieceOffer {
    std::string to;
    bool finances{false};        ///< To a lender, for money.
    bool recourse{false};        ///< Only of a financing.
    MinorAmount price_minor{0};  ///< Only of a financing.
    friend bool operator==(const PieceOffer&, const PieceOffer&) = default;
};

/// A share of the promise that moves as a whole. Numbers count from one; piece 1 is all of it.
struct Piece {
    std::uint64_t parent{0};  ///< The piece that was split into this one and others; 0 of piece 1.
    std::uint32_t level{0};   ///< How often it has changed hands since the first holder.
    std::string holder;       ///< Of an offered piece: who is to accept it.
    MinorAmount amount_minor{0};
    PieceState state{PieceState::offered};
    bool financed{false};  ///< The holder gave money for it.
    std::optional<PieceOffer> offer{};

    [[nodiscard]] bool open() const { return state == PieceState::offered || state == PieceState::live; }
    friend bool operator==(const Piece&, const Piece&) = default;
};

struct VoucherBook {
    std::string issuer;
    std::string first_holder;
    std::vector<Piece> pieces{};  ///< Piece n stands at n - 1. Empty before the voucher is issued.
    Totals redemptions{};

    [[nodiscard]] MinorAmount open_minor() const;  ///< Of the pieces that are neither redeemed nor cancelled.
    friend bool operator==(const VoucherBook&, const VoucherBook&) = default;
};

/// docs/formats.cddl `voucher-book`
void write(cbor::Writer& out, const VoucherBook& book);
[[nodiscard]] VoucherBook read_voucher_book(cbor::Reader& in);

}  // namespace probatum::contracts
