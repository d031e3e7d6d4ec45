#include "contracts/governance_codec.h"

#include <array>

#include "contracts/genesis_codec.h"

namespace probatum::contracts {
namespace {

enum class ChangeKind : std::uint8_t {
    add_validator = 1,
    remove_validator = 2,
    rotate_key = 3,
    change_parameters = 4,
    change_rules = 5,
    change_electorate = 6,
};

cbor::Writer& open_change(cbor::Writer& out, std::uint64_t size, ChangeKind kind) {
    return out.array(size).uint(static_cast<std::uint64_t>(kind));
}

struct ChangeWriter {
    cbor::Writer& out;

    void operator()(const AddValidator& change) const {
        open_change(out, 3, ChangeKind::add_validator)
            .text(change.validator.organisation)
            .bytes(change.validator.key.bytes());
    }
    void operator()(const RemoveValidator& change) const {
        open_change(out, 2, ChangeKind::remove_validator).bytes(change.key.bytes());
    }
    void operator()(const RotateKey& change) const {
        open_change(out, 3, ChangeKind::rotate_key).bytes(change.from.bytes()).bytes(change.to.bytes());
    }
    void operator()(const ChangeParameters& change) const {
        codec::write_parameters(open_change(out, 2, ChangeKind::change_parameters), change.parameters);
    }
    void operator()(const ChangeRules& change) const {
        open_change(out, 2, ChangeKind::change_rules).uint(change.version);
    }
    void operator()(const ChangeElectorate& change) const {
        codec::write_governance(open_change(out, 2, ChangeKind::change_electorate), change.terms);
    }
    void operator()(const RegistryChange& change) const { codec::write_registry_change(out, change); }
};

Change read_add(cbor::Reader& in) {
    std::string organisation = codec::read_text(in, {"change.organisation", kMaxNumberBytes});
    const std::optional<PublicKey> key = codec::read_public_key(in, "change.key");
    return key ? Change{AddValidator{{std::move(organisation), *key}}} : Change{};
}

Change read_remove(cbor::Reader& in) {
    const std::optional<PublicKey> key = codec::read_public_key(in, "change.key");
    return key ? Change{RemoveValidator{*key}} : Change{};
}

Change read_rotate(cbor::Reader& in) {
    const std::optional<PublicKey> from = codec::read_public_key(in, "change.key");
    const std::optional<PublicKey> to = codec::read_public_key(in, "change.new_key");
    return from && to ? Change{RotateKey{*from, *to}} : Change{};
}

std::vector<ProposalVote> read_votes(cbor::Reader& in) {
    std::vector<ProposalVote> out;
    const std::size_t count = codec::read_count(in, "votes", 65'536);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        in.array_of(4);
        ProposalVote vote;
        vote.organisation = codec::read_text(in, {"votes.organisation", kMaxNumberBytes});
        vote.member = codec::read_text(in, {"votes.member", kMaxNumberBytes});
        vote.choice = codec::read_enum(in, "votes.choice", Choice::reject);
        vote.height = Height{in.field("votes.height").uint()};
        in.leave();
        out.push_back(std::move(vote));
    }
    in.leave();
    return out;
}

}  // namespace

std::string_view name(const Change& change) {
    static constexpr std::array<std::string_view, 6> kNames{"change-rules", "add-validator",     "remove-validator",
                                                            "rotate-key",   "change-parameters", "change-electorate"};
    if (const auto* registry = std::get_if<RegistryChange>(&change)) {
        return name(*registry);
    }
    return kNames.at(change.index());
}

void codec::write_change(cbor::Writer& out, const Change& change) { std::visit(ChangeWriter{out}, change); }

Change codec::read_change(cbor::Reader& in) {
    const std::uint64_t size = in.field("change").array();
    const std::uint64_t number = in.field("change.kind").uint_at_most(kLastRegistryKind);
    if (number >= kFirstRegistryKind) {
        std::optional<RegistryChange> registry = read_registry_change(in, {number, size});
        return registry ? Change{*std::move(registry)} : Change{};
    }
    if (number == 0) {
        in.refuse(Errc::malformed, "numbers begin at one");
    }
    const auto kind = static_cast<ChangeKind>(number);
    const bool has_three = kind == ChangeKind::add_validator || kind == ChangeKind::rotate_key;
    if (size != (has_three ? 3U : 2U)) {
        in.refuse(Errc::malformed, "a change of this kind has another size");
    }
    Change out;
    if (in.failed()) {
        return out;
    }
    switch (kind) {
        case ChangeKind::add_validator:
            out = read_add(in);
            break;
        case ChangeKind::remove_validator:
            out = read_remove(in);
            break;
        case ChangeKind::rotate_key:
            out = read_rotate(in);
            break;
        case ChangeKind::change_parameters:
            out = ChangeParameters{read_parameters(in)};
            break;
        case ChangeKind::change_rules:
            out = ChangeRules{in.field("change.rules_version").uint()};
            break;
        case ChangeKind::change_electorate:
            out = ChangeElectorate{read_governance(in)};
            break;
    }
    in.leave();
    return out;
}

std::string codec::read_note(cbor::Reader& in) {
    const std::string_view text = in.field("note").text_at_most(kMaxNoteBytes);
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            in.refuse(Errc::malformed, "control character");
            return {};
        }
    }
    return std::string{text};
}

Bytes encode(const Proposal& proposal) {
    cbor::Writer out{512};
    out.array(13).uint(proposal.number).text(proposal.organisation).text(proposal.member);
    out.uint(proposal.height.raw()).uint(proposal.time.raw()).uint(proposal.epoch.raw());
    out.uint(proposal.expires_at.raw());
    codec::write_change(out, proposal.change);
    out.boolean(proposal.override_liveness).text(proposal.note).uint(static_cast<std::uint64_t>(proposal.status));
    out.array(proposal.votes.size());
    for (const ProposalVote& vote : proposal.votes) {
        out.array(4).text(vote.organisation).text(vote.member).uint(static_cast<std::uint64_t>(vote.choice));
        out.uint(vote.height.raw());
    }
    out.uint(proposal.enacted.raw());
    return out.take();
}

Result<Proposal> decode_proposal(ByteView bytes) {
    cbor::Reader in{bytes};
    Proposal out;
    in.field("proposal").array_of(13);
    out.number = in.uint();
    out.organisation = codec::read_text(in, {"organisation", kMaxNumberBytes});
    out.member = codec::read_text(in, {"member", kMaxNumberBytes});
    out.height = Height{in.field("height").uint()};
    out.time = UnixMs{in.field("time").uint()};
    out.epoch = Epoch{in.field("epoch").uint()};
    out.expires_at = UnixMs{in.field("expires_at").uint()};
    out.change = codec::read_change(in);
    out.override_liveness = in.field("override_liveness").boolean();
    out.note = codec::read_note(in);
    out.status = codec::read_enum(in, "status", ProposalStatus::enacted);
    out.votes = read_votes(in);
    out.enacted = Height{in.field("enacted").uint()};
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

}  // namespace probatum::contracts
