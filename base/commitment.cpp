#include "base/commitment.h"

#include "base/cbor.h"
#include "base/hash.h"

namespace probatum {

Digest commit(const Salt& salt, std::string_view name, ByteView encoded_value) {
    cbor::Writer writer{salt.size() + name.size() + encoded_value.size() + 16};
    writer.array(3).bytes(salt).text(name).raw(encoded_value);
    return sha256(writer.view());
}

}  // namespace probatum
