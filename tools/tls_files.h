#pragma once

#include <cstdint>
#include <filesystem>

#include "base/key.h"
#include "node/tls_binding.h"

/// The three files by which a validator proves a TLS key its own.
namespace probatum::tools {

struct TlsFiles {
    std::filesystem::path certificate;
    std::filesystem::path key;
    std::filesystem::path binding;
};

/// From an hour ago, for clocks that are slow, for so many days.
[[nodiscard]] node::Validity tls_validity(UnixMs now, std::uint32_t days);

/// Makes a new TLS key and writes the files, each as a whole; the statement last, so that what a crash leaves behind is
/// named by the next start. storage_failed, internal.
[[nodiscard]] Result<void> write_tls_files(const TlsFiles& files, const SecretKey& identity,
                                           const node::BindingScope& scope, const node::Validity& validity);

}  // namespace probatum::tools
