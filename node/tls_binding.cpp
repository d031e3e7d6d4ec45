#include "node/tls_binding.h"

#include "base/cbor.h"
#include "base/cose.h"

namespace probatum::node {

Bytes make_tls_binding(const SecretKey& identity, const BindingScope& scope, const TlsBinding& binding) {
    cbor::Writer payload;
    payload.array(3)
        .digest(binding.key_digest)
        .uint(binding.validity.not_before.raw())
        .uint(binding.validity.not_after.raw());
    const cose::ProtectedHeader header{std::string{kTlsBindingContentType}, identity.public_key().id(), scope.chain_id,
                                       scope.organisation};
    return cose::sign(identity, header, payload.view());
}

Result<TlsBinding> check_tls_binding(ByteView statement_bytes, const BindingExpectation& expected) {
    if (statement_bytes.size() > kMaxTlsBindingBytes) {
        return fail(Errc::too_large, "binding");
    }
    PROBATUM_LET(statement, cose::decode(statement_bytes));
    if (statement.header.content_type != kTlsBindingContentType) {
        return fail(Errc::malformed, "binding", "another content type");
    }
    if (statement.header.chain_id != expected.chain_id) {
        return fail(Errc::foreign_chain, "binding");
    }
    if (statement.header.key_id != expected.identity.id()) {
        return fail(Errc::unknown_key, "binding", "signed by another identity");
    }
    PROBATUM_TRY(statement.verify(expected.identity));
    cbor::Reader reader{statement.payload};
    TlsBinding out;
    reader.field("binding").array_of(3);
    out.key_digest = reader.digest();
    out.validity.not_before = UnixMs{reader.uint()};
    out.validity.not_after = UnixMs{reader.uint()};
    reader.leave();
    PROBATUM_TRY(reader.finish());
    if (out.key_digest != expected.key_digest) {
        return fail(Errc::issuer_mismatch, "binding", "the statement binds another TLS key");
    }
    // Not the end: a consortium that let its bindings expire must still be able to connect and to go on.
    if (expected.now < out.validity.not_before) {
        return fail(Errc::expired, "binding", "the statement over the TLS key is not valid yet");
    }
    return out;
}

}  // namespace probatum::node
