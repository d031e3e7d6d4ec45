#include "contracts/action_bodies.h"
#include "contracts/codec.h"

namespace probatum::contracts::bodies {
namespace {

/// A body that could not be read: the error stands in the reader.
ActionBody unread() { return ActivateBody{}; }

void write_roles(cbor::Writer& out, const std::vector<Role>& roles) {
    out.array(roles.size());
    for (const Role role : roles) {
        out.uint(static_cast<std::uint64_t>(role));
    }
}

/// One to twelve, ascending.
std::vector<Role> read_roles(cbor::Reader& in) {
    std::vector<Role> out;
    const std::size_t count = codec::read_count(in, "roles", 12);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        const Role role = codec::read_enum(in, "roles", Role::regulator);
        if (!out.empty() && out.back() >= role) {
            in.refuse(Errc::malformed, "roles ascend and stand once each");
        }
        out.push_back(role);
    }
    in.leave();
    if (count == 0) {
        in.refuse(Errc::malformed, "at least one role");
    }
    return out;
}

struct BytesLimit {
    std::string_view field;
    std::size_t maximum;
};

Bytes read_bytes(cbor::Reader& in, BytesLimit limit) {
    const ByteView bytes = in.field(limit.field).bytes();
    if (bytes.size() > limit.maximum) {
        in.refuse(Errc::too_large, "longer than the format carries");
        return {};
    }
    if (bytes.empty()) {
        in.refuse(Errc::malformed, "must not be empty");
    }
    return to_bytes(bytes);
}

std::string read_member(cbor::Reader& in) { return codec::read_text(in, {"member", kMaxNumberBytes}); }

std::vector<Bytes> read_chain(cbor::Reader& in) {
    std::vector<Bytes> out;
    const std::size_t count = codec::read_count(in, "chain", kMaxChainCertificates);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        out.push_back(read_bytes(in, {"chain", kMaxCertificateBytes}));
    }
    in.leave();
    if (count == 0) {
        in.refuse(Errc::malformed, "the certificate itself at least");
    }
    return out;
}

std::vector<StatusEvidence> read_status(cbor::Reader& in) {
    std::vector<StatusEvidence> out;
    const std::size_t count = codec::read_count(in, "status", kMaxStatusItems);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        in.array_of(2);
        const auto kind = codec::read_enum(in, "status.kind", StatusEvidence::Kind::crl);
        out.push_back({kind, read_bytes(in, {"status.der", kMaxStatusBytes})});
        in.leave();
    }
    in.leave();
    if (count == 0) {
        in.refuse(Errc::not_deterministic, "left out where it is empty");
    }
    return out;
}

void check_size(cbor::Reader& in, const BindCertificateBody& body) {
    std::size_t total = 0;
    for (const Bytes& certificate : body.chain) {
        total += certificate.size();
    }
    for (const StatusEvidence& item : body.status) {
        total += item.der.size();
    }
    if (total > kMaxBindingBytes) {
        in.field("chain").refuse(Errc::too_large, "certificates and status evidence together");
    }
}

}  // namespace

void write(Writing to, const AddMemberBody& body) {
    to.out.map(pairs(5, to.side)).uint(1).text(body.member).uint(2).text(body.name);
    write_roles(to.out.uint(3).bytes(body.key.bytes()).uint(4), body.roles);
    to.out.uint(5).bytes(body.possession);
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_member_add(Reading from) {
    std::string member;
    std::string name;
    std::optional<PublicKey> key;
    std::vector<Role> roles;
    Bytes possession;
    codec::MapReader map{from.in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                member = read_member(from.in);
                break;
            case 2:
                name = codec::read_text(from.in, {"name", kMaxTitleBytes});
                break;
            case 3:
                key = codec::read_public_key(from.in, "key");
                break;
            case 4:
                roles = read_roles(from.in);
                break;
            case 5:
                possession = read_bytes(from.in, {"possession", kMaxPossessionBytes});
                break;
            case kSideKey:
                from.side = from.unsealer.read_side(from.in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2, 3, 4, 5});
    return key ? ActionBody{AddMemberBody{std::move(member), std::move(name), *key, std::move(roles),
                                          std::move(possession)}}
               : unread();
}

void write(Writing to, const SetRolesBody& body) {
    write_roles(to.out.map(pairs(2, to.side)).uint(1).text(body.member).uint(2), body.roles);
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_member_roles(Reading from) {
    SetRolesBody body;
    codec::MapReader map{from.in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                body.member = read_member(from.in);
                break;
            case 2:
                body.roles = read_roles(from.in);
                break;
            case kSideKey:
                from.side = from.unsealer.read_side(from.in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2});
    return body;
}

void write(Writing to, const RemoveMemberBody& body) {
    to.out.map(pairs(1, to.side)).uint(1).text(body.member);
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_member_remove(Reading from) {
    RemoveMemberBody body;
    codec::MapReader map{from.in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                body.member = read_member(from.in);
                break;
            case kSideKey:
                from.side = from.unsealer.read_side(from.in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1});
    return body;
}

void write(Writing to, const RotateMemberBody& body) {
    to.out.map(pairs(2U + (body.member ? 1U : 0U), to.side)).uint(1).bytes(body.key.bytes());
    to.out.uint(2).bytes(body.possession);
    if (body.member) {
        to.out.uint(3).text(*body.member);
    }
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_member_rotate(Reading from) {
    std::optional<PublicKey> key;
    Bytes possession;
    std::optional<std::string> member;
    codec::MapReader map{from.in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                key = codec::read_public_key(from.in, "key");
                break;
            case 2:
                possession = read_bytes(from.in, {"possession", kMaxPossessionBytes});
                break;
            case 3:
                member = read_member(from.in);
                break;
            case kSideKey:
                from.side = from.unsealer.read_side(from.in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2});
    return key ? ActionBody{RotateMemberBody{*key, std::move(possession), std::move(member)}} : unread();
}

void write(Writing to, const BindCertificateBody& body) {
    to.out.map(pairs(2U + (body.status.empty() ? 0U : 1U), to.side)).uint(1).array(body.chain.size());
    for (const Bytes& certificate : body.chain) {
        to.out.bytes(certificate);
    }
    to.out.uint(2).bytes(body.cross_signature);
    if (!body.status.empty()) {
        to.out.uint(3).array(body.status.size());
        for (const StatusEvidence& item : body.status) {
            to.out.array(2).uint(static_cast<std::uint64_t>(item.kind)).bytes(item.der);
        }
    }
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_certificate_bind(Reading from) {
    BindCertificateBody body;
    codec::MapReader map{from.in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                body.chain = read_chain(from.in);
                break;
            case 2:
                body.cross_signature = read_bytes(from.in, {"cross_signature", kMaxCrossSignatureBytes});
                break;
            case 3:
                body.status = read_status(from.in);
                break;
            case kSideKey:
                from.side = from.unsealer.read_side(from.in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2});
    check_size(from.in, body);
    return body;
}

void write(Writing to, const PublishFixingBody& body) {
    codec::write_date(to.out.map(pairs(3, to.side)).uint(1).text(body.index).uint(2), body.date);
    codec::write_decimal(to.out.uint(3), body.rate);
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_index_publish(Reading from) {
    PublishFixingBody body;
    codec::MapReader map{from.in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                body.index = codec::read_code(from.in, "index");
                break;
            case 2:
                body.date = codec::read_date(from.in.field("date"));
                break;
            case 3:
                body.rate = codec::read_decimal(from.in, "rate");
                break;
            case kSideKey:
                from.side = from.unsealer.read_side(from.in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2, 3});
    return body;
}

}  // namespace probatum::contracts::bodies
