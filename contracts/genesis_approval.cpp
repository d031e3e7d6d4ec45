#include "contracts/genesis_approval.h"

#include <algorithm>
#include <set>

#include "base/cose.h"
#include "contracts/genesis_codec.h"

namespace probatum::contracts {
namespace {

constexpr std::size_t kMaxAddressBytes = 256;
constexpr std::size_t kMaxOwnMembers = 1024;
constexpr std::size_t kMaxOwnRecoveryKeys = 16;

tl::unexpected<Error> wrong(const std::string& organisation, std::string field, std::string why) {
    return fail(Errc::malformed, organisation + ": " + std::move(field), std::move(why));
}

Bytes encode_payload(const JoinRequest& request) {
    cbor::Writer out{1024};
    out.array(8).digest(request.plan);
    codec::write_organisation(out, request.organisation);
    out.array(request.members.size());
    for (const Member& member : request.members) {
        codec::write_member(out, member);
    }
    out.bytes(request.key.bytes()).boolean(request.runs_validator).text(request.peer_address);
    out.array(request.recovery_keys.size());
    for (const PublicKey& key : request.recovery_keys) {
        out.bytes(key.bytes());
    }
    out.boolean(request.elector);
    return out.take();
}

Result<JoinRequest> decode_payload(ByteView bytes) {
    cbor::Reader in{bytes};
    in.field("join_request").array_of(8);
    const Digest plan = in.digest();
    Organisation organisation = codec::read_organisation(in);
    std::vector<Member> members;
    const std::size_t count = codec::read_count(in, "members", kMaxOwnMembers);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        if (std::optional<Member> member = codec::read_member(in)) {
            members.push_back(*std::move(member));
        }
    }
    in.leave();
    const std::optional<PublicKey> key = codec::read_public_key(in, "key");
    PROBATUM_TRY(in.status());
    JoinRequest out{.plan = plan, .organisation = std::move(organisation), .members = std::move(members), .key = *key};
    out.runs_validator = in.field("runs_validator").boolean();
    out.peer_address = std::string{in.field("peer_address").text_at_most(kMaxAddressBytes)};
    if (out.runs_validator == out.peer_address.empty()) {
        in.refuse(Errc::malformed, "given exactly where a validator is run");
    }
    const std::size_t keys = codec::read_count(in, "recovery_keys", kMaxOwnRecoveryKeys);
    for (std::size_t i = 0; i < keys && !in.failed(); ++i) {
        if (const std::optional<PublicKey> authority = codec::read_public_key(in, "recovery_keys")) {
            out.recovery_keys.push_back(*authority);
        }
    }
    in.leave();
    out.elector = in.field("elector").boolean();
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

/// Of two organisations that bring the same thing, the later one is named, with what it brought.
Result<void> check_distinct(const std::vector<JoinRequest>& requests) {
    std::set<std::string> organisations;
    std::set<std::string> addresses;
    std::set<PublicKey> keys;
    for (const JoinRequest& request : requests) {
        const std::string& id = request.organisation.id;
        if (!organisations.insert(id).second) {
            return wrong(id, "organisation", "two requests are by this organisation");
        }
        if (request.runs_validator && !addresses.insert(request.peer_address).second) {
            return wrong(id, "peer_address", request.peer_address + " was brought by another organisation too");
        }
        if (request.runs_validator && !keys.insert(request.key).second) {
            return wrong(id, "key", "another organisation brought this key too");
        }
        for (const Member& member : request.members) {
            if (!keys.insert(member.key).second) {
                return wrong(id, "members." + member.id, "this key was brought before: one key, one purpose");
            }
        }
        for (const PublicKey& key : request.recovery_keys) {
            if (!keys.insert(key).second) {
                return wrong(id, "recovery_keys", "this key was brought before: one key, one purpose");
            }
        }
    }
    return {};
}

}  // namespace

Bytes encode(const GenesisPlan& plan) {
    cbor::Writer out{256};
    out.array(8).text(plan.chain_name).uint(plan.time.raw()).uint(plan.rules_version);
    codec::write_parameters(out, plan.parameters);
    out.uint(plan.threshold).uint(plan.proposal_lifetime_ms).uint(plan.live_window).uint(plan.recovery_threshold);
    return out.take();
}

Result<GenesisPlan> decode_genesis_plan(ByteView bytes) {
    cbor::Reader in{bytes};
    GenesisPlan out;
    in.field("plan").array_of(8);
    out.chain_name = codec::read_text(in, {"chain_name", kMaxNumberBytes});
    out.time = UnixMs{in.field("time").uint()};
    out.rules_version = in.field("rules_version").uint();
    out.parameters = codec::read_parameters(in);
    out.threshold = static_cast<std::uint32_t>(in.field("threshold").uint_at_most(UINT32_MAX));
    out.proposal_lifetime_ms = in.field("lifetime_ms").uint();
    out.live_window = static_cast<std::uint32_t>(in.field("live_window").uint_at_most(UINT32_MAX));
    out.recovery_threshold = static_cast<std::uint32_t>(in.field("recovery_threshold").uint_at_most(UINT32_MAX));
    in.leave();
    PROBATUM_TRY(in.finish());
    PROBATUM_TRY(codec::check_parameters(out.parameters));
    return out;
}

Bytes sign_join_request(const SecretKey& key, const JoinRequest& request) {
    // No chain exists yet: the plan stands in the place of its id.
    const cose::ProtectedHeader header{std::string{kJoinRequestContentType}, request.key.id(), request.plan,
                                       request.organisation.id};
    return cose::sign(key, header, encode_payload(request));
}

Result<JoinRequest> open_join_request(ByteView bytes) {
    if (bytes.size() > kMaxJoinRequestBytes) {
        return fail(Errc::too_large, "join_request");
    }
    PROBATUM_LET(statement, cose::decode(bytes));
    PROBATUM_LET(request, decode_payload(statement.payload));
    const cose::ProtectedHeader expected{std::string{kJoinRequestContentType}, request.key.id(), request.plan,
                                         request.organisation.id};
    if (statement.header != expected) {
        return fail(Errc::malformed, "join_request", "signed as something else");
    }
    PROBATUM_TRY(statement.verify(request.key));
    for (const Member& member : request.members) {
        if (member.organisation != request.organisation.id) {
            return fail(Errc::issuer_mismatch, "members." + member.id, "a member of another organisation");
        }
    }
    if (!request.runs_validator &&
        std::ranges::find(request.members, request.key, &Member::key) == request.members.end()) {
        return fail(Errc::unknown_key, "key", "an organisation without a validator signs with a member's key");
    }
    return request;
}

Result<Genesis> assemble_genesis(const GenesisPlan& plan, std::vector<JoinRequest> requests) {
    const Digest digest = sha256(encode(plan));
    for (const JoinRequest& request : requests) {
        if (request.plan != digest) {
            return wrong(request.organisation.id, "plan", "made under another plan than this one");
        }
    }
    std::ranges::sort(requests, {}, [](const JoinRequest& request) { return request.organisation.id; });
    PROBATUM_TRY(check_distinct(requests));
    Genesis out{.chain_name = plan.chain_name,
                .time = plan.time,
                .rules_version = plan.rules_version,
                .parameters = plan.parameters,
                .organisations = {},
                .members = {},
                .validators = {},
                .recovery_authorities = {},
                .recovery_threshold = plan.recovery_threshold};
    GovernanceTerms governance{.threshold = plan.threshold,
                               .lifetime_ms = plan.proposal_lifetime_ms,
                               .live_window = plan.live_window,
                               .electors = {}};
    for (JoinRequest& request : requests) {
        if (request.runs_validator) {
            out.validators.push_back({request.organisation.id, request.key});
        }
        out.recovery_authorities.insert(out.recovery_authorities.end(), request.recovery_keys.begin(),
                                        request.recovery_keys.end());
        if (request.elector) {
            governance.electors.push_back(request.organisation.id);
        }
        std::ranges::sort(request.members, {}, &Member::id);
        out.members.insert(out.members.end(), request.members.begin(), request.members.end());
        out.organisations.push_back(std::move(request.organisation));
    }
    out.governance = std::move(governance);
    out.approvals_required = true;
    return decode_genesis(encode(out));
}

Result<void> check_own_part(const Genesis& genesis, const JoinRequest& own) {
    const std::string& id = own.organisation.id;
    if (std::ranges::find(genesis.organisations, own.organisation) == genesis.organisations.end()) {
        return wrong(id, "organisation", "not in this genesis as it was brought");
    }
    std::vector<Member> members;
    std::ranges::copy_if(genesis.members, std::back_inserter(members),
                         [&](const Member& member) { return member.organisation == id; });
    std::vector<Member> brought = own.members;
    std::ranges::sort(brought, {}, &Member::id);
    if (members != brought) {
        return wrong(id, "members", "not in this genesis as they were brought");
    }
    std::vector<ledger::Validator> validators;
    std::ranges::copy_if(genesis.validators, std::back_inserter(validators),
                         [&](const ledger::Validator& validator) { return validator.organisation == id; });
    const bool is_own =
        own.runs_validator ? validators == std::vector{ledger::Validator{id, own.key}} : validators.empty();
    if (!is_own) {
        return wrong(id, "validator", "not in this genesis as it was brought");
    }
    for (const PublicKey& key : own.recovery_keys) {
        if (std::ranges::find(genesis.recovery_authorities, key) == genesis.recovery_authorities.end()) {
            return wrong(id, "recovery_keys", "not in this genesis as they were brought");
        }
    }
    if (own.elector != (genesis.governance && std::ranges::binary_search(genesis.governance->electors, id))) {
        return wrong(id, "elector", "not in this genesis as it was brought");
    }
    return {};
}

Bytes make_approval(const SecretKey& key, const Digest& genesis_digest, std::string_view organisation) {
    cbor::Writer payload;
    payload.digest(genesis_digest);
    const cose::ProtectedHeader header{std::string{kGenesisApprovalContentType}, key.public_key().id(), genesis_digest,
                                       std::string{organisation}};
    return cose::sign(key, header, payload.view());
}

std::vector<std::string> missing_approvals(const Genesis& genesis, const Digest& genesis_digest,
                                           const std::vector<Bytes>& approvals) {
    cbor::Writer payload;
    payload.digest(genesis_digest);
    const auto approves = [&](const Bytes& bytes, const std::string& organisation, const PublicKey& key) {
        const Result<cose::Statement> statement = cose::decode(bytes);
        const cose::ProtectedHeader expected{std::string{kGenesisApprovalContentType}, key.id(), genesis_digest,
                                             organisation};
        return statement && statement->header == expected && std::ranges::equal(statement->payload, payload.view()) &&
               statement->verify(key);
    };
    const auto approved_by = [&](const std::string& organisation, const PublicKey& key) {
        return std::ranges::any_of(approvals, [&](const Bytes& bytes) {
            return bytes.size() <= kMaxApprovalBytes && approves(bytes, organisation, key);
        });
    };
    std::vector<std::string> missing;
    for (const Organisation& organisation : genesis.organisations) {
        bool runs_validator = false;
        bool approved = true;
        for (const ledger::Validator& validator : genesis.validators) {
            if (validator.organisation == organisation.id) {
                runs_validator = true;
                approved = approved && approved_by(organisation.id, validator.key);
            }
        }
        if (!runs_validator) {
            approved = std::ranges::any_of(genesis.members, [&](const Member& member) {
                return member.organisation == organisation.id && approved_by(organisation.id, member.key);
            });
        }
        if (!approved) {
            missing.push_back(organisation.id);
        }
    }
    return missing;
}

}  // namespace probatum::contracts
