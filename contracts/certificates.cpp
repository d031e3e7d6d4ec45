#include "contracts/certificates.h"

#include <algorithm>

#include "base/check.h"
#include "contracts/codec.h"
#include "contracts/registry_changes.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {

std::string_view name(StatusEvidence::Kind kind) { return kind == StatusEvidence::Kind::ocsp ? "ocsp" : "crl"; }

Bytes cross_statement(const CrossStatement& statement) {
    cbor::Writer out{256};
    out.array(6).text("probatum-certificate-binding").digest(statement.chain_id).text(statement.organisation);
    out.text(statement.member).digest(statement.key.digest).digest(statement.certificate);
    return out.take();
}

Bytes encode(const CertificateBinding& binding) {
    cbor::Writer out{160};
    out.array(3).text(binding.organisation).text(binding.member).array(binding.entries.size());
    for (const CertificateBinding::Entry& entry : binding.entries) {
        out.array(3).digest(entry.transaction).uint(entry.height.raw()).uint(entry.time.raw());
    }
    return out.take();
}

Result<CertificateBinding> decode_certificate_binding(ByteView bytes) {
    cbor::Reader in{bytes};
    CertificateBinding out;
    in.array_of(3);
    out.organisation = codec::read_text(in, {"organisation", kMaxNumberBytes});
    out.member = codec::read_text(in, {"member", kMaxNumberBytes});
    const std::size_t count = codec::read_count(in, "entries", kMaxBindingEntries);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        CertificateBinding::Entry entry;
        in.array_of(3);
        entry.transaction = in.field("entries.transaction").digest();
        entry.height = Height{in.field("entries.height").uint()};
        entry.time = UnixMs{in.field("entries.time").uint()};
        in.leave();
        out.entries.push_back(entry);
    }
    in.leave();
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

Bytes encode(const std::vector<TrustedRoot>& roots) {
    cbor::Writer out{roots.size() * 80 + 8};
    out.array(roots.size());
    for (const TrustedRoot& root : roots) {
        out.array(4).digest(root.certificate).text(root.name).uint(root.since.raw()).uint(root.until.raw());
    }
    return out.take();
}

Result<std::vector<TrustedRoot>> decode_trusted_roots(ByteView bytes) {
    cbor::Reader in{bytes};
    std::vector<TrustedRoot> out;
    const std::size_t count = codec::read_count(in, "roots", kMaxTrustedRoots);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        TrustedRoot root;
        in.array_of(4);
        root.certificate = in.field("roots.certificate").digest();
        root.name = codec::read_text(in, {"roots.name", kMaxTitleBytes});
        root.since = Height{in.field("roots.since").uint()};
        root.until = Height{in.field("roots.until").uint()};
        in.leave();
        out.push_back(std::move(root));
    }
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

std::optional<CertificateBinding> find_binding(const ledger::StateView& state, const KeyId& key,
                                               const Digest& certificate) {
    const std::optional<Bytes> value = state.get(state_keys::certificate_binding(key, certificate));
    if (!value) {
        return std::nullopt;
    }
    Result<CertificateBinding> binding = decode_certificate_binding(*value);
    PROBATUM_CHECK(binding.has_value(), "the state holds only what we wrote");
    return *std::move(binding);
}

std::vector<TrustedRoot> find_trusted_roots(const ledger::StateView& state) {
    const std::optional<Bytes> value = state.get(state_keys::trusted_roots());
    if (!value) {
        return {};
    }
    Result<std::vector<TrustedRoot>> roots = decode_trusted_roots(*value);
    PROBATUM_CHECK(roots.has_value(), "the state holds only what we wrote");
    return *std::move(roots);
}

const TrustedRoot* find_root(const std::vector<TrustedRoot>& roots, const Digest& certificate, Height height) {
    const auto found = std::ranges::find_if(roots, [&](const TrustedRoot& root) {
        return root.certificate == certificate && root.since <= height &&
               (root.until == Height{} || height < root.until);
    });
    return found == roots.end() ? nullptr : &*found;
}

}  // namespace probatum::contracts
