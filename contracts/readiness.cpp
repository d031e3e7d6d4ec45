#include "contracts/readiness.h"

#include "base/cbor.h"
#include "base/cose.h"

namespace probatum::contracts {
namespace {

tl::unexpected<Error> invalid(std::string field) { return fail(Errc::readiness_invalid, std::move(field)); }

}  // namespace

Bytes make_readiness(const SecretKey& identity, const ReadinessScope& scope, const Readiness& readiness) {
    cbor::Writer payload;
    payload.array(3).uint(readiness.mark.height.raw()).digest(readiness.mark.block).uint(readiness.rules_version);
    const cose::ProtectedHeader header{std::string{kReadinessContentType}, identity.public_key().id(), scope.chain_id,
                                       scope.organisation};
    return cose::sign(identity, header, payload.view());
}

Result<Readiness> check_readiness(ByteView bytes, const PublicKey& identity, const ReadinessScope& scope) {
    const Result<cose::Statement> statement = cose::decode(bytes);
    if (!statement) {
        return invalid("statement");
    }
    const cose::ProtectedHeader expected{std::string{kReadinessContentType}, identity.id(), scope.chain_id,
                                         scope.organisation};
    if (statement->header != expected) {
        return invalid("statement.header");
    }
    if (!statement->verify(identity)) {
        return invalid("statement.signature");
    }
    cbor::Reader in{statement->payload};
    Readiness out;
    in.array_of(3);
    out.mark.height = Height{in.uint()};
    out.mark.block = in.digest();
    out.rules_version = in.uint();
    in.leave();
    if (!in.finish()) {
        return invalid("statement.payload");
    }
    return out;
}

}  // namespace probatum::contracts
