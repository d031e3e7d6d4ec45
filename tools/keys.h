#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/key_file.h"
#include "base/result.h"
#include "tools/session.h"

/// Secret keys on disk and how their passphrase is had. A passphrase never stands on the command line.
namespace probatum::tools {

/// A passphrase for a key that is there: from the file that was named; from the systemd credential
/// "probatum-passphrase"; from a file `passphrase` beside the key; from the terminal. usage where none of them is to be
/// had.
[[nodiscard]] Result<std::string> passphrase_for(const Session& session, const std::filesystem::path& key_file,
                                                 const std::optional<std::filesystem::path>& passphrase_file);
/// A passphrase for a new key: the same but for the file beside it; at the terminal it is asked for twice.
[[nodiscard]] Result<std::string> new_passphrase(const Session& session,
                                                 const std::optional<std::filesystem::path>& passphrase_file);

[[nodiscard]] Result<key_file::Opened> open_key(const Session& session, const std::filesystem::path& key_file,
                                                const std::optional<std::filesystem::path>& passphrase_file);

/// A fresh key from the operating system's randomness.
[[nodiscard]] SecretKey make_key();
/// Seals and writes with mode 0600. already_exists where something stands there: a key is never written over.
[[nodiscard]] Result<void> save_key(const std::filesystem::path& file, const SecretKey& key,
                                    const key_file::Label& label, std::string_view passphrase,
                                    key_file::Cost cost = {});

}  // namespace probatum::tools
