// Every value comes back from its bytes, and whatever other bytes are accepted encode to exactly themselves.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/cbor.h"
#include "ledger/block.h"
#include "ledger/evidence_log.h"
#include "ledger_generators.h"
#include "ledger_samples.h"

namespace probatum::ledger {
namespace {

using test::any_certificate;
using test::any_digest;
using test::any_header;
using test::any_outcome;
using test::any_signature;
using test::any_target;

/// Changes, drops or adds a few bytes.
Bytes damage(Bytes bytes) {
    const auto times = *rc::gen::inRange(1, 4);
    for (int i = 0; i < times && !bytes.empty(); ++i) {
        const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
        const auto value = *rc::gen::arbitrary<std::uint8_t>();
        switch (*rc::gen::inRange(0, 3)) {
            case 0:
                bytes[at] = value;
                break;
            case 1:
                bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at));
                break;
            default:
                bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), value);
        }
    }
    return bytes;
}

template <class Decode>
void check_format(const Bytes& bytes, Decode decode) {
    const auto decoded = decode(bytes);
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(encode(*decoded) == bytes);
    RC_ASSERT(cbor::check_deterministic(bytes).has_value());
    const Bytes damaged = damage(bytes);
    if (const auto accepted = decode(damaged)) {
        RC_ASSERT(encode(*accepted) == damaged);
    }
}

RC_GTEST_PROP(LedgerFormats, Vote, ()) {
    check_format(encode(Vote{any_target(), *rc::gen::inRange<ValidatorIndex>(0, 100), *any_signature()}), decode_vote);
}

RC_GTEST_PROP(LedgerFormats, Certificate, ()) { check_format(encode(any_certificate()), decode_certificate); }

RC_GTEST_PROP(LedgerFormats, Header, ()) { check_format(encode(any_header()), decode_header); }

RC_GTEST_PROP(LedgerFormats, FinalityProof, ()) {
    FinalityProof proof{any_certificate(), {}};
    const auto count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i) {
        proof.path.push_back(any_header());
    }
    check_format(encode(proof), decode_finality_proof);
}

RC_GTEST_PROP(LedgerFormats, Entry, ()) {
    check_format(encode(Entry{*any_digest(), any_outcome(), *any_digest()}), decode_entry);
}

RC_GTEST_PROP(LedgerFormats, EventLeaf, ()) {
    EventLeaf leaf;
    leaf.subject = *any_digest();
    leaf.sequence = *rc::gen::inRange<std::uint64_t>(0, 3);
    if (leaf.sequence > 0) {
        leaf.previous = *any_digest();
        leaf.previous.bytes[0] |= 1U;
    }
    leaf.transaction = *any_digest();
    leaf.height = Height{*rc::gen::arbitrary<std::uint64_t>()};
    leaf.index = *rc::gen::arbitrary<std::uint32_t>();
    leaf.time = UnixMs{*rc::gen::arbitrary<std::uint64_t>()};
    leaf.outcome = any_outcome();
    leaf.resolved = cbor::Writer{}.array(2).uint(leaf.height.raw()).digest(leaf.subject).take();
    check_format(encode(leaf), decode_event_leaf);
}

RC_GTEST_PROP(LedgerFormats, StateProof, ()) {
    StateProof proof;
    if (*rc::gen::arbitrary<bool>()) {
        proof.leaf = StateProof::Leaf{*any_digest(), *any_digest()};
    }
    proof.siblings = *rc::gen::container<std::vector<Digest>>(any_digest());
    check_format(encode(proof), decode_state_proof);
}

RC_GTEST_PROP(LedgerFormats, Payload, ()) {
    Payload payload;
    payload.idempotency_key[3] = *rc::gen::arbitrary<std::uint8_t>();
    payload.valid_until = UnixMs{*rc::gen::arbitrary<std::uint64_t>()};
    payload.action = std::string(*rc::gen::inRange<std::size_t>(1, kMaxActionNameBytes + 1), 'a');
    payload.body = cbor::Writer{}.array(1).uint(*rc::gen::arbitrary<std::uint64_t>()).take();
    check_format(encode(payload), decode_payload);
}

/// One real transaction and one real block, damaged in every way that chance finds.
RC_GTEST_PROP(LedgerFormats, DamagedTransactionsAreRefusedOrThemselves, ()) {
    static const Bytes kGood = test::sample_transaction_bytes(1);
    const Bytes damaged = damage(kGood);
    if (const auto accepted = Transaction::decode(damaged)) {
        const Transaction& transaction = **accepted;
        RC_ASSERT(encode_transaction(transaction.statement_bytes(), transaction.openings()) == damaged);
        RC_ASSERT(damaged == kGood || !transaction.statement().verify(test::named_key("lender-a").public_key()) ||
                  !equal(transaction.openings_bytes(), Transaction::decode(kGood).value()->openings_bytes()));
    }
}

RC_GTEST_PROP(LedgerFormats, DamagedBlocksAreRefusedOrThemselves, ()) {
    static const auto kBlocks = test::sample_chain_of_blocks(2, test::sample_set(4));
    static const Bytes kGood = encode(*kBlocks[1]);
    const Bytes damaged = damage(kGood);
    if (const auto accepted = decode_block(damaged)) {
        RC_ASSERT(encode(**accepted) == damaged);
    }
}

}  // namespace
}  // namespace probatum::ledger
