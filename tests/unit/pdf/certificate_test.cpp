// The certificate and the bundle inside it: docs/spec/certificate.md.

#include "evidence/pdf/certificate.h"

#include <gtest/gtest.h>

#include "evidence/gather.h"
#include "evidence/pdf/attachment.h"
#include "evidence/pdf/sheet.h"
#include "sample_loan.h"

namespace probatum::evidence::pdf {
namespace {

class Certificate : public testing::Test {
protected:
    Certificate() : bundle_{encode(gather_contract(chain_, test::record_sample_loan(chain_)).value())} {
        auto made = make_certificate(bundle_, chain_.chain_id(), Language::both);
        if (!made && made.error().code == Errc::config_invalid) {
            return;
        }
        pdf_ = std::move(made).value();
    }
    void SetUp() override {
        if (pdf_.empty()) {
            GTEST_SKIP() << "the fonts of the certificate are not installed (fonts-noto-cjk)";
        }
    }
    [[nodiscard]] PrintedPages pages(ByteView pdf) const { return check_pages(pdf, bundle_, chain_.chain_id()); }

    test::MemoryChain chain_;
    Bytes bundle_;
    Bytes pdf_;
};

TEST_F(Certificate, HoldsTheBundleAndIsTheSameBytesTwice) {
    EXPECT_TRUE(is_pdf(pdf_));
    EXPECT_EQ(attached(pdf_, kMaxBundleBytes).value(), bundle_);
    EXPECT_EQ(make_certificate(bundle_, chain_.chain_id(), Language::both).value(), pdf_);
    EXPECT_EQ(pages(pdf_), PrintedPages::same);
    EXPECT_EQ(renderer_of(pdf_), renderer_name());
}

TEST_F(Certificate, EachLanguageIsRecognised) {
    for (const Language language : {Language::english, Language::chinese}) {
        const Bytes one = make_certificate(bundle_, chain_.chain_id(), language).value();
        EXPECT_NE(one, pdf_);
        EXPECT_EQ(pages(one), PrintedPages::same);
    }
}

TEST_F(Certificate, AlteredPagesAroundATrueBundleAreFound) {
    Sheet sheet;
    sheet.title = "Probatum certificate of evidence";
    sheet.created = "2026-01-01T00:00:00Z";
    sheet.items.emplace_back(Row{{{0, "Everything was repaid."}}});
    const Bytes forged = attach(render(sheet).value(), bundle_).value();
    EXPECT_EQ(attached(forged, kMaxBundleBytes).value(), bundle_);
    EXPECT_EQ(pages(forged), PrintedPages::differ);
    Bytes appended = pdf_;
    appended.push_back('\n');
    EXPECT_EQ(pages(appended), PrintedPages::differ);
}

TEST_F(Certificate, PagesOfAnotherRendererAreLeftToTheEye) {
    std::string foreign{as_text(pdf_)};
    const std::string mark = "Probatum certificate 1";
    // The name stands in a compressed part, so a file without any name stands for the foreign one.
    EXPECT_EQ(renderer_of(as_bytes("%PDF-1.7 nothing")), "");
    EXPECT_EQ(pages(as_bytes("%PDF-1.7 nothing")), PrintedPages::unknown);
    EXPECT_NE(renderer_name().find(mark), std::string::npos);
}

TEST_F(Certificate, TheReportNamesWhatBecameOfThePages) {
    const auto reason = [&](PrintedPages printed) {
        VerifyOptions options{.genesis_digest = chain_.chain_id()};
        options.printed_pages = printed;
        const Report report = verify(bundle_, options);
        EXPECT_EQ(report.conclusion, printed == PrintedPages::differ ? Conclusion::not_valid : Conclusion::valid);
        return std::ranges::find(report.checks, std::string{"printed-pages"}, &Check::id)->reason;
    };
    EXPECT_EQ(reason(PrintedPages::same), "");
    EXPECT_EQ(reason(PrintedPages::differ), "document_mismatch");
    EXPECT_EQ(reason(PrintedPages::unknown), "printed-pages-not-checked");
}

TEST_F(Certificate, ThereIsNoneOfABundleThatDoesNotHold) {
    Bytes broken = bundle_;
    broken.back() ^= 1U;
    EXPECT_EQ(make_certificate(broken, chain_.chain_id(), Language::both).error().code, Errc::evidence_mismatch);
}

TEST_F(Certificate, ForeignPdfsAreAnswered) {
    EXPECT_EQ(attached(as_bytes("%PDF-1.7\nnothing"), kMaxBundleBytes).error().code, Errc::unusable_input);
    EXPECT_EQ(attached(pdf_, bundle_.size() - 1).error().code, Errc::too_large);
    for (std::size_t size : {std::size_t{10}, pdf_.size() / 2, pdf_.size() - 40}) {
        EXPECT_NE(pages(ByteView{pdf_}.first(size)), PrintedPages::same);
    }
    Sheet sheet;
    sheet.created = "2026-01-01T00:00:00Z";
    sheet.items.emplace_back(Row{{{0, "No file inside."}}});
    EXPECT_EQ(attached(render(sheet).value(), kMaxBundleBytes).error().code, Errc::unusable_input);
}

}  // namespace
}  // namespace probatum::evidence::pdf
