#include "contracts/authorise.h"

#include <algorithm>

#include "base/check.h"
#include "contracts/genesis_codec.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {
namespace {

Bytes parameters_value(const ledger::StateView& state) {
    std::optional<Bytes> value = state.get(state_keys::parameters());
    PROBATUM_CHECK(value.has_value(), "genesis wrote the parameters");
    return *std::move(value);
}

/// The organisation that the action brings into a contract, or null.
const std::string* named_organisation(const ActionBody& body) {
    if (const auto* assignment = std::get_if<AssignBody>(&body)) {
        return &assignment->assignee;
    }
    if (const auto* transfer = std::get_if<TransferBody>(&body)) {
        return &transfer->to;
    }
    const auto* financing = std::get_if<FinancePieceBody>(&body);
    return financing == nullptr ? nullptr : &financing->lender;
}

std::optional<FreezeSubject::Kind> frozen_part(const Resolved& signer, const DecodedAction& action,
                                               const ledger::StateView& state) {
    using enum FreezeSubject::Kind;
    // The narrowest first: a frozen organisation keeps its vote, a frozen key does not, whatever else is frozen.
    if (signer.key_status == KeyStatus::frozen) {
        return key;
    }
    if (organisation_status(state, signer.organisation) == OrganisationStatus::frozen) {
        return organisation;
    }
    if (action.contract && find_freeze(state, {contract, {}, *action.contract})) {
        return contract;
    }
    return std::nullopt;
}

}  // namespace

Parameters find_parameters(const ledger::StateView& state) {
    const Bytes value = parameters_value(state);
    cbor::Reader in{value};
    const Parameters parameters = codec::read_parameters(in);
    PROBATUM_CHECK(in.finish().has_value(), "the state holds only what we wrote");
    return parameters;
}

Result<Resolved> authorise(const ledger::Transaction& transaction, const DecodedAction& action,
                           const BlockContext& context, const ledger::StateView& state) {
    PROBATUM_LET(signer, find_member_key(state, transaction.header().key_id));
    Resolved out;
    out.organisation = std::move(signer.organisation);
    out.member = std::move(signer.member);
    out.roles = signer.roles;
    out.certificate = signer.certificate;
    out.key_status = signer.status;
    out.rules_version = context.rules_version;
    out.idempotency_key_used =
        state.get(state_keys::record(out.organisation, transaction.payload().idempotency_key)).has_value();
    // Only what stands in a contract's leaf needs the rest; a deposit of its own pays for nothing it does not use.
    if (action.contract) {
        out.parameters = sha256(parameters_value(state));
    }
    if (action.blinded_reference) {
        out.bank_reference_used = state.get(state_keys::bank_reference(*action.blinded_reference)).has_value();
    }
    if (const std::string* named = named_organisation(action.body)) {
        out.parties_registered = state.get(state_keys::organisation(*named)).has_value();
    }
    if (const auto* registration = std::get_if<RegisterBody>(&action.body)) {
        out.parties_registered = std::ranges::all_of(registration->parties, [&](const Party& party) {
            return state.get(state_keys::organisation(party.organisation)).has_value() &&
                   organisation_status(state, party.organisation) != OrganisationStatus::left;
        });
        if (kind_of(registration->terms) == ContractKind::voucher) {
            const Parameters parameters = find_parameters(state);
            out.voucher_limits = VoucherLimits{.usual_days = parameters.voucher_usual_days,
                                               .max_days = parameters.voucher_max_days,
                                               .max_level = parameters.voucher_max_level};
        }
        if (!registration->links.empty()) {
            out.links_known = std::ranges::all_of(registration->links, [&](const Link& link) {
                return state.get(state_keys::contract(link.contract)).has_value();
            });
        }
    }
    out.frozen = frozen_part(out, action, state);
    return out;
}

}  // namespace probatum::contracts
