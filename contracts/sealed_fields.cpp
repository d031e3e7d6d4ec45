#include "contracts/sealed_fields.h"

#include <algorithm>

#include "base/commitment.h"

namespace probatum::contracts {
namespace {

/// The bytewise order of the encodings of two texts: their heads begin with the length.
bool encodes_before(std::string_view a, std::string_view b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

}  // namespace

void Sealer::seal(cbor::Writer& out, std::string_view name, Bytes encoded_value) {
    openings.push_back(make(std::string{name}, std::move(encoded_value)));
    out.digest(commit(openings.back().salt, name, openings.back().value));
}

void Sealer::write_side(cbor::Writer& out, std::vector<SideField> side) {
    if (side.empty()) {
        return;
    }
    std::ranges::sort(side, [](const SideField& a, const SideField& b) { return encodes_before(a.name, b.name); });
    out.uint(kSideKey).map(side.size());
    for (SideField& field : side) {
        side_openings.push_back(make(std::move(field.name), std::move(field.value)));
        const ledger::Opening& opening = side_openings.back();
        out.text(opening.name).digest(commit(opening.salt, opening.name, opening.value));
    }
}

ByteView Unsealer::open(cbor::Reader& in, std::string_view name) {
    const Digest commitment = in.field(name).digest();
    if (in.failed()) {
        return {};
    }
    const auto opening = std::ranges::find(openings_, name, &ledger::Opening::name);
    if (opening == openings_.end()) {
        hidden.emplace_back(name);
        return {};
    }
    ++used_;
    if (commit(opening->salt, name, opening->value) != commitment) {
        in.refuse(Errc::bad_commitment, "the opening does not lead to the commitment that was signed");
        return {};
    }
    if (opening->value.empty()) {
        in.refuse(Errc::malformed, "an opening without a value");
    }
    return opening->value;
}

std::vector<SideCommitment> Unsealer::read_side(cbor::Reader& in) {
    std::vector<SideCommitment> out;
    const std::uint64_t count = in.field("side").map();
    if (count == 0 || count > kMaxSideFields) {
        in.refuse(Errc::malformed, "1 to 64 side fields, or no map at all");
        return out;
    }
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        std::string name{in.text_at_most(kMaxFieldNameBytes)};
        const Digest commitment = in.digest();
        if (name.empty() || (!out.empty() && !encodes_before(out.back().name, name))) {
            in.refuse(Errc::not_deterministic,
                      "names are not empty, stand once each and in the order of their encodings");
        }
        out.push_back({std::move(name), commitment});
    }
    in.leave();
    return out;
}

Result<void> Unsealer::finish() const {
    // Otherwise one statement would have many wire forms, and a free field to carry anything into a block.
    if (used_ != openings_.size()) {
        return fail(Errc::malformed, "openings", "an opening that the action does not have");
    }
    return {};
}

}  // namespace probatum::contracts
