#include "contracts/state_keys.h"

#include "base/cbor.h"
#include "contracts/codec.h"

namespace probatum::contracts::state_keys {

using ledger::state_key;

namespace {

Digest numbered(std::string_view type, std::uint64_t number) {
    cbor::Writer id{9};
    id.uint(number);
    return state_key(type, id.view());
}

}  // namespace

Digest organisation(std::string_view id) { return state_key("organisation", as_bytes(id)); }
Digest member_key(const KeyId& key) { return state_key("member-key", key.digest.view()); }
Digest parameters() { return state_key("parameters", {}); }
Digest validators() { return state_key("validators", {}); }
Digest recovery() { return state_key("recovery", {}); }
Digest governance() { return state_key("governance", {}); }
Digest current_epoch() { return state_key("current-epoch", {}); }
Digest epoch(Epoch epoch) { return numbered("epoch", epoch.raw()); }
Digest succession(Epoch epoch) { return numbered("succession", epoch.raw()); }
Digest liveness() { return state_key("liveness", {}); }
Digest marks() { return state_key("marks", {}); }
Digest readiness(const KeyId& key) { return state_key("readiness", key.digest.view()); }
Digest retired_key(const KeyId& key) { return state_key("retired-key", key.digest.view()); }
Digest proposal(const Digest& id) { return state_key("proposal", id.view()); }
Digest proposal_count() { return state_key("proposals", {}); }
Digest proposal_number(std::uint64_t n) { return numbered("proposal-number", n); }
Digest proposal_of(std::string_view organisation) { return state_key("proposal-of", as_bytes(organisation)); }
Digest misbehaviour_count() { return state_key("misbehaviours", {}); }
Digest misbehaviour_number(std::uint64_t n) { return numbered("misbehaviour-number", n); }
Digest document(const Digest& sha256_digest) { return state_key("document", sha256_digest.view()); }
Digest bank_reference(const Digest& blinded) { return state_key("bank-reference", blinded.view()); }
Digest contract(const Digest& id) { return state_key("contract", id.view()); }
Digest contract_terms(const Digest& id) { return state_key("contract-terms", id.view()); }
Digest contract_state(const Digest& id) { return state_key("contract-state", id.view()); }

Digest financing_keys() { return state_key("financing-keys", {}); }
Digest financing(const PublicKey& tag) { return state_key("financing", tag.bytes()); }

Digest misbehaviour(const MisbehaviourName& name) {
    cbor::Writer id{64};
    id.array(4).digest(name.validator.digest).uint(name.epoch.raw()).uint(name.view.raw());
    id.uint(static_cast<std::uint64_t>(name.kind));
    return state_key("misbehaviour", id.view());
}

Digest record(std::string_view organisation, const ledger::IdempotencyKey& key) {
    cbor::Writer id{96};
    id.array(2).text(organisation).bytes(key);
    return state_key("record", id.view());
}

Digest posting(const Digest& contract, std::uint64_t sequence) {
    cbor::Writer id{48};
    id.array(2).digest(contract).uint(sequence);
    return state_key("posting", id.view());
}

namespace {

Digest named(std::string_view type, std::string_view first, std::string_view second) {
    cbor::Writer id{144};
    id.array(2).text(first).text(second);
    return state_key(type, id.view());
}

Digest named(std::string_view type, std::string_view first, std::uint64_t number) {
    cbor::Writer id{80};
    id.array(2).text(first).uint(number);
    return state_key(type, id.view());
}

}  // namespace

Digest standing(std::string_view organisation) { return state_key("standing", as_bytes(organisation)); }
Digest organisation_count() { return state_key("organisations", {}); }
Digest organisation_number(std::uint64_t n) { return numbered("organisation-number", n); }
Digest member(std::string_view organisation, std::string_view id) { return named("member", organisation, id); }
Digest member_number(std::string_view organisation, std::uint64_t n) { return named("member-number", organisation, n); }
Digest trusted_roots() { return state_key("trusted-roots", {}); }

Digest freeze(const FreezeSubject& subject) {
    cbor::Writer id{80};
    id.array(2).uint(static_cast<std::uint64_t>(subject.kind));
    if (subject.kind == FreezeSubject::Kind::organisation) {
        id.text(subject.organisation);
    } else {
        id.digest(subject.id);
    }
    return state_key("freeze", id.view());
}

Digest certificate_binding(const KeyId& key, const Digest& certificate) {
    cbor::Writer id{72};
    id.array(2).digest(key.digest).digest(certificate);
    return state_key("certificate", id.view());
}

Digest calendar(std::string_view code, std::uint64_t version) { return named("calendar", code, version); }
Digest calendar_latest(std::string_view code) { return state_key("calendar-latest", as_bytes(code)); }
Digest calendar_count() { return state_key("calendars", {}); }
Digest calendar_number(std::uint64_t n) { return numbered("calendar-number", n); }
Digest rate_index(std::string_view code) { return state_key("index", as_bytes(code)); }
Digest rate_index_count() { return state_key("indexes", {}); }
Digest rate_index_number(std::uint64_t n) { return numbered("index-number", n); }

Digest fixing(std::string_view index, CivilDate date) {
    cbor::Writer id{80};
    id.array(2).text(index);
    codec::write_date(id, date);
    return state_key("fixing", id.view());
}

Digest contract_template(std::string_view name, std::string_view language, std::uint64_t version) {
    cbor::Writer id{128};
    id.array(3).text(name).text(language).uint(version);
    return state_key("template", id.view());
}

Digest template_latest(std::string_view name, std::string_view language) {
    return named("template-latest", name, language);
}
Digest template_count() { return state_key("templates", {}); }
Digest template_number(std::uint64_t n) { return numbered("template-number", n); }

}  // namespace probatum::contracts::state_keys
