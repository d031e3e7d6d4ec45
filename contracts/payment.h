#pragma once

#include <cstdint>
#include <string>

#include "base/civil_time.h"
#include "base/money.h"

namespace probatum::contracts {

/// A movement of money. Sealed: "amount", "value_date", "bank", "bank_reference".
struct Payment {
    MinorAmount amount_minor{0};
    Currency currency;
    CivilDate value_date;
    std::string bank;            ///< The bank's organisation id or a code of the bank: 1..64 bytes.
    std::string bank_reference;  ///< 1..64 bytes; used once per bank.
    friend bool operator==(const Payment&, const Payment&) = default;
};

enum class Answer : std::uint8_t { accept = 1, object = 2 };

}  // namespace probatum::contracts
