#include "evidence/compare.h"

#include <algorithm>
#include <map>

#include "base/text_encoding.h"
#include "contracts/genesis.h"
#include "evidence/json_text.h"
#include "evidence/words.h"

namespace probatum::evidence {

namespace {

/// A block that a bundle proves final, and the certificate that makes it so.
struct Proven {
    Digest block;
    const ledger::Certificate* certificate;
    Digest validators;
};
using ByHeight = std::map<Height, Proven>;

void add(ByHeight& out, const FinalHeader& shown) {
    const auto put = [&](const ledger::Header& header) {
        out.try_emplace(header.height, Proven{ledger::id_of(header), &shown.finality.certificate, header.validators});
    };
    put(shown.header);
    for (const ledger::Header& header : shown.finality.path) {
        put(header);
    }
}

ByHeight proven_of(const Bundle& bundle) {
    ByHeight out;
    add(out, bundle.head);
    for (const ValidatorChange& change : bundle.validator_path) {
        add(out, change.closing);
    }
    if (bundle.record) {
        add(out, bundle.record->block);
    }
    return out;
}

/// Keys of the validators that signed a certificate, by key id, with the set that it is of.
std::map<KeyId, ledger::Validator> signers_of(const Proven& proven, const Bundle& bundle,
                                              const contracts::Genesis& genesis) {
    std::map<KeyId, ledger::Validator> out;
    std::vector<ledger::ValidatorSet> sets{genesis.validator_set()};
    for (const ValidatorChange& change : bundle.validator_path) {
        sets.push_back(change.next);
    }
    for (const ledger::ValidatorSet& set : sets) {
        if (set.digest() != proven.validators) {
            continue;
        }
        for (const auto& signer : proven.certificate->signers) {
            out.try_emplace(set.key_id(signer.index), set.at(signer.index));
        }
    }
    return out;
}

struct Sides {
    const Bundle& one;
    const Bundle& other;
    const contracts::Genesis& genesis;
};

Contradiction contradiction_of(const Sides& sides, Height height, const Proven& one, const Proven& other) {
    Contradiction out{height, one.block, other.block, false, {}};
    const ledger::VoteTarget& first = one.certificate->target;
    const ledger::VoteTarget& second = other.certificate->target;
    out.same_view = first.epoch == second.epoch && first.view == second.view;
    const auto here = signers_of(one, sides.one, sides.genesis);
    const auto there = signers_of(other, sides.other, sides.genesis);
    for (const auto& [key, validator] : here) {
        if (!there.contains(key)) {
            continue;
        }
        const auto organisation =
            std::ranges::find(sides.genesis.organisations, validator.organisation, &contracts::Organisation::id);
        out.signers.push_back({validator.organisation,
                               organisation == sides.genesis.organisations.end() ? "" : organisation->name,
                               key.digest});
    }
    return out;
}

Text sentence_of(ComparisonResult result) {
    switch (result) {
        case ComparisonResult::not_valid:
            return {"At least one of the two bundles does not hold; nothing follows from them together.",
                    "两份证据包中至少一份未通过验证，无法作出比较。"};
        case ComparisonResult::unrelated:
            return {
                "The two bundles prove no block of the same height; they neither confirm nor contradict each other.",
                "两份证据包未证明同一高度的区块，既不相互印证也不矛盾。"};
        case ComparisonResult::consistent:
            return {"At every height that both prove, they prove the same block.",
                    "在双方均证明的每一高度上，所证明的区块相同。"};
        case ComparisonResult::contradiction:
            return {
                "CONTRADICTION: the network finalised two different blocks at one height. Neither bundle is to be "
                "relied on before this is explained; more than a third of the validators broke the rules or lost "
                "their keys.",
                "矛盾：网络在同一高度最终确认了两个不同区块。在查明原因之前，两份证据包均不可采信；超过三分之一的验证节"
                "点违反规则或丧失密钥。"};
    }
    return {};
}

std::string render_in(const Comparison& comparison, bool chinese) {
    const Words words{chinese};
    const auto title = [&](std::string_view english, std::string_view text) {
        return std::string{words.pick(english, text)};
    };
    std::string out = title("PROBATUM: COMPARISON OF TWO EVIDENCE BUNDLES\n", "PROBATUM 两份证据包的比较\n");
    const auto bundle = [&](std::string_view label, const Report& report) {
        out += "  " + std::string{label} + "  " + std::string{words.of(name(report.conclusion))} + "  " +
               report.failed_check + "  SHA-256 " + to_hex(report.bundle_sha256) + "\n";
    };
    bundle("A", comparison.one);
    bundle("B", comparison.other);
    out += "\n" + words.pick(sentence_of(comparison.result)) + "\n";
    for (const Contradiction& each : comparison.contradictions) {
        out += "\n" + title("Block ", "区块 ") + std::to_string(each.height.raw()) + "\n  A " + to_hex(each.one) +
               "\n  B " + to_hex(each.other) + "\n";
        out += "  " +
               std::string{each.same_view
                               ? words.pick("Both certificates are of one view. These validators signed both, which no "
                                            "honest validator does:",
                                            "两份证书属于同一视图。下列验证节点同时签署，诚实节点绝不会如此：")
                               : words.pick("The certificates are of different views. These validators signed both; "
                                            "their journals show who broke the rules between:",
                                            "两份证书属于不同视图。下列验证节点同时签署，其日志可查明其间何者违规：")} +
               "\n";
        for (const Contradiction::Signer& signer : each.signers) {
            out += "    " + clean(signer.organisation) + "  " + clean(signer.organisation_name) + "  " +
                   to_hex(signer.key_id) + "\n";
        }
    }
    return out;
}

}  // namespace

std::string_view name(ComparisonResult result) {
    switch (result) {
        case ComparisonResult::not_valid:
            return "not-valid";
        case ComparisonResult::unrelated:
            return "unrelated";
        case ComparisonResult::consistent:
            return "consistent";
        case ComparisonResult::contradiction:
            return "contradiction";
    }
    return "unknown";
}

int exit_code(const Comparison& comparison) {
    switch (comparison.result) {
        case ComparisonResult::consistent:
            return 0;
        case ComparisonResult::contradiction:
            return 1;
        case ComparisonResult::unrelated:
            return 2;
        case ComparisonResult::not_valid:
            break;
    }
    return std::max(exit_code(comparison.one.conclusion), exit_code(comparison.other.conclusion));
}

Comparison compare(ByteView one, ByteView other, const VerifyOptions& options) {
    Comparison out;
    out.one = verify(one, options);
    out.other = verify(other, options);
    if (out.one.conclusion != Conclusion::valid || out.other.conclusion != Conclusion::valid) {
        return out;
    }
    const Result<Bundle> first = decode_bundle(one);
    const Result<Bundle> second = decode_bundle(other);
    const Result<contracts::Genesis> genesis =
        first ? contracts::decode_genesis(first->genesis) : Result<contracts::Genesis>{fail(Errc::malformed)};
    if (!first || !second || !genesis) {
        return out;
    }
    const ByHeight here = proven_of(*first);
    const ByHeight there = proven_of(*second);
    out.result = ComparisonResult::unrelated;
    for (const auto& [height, proven] : here) {
        const auto same_height = there.find(height);
        if (same_height == there.end()) {
            continue;
        }
        if (out.result == ComparisonResult::unrelated) {
            out.result = ComparisonResult::consistent;
        }
        if (proven.block != same_height->second.block) {
            out.result = ComparisonResult::contradiction;
            out.contradictions.push_back(
                contradiction_of({*first, *second, *genesis}, height, proven, same_height->second));
        }
    }
    return out;
}

std::string render_text(const Comparison& comparison, Language language) {
    switch (language) {
        case Language::english:
            return render_in(comparison, false);
        case Language::chinese:
            return render_in(comparison, true);
        case Language::both:
            break;
    }
    return render_in(comparison, true) + "\n" + render_in(comparison, false);
}

std::string render_json(const Comparison& comparison) {
    JsonText out;
    out.begin_object().member("report", "probatum comparison of two evidence bundles").member("version", 1);
    out.member("result", name(comparison.result)).key("bundles").begin_array();
    for (const Report* const report : {&comparison.one, &comparison.other}) {
        out.begin_object().member("sha256", to_hex(report->bundle_sha256));
        out.member("conclusion", name(report->conclusion)).member("failed_check", report->failed_check).end_object();
    }
    out.end_array().key("contradictions").begin_array();
    for (const Contradiction& each : comparison.contradictions) {
        out.begin_object().member("height", each.height.raw()).member("one", to_hex(each.one));
        out.member("other", to_hex(each.other)).key("same_view").boolean(each.same_view).key("signers").begin_array();
        for (const Contradiction::Signer& signer : each.signers) {
            out.begin_object().member("organisation", signer.organisation).member("key_id", to_hex(signer.key_id));
            out.end_object();
        }
        out.end_array().end_object();
    }
    return out.end_array().end_object().take();
}

}  // namespace probatum::evidence
