#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/cbor.h"
#include "contracts/actions.h"

/// The two sides of a sealed field: a commitment in the signed body, an opening beside it.
namespace probatum::contracts {

inline constexpr unsigned kSideKey = 23;  ///< Where side fields stand in every body.
inline constexpr std::size_t kMaxSideFields = 64;
inline constexpr std::size_t kMaxFieldNameBytes = 64;

/// Writes commitments and keeps the openings.
class Sealer {
public:
    explicit Sealer(const SaltSource& salt) : salt_{salt} {}

    /// Appends `commit(fresh salt, name, value)`.
    void seal(cbor::Writer& out, std::string_view name, Bytes encoded_value);
    /// Appends the map of side fields under its key, if there are any.
    void write_side(cbor::Writer& out, std::vector<SideField> side);

    std::vector<ledger::Opening> openings;
    std::vector<ledger::Opening> side_openings;

private:
    ledger::Opening make(std::string name, Bytes value) const { return {std::move(name), salt_(), std::move(value)}; }
    const SaltSource& salt_;
};

/// Reads commitments and matches them with the openings that came along.
class Unsealer {
public:
    explicit Unsealer(const std::vector<ledger::Opening>& openings) : openings_{openings} {}

    /// Reads the commitment that stands next in `in`. Returns the opened value; empty where the opening is not there
    /// (then the name is in `hidden`) or does not match (then bad_commitment is in `in`).
    [[nodiscard]] ByteView open(cbor::Reader& in, std::string_view name);
    [[nodiscard]] std::vector<SideCommitment> read_side(cbor::Reader& in);
    /// malformed if an opening came that no field of the action asked for.
    [[nodiscard]] Result<void> finish() const;

    std::vector<std::string> hidden;

private:
    const std::vector<ledger::Opening>& openings_;
    std::size_t used_{0};
};

}  // namespace probatum::contracts
