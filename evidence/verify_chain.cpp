#include "evidence/verify_chain.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/civil_time.h"
#include "base/hash.h"
#include "base/text_encoding.h"
#include "contracts/succession.h"

namespace probatum::evidence {

namespace {

std::string count(std::size_t number) { return std::to_string(number); }

std::string sets_text(const ledger::Header& header) {
    return "epoch " + std::to_string(header.epoch.raw()) + ", validators " + to_hex(header.validators);
}

bool check_genesis(const Bundle& bundle, const VerifyOptions& options, Trust& trust, CheckList& checks) {
    trust.chain_id = sha256(bundle.genesis);
    const Finding digests{count(bundle.genesis.size()) + " bytes", to_hex(options.genesis_digest),
                          to_hex(trust.chain_id)};
    if (trust.chain_id != options.genesis_digest) {
        return checks.fail(check::kGenesisDigest, digests, Error{Errc::wrong_genesis});
    }
    checks.pass(check::kGenesisDigest, digests);
    Result<contracts::Genesis> genesis = contracts::decode_genesis(bundle.genesis);
    if (!genesis) {
        return checks.fail(check::kGenesisFormat, {"genesis"}, genesis.error());
    }
    trust.genesis = *std::move(genesis);
    trust.reigns.push_back({Epoch{}, trust.genesis.validator_set(), {}});
    return checks.pass(check::kGenesisFormat, {trust.genesis.chain_name, "validators 1..100",
                                               "validators " + count(trust.reigns.front().set.size())});
}

/// The recovery authorities of genesis name the set that goes on from the last final block. The validators may have
/// known nothing of it.
Result<void> follow_succession(const ValidatorChange& change, Trust& trust) {
    const ledger::Header& last = change.closing.header;
    PROBATUM_LET(said,
                 contracts::open_succession(change.succession, trust.chain_id,
                                            {trust.genesis.recovery_authorities, trust.genesis.recovery_threshold}));
    // After a closing block it is the epoch begun by it that cannot go on; only the state tells whether a block closed.
    const bool names_epoch = said.epoch == last.epoch || said.epoch == last.epoch.next();
    if (said.last != ledger::id_of(last) || said.height != last.height || !names_epoch) {
        return fail(Errc::succession_invalid, "validator_path.succession.last");
    }
    if (said.next != change.next || change.next.digest() == last.validators) {
        return fail(Errc::succession_invalid, "validator_path.succession.next");
    }
    trust.reigns.push_back({said.epoch.next(), change.next, said.reason, last.height, said.last});
    return {};
}

/// One closing header leads from the set that reigns to the next. A step that changed nobody would say nothing, so
/// there is none: which epochs changed only parameters can be seen from the numbers.
Result<void> follow(const ValidatorChange& change, Trust& trust) {
    const ledger::Header& closing = change.closing.header;
    if (closing.epoch < trust.reigns.back().first) {
        return fail(Errc::evidence_mismatch, "validator_path.epoch");
    }
    PROBATUM_TRY(check_final_header(change.closing, trust));
    if (!change.succession.empty()) {
        return follow_succession(change, trust);
    }
    if (closing.next_validators != change.next.digest() || closing.next_validators == closing.validators) {
        return fail(Errc::evidence_mismatch, "validator_path.next_validators");
    }
    trust.reigns.push_back({closing.epoch.next(), change.next, {}, closing.height, ledger::id_of(closing)});
    return {};
}

/// What the report shows of the authorities; a path without them has no such check.
bool check_succession(const Bundle& bundle, const Trust& trust, CheckList& checks) {
    std::string heights;
    for (const ValidatorChange& change : bundle.validator_path) {
        if (!change.succession.empty()) {
            heights += (heights.empty() ? "after height " : ", ") + std::to_string(change.closing.header.height.raw());
        }
    }
    if (heights.empty()) {
        return true;
    }
    const std::string authorities =
        count(trust.genesis.recovery_threshold) + "/" + count(trust.genesis.recovery_authorities.size());
    return checks.pass(check::kSuccession, {heights, "recovery authorities " + authorities,
                                            "recovery authorities " + count(trust.genesis.recovery_threshold)});
}

bool check_path(const Bundle& bundle, Trust& trust, CheckList& checks) {
    const std::string changes = "changes " + count(bundle.validator_path.size());
    if (const Result<void> followed = follow_path(bundle.validator_path, trust); !followed) {
        const ValidatorChange& change = bundle.validator_path.at(trust.reigns.size() - 1);
        if (followed.error().code == Errc::succession_invalid) {
            return checks.fail(check::kSuccession,
                               {to_hex(ledger::id_of(change.closing.header)),
                                "recovery authorities " + count(trust.genesis.recovery_threshold) + "/" +
                                    count(trust.genesis.recovery_authorities.size()),
                                "statements " + count(change.succession.size())},
                               followed.error());
        }
        return checks.fail(check::kValidatorPath,
                           {changes, to_hex(change.closing.header.next_validators), to_hex(change.next.digest())},
                           followed.error());
    }
    const std::string last = to_hex(trust.reigns.back().set.digest());
    return checks.pass(check::kValidatorPath, {changes, last, last}) && check_succession(bundle, trust, checks);
}

std::string kind_of(const ledger::Certificate& certificate) {
    switch (certificate.target.kind) {
        case ledger::VoteKind::notarize:
            return "notarize";
        case ledger::VoteKind::nullify:
            return "nullify";
        case ledger::VoteKind::finalize:
            return "finalize";
    }
    return "unknown";
}

bool check_head(const Bundle& bundle, const Trust& trust, CheckList& checks) {
    const ledger::Header& head = bundle.head.header;
    const Trust::Reign& reign = trust.reigns.back();
    const Epoch epoch = std::max(head.epoch, reign.first);
    const std::string expected = "epoch " + std::to_string(epoch.raw()) + ", validators " + to_hex(reign.set.digest());
    const Finding header{to_hex(ledger::id_of(head)), expected, sets_text(head)};
    Result<void> belongs = check_header(head, trust);
    if (belongs && head.epoch < reign.first) {
        belongs = fail(Errc::evidence_mismatch, "head.epoch");
    }
    if (belongs && !bundle.validator_path.empty() &&
        head.height <= bundle.validator_path.back().closing.header.height) {
        belongs = fail(Errc::evidence_mismatch, "head.height");
    }
    if (!belongs) {
        return checks.fail(check::kHeadHeader, header, belongs.error());
    }
    checks.pass(check::kHeadHeader, header);

    const ledger::ValidatorSet& set = reign.set;
    const Finding certificate{
        "height " + std::to_string(head.height.raw()), "finalize " + count(set.quorum()) + "/" + count(set.size()),
        kind_of(bundle.head.finality.certificate) + " " + count(bundle.head.finality.certificate.signers.size()) + "/" +
            count(set.size()) + ", headers between " + count(bundle.head.finality.path.size())};
    if (const Result<void> is_final = check_final_header(bundle.head, trust); !is_final) {
        return checks.fail(check::kFinality, certificate, is_final.error());
    }
    return checks.pass(check::kFinality, certificate);
}

/// Ids of the headers whose place on the chain the bundle has proven.
std::vector<Digest> proven_headers(const Bundle& bundle) {
    std::vector<Digest> out;
    out.push_back(ledger::id_of(bundle.head.header));
    for (const ledger::Header& header : bundle.head.finality.path) {
        out.push_back(ledger::id_of(header));
    }
    // Not what came after them in their own epoch: a succession leaves it behind.
    for (const ValidatorChange& change : bundle.validator_path) {
        out.push_back(ledger::id_of(change.closing.header));
    }
    return out;
}

bool check_trusted_header(const Bundle& bundle, const VerifyOptions& options, CheckList& checks) {
    const std::string head = to_hex(ledger::id_of(bundle.head.header));
    if (!options.trusted_header) {
        return checks.skip(check::kTrustedHeader, {head}, "not-requested");
    }
    const std::vector<Digest> proven = proven_headers(bundle);
    const bool stands = std::ranges::find(proven, *options.trusted_header) != proven.end();
    const std::string wanted = to_hex(*options.trusted_header);
    return checks.decide(check::kTrustedHeader, stands,
                         {count(proven.size()) + " headers", wanted, stands ? wanted : head});
}

bool check_freshness(const Bundle& bundle, const VerifyOptions& options, CheckList& checks) {
    const ledger::Header& head = bundle.head.header;
    Finding finding{};
    finding.found = "height " + std::to_string(head.height.raw()) + ", " + to_rfc3339(head.time);
    if (!options.min_height && !options.not_before) {
        return checks.skip(check::kFreshness, finding, "not-requested");
    }
    bool fresh = true;
    if (options.min_height) {
        finding.expected = "height >= " + std::to_string(options.min_height->raw());
        fresh = head.height >= *options.min_height;
    }
    if (options.not_before) {
        finding.expected += (finding.expected.empty() ? "" : ", ") + (">= " + to_rfc3339(*options.not_before));
        fresh = fresh && head.time >= *options.not_before;
    }
    return checks.decide(check::kFreshness, fresh, finding);
}

/// Whose keys signed, where genesis does not say it.
bool check_registry(const Bundle& bundle, Trust& trust, CheckList& checks) {
    const RegistryPart& part = bundle.registry;
    if (part.empty()) {
        return true;
    }
    const ledger::Header& head = bundle.head.header;
    const std::string counts = "keys " + count(part.keys.size()) + ", organisations " +
                               count(part.organisations.size()) + ", certificates " + count(part.certificates.size());
    Result<ProvenRegistry> proven = prove_registry(part, head.state_root);
    const Result<void> named =
        proven ? check_named(part, named_keys(bundle, trust.genesis, *proven)) : fail(proven.error());
    if (!named) {
        return checks.fail(check::kRegistry, {counts, to_hex(head.state_root), ""}, named.error());
    }
    trust.registry = *std::move(proven);
    return checks.pass(check::kRegistry, {counts, to_hex(head.state_root), to_hex(head.state_root)});
}

/// Whether the header lies between the last block of the reign before its own and the last of its own reign.
Result<void> check_reign(const ledger::Header& header, const Trust& trust) {
    const auto next = std::ranges::upper_bound(trust.reigns, header.epoch, {}, &Trust::Reign::first);
    if (header.height <= std::prev(next)->after) {
        return fail(Errc::evidence_mismatch, "header.height");
    }
    const bool beyond =
        next != trust.reigns.end() &&
        (header.height > next->after || (header.height == next->after && ledger::id_of(header) != next->after_block));
    return beyond ? fail(Errc::evidence_mismatch, "header.height") : Result<void>{};
}

}  // namespace

const ledger::ValidatorSet& Trust::set_of(Epoch epoch) const {
    const auto after = std::ranges::upper_bound(reigns, epoch, {}, &Reign::first);
    return std::prev(after)->set;
}

Result<void> follow_path(const std::vector<ValidatorChange>& path, Trust& trust) {
    Height last;
    for (const ValidatorChange& change : path) {
        if (change.closing.header.height <= last) {
            return fail(Errc::evidence_mismatch, "validator_path.height");
        }
        PROBATUM_TRY(follow(change, trust));
        last = change.closing.header.height;
    }
    return {};
}

Result<void> check_header(const ledger::Header& header, const Trust& trust) {
    if (header.version != ledger::kFormatVersion) {
        return fail(Errc::evidence_mismatch, "header.version");
    }
    if (header.chain_id != trust.chain_id) {
        return fail(Errc::foreign_chain, "header.chain_id");
    }
    const ledger::ValidatorSet& set = trust.set_of(header.epoch);
    if (header.validators != set.digest()) {
        return fail(Errc::evidence_mismatch, "header.validators");
    }
    if (header.proposer >= set.size()) {
        return fail(Errc::evidence_mismatch, "header.proposer");
    }
    if (header.height.raw() == 0) {
        return fail(Errc::evidence_mismatch, "header.height");
    }
    return {};
}

Result<void> check_final_header(const FinalHeader& final_header, const Trust& trust) {
    PROBATUM_TRY(check_header(final_header.header, trust));
    PROBATUM_TRY(check_reign(final_header.header, trust));
    const ledger::ValidatorSet& set = trust.set_of(final_header.header.epoch);
    return ledger::verify_finality(final_header.header, final_header.finality, set, ledger::EcdsaChecker{});
}

std::optional<Trust> verify_chain(const Bundle& bundle, const VerifyOptions& options, CheckList& checks) {
    Trust trust;
    const bool holds = check_genesis(bundle, options, trust, checks) && check_path(bundle, trust, checks) &&
                       check_head(bundle, trust, checks) && check_trusted_header(bundle, options, checks) &&
                       check_freshness(bundle, options, checks) && check_registry(bundle, trust, checks);
    if (!holds) {
        return std::nullopt;
    }
    return trust;
}

}  // namespace probatum::evidence
