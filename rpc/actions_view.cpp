#include <algorithm>
#include <type_traits>

#include "base/text_encoding.h"
#include "rpc/actions.h"
#include "rpc/claims_json.h"
#include "rpc/governance_json.h"
#include "rpc/registry_json.h"

namespace probatum::rpc {

namespace {

using namespace contracts;

/// A field's value, or null where its opening is not there.
class Shown {
public:
    explicit Shown(const std::vector<std::string>& hidden) : hidden_{hidden} {}
    [[nodiscard]] Json operator()(std::string_view field, Json value) const {
        return std::ranges::find(hidden_, field) == hidden_.end() ? std::move(value) : Json{};
    }

private:
    const std::vector<std::string>& hidden_;
};

template <class T>
void put(Json& object, const char* name, const std::optional<T>& value) {
    if (value) {
        object[name] = *value;
    }
}

Json provenance_view(const Provenance& provenance) {
    Json out = Json::object();
    put(out, "system", provenance.system);
    put(out, "system_version", provenance.system_version);
    put(out, "operator", provenance.operator_name);
    if (provenance.method) {
        out["method"] = name(*provenance.method);
    }
    if (provenance.captured_at) {
        out["captured_at"] = to_rfc3339(*provenance.captured_at);
    }
    if (!provenance.original_digests.empty()) {
        out["original_digests"] = view_of(provenance.original_digests);
    }
    put(out, "original_size_bytes", provenance.original_size);
    out["references"] = Json::array();
    for (const Reference& reference : provenance.references) {
        out["references"].push_back({{"kind", reference.kind}, {"value", reference.value}});
    }
    out["witnesses"] = Json::array();
    for (const KeyId& key : provenance.witnesses) {
        out["witnesses"].push_back(to_hex(key.digest));
    }
    return out;
}

Json view(const DepositBody& body, const Shown&) {
    Json out{{"digests", view_of(body.digests)}, {"size_bytes", body.size_bytes}, {"media_type", body.media_type}};
    put(out, "title", body.title);
    if (body.provenance) {
        out["provenance"] = provenance_view(*body.provenance);
    }
    return out;
}

Json view(const RegisterBody& body, const Shown& shown) {
    Json out{{"number", body.number},    {"kind", name(kind_of(body.terms))}, {"terms", view_of(body.terms)},
             {"parties", Json::array()}, {"documents", Json::array()},        {"links", view_of(body.links)}};
    for (const std::string_view sealed : sealed_fields(body)) {
        const std::string field{sealed};
        out["terms"][field] = shown(field, std::move(out["terms"][field]));
    }
    for (const Party& party : body.parties) {
        out["parties"].push_back({{"organisation", party.organisation}, {"capacity", name(party.capacity)}});
    }
    for (const Document& document : body.documents) {
        out["documents"].push_back(view_of(document));
    }
    return out;
}

Json view(const SignBody& body, const Shown&) {
    Json out{{"documents", Json::array()}};
    for (const DocumentDigests& digests : body.documents) {
        out["documents"].push_back({{"digests", view_of(digests)}});
    }
    if (body.seen) {
        out["seen"] = to_hex(*body.seen);
    }
    return out;
}

Json view(const ApproveBody& body, const Shown&) {
    return {{"capacity", body.capacity == ApprovalCapacity::maker ? "maker" : "checker"}};
}
Json view(const ActivateBody&, const Shown&) { return Json::object(); }
Json view(const SettleBody&, const Shown&) { return Json::object(); }

Json payment_view(const Payment& body, const Shown& shown) {
    return {{"amount", shown("amount", format_amount(body.amount_minor, body.currency))},
            {"currency", body.currency.code()},
            {"value_date", shown("value_date", body.value_date.to_string())},
            {"bank", shown("bank", body.bank)},
            {"bank_reference", shown("bank_reference", body.bank_reference)}};
}

Json view(const DisburseBody& body, const Shown& shown) { return payment_view(body, shown); }
Json view(const RepayBody& body, const Shown& shown) { return payment_view(body, shown); }

Json view(const AcknowledgeBody& body, const Shown&) {
    return {{"event", body.target}, {"answer", body.answer == Answer::accept ? "accept" : "object"}};
}

template <class Body>
    requires(std::is_same_v<Body, ProposeBody> || std::is_same_v<Body, VoteBody> || std::is_same_v<Body, EnactBody> ||
             std::is_same_v<Body, ReadyBody> || std::is_same_v<Body, ReportBody> ||
             std::is_same_v<Body, AddMemberBody> || std::is_same_v<Body, SetRolesBody> ||
             std::is_same_v<Body, RemoveMemberBody> || std::is_same_v<Body, RotateMemberBody> ||
             std::is_same_v<Body, BindCertificateBody> || std::is_same_v<Body, PublishFixingBody>)
Json view(const Body& body, const Shown&) {
    return view_of(body);
}

}  // namespace

Json view_of(const DocumentDigests& digests) {
    Json out = Json::object();
    for (const DocumentDigest& digest : digests) {
        out[std::string{name(digest.algorithm)}] = to_hex(digest.value);
    }
    return out;
}

Json view_of(const Document& document) {
    return {{"digests", view_of(document.digests)}, {"title", document.title}, {"media_type", document.media_type}};
}

Json view_of(const std::vector<Link>& links) {
    Json out = Json::array();
    for (const Link& link : links) {
        out.push_back({{"relation", name(link.relation)}, {"contract", to_hex(link.contract)}});
    }
    return out;
}

Json view_of(const KindTerms& terms) {
    return std::visit([](const auto& of_kind) { return view_of(of_kind); }, terms);
}

Json view_of(const LoanTerms& terms) {
    Json out{{"currency", terms.currency.code()},
             {"principal", format_amount(terms.principal_minor, terms.currency)},
             {"contract_date", terms.contract_date.to_string()},
             {"utc_offset_minutes", terms.utc_offset_minutes},
             {"rows", Json::array()},
             {"allocation", Json::array()}};
    for (const DueRow& row : terms.rows) {
        out["rows"].push_back({{"due", row.due.to_string()},
                               {"principal", format_amount(row.principal_minor, terms.currency)},
                               {"interest", format_amount(row.interest_minor, terms.currency)}});
    }
    for (const Claim claim : terms.allocation) {
        out["allocation"].push_back(name(claim));
    }
    put(out, "max_back_value_days", terms.max_back_value_days);
    return out;
}

Json view_of(const ActionBody& body, const std::vector<std::string>& hidden) {
    const Shown shown{hidden};
    return std::visit(
        [&](const auto& typed) {
            if constexpr (requires { view(typed, shown); }) {
                return view(typed, shown);
            } else {
                return claim_view(body, hidden);
            }
        },
        body);
}

Json view_of(const DecodedAction& action) {
    Json out{{"action", action.name},
             {"contract", nullptr},
             {"body", view_of(action.body, action.hidden)},
             {"hidden", action.hidden},
             {"side", Json::array()}};
    if (action.contract) {
        out["contract"] = to_hex(*action.contract);
    }
    for (const SideCommitment& side : action.side) {
        out["side"].push_back({{"name", side.name}, {"commitment", to_hex(side.commitment)}});
    }
    return out;
}

Result<ActionSummary> summary_of(const Draft& draft) {
    // The signature is not covered by itself, so any will do to read the rest back.
    PROBATUM_LET(transaction, ledger::Transaction::decode(draft.assemble(Signature{})));
    PROBATUM_LET(action, decode_action(*transaction));
    return summarise_action(action);
}

Json view_of(const ActionSummary& summary) {
    Json out{{"action", summary.action},
             {"en", summary.english},
             {"zh", summary.chinese},
             {"text", contracts::to_text(summary)},
             {"lines", Json::array()}};
    for (const SummaryLine& line : summary.lines) {
        out["lines"].push_back(
            {{"name", line.name}, {"en", line.english}, {"zh", line.chinese}, {"value", line.value}});
    }
    return out;
}

}  // namespace probatum::rpc
