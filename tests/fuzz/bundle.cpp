// Any bytes get a report; what decodes has one encoding, and nothing is valid that did not decode.

#include "evidence/bundle.h"
#include "base/check.h"
#include "base/hash.h"
#include "evidence/report.h"
#include "evidence/verify.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace probatum;
    const ByteView input{data, size};
    const Result<evidence::Bundle> bundle = evidence::decode_bundle(input);
    evidence::VerifyOptions options{.genesis_digest = {}};
    if (bundle) {
        PROBATUM_CHECK(equal(evidence::encode(*bundle), input), "one encoding per bundle");
        // Whatever genesis is there is trusted, so that the checks behind it are reached.
        options.genesis_digest = sha256(bundle->genesis);
    }
    const evidence::Report report = evidence::verify(input, options);
    PROBATUM_CHECK(bundle || report.conclusion != evidence::Conclusion::valid, "what does not decode is not valid");
    PROBATUM_CHECK((report.conclusion == evidence::Conclusion::valid) == report.failed_check.empty(),
                   "a refusal is named");
    PROBATUM_CHECK(!evidence::render_text(report).empty() && !evidence::render_json(report).empty(),
                   "a report can be shown");
    return 0;
}
