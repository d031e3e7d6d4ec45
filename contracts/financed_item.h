#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

/// The name of an item that can be financed, written one way only, so that two lenders get the same tag for it.
/// It is never sent anywhere. Source: docs/spec/double-financing.md, section 1.
namespace probatum::contracts {

enum class ItemKind : std::uint8_t {
    invoice = 1,
    receivable = 2,
    voucher = 3,
    warehouse_receipt = 4,
    order = 5,
    right = 6,
};
[[nodiscard]] std::string_view name(ItemKind kind);  ///< "warehouse-receipt"
[[nodiscard]] Result<ItemKind> item_kind_from_name(std::string_view name);

struct FinancedItem {
    ItemKind kind{ItemKind::invoice};
    std::string issuer;  ///< Who issued or registered it: its unified social credit code, LEI or register's name.
    std::string number;  ///< Under which it did: invoice code and number, receipt number, entry.
    friend bool operator==(const FinancedItem&, const FinancedItem&) = default;
};

/// In the one spelling: A-Z 0-9 . / - with letters in upper case and blanks left out; malformed where anything else is
/// in it, or nothing is left, or more than 64 characters are.
[[nodiscard]] Result<FinancedItem> normalised(const FinancedItem& item);
/// CBOR ["financed-item", kind, issuer, number]. Precondition: it is normalised.
[[nodiscard]] Bytes encode(const FinancedItem& item);
[[nodiscard]] Result<FinancedItem> decode_financed_item(ByteView bytes);

}  // namespace probatum::contracts
