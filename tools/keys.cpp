#include "tools/keys.h"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "node/machine.h"

namespace probatum::tools {

namespace {

constexpr std::size_t kMaxKeyFileBytes = 64U << 10U;
constexpr std::string_view kCredential = "probatum-passphrase";

/// Reads one line from the terminal without showing it. The terminal is put back whatever happens.
class HiddenInput {
public:
    HiddenInput() : terminal_{std::fopen("/dev/tty", "r+")} {
        if (terminal_ == nullptr || tcgetattr(fileno(terminal_), &before_) != 0) {
            return;
        }
        termios hidden = before_;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        changed_ = tcsetattr(fileno(terminal_), TCSAFLUSH, &hidden) == 0;
    }
    ~HiddenInput() {
        if (changed_) {
            tcsetattr(fileno(terminal_), TCSAFLUSH, &before_);
        }
        if (terminal_ != nullptr) {
            std::fclose(terminal_);
        }
    }
    HiddenInput(const HiddenInput&) = delete;
    HiddenInput& operator=(const HiddenInput&) = delete;

    Result<std::string> ask(std::string_view question) {
        if (!changed_) {
            return fail(Errc::usage, "passphrase", "there is no terminal to ask; use --passphrase-file");
        }
        std::fprintf(terminal_, "%.*s: ", static_cast<int>(question.size()), question.data());
        std::fflush(terminal_);
        std::string out;
        for (int c = std::fgetc(terminal_); c != EOF && c != '\n'; c = std::fgetc(terminal_)) {
            out += static_cast<char>(c);
        }
        std::fputc('\n', terminal_);
        if (out.empty()) {
            return fail(Errc::usage, "passphrase", "the passphrase is empty");
        }
        return out;
    }

private:
    std::FILE* terminal_;
    termios before_{};
    bool changed_{false};
};

/// What was named or what systemd gave; nothing where neither is there.
std::optional<Result<std::string>> unattended(const std::optional<std::filesystem::path>& passphrase_file) {
    if (passphrase_file) {
        return node::read_passphrase(*passphrase_file);
    }
    if (const char* const folder = std::getenv("CREDENTIALS_DIRECTORY"); folder != nullptr) {
        const std::filesystem::path credential = std::filesystem::path{folder} / kCredential;
        if (std::filesystem::exists(credential)) {
            return node::read_passphrase(credential);
        }
    }
    return std::nullopt;
}

}  // namespace

Result<std::string> passphrase_for(const Session& session, const std::filesystem::path& key_file,
                                   const std::optional<std::filesystem::path>& passphrase_file) {
    if (auto found = unattended(passphrase_file)) {
        return *std::move(found);
    }
    const std::filesystem::path beside = key_file.parent_path() / "passphrase";
    if (std::filesystem::exists(beside)) {
        return node::read_passphrase(beside);
    }
    return HiddenInput{}.ask(session.say("Passphrase of the key file", "密钥文件口令"));
}

Result<std::string> new_passphrase(const Session& session,
                                   const std::optional<std::filesystem::path>& passphrase_file) {
    if (auto found = unattended(passphrase_file)) {
        return *std::move(found);
    }
    HiddenInput terminal;
    PROBATUM_LET(first, terminal.ask(session.say("New passphrase", "新口令")));
    PROBATUM_LET(second, terminal.ask(session.say("The same again", "再次输入")));
    if (first != second) {
        return fail(Errc::usage, "passphrase", "the two are not the same");
    }
    return first;
}

Result<key_file::Opened> open_key(const Session& session, const std::filesystem::path& file,
                                  const std::optional<std::filesystem::path>& passphrase_file) {
    PROBATUM_LET(bytes, node::read_file(file, kMaxKeyFileBytes));
    // A file that is no key file is told before anybody is asked for a passphrase.
    PROBATUM_TRY(key_file::describe(bytes));
    PROBATUM_LET(passphrase, passphrase_for(session, file, passphrase_file));
    return key_file::open(bytes, passphrase);
}

SecretKey make_key() {
    for (;;) {
        ByteArray<SecretKey::kSize> scalar{};
        node::fill_random(scalar);
        auto key = SecretKey::from_bytes(scalar);
        wipe(scalar);
        if (key) {
            return *std::move(key);
        }
    }
}

Result<void> save_key(const std::filesystem::path& file, const SecretKey& key, const key_file::Label& label,
                      std::string_view passphrase, key_file::Cost cost) {
    if (std::filesystem::exists(file)) {
        return fail(Errc::already_exists, file.string(), "a key is never written over");
    }
    key_file::Randomness randomness{};
    node::fill_random(randomness.salt);
    node::fill_random(randomness.nonce);
    return node::write_file(file, key_file::seal(key, label, passphrase, randomness, cost), true);
}

}  // namespace probatum::tools
