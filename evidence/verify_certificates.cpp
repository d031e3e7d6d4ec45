#include "evidence/verify_certificates.h"

#include <algorithm>

#include "base/text_encoding.h"
#include "contracts/actions.h"

namespace probatum::evidence {

namespace {

using contracts::BindCertificateBody;

/// What was recorded about one certificate, from all transactions that its binding names.
struct Recorded {
    std::vector<Bytes> chain;
    Bytes cross_signature;
    std::vector<contracts::StatusEvidence> status;
};

Result<Recorded> recorded_in(const CertificatePart& part) {
    Recorded out;
    for (const ledger::TransactionPtr& transaction : part.transactions) {
        PROBATUM_LET(action, contracts::decode_action(*transaction));
        const auto* body = std::get_if<BindCertificateBody>(&action.body);
        if (body == nullptr || sha256(body->chain.front()) != part.certificate ||
            transaction->header().key_id != part.key) {
            return fail(Errc::evidence_mismatch, "certificates.transaction");
        }
        out.chain = body->chain;  // The latest chain; the certificate itself is always the same.
        out.cross_signature = body->cross_signature;
        out.status.insert(out.status.end(), body->status.begin(), body->status.end());
    }
    return out;
}

/// From the first to the last statement of the bundle that the key signed under any certificate of its own.
struct Span {
    UnixMs from;
    UnixMs until;
    Height first;
};

Span span_of(const Bundle& bundle, const KeyId& key, const contracts::CertificateBinding::Entry& bound) {
    Span out{bound.time, bound.time, bound.height};
    const auto take = [&](const ledger::Transaction& transaction, UnixMs time) {
        if (transaction.header().key_id == key && time >= bound.time) {
            out.until = std::max(out.until, time);
        }
    };
    if (bundle.contract) {
        for (const BundleEvent& event : bundle.contract->events) {
            take(*event.transaction, event.leaf.time);
        }
    }
    if (bundle.record) {
        take(*bundle.record->transaction, bundle.record->block.header.time);
    }
    return out;
}

CertificateAspect root_aspect(const Recorded& recorded, const RegistryPart& registry, Height at) {
    const Digest root = sha256(recorded.chain.back());
    const auto roots = registry.roots && registry.roots->value ? contracts::decode_trusted_roots(*registry.roots->value)
                                                               : Result<std::vector<contracts::TrustedRoot>>{};
    const contracts::TrustedRoot* const found = roots ? contracts::find_root(*roots, root, at) : nullptr;
    return {"root", found == nullptr ? AspectVerdict::bad : AspectVerdict::good,
            found == nullptr ? to_hex(root) + " is not named by the consortium" : found->name + " " + to_hex(root)};
}

CertificateFact fact_of(const CertificatePart& part, const contracts::CertificateBinding& binding) {
    CertificateFact out;
    out.organisation = binding.organisation;
    out.member = binding.member;
    out.key_id = part.key.digest;
    out.certificate = part.certificate;
    out.bound_at = binding.entries.front().time;
    out.bound_height = binding.entries.front().height;
    return out;
}

/// Whether there is a certificate at all, and each that is named stands in the bundle. Of one that genesis names the
/// bytes may never have stood on this chain.
bool all_shown(const Bundle& bundle, const Trust& trust) {
    const NamedKeys named = named_keys(bundle, trust.genesis, trust.registry);
    return !named.certificates.empty() && std::ranges::includes(trust.registry.certificates, named.certificates);
}

}  // namespace

std::string_view name(AspectVerdict verdict) {
    switch (verdict) {
        case AspectVerdict::good:
            return "good";
        case AspectVerdict::bad:
            return "bad";
        case AspectVerdict::unknown:
            break;
    }
    return "unknown";
}

bool CertificateJudgement::holds() const {
    return std::ranges::all_of(aspects, [](const CertificateAspect& aspect) {
        return aspect.verdict == AspectVerdict::good ||
               (aspect.verdict == AspectVerdict::unknown && aspect.name == "status");
    });
}

bool verify_certificates(const Bundle& bundle, const Trust& trust, const VerifyOptions& options, CheckList& checks,
                         Facts& facts) {
    const RegistryPart& registry = bundle.registry;
    const std::string count = std::to_string(registry.certificates.size());
    if (options.require_certificates) {
        const Finding finding{"count " + count, "", ""};
        if (!bundle.contract && !bundle.record) {
            return checks.skip(check::kCertificates, finding, "no-signature");
        }
        if (!all_shown(bundle, trust)) {
            return checks.fail(check::kCertificates, finding, Error{Errc::evidence_mismatch, "registry.certificates"});
        }
    }
    std::size_t good = 0;
    for (const CertificatePart& part : registry.certificates) {
        const Result<contracts::CertificateBinding> binding = contracts::decode_certificate_binding(part.value);
        const Result<Recorded> recorded = recorded_in(part);
        if (!binding || !recorded || binding->entries.empty()) {
            return checks.fail(check::kCertificates, {"count " + count, "", ""},
                               recorded ? Error{Errc::evidence_mismatch, "certificates"} : recorded.error());
        }
        CertificateFact fact = fact_of(part, *binding);
        if (options.certificate_judge != nullptr) {
            const Span span = span_of(bundle, part.key, binding->entries.front());
            const Bytes statement = contracts::cross_statement(
                {trust.chain_id, binding->organisation, binding->member, part.key, part.certificate});
            fact.judgement = options.certificate_judge->judge({.chain = recorded->chain,
                                                               .cross_signature = recorded->cross_signature,
                                                               .statement = statement,
                                                               .status = recorded->status,
                                                               .from = span.from,
                                                               .until = span.until});
            fact.judgement->aspects.push_back(root_aspect(*recorded, registry, span.first));
            good += fact.judgement->holds() ? 1 : 0;
        }
        facts.certificates.push_back(std::move(fact));
    }
    const Finding finding{"count " + count, "all " + count, "good " + std::to_string(good)};
    if (options.certificate_judge == nullptr && !options.require_certificates) {
        return checks.skip(check::kCertificates, {"count " + count, "", ""}, "no-judge");
    }
    if (good == registry.certificates.size()) {
        return checks.pass(check::kCertificates, finding);
    }
    return options.require_certificates ? checks.decide(check::kCertificates, false, finding)
                                        : checks.skip(check::kCertificates, finding, "certificate-not-good");
}

}  // namespace probatum::evidence
