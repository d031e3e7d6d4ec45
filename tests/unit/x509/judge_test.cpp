// Certificates of authorities made by the OpenSSL command line, judged as docs/spec/certificates.md section 4 says.
#include "evidence/x509/judge.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/civil_time.h"

namespace probatum::evidence::x509 {
namespace {

namespace fs = std::filesystem;
using Kind = contracts::StatusEvidence::Kind;

Bytes read(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return Bytes{std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

/// One folder of certificates for all tests, made once.
const fs::path& folder() {
    static const fs::path made = [] {
        const fs::path out = fs::temp_directory_path() / ("probatum-x509-" + std::to_string(::getpid()));
        fs::create_directories(out);
        std::ofstream{out / "statement", std::ios::binary} << "the statement";
        const std::string script = std::string{PROBATUM_SOURCE_DIR} + "/tests/unit/x509/make_certificates.sh";
        const std::string command = "sh " + script + " " + out.string() + " " + (out / "statement").string();
        EXPECT_EQ(std::system(command.c_str()), 0);
        return out;
    }();
    return made;
}

class RemoveFolder : public testing::Environment {
public:
    void TearDown() override { fs::remove_all(folder()); }
};
const testing::Environment* const kCleaner = testing::AddGlobalTestEnvironment(new RemoveFolder);

UnixMs at(std::string_view time) { return parse_rfc3339(time).value(); }

class Certificates : public testing::TestWithParam<const char*> {
protected:
    fs::path file(const char* name) const { return folder() / GetParam() / name; }
    Bytes certificate(const char* name) const { return certificates_of(read(file(name)))->front(); }

    CertificateJudgement judge() const {
        const Bytes statement = read(folder() / "statement");
        return OpenSslJudge{}.judge({.chain = chain,
                                     .cross_signature = cross_signature,
                                     .statement = statement,
                                     .status = status,
                                     .from = from,
                                     .until = until});
    }
    static AspectVerdict verdict(const CertificateJudgement& found, std::string_view name) {
        for (const CertificateAspect& aspect : found.aspects) {
            if (aspect.name == name) {
                return aspect.verdict;
            }
        }
        ADD_FAILURE() << "no aspect " << name;
        return AspectVerdict::unknown;
    }
    static std::string shown(const CertificateJudgement& found) {
        std::string out;
        for (const CertificateAspect& aspect : found.aspects) {
            out += aspect.name + " " + std::string{name(aspect.verdict)} + " " + aspect.found + "; ";
        }
        return out;
    }

    std::vector<Bytes> chain{certificate("leaf.pem"), certificate("ca.pem")};
    Bytes cross_signature = read(file("cross.sig"));
    std::vector<contracts::StatusEvidence> status{{Kind::ocsp, read(file("good.ocsp"))}};
    UnixMs from = at("2030-01-01T00:00:00Z");
    UnixMs until = at("2031-01-01T00:00:00Z");
};

TEST_P(Certificates, AGoodOneHolds) {
    const CertificateJudgement found = judge();
    EXPECT_TRUE(found.holds()) << shown(found);
    EXPECT_EQ(verdict(found, "status"), AspectVerdict::good) << shown(found);
    const std::string expected = std::string_view{GetParam()} == "rsa"    ? "RSA 2048"
                                 : std::string_view{GetParam()} == "p256" ? "P-256"
                                                                          : "SM2";
    EXPECT_EQ(found.algorithm, expected);
    EXPECT_NE(found.subject.find("CN=" + std::string{GetParam()} + " leaf"), std::string::npos) << found.subject;
    EXPECT_EQ(found.not_after, "2040-01-01T00:00:00.000Z");
}

TEST_P(Certificates, ACrlSaysTheSame) {
    status = {{Kind::crl, crl_of(read(file("good.crl"))).value()}};
    EXPECT_EQ(verdict(judge(), "status"), AspectVerdict::good) << shown(judge());
    status = {{Kind::crl, crl_of(read(file("revoked.crl"))).value()}};
    EXPECT_EQ(verdict(judge(), "status"), AspectVerdict::bad) << shown(judge());
    EXPECT_FALSE(judge().holds());
}

TEST_P(Certificates, ACrlOfSomeCertificatesSaysNothingOfTheOthers) {
    for (const char* const name : {"partial.crl", "delta.crl"}) {
        status = {{Kind::crl, crl_of(read(file(name))).value()}};
        EXPECT_EQ(verdict(judge(), "status"), AspectVerdict::unknown) << name << ": " << shown(judge());
    }
}

TEST_P(Certificates, ARevokedOneDoesNotHoldWhateverElseWasSaid) {
    status.push_back({Kind::ocsp, read(file("revoked.ocsp"))});
    EXPECT_EQ(verdict(judge(), "status"), AspectVerdict::bad) << shown(judge());
    EXPECT_FALSE(judge().holds());
    // Revoked after the last signature.
    from = until = at("2025-06-01T00:00:00Z");
    EXPECT_EQ(verdict(judge(), "status"), AspectVerdict::good) << shown(judge());
}

TEST_P(Certificates, WithoutStatusItIsUnknownAndTheRestHolds) {
    status.clear();
    EXPECT_EQ(verdict(judge(), "status"), AspectVerdict::unknown);
    EXPECT_TRUE(judge().holds());
    status = {{Kind::ocsp, Bytes{1, 2, 3}}, {Kind::crl, Bytes{0x30}}};
    EXPECT_EQ(verdict(judge(), "status"), AspectVerdict::unknown);
}

TEST_P(Certificates, StatusThatEndedBeforeSaysNothing) {
    from = at("2039-01-01T00:00:00Z");
    until = from;
    EXPECT_EQ(verdict(judge(), "status"), AspectVerdict::unknown) << shown(judge());
}

TEST_P(Certificates, AnExpiredOneIsNotInForce) {
    chain[0] = certificate("short.pem");
    EXPECT_EQ(verdict(judge(), "validity"), AspectVerdict::bad) << shown(judge());
    EXPECT_EQ(verdict(judge(), "chain"), AspectVerdict::good) << shown(judge());
    chain[0] = certificate("leaf.pem");
    from = at("2024-01-01T00:00:00Z");
    EXPECT_EQ(verdict(judge(), "validity"), AspectVerdict::bad);
}

TEST_P(Certificates, AnotherKeysSignatureIsNone) {
    cross_signature = read(file("other.sig"));
    EXPECT_EQ(verdict(judge(), "cross-signature"), AspectVerdict::bad);
    cross_signature = read(file("cross.sig"));
    cross_signature[cross_signature.size() / 2] ^= 1U;
    EXPECT_EQ(verdict(judge(), "cross-signature"), AspectVerdict::bad);
    EXPECT_FALSE(judge().holds());
}

TEST_P(Certificates, AnotherAuthorityDidNotIssueIt) {
    const char* const other = std::string_view{GetParam()} == "rsa" ? "p256" : "rsa";
    chain[1] = certificates_of(read(folder() / other / "ca.pem"))->front();
    EXPECT_EQ(verdict(judge(), "chain"), AspectVerdict::bad) << shown(judge());
    chain.pop_back();
    EXPECT_EQ(verdict(judge(), "chain"), AspectVerdict::bad) << shown(judge());
}

TEST_P(Certificates, BytesThatAreNoCertificateAreABadChain) {
    chain[1].push_back(0);
    EXPECT_EQ(verdict(judge(), "chain"), AspectVerdict::bad);
    chain = {Bytes{}};
    EXPECT_EQ(verdict(judge(), "chain"), AspectVerdict::bad);
    chain.clear();
    EXPECT_FALSE(judge().holds());
}

TEST_P(Certificates, AreReadFromPemAndDer) {
    const Bytes der = certificate("leaf.pem");
    EXPECT_EQ(certificates_of(der)->front(), der);
    Bytes both = read(file("leaf.pem"));
    const Bytes second = read(file("ca.pem"));
    both.insert(both.end(), second.begin(), second.end());
    EXPECT_EQ(certificates_of(both)->size(), 2U);
    EXPECT_EQ(certificates_of(Bytes{1, 2}).error().code, Errc::unusable_input);
    EXPECT_EQ(crl_of(Bytes{1, 2}).error().code, Errc::unusable_input);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Certificates, testing::Values("rsa", "p256", "sm2"),
                         [](const auto& kind) { return std::string{kind.param}; });

}  // namespace
}  // namespace probatum::evidence::x509
