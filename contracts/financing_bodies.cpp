#include "contracts/body_parts.h"

/// How lenders keep items from being financed twice; none of it is about a contract.
namespace probatum::contracts::bodies {
namespace {

/// A body that could not be read: the error stands in the reader.
ActionBody unread() { return ActivateBody{}; }

void write_proof(cbor::Writer& out, const keyed_tag::Proof& proof) {
    out.array(2).bytes(proof.challenge).bytes(proof.response);
}

keyed_tag::Proof read_proof(cbor::Reader& in, std::string_view field) {
    keyed_tag::Proof out;
    in.field(field).array_of(2);
    out.challenge = in.byte_array<32>();
    out.response = in.byte_array<32>();
    in.leave();
    return out;
}

std::vector<KeyedTag> read_tags(cbor::Reader& in) {
    std::vector<KeyedTag> out;
    const std::size_t count = codec::read_count(in, "tags", kMaxKeysInForce);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        in.array_of(2);
        const std::uint64_t key = in.field("tags.key").uint();
        const std::optional<PublicKey> tag = codec::read_public_key(in, "tags.tag");
        in.leave();
        if (!tag) {
            break;
        }
        if (!out.empty() && out.back().key >= key) {
            in.refuse(Errc::not_deterministic, "ascending by the key's number");
        }
        out.push_back({key, *tag});
    }
    in.leave();
    return out;
}

}  // namespace

void write(Writing to, const ProposeKeyBody& body) {
    to.out.map(pairs(3, to.side)).uint(1).bytes(body.key.bytes()).uint(2).array(body.lenders.size());
    for (const std::string& lender : body.lenders) {
        to.out.text(lender);
    }
    to.out.uint(3).digest(body.boxes);
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_propose_key(Reading from) {
    std::optional<PublicKey> key;
    std::vector<std::string> lenders;
    Digest boxes;
    read_fields(from, {1, 2, 3}, [&](std::uint64_t number) {
        if (number == 1) {
            key = codec::read_public_key(from.in, "key");
        } else if (number == 2) {
            lenders = codec::read_lenders(from.in);
        } else if (number == 3) {
            boxes = from.in.field("boxes").digest();
        }
        return number >= 1 && number <= 3;
    });
    return key ? ActionBody{ProposeKeyBody{*key, std::move(lenders), boxes}} : unread();
}

void write(Writing to, const ConfirmKeyBody& body) {
    to.out.map(pairs(1, to.side)).uint(1).bytes(body.key.bytes());
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_confirm_key(Reading from) {
    std::optional<PublicKey> key;
    read_fields(from, {1}, [&](std::uint64_t number) {
        if (number == 1) {
            key = codec::read_public_key(from.in, "key");
        }
        return number == 1;
    });
    return key ? ActionBody{ConfirmKeyBody{*key}} : unread();
}

void write(Writing to, const OpenFinancingBody& body) {
    const auto there = [](bool is) { return is ? 1U : 0U; };
    const std::uint64_t own =
        1U + there(body.same_item.has_value()) + there(body.rank.has_value()) + there(body.contract.has_value());
    to.out.map(pairs(own, to.side)).uint(1).array(body.tags.size());
    for (const KeyedTag& tag : body.tags) {
        to.out.array(2).uint(tag.key).bytes(tag.tag.bytes());
    }
    if (body.same_item) {
        write_proof(to.out.uint(2), *body.same_item);
    }
    if (body.rank) {
        to.out.uint(3).uint(*body.rank);
    }
    if (body.contract) {
        to.out.uint(4).digest(*body.contract);
    }
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_open_financing(Reading from) {
    OpenFinancingBody body;
    read_fields(from, {1}, [&](std::uint64_t key) {
        switch (key) {
            case 1:
                body.tags = read_tags(from.in);
                return true;
            case 2:
                body.same_item = read_proof(from.in, "same_item");
                return true;
            case 3:
                body.rank = from.in.field("rank").uint();
                if (*body.rank == 0) {
                    from.in.refuse(Errc::malformed, "ranks count from one");
                }
                return true;
            case 4:
                body.contract = from.in.field("contract").digest();
                return true;
            default:
                return false;
        }
    });
    return body;
}

void write(Writing to, const ReleaseFinancingBody& body) {
    to.out.map(pairs(1, to.side)).uint(1).bytes(body.tag.bytes());
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_release_financing(Reading from) {
    std::optional<PublicKey> tag;
    read_fields(from, {1}, [&](std::uint64_t key) {
        if (key == 1) {
            tag = codec::read_public_key(from.in, "tag");
        }
        return key == 1;
    });
    return tag ? ActionBody{ReleaseFinancingBody{*tag}} : unread();
}

void write(Writing to, const RetagBody& body) {
    to.out.map(pairs(3, to.side)).uint(1).bytes(body.from.bytes()).uint(2).bytes(body.to.bytes());
    write_proof(to.out.uint(3), body.proof);
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_retag(Reading from) {
    std::optional<PublicKey> old_tag;
    std::optional<PublicKey> new_tag;
    keyed_tag::Proof proof;
    read_fields(from, {1, 2, 3}, [&](std::uint64_t key) {
        if (key == 1) {
            old_tag = codec::read_public_key(from.in, "from");
        } else if (key == 2) {
            new_tag = codec::read_public_key(from.in, "to");
        } else if (key == 3) {
            proof = read_proof(from.in, "proof");
        }
        return key >= 1 && key <= 3;
    });
    return old_tag && new_tag ? ActionBody{RetagBody{*old_tag, *new_tag, proof}} : unread();
}

}  // namespace probatum::contracts::bodies
