#include "tools/tls_files.h"

#include "node/machine.h"

namespace probatum::tools {

namespace {

constexpr std::uint64_t kDayMs = 24ULL * 60 * 60 * 1000;
constexpr std::uint64_t kClockSlackMs = 60ULL * 60 * 1000;

}  // namespace

node::Validity tls_validity(UnixMs now, std::uint32_t days) {
    return {.not_before = UnixMs{now.raw() - kClockSlackMs}, .not_after = UnixMs{now.raw() + days * kDayMs}};
}

Result<void> write_tls_files(const TlsFiles& files, const SecretKey& identity, const node::BindingScope& scope,
                             const node::Validity& validity) {
    PROBATUM_LET(tls, node::make_tls_identity(scope.organisation, validity));
    const Bytes binding = node::make_tls_binding(identity, scope, {.key_digest = tls.key_digest, .validity = validity});
    PROBATUM_TRY(node::write_file(files.key, as_bytes(tls.private_key_pem), true));
    PROBATUM_TRY(node::write_file(files.certificate, as_bytes(tls.certificate_pem)));
    return node::write_file(files.binding, binding);
}

}  // namespace probatum::tools
