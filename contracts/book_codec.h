#pragma once

#include "base/cbor.h"
#include "contracts/book/book.h"

/// How the money of a loan is written. Formats: docs/formats.cddl `money-book`.
namespace probatum::contracts::codec {

void write_book(cbor::Writer& out, const book::Book& book);
[[nodiscard]] book::Book read_book(cbor::Reader& in);

}  // namespace probatum::contracts::codec
