#include "rpc/governance_json.h"

#include "base/text_encoding.h"
#include "rpc/registry_json.h"

namespace probatum::rpc {

namespace {

using namespace contracts;

constexpr std::size_t kMaxElectors = 100;

GovernanceTerms read_governance(Params& given) {
    GovernanceTerms out;
    out.threshold = static_cast<std::uint32_t>(given.uint("threshold", UINT32_MAX));
    out.lifetime_ms = given.uint("lifetime_ms", UINT64_MAX, out.lifetime_ms);
    out.live_window = static_cast<std::uint32_t>(given.uint("live_window", UINT32_MAX, out.live_window));
    for (std::size_t i = 0, count = given.array("electors", kMaxElectors); i < count; ++i) {
        out.electors.push_back(given.text_element("electors", i));
    }
    return out;
}

Parameters read_parameters(Params& given) {
    Parameters out;
    for (const ParameterField& field : parameter_fields()) {
        // The limits of vouchers came later: left out, they are the usual ones.
        const bool optional = field.name.starts_with("voucher_");
        field.set(out, optional ? given.uint(field.name, field.maximum, field.get(out))
                                : given.uint(field.name, field.maximum));
    }
    return out;
}

Change read_change(Params& given) {
    const std::string kind = given.text("kind");
    if (kind == "add-validator") {
        const std::string organisation = given.text("organisation");
        const auto key = read_public_key(given, "key");
        return key ? Change{AddValidator{{organisation, *key}}} : Change{};
    }
    if (kind == "remove-validator") {
        const auto key = read_public_key(given, "key");
        return key ? Change{RemoveValidator{*key}} : Change{};
    }
    if (kind == "rotate-key") {
        const auto from = read_public_key(given, "key");
        const auto to = read_public_key(given, "new_key");
        return from && to ? Change{RotateKey{*from, *to}} : Change{};
    }
    if (kind == "change-parameters") {
        Params parameters = given.object("parameters");
        Change out{ChangeParameters{read_parameters(parameters)}};
        given.take(parameters);
        return out;
    }
    if (kind == "change-rules") {
        return ChangeRules{given.uint("rules_version", UINT64_MAX)};
    }
    if (kind == "change-electorate") {
        return ChangeElectorate{read_governance(given)};
    }
    if (std::optional<RegistryChange> registry = read_registry_change(given, kind)) {
        return *std::move(registry);
    }
    if (!given.failed()) {
        given.refuse("kind", {Errc::malformed, {}, "no such kind of change: docs/rpc.md lists them"});
    }
    return {};
}

struct ChangeView {
    Json& out;

    void operator()(const AddValidator& change) const {
        out["organisation"] = change.validator.organisation;
        out["key"] = to_hex(change.validator.key.bytes());
    }
    void operator()(const RemoveValidator& change) const { out["key"] = to_hex(change.key.bytes()); }
    void operator()(const RotateKey& change) const {
        out["key"] = to_hex(change.from.bytes());
        out["new_key"] = to_hex(change.to.bytes());
    }
    void operator()(const ChangeParameters& change) const { out["parameters"] = view_of(change.parameters); }
    void operator()(const ChangeRules& change) const { out["rules_version"] = change.version; }
    void operator()(const ChangeElectorate& change) const { out.update(view_of(change.terms)); }
    void operator()(const RegistryChange& change) const { out.update(view_of(change)); }
};

}  // namespace

std::optional<PublicKey> read_public_key(Params& owner, std::string_view name) {
    const Bytes bytes = owner.bytes(name);
    if (owner.failed()) {
        return std::nullopt;
    }
    const Result<PublicKey> key = PublicKey::from_bytes(bytes);
    if (!key) {
        owner.refuse(name, {Errc::malformed, {}, "a compressed public key of secp256k1, 33 bytes"});
        return std::nullopt;
    }
    return *key;
}

ProposeBody read_propose(Params& body) {
    ProposeBody out;
    Params change = body.object("change");
    out.change = read_change(change);
    body.take(change);
    out.override_liveness = body.boolean("override_liveness", false);
    out.note = body.optional_text("note").value_or("");
    return out;
}

VoteBody read_vote(Params& body) {
    VoteBody out{.proposal = body.digest("proposal")};
    const std::string choice = body.text("choice");
    if (choice == "reject") {
        out.choice = Choice::reject;
    }
    if (choice != "accept" && choice != "reject" && !body.failed()) {
        body.refuse("choice", {Errc::malformed, {}, R"("accept" or "reject")"});
    }
    return out;
}

EnactBody read_enact(Params& body) { return {.proposal = body.digest("proposal")}; }

std::optional<ReadyBody> read_ready(Params& body) {
    const auto key = read_public_key(body, "key");
    Bytes statement = body.bytes("statement");
    if (!key || body.failed()) {
        return std::nullopt;
    }
    return ReadyBody{*key, std::move(statement)};
}

ReportBody read_report(Params& body) { return {.proof = body.bytes("proof")}; }

Json view_of(const Parameters& parameters) {
    Json out = Json::object();
    for (const ParameterField& field : parameter_fields()) {
        out[std::string{field.name}] = field.get(parameters);
    }
    return out;
}

Json view_of(const GovernanceTerms& terms) {
    return {{"threshold", terms.threshold},
            {"lifetime_ms", terms.lifetime_ms},
            {"live_window", terms.live_window},
            {"electors", terms.electors}};
}

Json view_of(const Change& change) {
    Json out{{"kind", name(change)}};
    std::visit(ChangeView{out}, change);
    return out;
}

Json view_of(const ProposeBody& body) {
    return {{"change", view_of(body.change)}, {"override_liveness", body.override_liveness}, {"note", body.note}};
}

Json view_of(const VoteBody& body) { return {{"proposal", to_hex(body.proposal)}, {"choice", name_of(body.choice)}}; }

Json view_of(const EnactBody& body) { return {{"proposal", to_hex(body.proposal)}}; }

Json view_of(const ReadyBody& body) {
    return {{"key", to_hex(body.key.bytes())}, {"statement", to_hex(body.statement)}};
}

Json view_of(const ReportBody& body) { return {{"proof", to_hex(body.proof)}}; }

std::string_view name_of(Choice choice) { return choice == Choice::accept ? "accept" : "reject"; }

}  // namespace probatum::rpc
