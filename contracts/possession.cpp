#include "contracts/possession.h"

#include "base/cbor.h"
#include "base/cose.h"

namespace probatum::contracts {
namespace {

Bytes payload_of(const PossessionScope& scope) {
    cbor::Writer payload;
    payload.array(1).text(scope.member);
    return payload.take();
}

cose::ProtectedHeader header_of(const PublicKey& key, const PossessionScope& scope) {
    return {std::string{kPossessionContentType}, key.id(), scope.chain_id, scope.organisation};
}

tl::unexpected<Error> invalid(std::string field) { return fail(Errc::possession_invalid, std::move(field)); }

}  // namespace

Bytes make_possession(const SecretKey& key, const PossessionScope& scope) {
    return cose::sign(key, header_of(key.public_key(), scope), payload_of(scope));
}

Result<void> check_possession(ByteView bytes, const PublicKey& key, const PossessionScope& scope) {
    const Result<cose::Statement> statement = cose::decode(bytes);
    if (!statement) {
        return invalid("possession");
    }
    if (statement->header != header_of(key, scope)) {
        return invalid("possession.header");
    }
    if (to_bytes(statement->payload) != payload_of(scope)) {
        return invalid("possession.payload");
    }
    if (!statement->verify(key)) {
        return invalid("possession.signature");
    }
    return {};
}

}  // namespace probatum::contracts
