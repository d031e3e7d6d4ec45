#pragma once

#include <rapidcheck.h>

#include "base/bytes.h"
#include "ledger/block.h"
#include "ledger/entry.h"
#include "ledger/state_tree.h"
#include "ledger/vote.h"

/// Arbitrary values of the ledger for property tests. They hold what their decoders demand and nothing more.
namespace probatum::test {

inline rc::Gen<Digest> any_digest() {
    return rc::gen::map(rc::gen::container<Bytes>(Digest::kSize, rc::gen::arbitrary<std::uint8_t>()),
                        [](const Bytes& b) {
                            Digest out;
                            std::ranges::copy(b, out.bytes.begin());
                            return out;
                        });
}

/// Keys that share long prefixes and meet again: few distinct bytes in few places.
inline rc::Gen<Digest> crowded_key() {
    const auto place = rc::gen::element<std::size_t>(0, 0, 0, 1, 15, 31);
    const auto value = rc::gen::element<std::uint8_t>(0x00, 0x01, 0x02, 0x40, 0x80, 0xFF);
    return rc::gen::map(
        rc::gen::container<std::vector<std::pair<std::size_t, std::uint8_t>>>(2, rc::gen::pair(place, value)),
        [](const std::vector<std::pair<std::size_t, std::uint8_t>>& bytes) {
            Digest out;
            for (const auto& [at, byte] : bytes) {
                out.bytes[at] = byte;
            }
            return out;
        });
}

inline rc::Gen<Signature> any_signature() {
    return rc::gen::map(rc::gen::container<Bytes>(64, rc::gen::arbitrary<std::uint8_t>()), [](const Bytes& b) {
        Signature out{};
        std::ranges::copy(b, out.begin());
        return out;
    });
}

inline ledger::VoteTarget any_target() {
    ledger::VoteTarget out;
    out.kind = *rc::gen::element(ledger::VoteKind::notarize, ledger::VoteKind::nullify, ledger::VoteKind::finalize);
    out.epoch = Epoch{*rc::gen::arbitrary<std::uint64_t>()};
    out.view = View{*rc::gen::arbitrary<std::uint64_t>()};
    if (out.kind != ledger::VoteKind::nullify) {
        out.block = *any_digest();
        out.block.bytes[0] |= 1U;
    }
    return out;
}

inline ledger::Certificate any_certificate() {
    ledger::Certificate out{any_target(), {}};
    const auto indices = *rc::gen::nonEmpty(
        rc::gen::container<std::set<ledger::ValidatorIndex>>(rc::gen::inRange<ledger::ValidatorIndex>(0, 100)));
    for (const ledger::ValidatorIndex index : indices) {
        out.signers.push_back({index, *any_signature()});
    }
    return out;
}

inline ledger::Header any_header() {
    ledger::Header out;
    out.chain_id = *any_digest();
    out.epoch = Epoch{*rc::gen::arbitrary<std::uint64_t>()};
    out.height = Height{*rc::gen::inRange<std::uint64_t>(1, 5)};
    out.view = View{*rc::gen::arbitrary<std::uint64_t>()};
    const bool first = out.height.raw() == 1;
    out.parent = first ? out.chain_id : *any_digest();
    out.proposer = *rc::gen::inRange<ledger::ValidatorIndex>(0, 100);
    out.time = UnixMs{*rc::gen::arbitrary<std::uint64_t>()};
    out.payload_root = *any_digest();
    out.log_size = *rc::gen::arbitrary<std::uint64_t>();
    out.log_root = *any_digest();
    out.state_root = *any_digest();
    out.validators = *any_digest();
    out.next_validators = *any_digest();
    out.rules_version = *rc::gen::arbitrary<std::uint64_t>();
    if (!first) {
        out.parent_certificate = *any_digest();
        out.parent_certificate.bytes[31] |= 1U;
    }
    return out;
}

inline ledger::Outcome any_outcome() {
    const auto code = *rc::gen::arbitrary<std::uint16_t>();
    const auto length = *rc::gen::inRange<std::size_t>(0, ledger::kMaxOutcomeFieldBytes + 1);
    return {code, code == 0 ? std::string{} : std::string(length, 'f')};
}

}  // namespace probatum::test
