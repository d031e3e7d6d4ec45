#include "base/cbor.h"
#include "base/hash.h"
#include "ledger/pair_hash.h"
#include "ledger/state_tree.h"

namespace probatum::ledger {

namespace {

constexpr std::size_t kKeyBits = 256;

bool bit_at(const Digest& key, std::size_t depth) { return (key.bytes[depth / 8] >> (7 - depth % 8) & 1U) != 0; }

/// How many leading bits two keys share.
std::size_t shared_bits(const Digest& a, const Digest& b) {
    std::size_t bits = 0;
    while (bits < kKeyBits && bit_at(a, bits) == bit_at(b, bits)) {
        ++bits;
    }
    return bits;
}

tl::unexpected<Error> invalid(std::string_view why) {
    return fail(Errc::invalid_proof, "state_proof", std::string{why});
}

}  // namespace

Digest state_key(std::string_view type, ByteView canonical_id) {
    cbor::Writer writer{16 + type.size() + canonical_id.size()};
    writer.array(2).text(type).bytes(canonical_id);
    return sha256(writer.view());
}

Digest change_digest(std::span<const StateChange> sorted_changes) {
    cbor::Writer writer{16 + sorted_changes.size() * 69};
    writer.array(sorted_changes.size());
    for (const StateChange& change : sorted_changes) {
        writer.array(2).digest(change.key);
        if (change.value_digest) {
            writer.digest(*change.value_digest);
        } else {
            writer.null();
        }
    }
    return sha256(writer.view());
}

Bytes encode(const StateProof& proof) {
    cbor::Writer writer{80 + proof.siblings.size() * 34};
    writer.array(2);
    if (proof.leaf) {
        writer.array(2).digest(proof.leaf->key).digest(proof.leaf->value_digest);
    } else {
        writer.null();
    }
    writer.array(proof.siblings.size());
    for (const Digest& sibling : proof.siblings) {
        writer.digest(sibling);
    }
    return writer.take();
}

Result<StateProof> decode_state_proof(ByteView bytes) {
    cbor::Reader reader{bytes, {.items = kKeyBits}};
    StateProof out;
    reader.field("state_proof").array_of(2);
    if (!reader.field("leaf").take_null()) {
        reader.array_of(2);
        const Digest key = reader.digest();
        out.leaf = StateProof::Leaf{key, reader.digest()};
        reader.leave();
    }
    const std::uint64_t count = reader.field("siblings").array();
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        out.siblings.push_back(reader.digest());
    }
    PROBATUM_TRY(reader.finish());
    return out;
}

Result<std::optional<Digest>> verify_state_proof(const Digest& root, const Digest& key, const StateProof& proof) {
    const std::size_t depth = proof.siblings.size();
    if (depth > kKeyBits) {
        return invalid("longer than a key");
    }
    // Beside an empty slot at the last level nothing stands: a lone leaf would stand higher.
    if (depth > 0 && proof.siblings.back().is_zero()) {
        return invalid("no tree has this form");
    }
    if (proof.leaf && shared_bits(proof.leaf->key, key) < depth) {
        return invalid("the leaf stands on another path");
    }
    Digest reached = proof.leaf ? pair_hash(kLeafPrefix, proof.leaf->key, proof.leaf->value_digest) : Digest{};
    for (std::size_t level = depth; level-- > 0;) {
        const Digest& sibling = proof.siblings[level];
        reached =
            bit_at(key, level) ? pair_hash(kInnerPrefix, sibling, reached) : pair_hash(kInnerPrefix, reached, sibling);
    }
    if (reached != root) {
        return invalid("the path leads to another root");
    }
    if (proof.leaf && proof.leaf->key == key) {
        return std::optional{proof.leaf->value_digest};
    }
    return std::optional<Digest>{};
}

}  // namespace probatum::ledger
