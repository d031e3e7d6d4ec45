// What is made of a bundle beside its report: the explained report, HTML, the expert's worksheet, the parts, and the
// comparison of two bundles. docs/spec/evidence.md sections 6 and 8.

#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "base/hash.h"
#include "base/text_encoding.h"
#include "evidence/check_list.h"
#include "evidence/compare.h"
#include "evidence/explain.h"
#include "evidence/extract.h"
#include "evidence/gather.h"
#include "evidence/trace.h"
#include "sample_loan.h"

namespace probatum::evidence {
namespace {

using ledger::VoteKind;

class ReportForms : public testing::Test {
protected:
    ReportForms() : id_{test::record_sample_loan(chain_)}, bundle_{gather_contract(chain_, id_).value()} {}
    [[nodiscard]] Report report() const { return verify(encode(bundle_), {.genesis_digest = chain_.chain_id()}); }

    test::MemoryChain chain_;
    Digest id_;
    Bundle bundle_;
};

/// The worksheet as its reader takes it: kind, what, and the values under it.
struct TraceLine {
    std::string kind, what;
    std::map<std::string, std::string> values;
};

std::vector<TraceLine> read_trace(const std::string& text) {
    std::vector<TraceLine> out;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("  ")) {
            const auto blank = line.find(' ');
            out.push_back({line.substr(0, blank), line.substr(blank + 1), {}});
            continue;
        }
        std::istringstream words{line};
        std::string name;
        std::string value;
        words >> name >> value;
        out.back().values[name] = value;
    }
    return out;
}

TEST_F(ReportForms, EachLineOfTheWorksheetCanBeRepeated) {
    std::set<std::string> outputs;
    std::size_t signatures = 0;
    for (const TraceLine& line : read_trace(trace(bundle_))) {
        if (line.kind == "sha-256") {
            EXPECT_EQ(to_hex(sha256(from_hex(line.values.at("in")).value())), line.values.at("out")) << line.what;
            outputs.insert(line.values.at("out"));
            continue;
        }
        ASSERT_EQ(line.kind, "ecdsa-secp256k1");
        EXPECT_TRUE(outputs.contains(line.values.at("digest"))) << line.what;
        const PublicKey key = PublicKey::from_bytes(from_hex(line.values.at("key")).value()).value();
        Signature signature{};
        std::ranges::copy(from_hex(line.values.at("signature")).value(), signature.begin());
        EXPECT_TRUE(key.verify(digest_from_hex(line.values.at("digest")).value(), signature)) << line.what;
        ++signatures;
    }
    const ContractPart& contract = *bundle_.contract;
    EXPECT_EQ(signatures, contract.events.size() + contract.refused.size() + 3);  // Three of four validators.
}

TEST_F(ReportForms, TheWorksheetReachesEveryProvenValue) {
    const std::string worksheet = trace(bundle_);
    const ledger::Header& head = bundle_.head.header;
    const auto reached = [&](const Digest& digest) {
        return worksheet.find("out " + to_hex(digest) + "\n") != std::string::npos;
    };
    EXPECT_TRUE(reached(chain_.chain_id()));
    EXPECT_TRUE(reached(ledger::id_of(head)));
    EXPECT_TRUE(reached(head.state_root));
    EXPECT_TRUE(reached(head.validators));
    for (const BundleEvent& event : bundle_.contract->events) {
        EXPECT_TRUE(reached(event.leaf.transaction));
    }
}

TEST_F(ReportForms, TheWorksheetOfARecordReachesTheLogRoot) {
    contracts::DepositBody deposit;
    deposit.digests = contracts::digests_of(test::sample_document());
    deposit.size_bytes = 1;
    deposit.media_type = "text/plain";
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(chain_.record("bank-a/maker-1", {{}, deposit, {}}).accepted());
        const Bundle record = gather_record(chain_, chain_.last_transaction()).value();
        EXPECT_NE(trace(record).find("out " + to_hex(record.record->block.header.log_root) + "\n"), std::string::npos);
    }
}

TEST_F(ReportForms, EveryCheckIsExplained) {
    const Report made = report();
    const std::string text = render_explained(made, Language::english);
    for (const Check& check : made.checks) {
        const Explanation& explained = explanation_of(check.id);
        EXPECT_NE(text.find(explained.question.english), std::string::npos) << check.id;
        EXPECT_FALSE(explained.method.chinese.empty()) << check.id;
    }
    EXPECT_NE(text.find("art. 16"), std::string::npos);
    const std::string other =
        render_explained(made, Language::english, {{"event-log", {"Local rule 7", "本地规则七"}}});
    EXPECT_NE(other.find("Local rule 7"), std::string::npos);
    EXPECT_EQ(other.find("art. 16"), std::string::npos);
}

TEST_F(ReportForms, ProvisionsNameChecksThatExist) {
    for (const auto& [check, text] : default_provisions()) {
        EXPECT_FALSE(explanation_of(check).question.english.empty()) << check;
    }
}

TEST_F(ReportForms, HtmlIsOnePageAndForeignTextIsNoMarkup) {
    Report made = report();
    ASSERT_TRUE(made.facts.contract);
    made.facts.contract->number = "<script>alert(1)</script>&\"";
    const std::string page = render_html(made, Language::english);
    EXPECT_EQ(page.find("<script"), std::string::npos);
    EXPECT_NE(page.find("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;"), std::string::npos);
    EXPECT_EQ(page.find("http"), std::string::npos) << "the page names nothing outside itself";
    EXPECT_EQ(page, render_html(made, Language::english));
    for (const Check& check : made.checks) {
        EXPECT_NE(page.find("<code>" + check.id + "</code>"), std::string::npos);
    }
}

TEST_F(ReportForms, TheLanguageIsTheOneAskedFor) {
    const Report made = report();
    EXPECT_EQ(render_html(made, Language::english).find("证据包"), std::string::npos);
    EXPECT_EQ(render_html(made, Language::chinese).find("What is not proven"), std::string::npos);
    const std::string both = render_html(made, Language::both);
    EXPECT_NE(both.find("证据包"), std::string::npos);
    EXPECT_NE(both.find("What is not proven"), std::string::npos);
}

TEST_F(ReportForms, AnInvalidBundleShowsNoContentInAnyForm) {
    bundle_.contract->events.pop_back();
    const Report made = report();
    ASSERT_EQ(made.conclusion, Conclusion::not_valid);
    EXPECT_EQ(render_html(made, Language::english).find("trader-b"), std::string::npos);
    EXPECT_EQ(render_explained(made, Language::english).find("trader-b"), std::string::npos);
}

TEST_F(ReportForms, PartsAreTheBytesOfTheBundle) {
    const Extracted extracted = extract(bundle_);
    const auto part = [&](std::string_view name) -> const Bytes& {
        const auto found = std::ranges::find(extracted.parts, name, &Part::name);
        EXPECT_NE(found, extracted.parts.end()) << name;
        return found->bytes;
    };
    EXPECT_EQ(part("genesis.cbor"), bundle_.genesis);
    EXPECT_EQ(sha256(part("head-header.cbor")), ledger::id_of(bundle_.head.header));
    EXPECT_EQ(sha256(part("contract-state.cbor")), sha256(*bundle_.contract->state));
    for (const BundleEvent& event : bundle_.contract->events) {
        const std::string number = std::to_string(event.leaf.sequence);
        EXPECT_EQ(sha256(part("event-" + std::string(4 - number.size(), '0') + number + "-statement.cose")),
                  event.leaf.transaction);
    }
    std::set<std::string> names;
    for (const Part& each : extracted.parts) {
        EXPECT_TRUE(names.insert(each.name).second) << each.name;
    }
    for (const SignedPart& each : extracted.signatures) {
        EXPECT_TRUE(names.contains(each.message) && names.contains(each.signature) && names.contains(each.key));
    }
    const std::string index = render_index(extracted, bundle_);
    EXPECT_NE(index.find(to_hex(sha256(encode(bundle_)))), std::string::npos);
}

TEST(DerSignature, IntegersAreShortestAndPositive) {
    Signature signature{};
    signature[31] = 0x80;  // r = 0x80 needs a leading zero; s = 1
    signature[63] = 0x01;
    EXPECT_EQ(to_hex(der_signature(signature)), "300702020080020101");
}

/// Two chains of the same validators that part ways after the loan was activated.
class Compared : public ReportForms {
protected:
    [[nodiscard]] Comparison compare_now(const Bundle& other) const {
        return compare(encode(bundle_), encode(other), {.genesis_digest = chain_.chain_id()});
    }
    /// The head of the bundle with another time, certified by these validators in the same view.
    [[nodiscard]] Bundle fork(const std::vector<ledger::ValidatorIndex>& signers, bool later_view) const {
        Bundle out = bundle_;
        out.head.header.time = UnixMs{out.head.header.time.raw() + 1};
        if (later_view) {
            out.head.header.view = out.head.header.view.next();
        }
        out.head.finality = {chain_.certify(VoteKind::finalize, out.head.header, signers), {}};
        return out;
    }
};

TEST_F(Compared, TheSameBlockAgrees) {
    EXPECT_EQ(compare_now(bundle_).result, ComparisonResult::consistent);
    EXPECT_EQ(exit_code(compare_now(bundle_)), 0);
}

TEST_F(Compared, OtherHeightsSayNothing) {
    Bundle later = bundle_;
    chain_.add_block({});
    later = gather_contract(chain_, id_).value();
    EXPECT_EQ(compare_now(later).result, ComparisonResult::unrelated);
}

TEST_F(Compared, WhoSignedBothIsNamed) {
    std::set<ledger::ValidatorIndex> first;
    for (const auto& signer : bundle_.head.finality.certificate.signers) {
        first.insert(signer.index);
    }
    ASSERT_EQ(first.size(), 3U);
    const Comparison comparison = compare_now(fork({1, 2, 3}, false));
    ASSERT_EQ(comparison.result, ComparisonResult::contradiction);
    EXPECT_EQ(exit_code(comparison), 1);
    ASSERT_EQ(comparison.contradictions.size(), 1U);
    const Contradiction& found = comparison.contradictions.front();
    EXPECT_TRUE(found.same_view);
    std::set<Digest> expected;
    const auto set = test::sample_genesis().validator_set();
    for (const ledger::ValidatorIndex index : {1U, 2U, 3U}) {
        if (first.contains(index)) {
            expected.insert(set.key_id(index).digest);
        }
    }
    std::set<Digest> named;
    for (const auto& signer : found.signers) {
        named.insert(signer.key_id);
        EXPECT_NE(render_text(comparison, Language::english).find(signer.organisation), std::string::npos);
    }
    EXPECT_EQ(named, expected);
    EXPECT_FALSE(compare_now(fork({1, 2, 3}, true)).contradictions.front().same_view);
}

TEST_F(Compared, NothingFollowsFromABundleThatDoesNotHold) {
    Bundle bad = fork({0, 1}, false);
    const Comparison comparison = compare_now(bad);
    EXPECT_EQ(comparison.result, ComparisonResult::not_valid);
    EXPECT_TRUE(comparison.contradictions.empty());
    EXPECT_EQ(exit_code(comparison), 1);
}

}  // namespace
}  // namespace probatum::evidence
