#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/strong_id.h"

/// The world outside the deterministic folders: this machine's clock, randomness and files.
namespace probatum::node {

/// This machine's clock, milliseconds since 1970 UTC.
[[nodiscard]] UnixMs wall_clock();
/// From the operating system. Aborts where it has none.
void fill_random(std::span<std::uint8_t> out);

/// unusable_input (field = the path) where it cannot be read or is larger than `limit_bytes`.
[[nodiscard]] Result<Bytes> read_file(const std::filesystem::path& path, std::size_t limit_bytes = 16U << 20U);
/// Replaces the file as a whole (temporary file, sync, rename). storage_failed.
[[nodiscard]] Result<void> write_file(const std::filesystem::path& path, ByteView bytes, bool secret = false);
/// The first line of a passphrase file, without its line end. config_invalid if it is readable by others.
[[nodiscard]] Result<std::string> read_passphrase(const std::filesystem::path& path);

/// Names the calling thread and, for `background`, lets every other thread go first.
void begin_thread(const char* name, bool background = false);

}  // namespace probatum::node
