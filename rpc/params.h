#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/civil_time.h"
#include "base/money.h"
#include "base/result.h"
#include "rpc/json.h"

namespace probatum::rpc {

/// Reads typed members of a JSON object. Errors stick: after the first, every call gives an empty value, so that a
/// reader goes straight through and asks once, with finish(). Each error names the whole path:
/// "terms.rows[2].principal". An absent member and null are the same. Threads: one.
class Params {
public:
    explicit Params(Json object, std::string path = {});

    [[nodiscard]] bool has(std::string_view name) const;

    std::string text(std::string_view name);  ///< Not empty.
    std::optional<std::string> optional_text(std::string_view name);
    bool boolean(std::string_view name, bool otherwise);
    std::uint64_t uint(std::string_view name, std::uint64_t maximum);
    std::uint64_t uint(std::string_view name, std::uint64_t maximum, std::uint64_t otherwise);
    std::int64_t integer(std::string_view name, std::int64_t minimum, std::int64_t maximum);
    Digest digest(std::string_view name);  ///< 64 hexadecimal digits.
    std::optional<Digest> optional_digest(std::string_view name);
    Bytes bytes(std::string_view name);  ///< Hexadecimal or base64url, see decode_bytes().
    std::optional<Bytes> optional_bytes(std::string_view name);
    CivilDate date(std::string_view name);  ///< "2026-11-21"
    std::optional<CivilDate> optional_date(std::string_view name);
    UnixMs instant(std::string_view name);  ///< RFC 3339, or milliseconds since 1970.
    std::optional<UnixMs> optional_instant(std::string_view name);
    Currency currency(std::string_view name);  ///< ISO 4217 code.
    /// "100000.00": major units with at most the currency's decimals. A JSON number is refused: readers round it.
    MinorAmount amount(std::string_view name, Currency currency);

    /// An object, or an empty one after an error. Its errors are reported with take().
    Params object(std::string_view name);
    std::optional<Params> optional_object(std::string_view name);
    /// How many elements an array has; 0 where it is absent. too_large above the maximum.
    std::size_t array(std::string_view name, std::size_t maximum);
    Params element(std::string_view name, std::size_t index);  ///< An object of the array.
    std::string text_element(std::string_view name, std::size_t index);
    Json raw(std::string_view name);

    /// Joins the errors of a child reader and demands that it knew all its members.
    void take(Params& child);
    /// Takes the value or the error of a conversion; the error blames `name` itself.
    template <class T>
    T value(std::string_view name, Result<T> result, T otherwise) {
        if (result) {
            return *std::move(result);
        }
        refuse(name, Error{result.error().code, {}, result.error().detail});
        return otherwise;
    }

    /// The error's own field is laid below `name`.
    void refuse(std::string_view name, Error error);
    [[nodiscard]] bool failed() const { return error_.has_value(); }
    /// The first error, or a member that nobody asked for.
    [[nodiscard]] Result<void> finish() const;

    [[nodiscard]] std::string path_of(std::string_view name) const;

private:
    const Json* find(std::string_view name);
    const Json* demand(std::string_view name, std::string_view what);

    Json object_;
    std::string path_;
    std::vector<std::string> known_;
    std::optional<Error> error_;
};

/// Hexadecimal if every character is a hexadecimal digit, base64url otherwise. For values whose first byte makes the
/// two forms distinct: our transactions, bundles and statements begin with 0x82.., 0xd2.., which base64url writes with
/// a letter above f.
[[nodiscard]] Result<Bytes> decode_bytes(std::string_view text);

}  // namespace probatum::rpc
