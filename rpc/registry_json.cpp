#include "rpc/registry_json.h"

#include <algorithm>
#include <array>

#include "base/text_encoding.h"
#include "rpc/actions.h"
#include "rpc/governance_json.h"

namespace probatum::rpc {

namespace {

using namespace contracts;

constexpr std::array<std::string_view, 7> kWeekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

ActionBody unread() { return ActivateBody{}; }

std::vector<Role> read_roles(Params& given) {
    std::vector<Role> out;
    for (std::size_t i = 0, count = given.array("roles", 12); i < count; ++i) {
        const std::string text = given.text_element("roles", i);
        out.push_back(given.value("roles[" + std::to_string(i) + "]", role_from_name(text), Role::borrower));
    }
    std::ranges::sort(out);
    return out;
}

std::optional<Member> read_member(Params& given, const std::string& organisation) {
    const std::string id = given.text("id");
    const std::string name = given.text("name");
    const std::optional<PublicKey> key = read_public_key(given, "key");
    std::vector<Role> roles = read_roles(given);
    if (!key) {
        return std::nullopt;
    }
    return Member{.organisation = organisation, .id = id, .name = name, .key = *key, .roles = std::move(roles)};
}

std::optional<RegistryChange> read_join(Params& given) {
    JoinOrganisation out;
    out.organisation.id = given.text("organisation");
    out.organisation.name = given.text("name");
    out.organisation.identifier = given.optional_text("identifier").value_or("");
    for (std::size_t i = 0, count = given.array("members", kMaxFirstMembers); i < count; ++i) {
        Params member = given.element("members", i);
        if (std::optional<Member> read = read_member(member, out.organisation.id)) {
            out.members.push_back(*std::move(read));
        }
        given.take(member);
    }
    return out;
}

std::optional<RegistryChange> read_set(Params& given) {
    const std::string organisation = given.text("organisation");
    Params inner = given.object("member");
    std::optional<Member> member = read_member(inner, organisation);
    given.take(inner);
    return member ? std::optional<RegistryChange>{SetMember{*std::move(member)}} : std::nullopt;
}

std::vector<CivilDate> read_days(Params& given, std::string_view name) {
    std::vector<CivilDate> out;
    for (std::size_t i = 0, count = given.array(name, kMaxCalendarDays); i < count; ++i) {
        const std::string text = given.text_element(name, i);
        out.push_back(
            given.value(std::string{name} + "[" + std::to_string(i) + "]", CivilDate::parse(text), CivilDate{}));
    }
    return out;
}

schedule::Calendar read_calendar(Params& given) {
    schedule::Calendar out;
    for (std::size_t i = 0, count = given.array("weekend", kWeekdays.size()); i < count; ++i) {
        const std::string text = given.text_element("weekend", i);
        const auto found = std::ranges::find(kWeekdays, std::string_view{text});
        if (found == kWeekdays.end()) {
            given.refuse("weekend[" + std::to_string(i) + "]", {Errc::malformed, {}, "mon, tue ... sun"});
            return out;
        }
        out.weekend.at(static_cast<std::size_t>(found - kWeekdays.begin())) = true;
    }
    out.holidays = read_days(given, "holidays");
    out.working_days = read_days(given, "working_days");
    return out;
}

std::optional<RegistryChange> read_template(Params& given) {
    PublishTemplate out;
    out.name = {given.text("template"), given.text("language")};
    out.title = given.text("title");
    for (std::size_t i = 0, count = given.array("documents", kMaxTemplateDocuments); i < count; ++i) {
        Params document = given.element("documents", i);
        out.documents.push_back(read_document(document));
        given.take(document);
    }
    return out;
}

Json days_view(const std::vector<CivilDate>& days) {
    Json out = Json::array();
    for (const CivilDate day : days) {
        out.push_back(day.to_string());
    }
    return out;
}

Json member_view(const Member& member) {
    return {{"id", member.id},
            {"name", member.name},
            {"key", to_hex(member.key.bytes())},
            {"roles", names_of(member.roles)}};
}

struct RegistryView {
    Json& out;

    void operator()(const JoinOrganisation& change) const {
        out["organisation"] = change.organisation.id;
        out["name"] = change.organisation.name;
        if (!change.organisation.identifier.empty()) {
            out["identifier"] = change.organisation.identifier;
        }
        out["members"] = Json::array();
        for (const Member& member : change.members) {
            out["members"].push_back(member_view(member));
        }
    }
    void operator()(const RemoveOrganisation& change) const { out["organisation"] = change.organisation; }
    void operator()(const SetMember& change) const {
        out["organisation"] = change.member.organisation;
        out["member"] = member_view(change.member);
    }
    void operator()(const RemoveMember& change) const {
        out["organisation"] = change.organisation;
        out["member"] = change.member;
    }
    void operator()(const Freeze& change) const { out["subject"] = view_of(change.subject); }
    void operator()(const Unfreeze& change) const { out["subject"] = view_of(change.subject); }
    void operator()(const TrustRoot& change) const {
        out["certificate"] = to_hex(change.certificate);
        out["name"] = change.name;
    }
    void operator()(const DistrustRoot& change) const { out["certificate"] = to_hex(change.certificate); }
    void operator()(const PublishCalendar& change) const {
        out["code"] = change.code;
        out.update(view_of(change.calendar));
    }
    void operator()(const NamePublisher& change) const {
        out["index"] = change.index;
        out["organisation"] = change.organisation;
    }
    void operator()(const PublishTemplate& change) const {
        out["template"] = change.name.name;
        out["language"] = change.name.language;
        out["title"] = change.title;
        out["documents"] = Json::array();
        for (const Document& document : change.documents) {
            out["documents"].push_back(view_of(document));
        }
    }
};

}  // namespace

std::optional<RegistryChange> read_registry_change(Params& given, std::string_view kind) {
    const auto subject = [&] {
        Params inner = given.object("subject");
        FreezeSubject out = read_subject(inner);
        given.take(inner);
        return out;
    };
    if (kind == "join-organisation") {
        return read_join(given);
    }
    if (kind == "remove-organisation") {
        return RemoveOrganisation{given.text("organisation")};
    }
    if (kind == "set-member") {
        return read_set(given);
    }
    if (kind == "remove-member") {
        return RemoveMember{given.text("organisation"), given.text("member")};
    }
    if (kind == "freeze") {
        return Freeze{subject()};
    }
    if (kind == "unfreeze") {
        return Unfreeze{subject()};
    }
    if (kind == "trust-root") {
        return TrustRoot{given.digest("certificate"), given.text("name")};
    }
    if (kind == "distrust-root") {
        return DistrustRoot{given.digest("certificate")};
    }
    if (kind == "publish-calendar") {
        std::string code = given.text("code");
        return PublishCalendar{std::move(code), read_calendar(given)};
    }
    if (kind == "name-publisher") {
        return NamePublisher{given.text("index"), given.text("organisation")};
    }
    return kind == "publish-template" ? read_template(given) : std::nullopt;
}

FreezeSubject read_subject(Params& given) {
    using enum FreezeSubject::Kind;
    const std::optional<std::string> organisation_id = given.optional_text("organisation");
    const std::optional<Digest> key_id = given.optional_digest("key_id");
    const std::optional<Digest> contract_id = given.optional_digest("contract");
    if ((organisation_id ? 1 : 0) + (key_id ? 1 : 0) + (contract_id ? 1 : 0) != 1) {
        given.refuse("subject", {Errc::malformed, {}, "one of organisation, key_id and contract"});
        return {};
    }
    if (organisation_id) {
        return {organisation, *organisation_id, {}};
    }
    return key_id ? FreezeSubject{key, {}, *key_id} : FreezeSubject{contract, {}, *contract_id};
}

Json view_of(const FreezeSubject& subject) {
    switch (subject.kind) {
        case FreezeSubject::Kind::organisation:
            return {{"organisation", subject.organisation}};
        case FreezeSubject::Kind::key:
            return {{"key_id", to_hex(subject.id)}};
        case FreezeSubject::Kind::contract:
            break;
    }
    return {{"contract", to_hex(subject.id)}};
}

Json view_of(const schedule::Calendar& calendar) {
    Json weekend = Json::array();
    for (std::size_t day = 0; day < kWeekdays.size(); ++day) {
        if (calendar.weekend.at(day)) {
            weekend.push_back(kWeekdays.at(day));
        }
    }
    return {{"weekend", std::move(weekend)},
            {"holidays", days_view(calendar.holidays)},
            {"working_days", days_view(calendar.working_days)}};
}

Json names_of(const std::vector<Role>& roles) {
    Json out = Json::array();
    for (const Role role : roles) {
        out.push_back(name(role));
    }
    return out;
}

Json view_of(const RegistryChange& change) {
    Json out{{"kind", name(change)}};
    std::visit(RegistryView{out}, change);
    return out;
}

ActionBody read_member_add(Params& body) {
    const std::string member = body.text("member");
    const std::string name = body.text("name");
    const std::optional<PublicKey> key = read_public_key(body, "key");
    std::vector<Role> roles = read_roles(body);
    Bytes possession = body.bytes("possession");
    return key ? ActionBody{AddMemberBody{member, name, *key, std::move(roles), std::move(possession)}} : unread();
}

ActionBody read_member_roles(Params& body) {
    std::string member = body.text("member");
    return SetRolesBody{std::move(member), read_roles(body)};
}

ActionBody read_member_remove(Params& body) { return RemoveMemberBody{body.text("member")}; }

ActionBody read_member_rotate(Params& body) {
    const std::optional<PublicKey> key = read_public_key(body, "key");
    Bytes possession = body.bytes("possession");
    std::optional<std::string> member = body.optional_text("member");
    return key ? ActionBody{RotateMemberBody{*key, std::move(possession), std::move(member)}} : unread();
}

ActionBody read_certificate_bind(Params& body) {
    BindCertificateBody out;
    for (std::size_t i = 0, count = body.array("chain", kMaxChainCertificates); i < count; ++i) {
        const std::string place = "chain[" + std::to_string(i) + "]";
        const std::string text = body.text_element("chain", i);
        out.chain.push_back(body.value(place, from_hex(text), Bytes{}));
    }
    out.cross_signature = body.bytes("cross_signature");
    for (std::size_t i = 0, count = body.array("status", kMaxStatusItems); i < count; ++i) {
        Params item = body.element("status", i);
        const std::string kind = item.text("kind");
        if (kind != "ocsp" && kind != "crl") {
            item.refuse("kind", {Errc::malformed, {}, R"("ocsp" or "crl")"});
        }
        out.status.push_back({kind == "crl" ? StatusEvidence::Kind::crl : StatusEvidence::Kind::ocsp,
                              item.value("der", from_hex(item.text("der")), Bytes{})});
        body.take(item);
    }
    return out;
}

ActionBody read_index_publish(Params& body) {
    PublishFixingBody out;
    out.index = body.text("index");
    out.date = body.date("date");
    out.rate = body.value("rate", Decimal::parse(body.text("rate")), Decimal{});
    return out;
}

Json view_of(const AddMemberBody& body) {
    return {{"member", body.member},
            {"name", body.name},
            {"key", to_hex(body.key.bytes())},
            {"roles", names_of(body.roles)},
            {"possession", to_hex(body.possession)}};
}

Json view_of(const SetRolesBody& body) { return {{"member", body.member}, {"roles", names_of(body.roles)}}; }

Json view_of(const RemoveMemberBody& body) { return {{"member", body.member}}; }

Json view_of(const RotateMemberBody& body) {
    Json out{{"key", to_hex(body.key.bytes())}, {"possession", to_hex(body.possession)}};
    if (body.member) {
        out["member"] = *body.member;
    }
    return out;
}

Json view_of(const BindCertificateBody& body) {
    Json out{{"chain", Json::array()}, {"cross_signature", to_hex(body.cross_signature)}};
    for (const Bytes& certificate : body.chain) {
        out["chain"].push_back(to_hex(certificate));
    }
    for (const StatusEvidence& item : body.status) {
        out["status"].push_back({{"kind", name(item.kind)}, {"der", to_hex(item.der)}});
    }
    return out;
}

Json view_of(const PublishFixingBody& body) {
    return {{"index", body.index}, {"date", body.date.to_string()}, {"rate", body.rate.to_string()}};
}

}  // namespace probatum::rpc
