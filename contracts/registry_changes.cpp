#include "contracts/registry_changes.h"

#include <array>

#include "contracts/contract_terms.h"
#include "contracts/genesis_codec.h"

namespace probatum::contracts {
namespace {

using codec::kFirstRegistryKind;
using codec::kLastRegistryKind;

/// How many items the array of each kind has, the kind itself included.
constexpr std::array<std::uint64_t, kLastRegistryKind - kFirstRegistryKind + 1> kSizes{3, 2, 2, 3, 2, 2, 3, 2, 5, 3, 5};

struct RegistryWriter {
    cbor::Writer& out;

    void operator()(const JoinOrganisation& change) const {
        codec::write_organisation(out, change.organisation);
        out.array(change.members.size());
        for (const Member& member : change.members) {
            codec::write_member(out, member);
        }
    }
    void operator()(const RemoveOrganisation& change) const { out.text(change.organisation); }
    void operator()(const SetMember& change) const { codec::write_member(out, change.member); }
    void operator()(const RemoveMember& change) const { out.text(change.organisation).text(change.member); }
    void operator()(const Freeze& change) const { codec::write_subject(out, change.subject); }
    void operator()(const Unfreeze& change) const { codec::write_subject(out, change.subject); }
    void operator()(const TrustRoot& change) const { out.digest(change.certificate).text(change.name); }
    void operator()(const DistrustRoot& change) const { out.digest(change.certificate); }
    void operator()(const PublishCalendar& change) const {
        codec::write_calendar(out.text(change.code), change.calendar);
    }
    void operator()(const NamePublisher& change) const { out.text(change.index).text(change.organisation); }
    void operator()(const PublishTemplate& change) const {
        out.text(change.name.name).text(change.name.language).text(change.title);
        codec::write_documents(out, change.documents);
    }
};

std::optional<RegistryChange> read_join(cbor::Reader& in) {
    JoinOrganisation out{.organisation = codec::read_organisation(in), .members = {}};
    const std::size_t count = codec::read_count(in, "members", kMaxFirstMembers);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        std::optional<Member> member = codec::read_member(in);
        if (!member) {
            return std::nullopt;
        }
        out.members.push_back(*std::move(member));
    }
    in.leave();
    if (const Result<void> fit = codec::check_first_members(out); !in.failed() && !fit) {
        in.refuse(fit.error());
    }
    return out;
}

std::optional<RegistryChange> read_set(cbor::Reader& in) {
    std::optional<Member> member = codec::read_member(in);
    if (!member) {
        return std::nullopt;
    }
    if (member->certificate_digest) {
        in.refuse(Errc::malformed, "certificates are bound by their owner");
    }
    return SetMember{*std::move(member)};
}

std::string read_organisation_id(cbor::Reader& in) {
    return codec::read_text(in, {"change.organisation", kMaxNumberBytes});
}

std::optional<RegistryChange> read_template(cbor::Reader& in) {
    PublishTemplate out;
    out.name.name = codec::read_code(in, "change.name");
    out.name.language = codec::read_language(in);
    out.title = codec::read_text(in, {"change.title", kMaxTitleBytes});
    out.documents = codec::read_documents(in);
    if (!in.failed() && (out.documents.empty() || out.documents.size() > kMaxTemplateDocuments)) {
        in.refuse(Errc::malformed, "one to 16 documents");
    }
    return out;
}

std::optional<RegistryChange> read_fields(cbor::Reader& in, std::uint64_t kind) {
    switch (kind) {
        case 7:
            return read_join(in);
        case 8:
            return RemoveOrganisation{read_organisation_id(in)};
        case 9:
            return read_set(in);
        case 10: {
            std::string organisation = read_organisation_id(in);
            return RemoveMember{std::move(organisation), codec::read_text(in, {"change.member", kMaxNumberBytes})};
        }
        case 11:
            return Freeze{codec::read_subject(in)};
        case 12:
            return Unfreeze{codec::read_subject(in)};
        case 13: {
            const Digest certificate = in.field("change.certificate").digest();
            return TrustRoot{certificate, codec::read_text(in, {"change.name", kMaxTitleBytes})};
        }
        case 14:
            return DistrustRoot{in.field("change.certificate").digest()};
        case 15: {
            std::string code = codec::read_code(in, "change.code");
            return PublishCalendar{std::move(code), codec::read_calendar(in)};
        }
        case 16: {
            std::string index = codec::read_code(in, "change.index");
            return NamePublisher{std::move(index), read_organisation_id(in)};
        }
        case 17:
            return read_template(in);
        default:
            in.refuse(Errc::malformed, "a kind that the format does not have");
            return std::nullopt;
    }
}

}  // namespace

std::string_view name(const RegistryChange& change) {
    static constexpr std::array<std::string_view, std::variant_size_v<RegistryChange>> kNames{
        "join-organisation", "remove-organisation", "set-member",       "remove-member",  "freeze",          "unfreeze",
        "trust-root",        "distrust-root",       "publish-calendar", "name-publisher", "publish-template"};
    return kNames.at(change.index());
}

bool is_freeze(const RegistryChange& change) {
    return std::holds_alternative<Freeze>(change) || std::holds_alternative<Unfreeze>(change);
}

void codec::write_registry_change(cbor::Writer& out, const RegistryChange& change) {
    out.array(kSizes.at(change.index())).uint(kFirstRegistryKind + change.index());
    std::visit(RegistryWriter{out}, change);
}

std::optional<RegistryChange> codec::read_registry_change(cbor::Reader& in, ChangeHead head) {
    if (head.kind < kFirstRegistryKind || head.kind > kLastRegistryKind ||
        head.size != kSizes.at(head.kind - kFirstRegistryKind)) {
        in.refuse(Errc::malformed, "a change of this kind has another size");
        return std::nullopt;
    }
    std::optional<RegistryChange> out = read_fields(in, head.kind);
    in.leave();
    return in.failed() ? std::nullopt : out;
}

void codec::write_subject(cbor::Writer& out, const FreezeSubject& subject) {
    out.array(2).uint(static_cast<std::uint64_t>(subject.kind));
    if (subject.kind == FreezeSubject::Kind::organisation) {
        out.text(subject.organisation);
    } else {
        out.digest(subject.id);
    }
}

FreezeSubject codec::read_subject(cbor::Reader& in) {
    FreezeSubject out;
    in.field("change.subject").array_of(2);
    out.kind = read_enum(in, "change.subject.kind", FreezeSubject::Kind::contract);
    if (out.kind == FreezeSubject::Kind::organisation) {
        out.organisation = read_text(in, {"change.subject.organisation", kMaxNumberBytes});
    } else {
        out.id = in.field("change.subject.id").digest();
    }
    in.leave();
    return out;
}

Result<void> codec::check_first_members(const JoinOrganisation& change) {
    if (change.members.empty() || change.members.size() > kMaxFirstMembers) {
        return fail(Errc::malformed, "change.members", "one to 16 members");
    }
    for (const Member& member : change.members) {
        if (member.organisation != change.organisation.id) {
            return fail(Errc::malformed, "change.members.organisation", "of the organisation that joins");
        }
        if (member.certificate_digest) {
            return fail(Errc::malformed, "change.members.certificate", "certificates are bound by their owner");
        }
    }
    return {};
}

}  // namespace probatum::contracts
