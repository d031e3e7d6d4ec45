#include "contracts/action_bodies.h"
#include "contracts/governance_codec.h"
#include "contracts/readiness.h"

namespace probatum::contracts::bodies {
namespace {

/// A body that could not be read: the error stands in the reader.
ActionBody unread() { return ActivateBody{}; }

}  // namespace

void write(Writing to, const ProposeBody& body) {
    to.out.map(pairs(1U + (body.override_liveness ? 1U : 0U) + (body.note.empty() ? 0U : 1U), to.side));
    codec::write_change(to.out.uint(1), body.change);
    if (body.override_liveness) {
        to.out.uint(2).boolean(true);
    }
    if (!body.note.empty()) {
        to.out.uint(3).text(body.note);
    }
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_propose(Reading from) {
    ProposeBody body;
    codec::MapReader map{from.in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                body.change = codec::read_change(from.in);
                break;
            case 2:
                // Absent is the one way to say no.
                body.override_liveness = from.in.field("override_liveness").boolean();
                if (!body.override_liveness) {
                    from.in.refuse(Errc::not_deterministic, "left out where it is false");
                }
                break;
            case 3:
                body.note = codec::read_note(from.in);
                if (body.note.empty()) {
                    from.in.refuse(Errc::not_deterministic, "left out where it is empty");
                }
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

void write(Writing to, const VoteBody& body) {
    to.out.map(pairs(2, to.side)).uint(1).digest(body.proposal);
    to.out.uint(2).uint(static_cast<std::uint64_t>(body.choice));
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_vote(Reading from) {
    VoteBody body;
    codec::MapReader map{from.in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                body.proposal = from.in.field("proposal").digest();
                break;
            case 2:
                body.choice = codec::read_enum(from.in, "choice", Choice::reject);
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

void write(Writing to, const EnactBody& body) {
    to.out.map(pairs(1, to.side)).uint(1).digest(body.proposal);
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_enact(Reading from) {
    EnactBody body;
    codec::MapReader map{from.in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                body.proposal = from.in.field("proposal").digest();
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

void write(Writing to, const ReadyBody& body) {
    to.out.map(pairs(2, to.side)).uint(1).bytes(body.key.bytes()).uint(2).bytes(body.statement);
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_ready(Reading from) {
    std::optional<PublicKey> key;
    Bytes statement;
    codec::MapReader map{from.in};
    while (map.next()) {
        switch (map.key()) {
            case 1:
                key = codec::read_public_key(from.in, "key");
                break;
            case 2: {
                const ByteView bytes = from.in.field("statement").bytes();
                if (bytes.size() > kMaxReadinessBytes) {
                    from.in.refuse(Errc::too_large, "a statement of readiness is short");
                } else {
                    statement = to_bytes(bytes);
                }
                break;
            }
            case kSideKey:
                from.side = from.unsealer.read_side(from.in);
                break;
            default:
                map.unknown();
        }
    }
    map.require({1, 2});
    return key ? ActionBody{ReadyBody{*key, std::move(statement)}} : unread();
}

void write(Writing to, const ReportBody& body) {
    to.out.map(pairs(1, to.side)).uint(1).bytes(body.proof);
    to.sealer.write_side(to.out, to.side);
}

ActionBody read_report(Reading from) {
    ReportBody body;
    codec::MapReader map{from.in};
    while (map.next()) {
        switch (map.key()) {
            case 1: {
                const ByteView bytes = from.in.field("proof").bytes();
                if (bytes.size() > kMaxMisbehaviourBytes) {
                    from.in.refuse(Errc::too_large, "a proof of misbehaviour is short");
                } else {
                    body.proof = to_bytes(bytes);
                }
                break;
            }
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

}  // namespace probatum::contracts::bodies
