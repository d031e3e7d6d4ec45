#include "contracts/identity_rules.h"

#include "base/hash.h"
#include "contracts/permissions.h"
#include "contracts/possession.h"
#include "contracts/published.h"
#include "contracts/registry.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {
namespace {

using Writes = ledger::StateOverlay::Writes;

/// The most that any clock on earth is ahead of UTC.
constexpr int kFarthestOffsetMinutes = 14 * 60;

tl::unexpected<Error> needs_vote(const char* field) {
    return fail(Errc::needs_vote, field, "roles 1, 2, 3, 11 and 12 are given by the electors");
}

/// The rules of the actions; each gives what it writes.
class Rules {
public:
    explicit Rules(const Execute& task) : task_{task}, registry_{task.state, task.context.height} {}

    Result<Writes> operator()(const AddMemberBody& body) {
        if (RoleSet::of(body.roles).meets(kGrantedByVote)) {
            return needs_vote("roles");
        }
        PROBATUM_TRY(check_possession(body.possession, body.key, scope_of(body.member)));
        PROBATUM_TRY(registry_.add(Member{.organisation = task_.resolved.organisation,
                                          .id = body.member,
                                          .name = body.name,
                                          .key = body.key,
                                          .roles = body.roles}));
        return std::move(registry_).take();
    }

    Result<Writes> operator()(const SetRolesBody& body) {
        // Whoever gives himself another role would check what he makes.
        if (body.member == task_.resolved.member) {
            return fail(Errc::same_person, "member");
        }
        PROBATUM_LET(present, registry_.find(named(body.member)));
        const RoleSet wanted = RoleSet::of(body.roles);
        for (const Role role : body.roles) {
            if (kGrantedByVote.has(role) && !present.key.roles.has(role)) {
                return needs_vote("roles");
            }
        }
        PROBATUM_TRY(registry_.set_roles(named(body.member), wanted));
        return std::move(registry_).take();
    }

    Result<Writes> operator()(const RemoveMemberBody& body) {
        PROBATUM_TRY(registry_.remove(named(body.member)));
        return std::move(registry_).take();
    }

    Result<Writes> operator()(const RotateMemberBody& body) {
        const std::string& member = body.member ? *body.member : task_.resolved.member;
        if (member != task_.resolved.member) {
            PROBATUM_TRY(may_replace_lost_key(member));
        }
        PROBATUM_TRY(check_possession(body.possession, body.key, scope_of(member)));
        PROBATUM_TRY(registry_.set_key(named(member), body.key));
        return std::move(registry_).take();
    }

    Result<Writes> operator()(const BindCertificateBody& body) {
        const KeyId& id = task_.transaction.header().key_id;
        const Digest certificate = sha256(body.chain.front());
        std::optional<CertificateBinding> binding = find_binding(task_.state, id, certificate);
        if (binding && binding->entries.size() >= kMaxBindingEntries) {
            return fail(Errc::id_taken, "chain", "recorded as often as may be: deposit further evidence of its status");
        }
        if (!binding) {
            binding = CertificateBinding{task_.resolved.organisation, task_.resolved.member, {}};
        }
        binding->entries.push_back({task_.transaction.id(), task_.context.height, task_.context.time});
        PROBATUM_LET(member, find_member_key(task_.state, id));
        member.certificate = certificate;
        Writes writes;
        writes[state_keys::member_key(id)] = encode(member);
        writes[state_keys::certificate_binding(id, certificate)] = encode(*binding);
        return writes;
    }

    Result<Writes> operator()(const PublishFixingBody& body) {
        std::optional<RateIndex> index = find_index(task_.state, body.index);
        if (!index) {
            return fail(Errc::index_unknown, "index");
        }
        if (index->publisher != task_.resolved.organisation) {
            return fail(Errc::not_the_publisher, "issuer");
        }
        if (index->latest && body.date <= *index->latest) {
            return fail(Errc::fixing_invalid, "date", "not after the latest fixing, which stands");
        }
        if (body.date > date_at(task_.context.time, kFarthestOffsetMinutes)) {
            return fail(Errc::fixing_invalid, "date", "in the future");
        }
        Writes writes;
        writes[state_keys::fixing(body.index, body.date)] = encode(Fixing{.index = body.index,
                                                                          .date = body.date,
                                                                          .rate = body.rate,
                                                                          .organisation = task_.resolved.organisation,
                                                                          .member = task_.resolved.member,
                                                                          .height = task_.context.height,
                                                                          .previous = index->latest});
        index->latest = body.date;
        ++index->fixings;
        writes[state_keys::rate_index(body.index)] = encode(*index);
        return writes;
    }

    /// Whatever is about a contract, a document or the network is executed elsewhere.
    template <class Body>
    Result<Writes> operator()(const Body&) {
        return fail(Errc::malformed, "action", "not an action of identity");
    }

private:
    [[nodiscard]] Registry::Name named(std::string_view member) const { return {task_.resolved.organisation, member}; }
    [[nodiscard]] PossessionScope scope_of(const std::string& member) const {
        return {task_.context.chain_id, task_.resolved.organisation, member};
    }

    /// A governor may replace the key of a member over whom nobody else's vote was needed; with another's key he would
    /// otherwise be judge or operator himself.
    [[nodiscard]] Result<void> may_replace_lost_key(const std::string& member) const {
        if (!task_.resolved.roles.has(Role::consortium_governor)) {
            return fail(Errc::role_missing, "role");
        }
        PROBATUM_LET(present, registry_.find(named(member)));
        if (present.key.roles.meets(kGrantedByVote)) {
            return needs_vote("member");
        }
        if (present.key.status == KeyStatus::frozen) {
            return fail(Errc::account_frozen, "member");
        }
        return {};
    }

    const Execute& task_;
    Registry registry_;
};

Result<Writes> run(const Execute& task) {
    if (task.resolved.idempotency_key_used) {
        return fail(Errc::idempotency_conflict, "idempotency_key");
    }
    PROBATUM_TRY(permit(task.action.name, nullptr, task.resolved));
    // A certificate says more about a key that genesis names; nothing else can change without an electorate.
    if (!std::holds_alternative<BindCertificateBody>(task.action.body) && !task.state.get(state_keys::governance())) {
        return fail(Errc::governance_absent, "genesis");
    }
    return std::visit(Rules{task}, task.action.body);
}

}  // namespace

bool is_identity_action(std::string_view action) {
    return action.starts_with("member.") || action == "certificate.bind" || action == "index.publish";
}

Execution execute_identity(const Execute& task) {
    Result<Writes> writes = run(task);
    if (!writes) {
        return refused(writes.error());
    }
    Execution out;
    out.writes = *std::move(writes);
    write_record(out, task);
    return out;
}

}  // namespace probatum::contracts
