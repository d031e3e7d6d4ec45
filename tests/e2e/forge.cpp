// Makes from a good transaction one that must be refused, for refusals.sh:
//   forge high-s TRANSACTION                        the same signature with s in the upper half
//   forge expired TRANSACTION KEY_FILE PASSPHRASE   signed anew, valid until an hour ago
//   forge distant TRANSACTION KEY_FILE PASSPHRASE   signed anew, valid for two days
// TRANSACTION and what is printed are hexadecimal.

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "base/key_file.h"
#include "base/text_encoding.h"
#include "ledger/transaction.h"

namespace {

using namespace probatum;

template <class T>
T demand(Result<T> result) {
    if (!result) {
        std::cerr << result.error().to_string() << "\n";
        std::exit(2);
    }
    return *std::move(result);
}

Bytes file(const std::string& name) {
    std::ifstream stream{name, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

/// s becomes n - s, which verifies as well under plain ECDSA. n: SEC 2 section 2.4.1.
Signature with_high_s(Signature signature) {
    const Bytes order = demand(from_hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"));
    int borrow = 0;
    for (std::size_t i = 32; i-- > 0;) {
        const int difference = order[i] - signature[32 + i] - borrow;
        borrow = difference < 0 ? 1 : 0;
        signature[32 + i] = static_cast<std::uint8_t>(difference + 256 * borrow);
    }
    return signature;
}

Bytes with_validity(const ledger::Transaction& good, std::int64_t from_now_ms, const SecretKey& key) {
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    ledger::Payload payload = good.payload();
    payload.valid_until = UnixMs{static_cast<std::uint64_t>(now + from_now_ms)};
    payload.idempotency_key.back() ^= 1U;
    return cose::sign(key, good.header(), ledger::encode(payload));
}

}  // namespace

int main(int count, char** arguments) {
    const std::vector<std::string> words(arguments + 1, arguments + count);
    if (words.size() < 2) {
        std::cerr << "usage: forge high-s|expired|distant TRANSACTION [KEY_FILE PASSPHRASE]\n";
        return 2;
    }
    const auto good = demand(ledger::Transaction::decode(demand(from_hex(words[1]))));
    Bytes statement;
    if (words[0] == "high-s") {
        statement = cose::assemble(good->header(), good->statement().payload, with_high_s(good->statement().signature));
    } else {
        const std::int64_t hour = 60LL * 60 * 1000;
        const auto opened = demand(key_file::open(file(words.at(2)), words.at(3)));
        statement = with_validity(*good, words[0] == "expired" ? -hour : 48 * hour, opened.key);
    }
    std::cout << to_hex(ledger::encode_transaction(statement, good->openings())) << "\n";
}
