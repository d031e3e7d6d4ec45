#include "base/civil_time.h"
#include "base/text_encoding.h"
#include "contracts/certificates.h"
#include "contracts/genesis_codec.h"
#include "contracts/identity.h"
#include "contracts/registry.h"
#include "contracts/state_keys.h"
#include "rpc/methods.h"
#include "rpc/pages.h"
#include "rpc/registry_json.h"

namespace probatum::rpc {

namespace {

using namespace contracts;

struct Now {
    std::shared_ptr<const evidence::Source> source;
    SourceState state;
    explicit Now(const node::Service& service) : source{service.view()}, state{*source} {}
};

Json freeze_view(const std::optional<FreezeRecord>& freeze) {
    if (!freeze) {
        return nullptr;
    }
    return {{"proposal", to_hex(freeze->proposal)}, {"height", freeze->height.raw()}};
}

Json freeze_schema() {
    return schema::nullable(
        schema::object({{"proposal", schema::digest("That was enacted")}, {"height", schema::uint("Since this block")}},
                       "Null: not frozen"));
}

std::string_view name_of(KeyStatus status) {
    switch (status) {
        case KeyStatus::active:
            return "active";
        case KeyStatus::revoked:
            return "revoked";
        case KeyStatus::frozen:
            break;
    }
    return "frozen";
}

// --- Organisations -----------------------------------------------------------------------------------------------

Organisation organisation_of(const Bytes& value) {
    cbor::Reader in{value};
    return codec::read_organisation(in);
}

Json organisation_view(const ledger::StateView& state, const Organisation& organisation) {
    Json out{{"organisation", organisation.id},
             {"name", organisation.name},
             {"identifier", organisation.identifier},
             {"status", name(organisation_status(state, organisation.id))},
             {"since", 0},
             {"members", nullptr},
             {"governors", nullptr},
             {"elector", is_elector(state, organisation.id)},
             {"freeze", freeze_view(find_freeze(state, {FreezeSubject::Kind::organisation, organisation.id, {}}))}};
    if (const std::optional<Standing> standing = find_standing(state, organisation.id)) {
        out["since"] = standing->since.raw();
        out["members"] = standing->members;
        out["governors"] = standing->governors;
    }
    return out;
}

Json organisation_schema() {
    return schema::object({{"organisation", schema::text("Id")},
                           {"name", schema::text("Legal name")},
                           {"identifier", schema::text("Unified social credit code, LEI, or empty")},
                           {"status", schema::one_of("", {"active", "frozen", "left"})},
                           {"since", schema::uint("Height; 0: genesis")},
                           {"members", schema::nullable(schema::uint("That it ever had; null: not kept"))},
                           {"governors", schema::nullable(schema::uint("With an active key; null: not kept"))},
                           {"elector", schema::boolean("It has a vote")},
                           {"freeze", freeze_schema()}});
}

Result<Json> get_organisation(const node::Service& service, const std::string& id) {
    const Now now{service};
    const std::optional<Bytes> value = now.state.get(state_keys::organisation(id));
    if (!value) {
        return fail(Errc::organisation_unknown, "organisation");
    }
    return organisation_view(now.state, organisation_of(*value));
}

/// A chain without governance numbers nothing: its organisations are those of genesis.
Json list_organisations(const node::Service& service, const Page& asked) {
    const Now now{service};
    const std::vector<Organisation>& first = service.genesis().organisations;
    const std::uint64_t count = organisation_count(now.state);
    return newest_first(asked, count == 0 ? first.size() : count, [&](std::uint64_t number) {
        if (count == 0) {
            return organisation_view(now.state, first[number - 1]);
        }
        const std::string id = find_organisation_id(now.state, number).value();
        return organisation_view(now.state, organisation_of(now.state.get(state_keys::organisation(id)).value()));
    });
}

// --- Members and keys ----------------------------------------------------------------------------------------------

std::optional<MemberKey> any_key(const ledger::StateView& state, const KeyId& id) {
    const std::optional<Bytes> value = state.get(state_keys::member_key(id));
    return value ? std::optional{decode_member_key(*value).value()} : std::nullopt;
}

Json key_view(const ledger::StateView& state, const KeyId& id, const MemberKey& key) {
    Json out{{"key_id", to_hex(id.digest)},
             {"key", to_hex(key.key)},
             {"organisation", key.organisation},
             {"member", key.member},
             {"roles", names_of(key.roles.list())},
             {"status", name_of(key.status)},
             {"certificate", nullptr},
             {"freeze", freeze_view(find_freeze(state, {FreezeSubject::Kind::key, {}, id.digest}))}};
    if (key.certificate) {
        out["certificate"] = to_hex(*key.certificate);
    }
    return out;
}

Json key_schema() {
    return schema::object({{"key_id", schema::digest("")},
                           {"key", schema::hex("33 bytes")},
                           {"organisation", schema::text("")},
                           {"member", schema::text("Id within the organisation")},
                           {"roles", schema::list(schema::text(""), "By name")},
                           {"status", schema::one_of("", {"active", "revoked", "frozen"})},
                           {"certificate", schema::nullable(schema::digest("Bound to the key"))},
                           {"freeze", freeze_schema()}});
}

Result<Json> get_key(const node::Service& service, const KeyId& id) {
    const Now now{service};
    const std::optional<MemberKey> key = any_key(now.state, id);
    if (!key) {
        return fail(Errc::member_unknown, "key_id");
    }
    return key_view(now.state, id, *key);
}

struct MemberName {
    std::string organisation;
    std::string member;
};

Json member_view(const ledger::StateView& state, const MemberName& named, const MemberRecord& record) {
    Json out{{"organisation", named.organisation},
             {"member", named.member},
             {"name", record.name},
             {"number", record.number},
             {"removed", nullptr},
             {"keys", Json::array()}};
    if (record.removed != Height{}) {
        out["removed"] = record.removed.raw();
    }
    for (const KeyUse& use : record.keys) {
        Json key = key_view(state, use.key, any_key(state, use.key).value());
        key["since"] = use.since.raw();
        out["keys"].push_back(std::move(key));
    }
    return out;
}

Json member_schema() {
    return schema::object({{"organisation", schema::text("")},
                           {"member", schema::text("Id within the organisation")},
                           {"name", schema::text("")},
                           {"number", schema::uint("From 1, within the organisation")},
                           {"removed", schema::nullable(schema::uint("Height; null: the member is there"))},
                           {"keys", schema::list(schema::any("As identity.key gives it, with `since`"),
                                                 "In the order of their use; the last is the present one")}});
}

Result<Json> get_member(const node::Service& service, const MemberName& named) {
    const Now now{service};
    const std::optional<MemberRecord> record = find_member(now.state, named.organisation, named.member);
    if (!record) {
        return fail(Errc::member_unknown, "member");
    }
    return member_view(now.state, named, *record);
}

struct MembersAsked {
    std::string organisation;
    Page page;
};

Result<Json> list_members(const node::Service& service, const MembersAsked& asked) {
    const Now now{service};
    const std::optional<Standing> standing = find_standing(now.state, asked.organisation);
    if (!standing) {
        return fail(Errc::organisation_unknown, "organisation");
    }
    return newest_first(asked.page, standing->members, [&](std::uint64_t number) {
        const std::string id = find_member_id(now.state, asked.organisation, number).value();
        return member_view(now.state, {asked.organisation, id}, find_member(now.state, asked.organisation, id).value());
    });
}

Result<Json> get_freeze(const node::Service& service, const FreezeSubject& subject) {
    const Now now{service};
    Json out = view_of(subject);
    out["freeze"] = freeze_view(find_freeze(now.state, subject));
    return out;
}

// --- Certificates --------------------------------------------------------------------------------------------------

struct BindingAsked {
    KeyId key;
    std::optional<Digest> certificate;
};

Result<Json> get_certificate(const node::Service& service, BindingAsked asked) {
    const Now now{service};
    if (!asked.certificate) {
        const std::optional<MemberKey> key = any_key(now.state, asked.key);
        asked.certificate = key ? key->certificate : std::nullopt;
    }
    const auto found = asked.certificate ? find_binding(now.state, asked.key, *asked.certificate) : std::nullopt;
    if (!found) {
        return fail(Errc::not_found, "certificate");
    }
    Json out{{"key_id", to_hex(asked.key.digest)},
             {"certificate", to_hex(*asked.certificate)},
             {"organisation", found->organisation},
             {"member", found->member},
             {"entries", Json::array()}};
    for (const CertificateBinding::Entry& entry : found->entries) {
        out["entries"].push_back({{"transaction", to_hex(entry.transaction)},
                                  {"height", entry.height.raw()},
                                  {"time", to_rfc3339(entry.time)}});
    }
    return out;
}

Result<Json> list_roots(const node::Service& service) {
    const Now now{service};
    Json out = Json::array();
    for (const TrustedRoot& root : find_trusted_roots(now.state)) {
        out.push_back({{"certificate", to_hex(root.certificate)},
                       {"name", root.name},
                       {"since", root.since.raw()},
                       {"until", root.until == Height{} ? Json{} : Json(root.until.raw())}});
    }
    return Json{{"roots", std::move(out)}};
}

// --- The table ------------------------------------------------------------------------------------------------------

std::vector<Method> organisation_methods(node::Service& service) {
    return {
        {.name = "identity.organisations",
         .summary_en = "The organisations of the consortium, the latest to join first, in pages",
         .summary_zh = "联盟机构列表，由新到旧分页列出",
         .parameters = page_parameters(),
         .result_name = "page",
         .result_schema = page_schema(organisation_schema()),
         .errors = {},
         .handler = answering(
             read_page, [&service](const Page& asked) -> Result<Json> { return list_organisations(service, asked); })},
        {.name = "identity.organisation",
         .summary_en = "One organisation: whether it is active, frozen or gone, and whether it has a vote",
         .summary_zh = "单个机构：状态（正常、冻结、已退出）及有无表决权",
         .parameters = {{"organisation", "Its id", true, schema::text("Id")}},
         .result_name = "organisation",
         .result_schema = organisation_schema(),
         .errors = {Errc::organisation_unknown},
         .handler = answering([](Params& params) { return params.text("organisation"); },
                              [&service](const std::string& id) { return get_organisation(service, id); })}};
}

std::vector<Method> member_methods(node::Service& service) {
    const Parameter organisation{"organisation", "Its id", true, schema::text("Id")};
    std::vector<Parameter> of_members = page_parameters();
    of_members.insert(of_members.begin(), organisation);
    return {{.name = "identity.members",
             .summary_en = "The members of an organisation with all their keys over time, newest first, in pages",
             .summary_zh = "机构成员及其历次密钥，由新到旧分页列出",
             .parameters = std::move(of_members),
             .result_name = "page",
             .result_schema = page_schema(member_schema()),
             .errors = {Errc::organisation_unknown},
             .handler = answering(
                 [](Params& params) {
                     std::string id = params.text("organisation");
                     return MembersAsked{std::move(id), read_page(params)};
                 },
                 [&service](const MembersAsked& asked) { return list_members(service, asked); })},
            {.name = "identity.member",
             .summary_en = "One member with all its keys over time",
             .summary_zh = "单个成员及其历次密钥",
             .parameters = {organisation, {"member", "Its id within the organisation", true, schema::text("Id")}},
             .result_name = "member",
             .result_schema = member_schema(),
             .errors = {Errc::member_unknown},
             .handler = answering(
                 [](Params& params) {
                     std::string id = params.text("organisation");
                     return MemberName{std::move(id), params.text("member")};
                 },
                 [&service](const MemberName& named) { return get_member(service, named); })},
            {.name = "identity.key",
             .summary_en = "Whose key this is, with which roles, and whether it may act",
             .summary_zh = "密钥所属成员、角色与状态",
             .parameters = {{"key_id", "SHA-256 of the public key", true, schema::digest("Key id")}},
             .result_name = "key",
             .result_schema = key_schema(),
             .errors = {Errc::member_unknown},
             .handler = answering([](Params& params) { return KeyId{params.digest("key_id")}; },
                                  [&service](const KeyId& id) { return get_key(service, id); })}};
}

std::vector<Method> standing_methods(node::Service& service) {
    return {{.name = "identity.freeze",
             .summary_en = "Whether an organisation, a key or a contract is frozen, since when, and by which proposal",
             .summary_zh = "机构、密钥或合同是否被冻结、自何时及依据哪一提案",
             .parameters = {{"organisation", "Its id; or", false, schema::text("Id")},
                            {"key_id", "SHA-256 of the public key; or", false, schema::digest("Key id")},
                            {"contract", "Contract id", false, schema::digest("Contract id")}},
             .result_name = "freeze",
             .result_schema = schema::object({{"organisation?", schema::text("")},
                                              {"key_id?", schema::digest("")},
                                              {"contract?", schema::digest("")},
                                              {"freeze", freeze_schema()}}),
             .errors = {},
             .handler = answering(read_subject,
                                  [&service](const FreezeSubject& subject) { return get_freeze(service, subject); })},
            {.name = "identity.certificate",
             .summary_en = "A certificate bound to a key, and the transactions in which its bytes stand",
             .summary_zh = "绑定于密钥的数字证书及其原始字节所在的交易",
             .parameters = {{"key_id", "SHA-256 of the public key", true, schema::digest("Key id")},
                            {"certificate", "SHA-256 of it in DER; the latest if not given", false,
                             schema::digest("Certificate")}},
             .result_name = "binding",
             .result_schema = schema::object({{"key_id", schema::digest("")},
                                              {"certificate", schema::digest("")},
                                              {"organisation", schema::text("")},
                                              {"member", schema::text("")},
                                              {"entries", schema::list(schema::any("transaction, height, time"))}}),
             .errors = {Errc::not_found},
             .handler = answering(
                 [](Params& params) {
                     const KeyId key{params.digest("key_id")};
                     return BindingAsked{key, params.optional_digest("certificate")};
                 },
                 [&service](const BindingAsked& asked) { return get_certificate(service, asked); })},
            {.name = "identity.trusted_roots",
             .summary_en = "The certificates that the consortium trusts as ends of chains, past ones included",
             .summary_zh = "联盟认可的根证书（含已停用的）",
             .parameters = {},
             .result_name = "roots",
             .result_schema = schema::object({{"roots", schema::list(schema::any("certificate, name, since, until"))}}),
             .errors = {},
             .handler = answering([](Params&) { return 0; }, [&service](int) { return list_roots(service); })}};
}

}  // namespace

std::vector<Method> identity_methods(const Context& context) {
    std::vector<Method> out = organisation_methods(context.service);
    for (auto* part : {&member_methods, &standing_methods}) {
        std::vector<Method> more = part(context.service);
        out.insert(out.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
    return out;
}

}  // namespace probatum::rpc
