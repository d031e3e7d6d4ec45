#include "contracts/financed_item.h"

#include <array>

#include "base/cbor.h"
#include "contracts/codec.h"

namespace probatum::contracts {
namespace {

constexpr std::array<std::string_view, 6> kNames{"invoice",           "receivable", "voucher",
                                                 "warehouse-receipt", "order",      "right"};

Result<std::string> in_one_spelling(std::string_view text, const char* field) {
    std::string out;
    for (const char c : text) {
        if (c == ' ') {
            continue;
        }
        const bool lower = c >= 'a' && c <= 'z';
        const char upper = lower ? static_cast<char>(c - 'a' + 'A') : c;
        const bool known = (upper >= 'A' && upper <= 'Z') || (upper >= '0' && upper <= '9') || upper == '.' ||
                           upper == '/' || upper == '-';
        if (!known) {
            return fail(Errc::malformed, field, "only A-Z 0-9 . / - and blanks");
        }
        out.push_back(upper);
    }
    if (out.empty() || out.size() > kMaxNumberBytes) {
        return fail(Errc::malformed, field, "1 to 64 characters");
    }
    return out;
}

}  // namespace

std::string_view name(ItemKind kind) { return kNames.at(static_cast<std::size_t>(kind) - 1); }

Result<ItemKind> item_kind_from_name(std::string_view text) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] == text) {
            return static_cast<ItemKind>(i + 1);
        }
    }
    return fail(Errc::malformed, "kind", "invoice, receivable, voucher, warehouse-receipt, order or right");
}

Result<FinancedItem> normalised(const FinancedItem& item) {
    PROBATUM_LET(issuer, in_one_spelling(item.issuer, "issuer"));
    PROBATUM_LET(number, in_one_spelling(item.number, "number"));
    return FinancedItem{item.kind, std::move(issuer), std::move(number)};
}

Bytes encode(const FinancedItem& item) {
    cbor::Writer out{160};
    out.array(4).text("financed-item").uint(static_cast<std::uint64_t>(item.kind)).text(item.issuer).text(item.number);
    return out.take();
}

Result<FinancedItem> decode_financed_item(ByteView bytes) {
    cbor::Reader in{bytes};
    FinancedItem out;
    in.array_of(4);
    if (in.field("item").text() != "financed-item") {
        in.refuse(Errc::malformed, "not an item");
    }
    out.kind = codec::read_enum(in, "kind", ItemKind::right);
    out.issuer = codec::read_text(in, {"issuer", kMaxNumberBytes});
    out.number = codec::read_text(in, {"number", kMaxNumberBytes});
    in.leave();
    PROBATUM_TRY(in.finish());
    PROBATUM_LET(spelled, normalised(out));
    if (spelled != out) {
        return fail(Errc::not_deterministic, "item", "an item has one spelling");
    }
    return out;
}

}  // namespace probatum::contracts
