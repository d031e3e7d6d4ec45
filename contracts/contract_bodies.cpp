#include <array>

#include "contracts/action_bodies.h"
#include "contracts/codec.h"
#include "contracts/contract_terms.h"

namespace probatum::contracts::bodies {
namespace {

/// A body that has nothing but side fields.
template <class Body>
ActionBody read_empty(Reading from) {
    codec::MapReader map{from.in};
    while (map.next()) {
        if (map.key() == kSideKey) {
            from.side = from.unsealer.read_side(from.in);
        } else {
            map.unknown();
        }
    }
    map.require({});
    return Body{};
}

void write_empty(Writing to) {
    to.out.map(pairs(0, to.side));
    to.sealer.write_side(to.out, to.side);
}

}  // namespace

void write(Writing to, const RegisterBody& body) {
    to.out.map(pairs(5U + (body.links.empty() ? 0U : 1U), to.side));
    to.out.uint(1).text(body.number);
    codec::write_parties(to.out.uint(2), body.parties);
    to.out.uint(3).text(name(kind_of(body.terms))).uint(4);
    std::visit([&](const auto& terms) { write_terms(to, terms); }, body.terms);
    codec::write_documents(to.out.uint(5), body.documents);
    if (!body.links.empty()) {
        codec::write_links(to.out.uint(6), body.links);
    }
    to.sealer.write_side(to.out, to.side);
}

namespace {

/// In the order of KindTerms.
constexpr std::array<KindTerms (*)(Reading), std::variant_size_v<KindTerms>> kTermReaders{
    read_loan_terms, read_receivable, read_voucher};

KindTerms read_terms(Reading from, std::string_view kind) {
    const Result<ContractKind> known = contract_kind_from_name(kind);
    if (!known) {
        from.in.refuse(known.error());
        return codec::no_loan_terms();
    }
    return kTermReaders.at(static_cast<std::size_t>(*known) - 1)(from);
}

}  // namespace

ActionBody read_register(Reading from) {
    cbor::Reader& in = from.in;
    RegisterBody body{.number = {}, .parties = {}, .terms = codec::no_loan_terms(), .documents = {}};
    std::string kind;
    codec::MapReader map{in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                body.number = codec::read_text(in, {"number", kMaxNumberBytes});
                break;
            case 2:
                body.parties = codec::read_parties(in);
                break;
            case 3:
                kind = codec::read_text(in, {"kind", kMaxNumberBytes});
                break;
            case 4:
                body.terms = read_terms(from, kind);
                break;
            case 5:
                body.documents = codec::read_documents(in);
                break;
            case 6:
                body.links = codec::read_links(in);
                if (body.links.empty()) {
                    in.refuse(Errc::not_deterministic, "no links are left out");
                }
                break;
            case kSideKey:
                from.side = from.unsealer.read_side(in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2, 3, 4, 5});
    return body;
}

void write(Writing to, const SignBody& body) {
    to.out.map(pairs(1U + (body.seen ? 1U : 0U), to.side));
    to.out.uint(1).array(body.documents.size());
    for (const DocumentDigests& digests : body.documents) {
        codec::write_digests(to.out, digests);
    }
    if (body.seen) {
        to.out.uint(2).digest(*body.seen);
    }
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_sign(Reading from) {
    cbor::Reader& in = from.in;
    SignBody body;
    codec::MapReader map{in};
    while (map.next()) {
        switch (map.key()) {
            case 1: {
                const std::size_t count = codec::read_count(in, "documents", kMaxDocuments);
                for (std::size_t i = 0; i < count && !in.failed(); ++i) {
                    body.documents.push_back(codec::read_digests(in));
                }
                in.leave();
                break;
            }
            case 2:
                body.seen = in.field("seen").digest();
                break;
            case kSideKey:
                from.side = from.unsealer.read_side(in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1});
    return body;
}

void write(Writing to, const ApproveBody& body) {
    to.out.map(pairs(1, to.side)).uint(1).uint(static_cast<std::uint64_t>(body.capacity));
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_approve(Reading from) {
    ApproveBody body;
    codec::MapReader map{from.in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                body.capacity = codec::read_enum(from.in, "capacity", ApprovalCapacity::checker);
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

void write(Writing to, const ActivateBody&) { write_empty(to); }
void write(Writing to, const SettleBody&) { write_empty(to); }
ActionBody read_activate(Reading from) { return read_empty<ActivateBody>(from); }
ActionBody read_settle(Reading from) { return read_empty<SettleBody>(from); }

}  // namespace probatum::contracts::bodies
