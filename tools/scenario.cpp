#include "tools/scenario.h"

#include <fmt/format.h>

#include <charconv>
#include <map>

#include "base/hash.h"
#include "base/text_encoding.h"
#include "contracts/epoch_terms.h"
#include "contracts/execution.h"
#include "contracts/genesis.h"
#include "contracts/view.h"
#include "rpc/actions.h"
#include "rpc/claims_json.h"

namespace probatum::tools {

namespace {

using rpc::Json;

SecretKey key_of(std::string_view name) {
    // A hash that is no scalar would be a wonder.
    return *SecretKey::from_bytes(sha256(as_bytes("scenario key of " + std::string{name})).view());
}

class MapState final : public ledger::StateView {
public:
    std::optional<Bytes> get(const Digest& key) const override {
        const auto found = values_.find(key);
        return found == values_.end() ? std::nullopt : std::optional{found->second};
    }
    void apply(const ledger::StateOverlay::Writes& writes) {
        for (const auto& [key, value] : writes) {
            if (value) {
                values_[key] = *value;
            } else {
                values_.erase(key);
            }
        }
    }

private:
    std::map<Digest, Bytes> values_;
};

/// "sha256:TEXT" and "sm3:TEXT" stand for the digest of TEXT, wherever a text may stand.
void digest_texts(Json& value) {
    if (value.is_string()) {
        const std::string text = value.get<std::string>();
        if (text.starts_with("sha256:")) {
            value = to_hex(sha256(as_bytes(std::string_view{text}.substr(7))));
        } else if (text.starts_with("sm3:")) {
            value = to_hex(sm3(as_bytes(std::string_view{text}.substr(4))));
        }
        return;
    }
    for (auto& child : value) {
        if (value.is_structured()) {
            digest_texts(child);
        }
    }
}

std::string_view word(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    const std::string_view out = rest.substr(0, rest.find(' '));
    rest.remove_prefix(out.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return out;
}

/// `WHO [@NUMBER]: ACTION {...} [=> NUMBER FIELD]`
struct Step {
    std::string who, number, action;
    Json body = Json::object();
    std::string expected;  ///< Empty: accepted. Otherwise "353 payee".
};

class Story {
public:
    Result<void> line(std::string_view text) {
        std::string_view rest = text;
        const std::string_view first = word(rest);
        if (first == "organisation") {
            const std::string id{word(rest)};
            genesis_.organisations.push_back({id, rest.empty() ? id : std::string{rest}, ""});
            return {};
        }
        if (first == "member") {
            return add_member(rest);
        }
        if (first == "on") {
            PROBATUM_LET(date, CivilDate::parse(word(rest)));
            // Ten in the morning in Beijing.
            time_ = UnixMs{static_cast<std::uint64_t>(date.days()) * 86'400'000ULL + 7'200'000ULL};
            return {};
        }
        begin();
        return first == "see" ? see(rest) : act(text);
    }
    std::string told;  ///< What the last line added to the story.

private:
    Result<void> add_member(std::string_view rest) {
        const std::string who{word(rest)};
        const auto slash = who.find('/');
        std::vector<contracts::Role> roles;
        while (!rest.empty()) {
            PROBATUM_LET(role, contracts::role_from_name(word(rest)));
            roles.push_back(role);
        }
        std::ranges::sort(roles);
        if (slash == std::string::npos) {
            return fail(Errc::malformed, "member", "ORGANISATION/MEMBER ROLE...");
        }
        genesis_.members.push_back({.organisation = who.substr(0, slash),
                                    .id = who.substr(slash + 1),
                                    .name = who,
                                    .key = key_of(who).public_key(),
                                    .roles = std::move(roles)});
        return {};
    }

    void begin() {
        if (begun_) {
            return;
        }
        begun_ = true;
        genesis_.chain_name = "scenario";
        genesis_.time = UnixMs{time_.raw() - 1000};
        genesis_.validators = {{genesis_.organisations.front().id, key_of("validator").public_key()}};
        genesis_.recovery_authorities = {key_of("recovery").public_key()};
        genesis_.recovery_threshold = 1;
        chain_id_ = contracts::chain_id_of(contracts::encode(genesis_));
        state_.apply(contracts::genesis_state(genesis_));
    }

    static Result<Step> parse(std::string_view text) {
        Step out;
        std::string_view rest = text;
        out.who = word(rest);
        if (rest.starts_with('@')) {
            out.number = word(rest).substr(1);
        }
        std::string& last = out.number.empty() ? out.who : out.number;
        if (!last.ends_with(':')) {
            return fail(Errc::malformed, "step", "WHO [@NUMBER]: ACTION {...} [=> NUMBER FIELD]");
        }
        last.pop_back();
        const auto arrow = rest.rfind("=>");
        if (arrow != std::string_view::npos && arrow > rest.rfind('}') + 1) {
            out.expected = rest.substr(arrow + 2);
            out.expected.erase(0, out.expected.find_first_not_of(' '));
            rest = rest.substr(0, arrow);
        }
        out.action = word(rest);
        if (!rest.empty()) {
            PROBATUM_LET(body, rpc::parse_json(rest));
            out.body = std::move(body);
            digest_texts(out.body);
        }
        return out;
    }

    Result<void> act(std::string_view text) {
        PROBATUM_LET(step, parse(text));
        std::optional<Digest> contract;
        if (!step.number.empty()) {
            const auto found = numbers_.find(step.number);
            if (found == numbers_.end()) {
                return fail(Errc::contract_unknown, "@" + step.number);
            }
            contract = found->second;
        }
        PROBATUM_LET(action, rpc::read_action(step.action, contract, rpc::Params{step.body}));
        PROBATUM_LET(done, execute(step, action));
        const std::string outcome =
            done.outcome.accepted() ? "" : fmt::format("{} {}", done.outcome.code, done.outcome.field);
        told = done.outcome.accepted()
                   ? "  accepted"
                   : fmt::format("  refused {}: {}", outcome, info(static_cast<Errc>(done.outcome.code)).english);
        if (outcome != step.expected) {
            return fail(Errc::evidence_mismatch, "step",
                        fmt::format("expected {}, found {}", step.expected.empty() ? "accepted" : step.expected,
                                    outcome.empty() ? "accepted" : outcome));
        }
        return {};
    }

    Result<contracts::Execution> execute(const Step& step, const contracts::Action& action) {
        const SecretKey key = key_of(step.who);
        const contracts::SignerContext signer{.chain_id = chain_id_,
                                              .organisation = step.who.substr(0, step.who.find('/')),
                                              .key = key.public_key().id(),
                                              .idempotency_key = fresh<16>(),
                                              .valid_until = UnixMs{time_.raw() + 60'000}};
        PROBATUM_LET(draft, contracts::build_transaction(action, signer, [this] { return fresh<16>(); }));
        PROBATUM_LET(transaction, ledger::Transaction::decode(draft.sign(key)));
        const contracts::BlockContext block{.chain_id = chain_id_,
                                            .epoch = Epoch{0},
                                            .height = height_,
                                            .time = time_,
                                            .rules_version = genesis_.rules_version};
        PROBATUM_TRY(contracts::admit(*transaction, block, state_));
        contracts::Execution done = contracts::execute(*transaction, block, 0, state_);
        state_.apply(done.writes);
        height_ = height_.next();
        time_ = UnixMs{time_.raw() + 1000};
        if (const auto* registration = std::get_if<contracts::RegisterBody>(&action.body)) {
            numbers_[registration->number] = contracts::contract_id(
                {.chain_id = chain_id_, .organisation = signer.organisation, .number = registration->number});
        }
        return done;
    }

    /// `see @NUMBER /pointer VALUE`
    Result<void> see(std::string_view rest) {
        const std::string number{word(rest)};
        const auto id = numbers_.find(number.substr(std::min<std::size_t>(1, number.size())));
        const auto stored = id == numbers_.end() ? std::nullopt : contracts::find_contract(state_, id->second);
        if (!stored) {
            return fail(Errc::contract_unknown, number);
        }
        const contracts::ContractState& state = stored->contract.state;
        Json view{{"status", contracts::name(state.phase)}, {"events", state.events}};
        const Currency currency = stored->contract.terms.currency();
        if (const auto* receivable = std::get_if<contracts::ReceivableBook>(&state.book)) {
            view.update(rpc::view_of(*receivable, currency));
        } else if (const auto* voucher = std::get_if<contracts::VoucherBook>(&state.book)) {
            view.update(rpc::view_of(*voucher, currency));
        }
        const std::string pointer{word(rest)};
        const Json::json_pointer place{pointer};
        const Json found = view.contains(place) ? view.at(place) : Json{};
        const std::string text = found.is_string() ? found.get<std::string>() : found.dump();
        told = "  " + text;
        return text == rest ? Result<void>{}
                            : fail(Errc::evidence_mismatch, pointer, fmt::format("expected {}, found {}", rest, text));
    }

    template <std::size_t N>
    ByteArray<N> fresh() {
        const Digest digest = sha256(as_bytes("scenario bytes " + std::to_string(counter_++)));
        ByteArray<N> out;
        std::copy_n(digest.bytes.begin(), N, out.begin());
        return out;
    }

    contracts::Genesis genesis_{};
    bool begun_{false};
    Digest chain_id_{};
    MapState state_;
    Height height_{1};
    UnixMs time_{1'795'000'000'000};
    std::map<std::string, Digest, std::less<>> numbers_;
    std::uint64_t counter_{0};
};

}  // namespace

Result<void> run_scenario(std::string_view text, const std::function<void(std::string_view)>& tell) {
    Story story;
    std::size_t number = 0;
    std::string pending;
    std::size_t pending_line = 0;
    const auto flush = [&]() -> Result<void> {
        if (pending.empty()) {
            return {};
        }
        story.told.clear();
        Result<void> done = story.line(pending);
        tell(pending);
        if (!story.told.empty()) {
            tell(story.told);
        }
        pending.clear();
        if (!done) {
            return fail(done.error().code, "line " + std::to_string(pending_line) + " " + done.error().field,
                        done.error().detail);
        }
        return {};
    };
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        if (line.starts_with(' ') && !pending.empty()) {
            pending += line.substr(line.find_first_not_of(' ') - 1);
            continue;
        }
        PROBATUM_TRY(flush());
        if (line.starts_with('#')) {
            tell(line);
        } else if (line.find_first_not_of(' ') != std::string_view::npos) {
            pending = line;
            pending_line = number;
        }
    }
    return flush();
}

}  // namespace probatum::tools
