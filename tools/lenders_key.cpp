#include "tools/lenders_key.h"

#include "base/cbor.h"
#include "contracts/codec.h"

namespace probatum::tools {

namespace {

constexpr std::string_view kBoxesName = "probatum-lenders-boxes";
constexpr std::string_view kItemName = "probatum-shown-item";

/// A box opens for the key and the organisation that it was made for.
Bytes context_of(const PublicKey& key, std::string_view organisation) {
    cbor::Writer out{128};
    out.array(3).text(kBoxesName).bytes(key.bytes()).text(organisation);
    return out.take();
}

void expect_name(cbor::Reader& in, std::string_view name) {
    if (in.field("format").text() != name) {
        in.refuse(Errc::unusable_input, "another kind of file");
    }
}

}  // namespace

Bytes encode(const LendersBoxes& boxes) {
    cbor::Writer out{256 * boxes.boxes.size() + 96};
    out.array(3).text(kBoxesName).bytes(boxes.key.bytes()).array(boxes.boxes.size());
    for (const LenderBox& box : boxes.boxes) {
        out.array(3).text(box.organisation).bytes(box.recipient.bytes()).bytes(box.box);
    }
    return out.take();
}

Result<LendersBoxes> decode_lenders_boxes(ByteView bytes) {
    cbor::Reader in{bytes};
    in.array_of(3);
    expect_name(in, kBoxesName);
    const std::optional<PublicKey> key = contracts::codec::read_public_key(in, "key");
    std::vector<LenderBox> boxes;
    const std::size_t count = contracts::codec::read_count(in, "boxes", contracts::kMaxFinancingLenders);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        in.array_of(3);
        std::string organisation = contracts::codec::read_text(in, {"boxes.organisation", contracts::kMaxNumberBytes});
        const std::optional<PublicKey> recipient = contracts::codec::read_public_key(in, "boxes.recipient");
        Bytes box = to_bytes(in.field("boxes.box").bytes());
        in.leave();
        if (!recipient) {
            break;
        }
        if (!boxes.empty() && boxes.back().organisation >= organisation) {
            in.refuse(Errc::not_deterministic, "organisations ascend");
        }
        boxes.push_back({std::move(organisation), *recipient, std::move(box)});
    }
    in.leave();
    in.leave();
    PROBATUM_TRY(in.finish());
    return LendersBoxes{*key, std::move(boxes)};
}

Bytes seal_one(const SecretKey& secret, const Recipient& recipient, const SecretKey& ephemeral) {
    return sealed_box::seal(recipient.key, ephemeral, secret.scalar(),
                            context_of(secret.public_key(), recipient.organisation));
}

Result<SecretKey> open_secret(const LendersBoxes& boxes, const SecretKey& own) {
    const PublicKey recipient = own.public_key();
    const auto found = std::ranges::find(boxes.boxes, recipient, &LenderBox::recipient);
    if (found == boxes.boxes.end()) {
        return fail(Errc::not_found, "boxes", "no box is for this key");
    }
    PROBATUM_LET(scalar, sealed_box::open(own, found->box, context_of(boxes.key, found->organisation)));
    Result<SecretKey> secret = SecretKey::from_bytes(scalar);
    wipe(scalar);
    if (!secret || secret->public_key() != boxes.key) {
        return fail(Errc::evidence_mismatch, "boxes", "the secret in the box is not that of the key");
    }
    return secret;
}

Bytes encode(const ShownItem& shown) {
    cbor::Writer out{384};
    out.array(6).text(kItemName).bytes(contracts::encode(shown.item)).bytes(shown.key.bytes());
    out.bytes(shown.tag.bytes()).bytes(shown.proof.challenge).bytes(shown.proof.response);
    return out.take();
}

Result<ShownItem> decode_shown_item(ByteView bytes) {
    cbor::Reader in{bytes};
    in.array_of(6);
    expect_name(in, kItemName);
    const Bytes item = to_bytes(in.field("item").bytes());
    const std::optional<PublicKey> key = contracts::codec::read_public_key(in, "key");
    const std::optional<PublicKey> tag = contracts::codec::read_public_key(in, "tag");
    keyed_tag::Proof proof;
    proof.challenge = in.field("proof").byte_array<32>();
    proof.response = in.byte_array<32>();
    in.leave();
    PROBATUM_TRY(in.finish());
    PROBATUM_LET(decoded, contracts::decode_financed_item(item));
    return ShownItem{std::move(decoded), *key, *tag, proof};
}

ShownItem show_item(const SecretKey& secret, const contracts::FinancedItem& item) {
    const Bytes name = contracts::encode(item);
    return {item, secret.public_key(), keyed_tag::tag_of(secret, name), keyed_tag::open_item(secret, name)};
}

Result<void> verify(const ShownItem& shown) {
    const Bytes name = contracts::encode(shown.item);
    return keyed_tag::verify_item(shown.proof, {shown.key, name, shown.tag});
}

}  // namespace probatum::tools
