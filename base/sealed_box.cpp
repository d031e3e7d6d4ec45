#include "base/sealed_box.h"

#include <cryptopp/aes.h>
#include <cryptopp/gcm.h>
#include <cryptopp/hkdf.h>
#include <cryptopp/sha.h>

#include "base/cbor.h"
#include "base/check.h"
#include "base/curve.h"

namespace probatum::sealed_box {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kTagBytes = 16;
constexpr std::string_view kDomain = "probatum sealed box 1";
/// The key is used for one message only, so its nonce may be a constant.
constexpr ByteArray<12> kNonce{};

/// Wiped however the function is left.
struct BoxKey {
    BoxKey() = default;
    BoxKey(const BoxKey&) = delete;
    BoxKey& operator=(const BoxKey&) = delete;
    ~BoxKey() { wipe(bytes); }
    ByteArray<32> bytes{};
};

/// From the point that both sides can compute, bound to both public keys.
void derive(BoxKey& out, const PublicKey& shared, const PublicKey& ephemeral, const PublicKey& recipient) {
    Bytes info = to_bytes(as_bytes(kDomain));
    info.insert(info.end(), ephemeral.bytes().begin(), ephemeral.bytes().end());
    info.insert(info.end(), recipient.bytes().begin(), recipient.bytes().end());
    CryptoPP::HKDF<CryptoPP::SHA256>{}.DeriveKey(out.bytes.data(), out.bytes.size(), shared.bytes().data(),
                                                 shared.bytes().size(), nullptr, 0, info.data(), info.size());
}

}  // namespace

Bytes seal(const PublicKey& recipient, const SecretKey& ephemeral, ByteView message, Context context) {
    PROBATUM_CHECK(message.size() <= kMaxPlaintextBytes, "the caller keeps to the limit");
    const PublicKey once = ephemeral.public_key();
    BoxKey key;
    derive(key, curve::multiply(ephemeral, recipient), once, recipient);
    Bytes sealed(message.size() + kTagBytes);
    CryptoPP::GCM<CryptoPP::AES>::Encryption cipher;
    cipher.SetKeyWithIV(key.bytes.data(), key.bytes.size(), kNonce.data(), kNonce.size());
    cipher.EncryptAndAuthenticate(sealed.data(), sealed.data() + message.size(), kTagBytes, kNonce.data(),
                                  static_cast<int>(kNonce.size()), context.data(), context.size(), message.data(),
                                  message.size());
    cbor::Writer out{sealed.size() + 48};
    out.array(3).uint(kVersion).bytes(once.bytes()).bytes(sealed);
    return out.take();
}

Result<Bytes> open(const SecretKey& recipient, ByteView box, Context context) {
    cbor::Reader in{box};
    in.field("box").array_of(3);
    if (in.uint() != kVersion) {
        in.refuse(Errc::malformed, "version 1");
    }
    const ByteView ephemeral = in.field("box.ephemeral").bytes_of(PublicKey::kSize);
    const ByteView sealed = in.field("box.sealed").bytes();
    in.leave();
    PROBATUM_TRY(in.finish());
    if (sealed.size() < kTagBytes || sealed.size() > kMaxPlaintextBytes + kTagBytes) {
        return fail(Errc::malformed, "box.sealed", "a message of at most 64 KiB and its tag");
    }
    PROBATUM_LET(once, PublicKey::from_bytes(ephemeral));
    BoxKey key;
    derive(key, curve::multiply(recipient, once), once, recipient.public_key());
    const std::size_t size = sealed.size() - kTagBytes;
    Bytes out(size);
    CryptoPP::GCM<CryptoPP::AES>::Decryption cipher;
    cipher.SetKeyWithIV(key.bytes.data(), key.bytes.size(), kNonce.data(), kNonce.size());
    if (!cipher.DecryptAndVerify(out.data(), sealed.data() + size, kTagBytes, kNonce.data(),
                                 static_cast<int>(kNonce.size()), context.data(), context.size(), sealed.data(),
                                 size)) {
        wipe(out);
        return fail(Errc::wrong_recipient, "box", "it was not sealed to this key, or it was changed");
    }
    return out;
}

}  // namespace probatum::sealed_box
