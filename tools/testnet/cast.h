#pragma once

#include <string>
#include <vector>

#include "contracts/genesis.h"

namespace probatum::testnet {

/// One person or system of the ready-made consortium; its key file is keys/<file>.key.
struct Identity {
    std::string file;
    std::string organisation;
    std::string member;
    std::string name;
    contracts::Role role;
};

/// The organisations of every test net: a lender, a borrower, a core enterprise, a guarantor, a custodian, a settlement
/// bank, a court, a regulator, a platform, and those that run validators.
[[nodiscard]] std::vector<contracts::Organisation> organisations(unsigned validators);

/// One identity for each of the twelve roles.
[[nodiscard]] const std::vector<Identity>& identities();

/// Who runs validator `index` (from 0). The lender runs one, so that the neutrality table has something to tell.
[[nodiscard]] std::string operator_of(unsigned index);

}  // namespace probatum::testnet
