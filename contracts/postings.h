#pragma once

#include "contracts/book/accounts.h"

/// Double-entry book-keeping of a contract is that of its book.
namespace probatum::contracts {

using book::Account;
using book::Accounts;
using book::kAccounts;
using book::name;

}  // namespace probatum::contracts
