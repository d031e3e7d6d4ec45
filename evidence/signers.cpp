#include "evidence/signers.h"

#include <algorithm>

#include "contracts/execution.h"

namespace probatum::evidence {

Signers::Signers(const Trust& trust) : trust_{trust} {
    // What is proven at the head comes first: it says what genesis does not, or no longer.
    for (const auto& [id, member] : trust.registry.keys) {
        if (const Result<PublicKey> key = PublicKey::from_bytes(member.key)) {
            by_key_.emplace(id, KnownSigner{member.organisation, member.member, *key, nullptr});
        }
    }
    for (const contracts::Member& member : trust.genesis.members) {
        by_key_.emplace(member.key.id(), KnownSigner{member.organisation, member.id, member.key, &member});
    }
}

const KnownSigner* Signers::find(const KeyId& key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : &found->second;
}

Result<void> Signers::check(const ledger::Transaction& transaction) const {
    const KnownSigner* const member = find(transaction.header().key_id);
    if (member == nullptr) {
        return fail(Errc::unknown_key, "key_id");
    }
    if (member->organisation != transaction.header().issuer) {
        return fail(Errc::issuer_mismatch, "issuer");
    }
    return member->key.verify(transaction.signing_digest(), transaction.statement().signature);
}

Result<void> Signers::check_certificate(const KeyId& key, const std::optional<Digest>& certificate) const {
    if (!certificate || trust_.registry.certificates.contains({key, *certificate})) {
        return {};
    }
    const bool of_genesis = std::ranges::any_of(trust_.genesis.members, [&](const contracts::Member& member) {
        return member.certificate_digest == certificate && member.key.id() == key;
    });
    return of_genesis ? Result<void>{} : fail(Errc::evidence_mismatch, "registry.certificates");
}

Result<void> Signers::check_borne(const KeyId& key) const {
    const auto proven = trust_.registry.keys.find(key);
    return proven == trust_.registry.keys.end() ? Result<void>{} : check_certificate(key, proven->second.certificate);
}

std::map<KeyId, NamedKey> keys_in(const Bundle& bundle) {
    std::map<KeyId, NamedKey> out;
    if (const auto genesis = contracts::decode_genesis(bundle.genesis)) {
        for (const contracts::Member& member : genesis->members) {
            out.emplace(member.key.id(), NamedKey{member.organisation + "/" + member.id, member.key});
        }
        for (const PublicKey& authority : genesis->recovery_authorities) {
            out.emplace(authority.id(), NamedKey{"recovery-authority", authority});
        }
    }
    for (const KeyPart& part : bundle.registry.keys) {
        const auto member = contracts::decode_member_key(part.value);
        const auto key = member ? PublicKey::from_bytes(member->key) : fail(member.error());
        if (key && key->id() == part.key) {
            out.emplace(part.key, NamedKey{member->organisation + "/" + member->member, *key});
        }
    }
    return out;
}

const contracts::Organisation* find_organisation(const Trust& trust, std::string_view id) {
    const auto& first = trust.genesis.organisations;
    const auto found = std::ranges::find(first, id, &contracts::Organisation::id);
    if (found != first.end()) {
        return &*found;
    }
    const auto later = trust.registry.organisations.find(id);
    return later == trust.registry.organisations.end() ? nullptr : &later->second;
}

Result<void> check_statement(const ledger::Transaction& transaction, const Digest& chain_id, UnixMs block_time) {
    if (transaction.header().content_type != ledger::kTransactionContentType) {
        return fail(Errc::malformed, "content_type");
    }
    if (transaction.header().chain_id != chain_id) {
        return fail(Errc::foreign_chain, "chain_id");
    }
    // What every validator demands before a transaction may stand in a block (contracts/execution.h, admit).
    const UnixMs valid_until = transaction.payload().valid_until;
    if (valid_until < block_time) {
        return fail(Errc::expired, "valid_until");
    }
    if (valid_until.raw() - block_time.raw() > contracts::kMaxValidityMs) {
        return fail(Errc::valid_too_long, "valid_until");
    }
    return {};
}

}  // namespace probatum::evidence
