#include "evidence/verify_contract.h"

#include <initializer_list>
#include <map>
#include <utility>

#include "base/hash.h"
#include "base/text_encoding.h"
#include "contracts/contract_head.h"
#include "contracts/state_keys.h"
#include "evidence/contract_events.h"
#include "evidence/contract_facts.h"
#include "evidence/recompute.h"
#include "ledger/evidence_log.h"

namespace probatum::evidence {

namespace {

std::string count(std::size_t number) { return std::to_string(number); }

/// Where each of so many must hold; a failure names the first that does not in its reason.
Finding all_of(std::size_t number) { return {"count " + count(number), "all " + count(number), ""}; }

bool settle(CheckList& checks, std::string_view id, Finding finding, const Result<void>& result) {
    if (!result) {
        return checks.fail(id, std::move(finding), result.error());
    }
    if (finding.found.empty()) {
        finding.found = finding.expected;
    }
    return checks.pass(id, std::move(finding));
}

using Log = std::vector<DecodedEvent>;

/// How often each field is hidden, by name.
std::map<std::string, std::size_t> hidden_fields(std::initializer_list<const Log*> logs) {
    std::map<std::string, std::size_t> out;
    for (const Log* const log : logs) {
        for (const DecodedEvent& event : *log) {
            for (const std::string& name : event.action.hidden) {
                out[name] += 1;
            }
        }
    }
    return out;
}

/// "hidden amount 2, rows 1"
std::string hidden_text(std::initializer_list<const Log*> logs) {
    std::string out;
    for (const auto& [name, count_of_field] : hidden_fields(logs)) {
        out += (out.empty() ? "hidden " : ", ") + name + " " + count(count_of_field);
    }
    return out;
}

/// The checks of one contract, in their order; each one fills in what the next ones need.
class ContractChecks {
public:
    ContractChecks(const Bundle& bundle, const Trust& trust, CheckList& checks)
        : part_{*bundle.contract},
          id_{bundle.subject.id},
          head_{bundle.head.header},
          trust_{trust},
          signers_{trust},
          checks_{checks} {}

    bool run() {
        return check_state() && check_event_log() && check_event_chain() && check_event_transactions() &&
               check_statements() && check_signatures() && check_recomputation() && check_refused_log() &&
               check_refused_attempts() && check_refused_recomputation();
    }
    ContractView view() const {
        ContractView out;
        out.uses = uses_of(part_);
        fill_contract_facts({state_, events_, refused_, recomputed_}, trust_, head_.time, out.facts);
        for (const auto& [name, count_of_field] : hidden_fields({&events_, &refused_})) {
            out.facts.hidden_fields.emplace_back(name, count_of_field);
        }
        return out;
    }

private:
    Result<void> prove_state() {
        const Digest key = contracts::state_keys::contract(id_);
        PROBATUM_LET(proven, ledger::verify_state_proof(head_.state_root, key, part_.head.proof));
        if (!proven || !part_.head.value || *proven != sha256(*part_.head.value)) {
            return fail(Errc::evidence_mismatch, "contract.head");
        }
        PROBATUM_LET(contract_head, contracts::decode_contract_head(*part_.head.value));
        contract_head_ = std::move(contract_head);
        if (!part_.state) {
            return {};
        }
        if (sha256(*part_.state) != contract_head_.state) {
            return fail(Errc::evidence_mismatch, "contract.state");
        }
        PROBATUM_LET(state, contracts::decode_contract_state(*part_.state));
        state_ = std::move(state);
        return {};
    }
    bool check_state() {
        const Digest key = contracts::state_keys::contract(id_);
        const auto proven = ledger::verify_state_proof(head_.state_root, key, part_.head.proof);
        const Finding finding{"key " + to_hex(key) + ", state root " + to_hex(head_.state_root),
                              proven && *proven ? to_hex(**proven) : "none",
                              part_.head.value ? to_hex(sha256(*part_.head.value)) : "none"};
        return settle(checks_, check::kStateProof, finding, prove_state());
    }

    /// Count and root are of the leaves shown; the frontier that was proven holds both.
    bool check_log(std::string_view id, const std::vector<BundleEvent>& events, const contracts::SubjectLog& log) {
        ledger::log::Frontier shown;
        for (const BundleEvent& event : events) {
            shown.append(ledger::log::leaf_hash(ledger::encode(event.leaf)));
        }
        const auto text = [](const ledger::log::Frontier& frontier) {
            return count(frontier.size) + ", root " + to_hex(frontier.root());
        };
        return checks_.decide(id, shown == log.frontier,
                              {count(events.size()) + " leaves", text(log.frontier), text(shown)});
    }
    bool check_event_log() { return check_log(check::kEventLog, part_.events, contract_head_.events); }

    bool check_event_chain() {
        const Finding finding{count(part_.events.size()) + " leaves", to_hex(contract_head_.events.last),
                              part_.events.empty() ? "none" : to_hex(last_leaf(part_.events))};
        Result<void> holds = check_leaves(part_.events, id_, false, head_);
        if (holds && (part_.events.empty() || last_leaf(part_.events) != contract_head_.events.last)) {
            holds = fail(Errc::evidence_mismatch, "events.last");
        }
        return settle(checks_, check::kEventChain, finding, holds);
    }
    static Digest last_leaf(const std::vector<BundleEvent>& events) {
        return events.empty() ? Digest{} : ledger::log::leaf_hash(ledger::encode(events.back().leaf));
    }

    bool check_event_transactions() {
        return settle(checks_, check::kEventTransactions, all_of(part_.events.size()),
                      check_transactions(part_.events));
    }

    bool check_statements() {
        Finding finding = all_of(part_.events.size());
        finding.input += ", contract " + to_hex(id_) + ", chain " + to_hex(trust_.chain_id);
        Result<std::vector<DecodedEvent>> decoded = decode_events(part_.events, id_, trust_.chain_id);
        const bool bad_opening = !decoded && decoded.error().code == Errc::bad_commitment;
        if (!decoded && !bad_opening) {
            return checks_.fail(check::kEventStatements, finding, decoded.error());
        }
        if (decoded && !all_supported(*decoded)) {
            events_ = *std::move(decoded);
            supported_ = false;
            checks_.skip(check::kEventStatements, finding, kNotSupported);
            return checks_.skip(check::kEventOpenings, all_of(part_.events.size()), kNotSupported);
        }
        settle(checks_, check::kEventStatements, finding, {});
        if (bad_opening) {
            return checks_.fail(check::kEventOpenings, all_of(part_.events.size()), decoded.error());
        }
        events_ = *std::move(decoded);
        std::size_t openings = 0;
        std::size_t hidden = 0;
        for (const DecodedEvent& event : events_) {
            openings += event.event->transaction->openings().size();
            hidden += event.action.hidden.size();
        }
        return checks_.pass(check::kEventOpenings,
                            {"openings " + count(openings + hidden), "matching " + count(openings + hidden),
                             "matching " + count(openings) + ", hidden " + count(hidden)});
    }

    bool check_signatures() {
        return settle(checks_, check::kEventSignatures, all_of(events_.size()), check_signers(events_, signers_));
    }

    bool check_recomputation() {
        Finding finding{"events " + count(events_.size()), to_hex(contract_head_.state), ""};
        if (!supported_) {
            return checks_.skip(check::kRecomputation, finding, kNotSupported);
        }
        if (any_hidden(events_)) {
            finding.found = hidden_text({&events_});
            return checks_.skip(check::kRecomputation, finding, "openings-hidden");
        }
        Result<Recomputed> recomputed = recompute(events_);
        if (!recomputed) {
            return checks_.fail(check::kRecomputation, finding, recomputed.error());
        }
        recomputed_ = *std::move(recomputed);
        const Bytes state = contracts::encode(recomputed_->contract->state);
        finding.found = to_hex(sha256(state));
        if (sha256(state) != contract_head_.state) {
            return checks_.fail(check::kRecomputation, finding, Error{Errc::evidence_mismatch, "contract.state"});
        }
        state_ = recomputed_->contract->state;
        return checks_.pass(check::kRecomputation, finding);
    }

    bool check_refused_log() {
        if (!check_log(check::kRefusedLog, part_.refused, contract_head_.refusals)) {
            return false;
        }
        Result<void> holds = check_leaves(part_.refused, id_, true, head_);
        if (holds && last_leaf(part_.refused) != contract_head_.refusals.last) {
            holds = fail(Errc::evidence_mismatch, "refused.last");
        }
        return holds || checks_.fail(check::kRefusedLog, {count(part_.refused.size()) + " leaves"}, holds.error());
    }

    Result<void> read_refused() {
        PROBATUM_TRY(check_transactions(part_.refused));
        PROBATUM_LET(decoded, decode_events(part_.refused, id_, trust_.chain_id));
        refused_ = std::move(decoded);
        return check_signers(refused_, signers_);
    }
    bool check_refused_attempts() {
        const Result<void> read = read_refused();
        supported_ = supported_ && all_supported(refused_);
        if (read && !supported_) {
            return checks_.skip(check::kRefusedAttempts, all_of(part_.refused.size()), kNotSupported);
        }
        return settle(checks_, check::kRefusedAttempts, all_of(part_.refused.size()), read);
    }

    bool check_refused_recomputation() {
        Finding finding = all_of(refused_.size());
        if (!supported_) {
            return checks_.skip(check::kRefusedRecomputation, finding, kNotSupported);
        }
        if (any_hidden(events_) || any_hidden(refused_)) {
            finding.found = hidden_text({&events_, &refused_});
            return checks_.skip(check::kRefusedRecomputation, finding, "openings-hidden");
        }
        return settle(checks_, check::kRefusedRecomputation, finding, recompute_refusals(events_, refused_));
    }

    const ContractPart& part_;
    const Digest& id_;
    const ledger::Header& head_;
    const Trust& trust_;
    const Signers signers_;
    CheckList& checks_;
    contracts::ContractHead contract_head_{};
    std::optional<contracts::ContractState> state_{};  ///< None where it is withheld.
    std::vector<DecodedEvent> events_{};
    std::vector<DecodedEvent> refused_{};
    std::optional<Recomputed> recomputed_{};
    bool supported_{true};  ///< Nothing in the bundle is by later rules than this program knows.
};

}  // namespace

std::optional<ContractView> verify_contract(const Bundle& bundle, const Trust& trust, CheckList& checks) {
    ContractChecks run{bundle, trust, checks};
    if (!run.run() || !checks.unsupported().empty()) {
        return std::nullopt;
    }
    return run.view();
}

ExpectedUses uses_of(const ContractPart& part) {
    ExpectedUses out;
    for (const BundleEvent& event : part.events) {
        if (const Result<contracts::DecodedAction> action = contracts::decode_action(*event.transaction)) {
            add_uses(*action, event.leaf.transaction, out);
        }
    }
    return out;
}

}  // namespace probatum::evidence
