#include "evidence/additions.h"

#include <utility>

#include "base/cbor.h"
#include "base/civil_time.h"
#include "base/cose.h"
#include "base/hash.h"
#include "base/text_encoding.h"
#include "evidence/signers.h"

namespace probatum::evidence {

namespace {

/// The judgements of one chain of tokens, in order; nothing where the caller left one out.
std::optional<std::vector<const TimeStampJudgement*>> chain_of(const std::vector<TimeStampJudgement>& all,
                                                               std::size_t addition, std::size_t tokens) {
    std::vector<const TimeStampJudgement*> out;
    for (const TimeStampJudgement& judgement : all) {
        if (judgement.addition == addition && judgement.token == out.size()) {
            out.push_back(&judgement);
        }
    }
    if (out.size() != tokens) {
        return std::nullopt;
    }
    return out;
}

/// A token that lost its hold is carried on by the next one if that was made before.
std::string status_of(const std::vector<const TimeStampJudgement*>& chain) {
    std::string status = "valid";
    for (std::size_t i = 0; i < chain.size(); ++i) {
        const std::optional<UnixMs>& weak = chain[i]->weak_since;
        if (!weak) {
            continue;
        }
        if (i + 1 == chain.size() || chain[i + 1]->time >= *weak) {
            return "algorithm-weak-not-renewed";
        }
        status = "valid-by-renewal";
    }
    return status;
}

std::string judgement_text(const TimeStampJudgement& judgement) {
    return to_rfc3339(judgement.time) + " " + judgement.algorithm + " " + judgement.authority;
}

/// A later token cannot be older than what it renews.
Result<void> check_chain(const std::vector<const TimeStampJudgement*>& chain) {
    for (std::size_t i = 0; i < chain.size(); ++i) {
        if (i > 0 && chain[i]->time < chain[i - 1]->time) {
            return fail(Errc::evidence_mismatch, "additions.tokens.time");
        }
    }
    return {};
}

bool check_time_stamps(const std::vector<AdditionContent>& contents, const VerifyOptions& options, CheckList& checks,
                       Facts& facts) {
    std::size_t tokens = 0;
    for (const AdditionContent& content : contents) {
        tokens += content.tokens.size();
    }
    Finding finding{"tokens " + std::to_string(tokens), "", ""};
    if (!options.time_stamps) {
        return checks.skip(check::kTimeStamps, std::move(finding), "not-requested");
    }
    // Whoever judged may have stopped at the first that does not hold.
    for (const TimeStampJudgement& judgement : *options.time_stamps) {
        if (judgement.error) {
            return checks.fail(check::kTimeStamps, std::move(finding), *judgement.error);
        }
    }
    bool weak = false;
    for (std::size_t i = 0; i < contents.size(); ++i) {
        const auto chain = chain_of(*options.time_stamps, i, contents[i].tokens.size());
        if (!chain) {
            return checks.fail(check::kTimeStamps, std::move(finding), Error{Errc::evidence_mismatch, "additions"});
        }
        if (const Result<void> holds = check_chain(*chain); !holds) {
            return checks.fail(check::kTimeStamps, std::move(finding), holds.error());
        }
        const std::string status = status_of(*chain);
        for (const TimeStampJudgement* const judgement : *chain) {
            finding.found += (finding.found.empty() ? "" : ", ") + judgement_text(*judgement);
        }
        finding.found += ": " + status;
        weak = weak || status == "algorithm-weak-not-renewed";
        if (status != "algorithm-weak-not-renewed") {
            const TimeStampJudgement& first = *chain->front();
            facts.external_times.push_back({first.time, first.authority, first.algorithm, status, chain->size()});
        }
    }
    return weak ? checks.skip(check::kTimeStamps, std::move(finding), "algorithm-weak-not-renewed")
                : checks.pass(check::kTimeStamps, std::move(finding));
}

}  // namespace

Bytes encode(const AdditionContent& content) {
    cbor::Writer out{256};
    out.array(2).digest(content.core).array(content.tokens.size());
    for (const Bytes& token : content.tokens) {
        out.bytes(token);
    }
    return out.take();
}

Result<AdditionContent> decode_addition_content(ByteView payload) {
    cbor::Reader in{payload};
    AdditionContent out;
    in.field("addition").array_of(2);
    out.core = in.field("addition.core").digest();
    const std::uint64_t count = in.field("addition.tokens").array();
    if (count == 0 || count > kMaxTokens) {
        in.refuse(Errc::too_large, "1 to 64 tokens");
    }
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        const ByteView token = in.bytes();
        if (token.size() > kMaxTokenBytes) {
            in.refuse(Errc::too_large, "a token of at most 64 KiB");
        }
        out.tokens.push_back(to_bytes(token));
    }
    in.leave();
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

Bytes stamped_bytes(ByteView core, const std::vector<Bytes>& tokens, std::size_t number) {
    if (number == 0) {
        return to_bytes(core);
    }
    cbor::Writer out{core.size() + 1024};
    out.array(number + 1).bytes(core);
    for (std::size_t i = 0; i < number; ++i) {
        out.bytes(tokens.at(i));
    }
    return out.take();
}

cose::ProtectedHeader addition_header(const Digest& chain_id, const KeyId& key, std::string_view organisation) {
    return {.content_type = std::string{kAdditionContentType},
            .key_id = key,
            .chain_id = chain_id,
            .issuer = std::string{organisation}};
}

Result<AdditionContent> open_addition(const Addition& addition, const Digest& core, const Digest& chain_id) {
    PROBATUM_LET(statement, cose::decode(addition.statement));
    if (statement.header.content_type != kAdditionContentType || statement.header.subject) {
        return fail(Errc::malformed, "additions.content_type");
    }
    if (statement.header.chain_id != chain_id) {
        return fail(Errc::foreign_chain, "additions.chain_id");
    }
    if (statement.header.key_id != addition.key.id()) {
        return fail(Errc::evidence_mismatch, "additions.key");
    }
    PROBATUM_TRY(statement.verify(addition.key));
    PROBATUM_LET(content, decode_addition_content(statement.payload));
    if (content.core != core) {
        return fail(Errc::evidence_mismatch, "additions.core");
    }
    return content;
}

bool verify_additions(const Bundle& bundle, const Trust& trust, const VerifyOptions& options, CheckList& checks,
                      Facts& facts) {
    if (bundle.additions.empty()) {
        return true;
    }
    const Digest core = sha256(encode_core(bundle));
    const Signers signers{trust};
    std::vector<AdditionContent> contents;
    Finding finding{"additions " + std::to_string(bundle.additions.size()), to_hex(core), ""};
    for (const Addition& addition : bundle.additions) {
        Result<AdditionContent> content = open_addition(addition, core, trust.chain_id);
        if (!content) {
            return checks.fail(check::kAdditions, std::move(finding), content.error());
        }
        // Who added is shown, not judged: a token holds by its authority's signature, whoever put it in.
        const KnownSigner* const signer = signers.find(addition.key.id());
        finding.found += (finding.found.empty() ? "" : ", ") + to_hex(addition.key.id().digest) +
                         (signer == nullptr ? " not in genesis" : " " + signer->organisation + "/" + signer->member);
        contents.push_back(*std::move(content));
    }
    checks.pass(check::kAdditions, std::move(finding));
    return check_time_stamps(contents, options, checks, facts);
}

}  // namespace probatum::evidence
