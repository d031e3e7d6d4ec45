#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/bytes.h"

/// A certification authority and a time-stamping authority, made with the OpenSSL command line in a folder of their
/// own.
namespace probatum::test {

class OpensslAuthority {
public:
    OpensslAuthority() {
        std::string pattern = (std::filesystem::temp_directory_path() / "probatum-tsa-XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
        write("tsa.cnf", R"([req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[tsa]
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
[service]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha1, sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
)");
        run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days "
            "3650 "
            "-subj '/CN=Test Root' -config tsa.cnf -extensions ca");
        run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa.key -out tsa.csr "
            "-subj '/O=Test Time/CN=Test TSA' -config tsa.cnf");
        run("openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 365 "
            "-extfile tsa.cnf -extensions tsa");
        write("serial", "01\n");
    }
    ~OpensslAuthority() { std::filesystem::remove_all(folder_); }
    OpensslAuthority(const OpensslAuthority&) = delete;
    OpensslAuthority& operator=(const OpensslAuthority&) = delete;

    /// True if the command succeeds; it runs in the folder.
    bool run(const std::string& command) const {
        return std::system(("cd '" + folder_.string() + "' && " + command + " >log 2>&1").c_str()) == 0;
    }
    void write(const std::string& name, std::string_view bytes) const {
        std::ofstream{folder_ / name, std::ios::binary} << bytes;
    }
    void write(const std::string& name, ByteView bytes) const { write(name, as_text(bytes)); }
    [[nodiscard]] Bytes read(const std::string& name) const {
        std::ifstream in{folder_ / name, std::ios::binary};
        return Bytes{std::istreambuf_iterator<char>{in}, {}};
    }
    /// A TimeStampResp for a TimeStampReq.
    [[nodiscard]] Bytes reply(ByteView query) const {
        write("query.tsq", query);
        run("openssl ts -reply -queryfile query.tsq -signer tsa.pem -inkey tsa.key -config tsa.cnf -section service "
            "-out reply.tsr");
        return read("reply.tsr");
    }
    [[nodiscard]] Bytes ca() const { return read("ca.pem"); }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

private:
    std::filesystem::path folder_;
};

}  // namespace probatum::test
