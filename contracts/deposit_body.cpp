#include "contracts/action_bodies.h"
#include "contracts/codec.h"

namespace probatum::contracts::bodies {
namespace {

constexpr std::size_t kMaxProvenanceText = 128;
constexpr std::size_t kMaxReferences = 16;
constexpr std::size_t kMaxWitnesses = 16;

std::uint64_t count_of(const Provenance& p) {
    std::uint64_t count = 0;
    for (const bool present : {p.system.has_value(), p.system_version.has_value(), p.operator_name.has_value(),
                               p.method.has_value(), p.captured_at.has_value(), !p.original_digests.empty(),
                               p.original_size.has_value(), !p.references.empty(), !p.witnesses.empty()}) {
        count += present ? 1U : 0U;
    }
    return count;
}

void write_text(cbor::Writer& out, unsigned key, const std::optional<std::string>& text) {
    if (text) {
        out.uint(key).text(*text);
    }
}

void write_provenance(cbor::Writer& out, const Provenance& p) {
    out.map(count_of(p));
    write_text(out, 1, p.system);
    write_text(out, 2, p.system_version);
    write_text(out, 3, p.operator_name);
    if (p.method) {
        out.uint(4).uint(static_cast<std::uint64_t>(*p.method));
    }
    if (p.captured_at) {
        out.uint(5).uint(p.captured_at->raw());
    }
    if (!p.original_digests.empty()) {
        codec::write_digests(out.uint(6), p.original_digests);
    }
    if (p.original_size) {
        out.uint(7).uint(*p.original_size);
    }
    if (!p.references.empty()) {
        out.uint(8).array(p.references.size());
        for (const Reference& reference : p.references) {
            out.array(2).text(reference.kind).text(reference.value);
        }
    }
    if (!p.witnesses.empty()) {
        out.uint(9).array(p.witnesses.size());
        for (const KeyId& witness : p.witnesses) {
            out.digest(witness.digest);
        }
    }
}

std::vector<Reference> read_references(cbor::Reader& in) {
    std::vector<Reference> out;
    const std::size_t count = codec::read_count(in, "provenance.references", kMaxReferences);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        in.array_of(2);
        std::string kind = codec::read_text(in, {"provenance.references", kMaxNumberBytes});
        std::string value = codec::read_text(in, {"provenance.references", kMaxProvenanceText});
        in.leave();
        out.push_back({std::move(kind), std::move(value)});
    }
    in.leave();
    if (count == 0) {
        in.refuse(Errc::malformed, "a list that is there has an item");
    }
    return out;
}

std::vector<KeyId> read_witnesses(cbor::Reader& in) {
    std::vector<KeyId> out;
    const std::size_t count = codec::read_count(in, "provenance.witnesses", kMaxWitnesses);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        const KeyId witness{in.digest()};
        if (!out.empty() && !(out.back() < witness)) {
            in.refuse(Errc::not_deterministic, "witnesses ascend");
        }
        out.push_back(witness);
    }
    in.leave();
    if (count == 0) {
        in.refuse(Errc::malformed, "a list that is there has an item");
    }
    return out;
}

Provenance read_provenance(cbor::Reader& in) {
    Provenance p;
    codec::MapReader map{in.field("provenance")};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                p.system = codec::read_text(in, {"provenance.system", kMaxProvenanceText});
                break;
            case 2:
                p.system_version = codec::read_text(in, {"provenance.system_version", kMaxProvenanceText});
                break;
            case 3:
                p.operator_name = codec::read_text(in, {"provenance.operator", kMaxProvenanceText});
                break;
            case 4:
                p.method = codec::read_enum(in, "provenance.method", CaptureMethod::device);
                break;
            case 5:
                p.captured_at = UnixMs{in.field("provenance.captured_at").uint()};
                break;
            case 6:
                p.original_digests = codec::read_digests(in);
                break;
            case 7:
                p.original_size = in.field("provenance.original_size").uint();
                break;
            case 8:
                p.references = read_references(in);
                break;
            case 9:
                p.witnesses = read_witnesses(in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({});
    return p;
}

}  // namespace

void write(Writing to, const DepositBody& body) {
    const std::uint64_t own = 3U + (body.title ? 1U : 0U) + (body.provenance ? 1U : 0U);
    to.out.map(pairs(own, to.side));
    codec::write_digests(to.out.uint(1), body.digests);
    to.out.uint(2).uint(body.size_bytes).uint(3).text(body.media_type);
    if (body.title) {
        to.out.uint(4).text(*body.title);
    }
    if (body.provenance) {
        write_provenance(to.out.uint(5), *body.provenance);
    }
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_deposit(Reading from) {
    cbor::Reader& in = from.in;
    DepositBody body;
    codec::MapReader map{in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                body.digests = codec::read_digests(in);
                break;
            case 2:
                body.size_bytes = in.field("size_bytes").uint();
                break;
            case 3:
                body.media_type = codec::read_text(in, {"media_type", kMaxMediaTypeBytes});
                break;
            case 4:
                body.title = codec::read_text(in, {"title", kMaxTitleBytes});
                break;
            case 5:
                body.provenance = read_provenance(in);
                break;
            case kSideKey:
                from.side = from.unsealer.read_side(in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2, 3});
    return body;
}

}  // namespace probatum::contracts::bodies
