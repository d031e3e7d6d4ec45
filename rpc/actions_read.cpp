#include "base/cbor.h"
#include "base/text_encoding.h"
#include "rpc/actions.h"
#include "rpc/claims_json.h"
#include "rpc/governance_json.h"
#include "rpc/registry_json.h"

namespace probatum::rpc {

namespace {

using namespace contracts;

constexpr std::size_t kMaxReferences = 16;
constexpr std::size_t kMaxSideFields = 64;
constexpr std::size_t kMaxSideTextBytes = 4096;

Provenance read_provenance(Params& given) {
    Provenance out;
    out.system = given.optional_text("system");
    out.system_version = given.optional_text("system_version");
    out.operator_name = given.optional_text("operator");
    if (const auto method = given.optional_text("method")) {
        out.method = given.value("method", capture_method_from_name(*method), CaptureMethod::api);
    }
    out.captured_at = given.optional_instant("captured_at");
    if (given.has("original_digests")) {
        out.original_digests = read_digests(given, "original_digests");
    }
    if (given.has("original_size_bytes")) {
        out.original_size = given.uint("original_size_bytes", INT64_MAX);
    }
    for (std::size_t i = 0, count = given.array("references", kMaxReferences); i < count; ++i) {
        Params reference = given.element("references", i);
        out.references.push_back({reference.text("kind"), reference.text("value")});
        given.take(reference);
    }
    for (std::size_t i = 0, count = given.array("witnesses", kMaxReferences); i < count; ++i) {
        const std::string place = "witnesses[" + std::to_string(i) + "]";
        const std::string key = given.text_element("witnesses", i);
        out.witnesses.push_back({given.value(place, digest_from_hex(key), Digest{})});
    }
    return out;
}

ActionBody read_deposit(Params& body) {
    DepositBody out;
    out.digests = read_digests(body, "digests");
    out.size_bytes = body.uint("size_bytes", INT64_MAX);
    out.media_type = body.text("media_type");
    out.title = body.optional_text("title");
    if (auto provenance = body.optional_object("provenance")) {
        out.provenance = read_provenance(*provenance);
        body.take(*provenance);
    }
    return out;
}

LoanTerms no_terms() {
    return {.currency = *Currency::from_code("CNY"), .principal_minor = 0, .contract_date = {}, .rows = {}};
}

LoanTerms read_terms(Params& given) {
    LoanTerms out = no_terms();
    out.currency = given.currency("currency");
    out.principal_minor = given.amount("principal", out.currency);
    out.contract_date = given.date("contract_date");
    if (given.has("utc_offset_minutes")) {
        out.utc_offset_minutes = static_cast<std::int32_t>(given.integer("utc_offset_minutes", -1439, 1439));
    }
    for (std::size_t i = 0, count = given.array("rows", kMaxRows); i < count; ++i) {
        Params row = given.element("rows", i);
        out.rows.push_back({.due = row.date("due"),
                            .principal_minor = row.amount("principal", out.currency),
                            .interest_minor = row.amount("interest", out.currency)});
        given.take(row);
    }
    if (given.has("allocation")) {
        out.allocation.clear();
        for (std::size_t i = 0, count = given.array("allocation", 3); i < count; ++i) {
            const std::string claim = given.text_element("allocation", i);
            out.allocation.push_back(
                given.value("allocation[" + std::to_string(i) + "]", claim_from_name(claim), Claim::costs));
        }
    }
    if (given.has("max_back_value_days")) {
        out.max_back_value_days = static_cast<std::uint32_t>(given.uint("max_back_value_days", UINT32_MAX));
    }
    return out;
}

ActionBody read_sign(Params& body) {
    SignBody out;
    for (std::size_t i = 0, count = body.array("documents", kMaxDocuments); i < count; ++i) {
        Params document = body.element("documents", i);
        out.documents.push_back(read_digests(document, "digests"));
        body.take(document);
    }
    out.seen = body.optional_digest("seen");
    return out;
}

ActionBody read_approve(Params& body) {
    const std::string capacity = body.text("capacity");
    if (capacity == "maker") {
        return ApproveBody{ApprovalCapacity::maker};
    }
    if (capacity != "checker" && !body.failed()) {
        body.refuse("capacity", {Errc::malformed, {}, R"("maker" or "checker")"});
    }
    return ApproveBody{ApprovalCapacity::checker};
}

ActionBody read_acknowledge(Params& body) {
    AcknowledgeBody out;
    out.target = body.uint("event", UINT32_MAX);
    out.answer = read_answer(body);
    return out;
}

struct Shape {
    std::string_view name;
    bool about_contract;  ///< The contract must be named; a deposit may, a registration makes its own.
    ActionBody (*read)(Params&);
};

constexpr auto kShapes = std::to_array<Shape>({
    {"evidence.deposit", false, read_deposit},
    {"contract.register", false, [](Params& body) { return ActionBody{read_register(body, false)}; }},
    {"contract.sign", true, read_sign},
    {"contract.approve", true, read_approve},
    {"contract.activate", true, [](Params&) { return ActionBody{ActivateBody{}}; }},
    {"contract.settle", true, [](Params&) { return ActionBody{SettleBody{}}; }},
    {"fund.disburse", true, [](Params& body) { return ActionBody{DisburseBody{read_payment(body)}}; }},
    {"fund.repay", true, [](Params& body) { return ActionBody{RepayBody{read_payment(body)}}; }},
    {"fund.acknowledge", true, read_acknowledge},
    {"gov.propose", false, [](Params& body) { return ActionBody{read_propose(body)}; }},
    {"gov.vote", false, [](Params& body) { return ActionBody{read_vote(body)}; }},
    {"gov.enact", false, [](Params& body) { return ActionBody{read_enact(body)}; }},
    {"misbehaviour.report", false, [](Params& body) { return ActionBody{read_report(body)}; }},
    {"member.add", false, read_member_add},
    {"member.roles", false, read_member_roles},
    {"member.remove", false, read_member_remove},
    {"member.rotate", false, read_member_rotate},
    {"certificate.bind", false, read_certificate_bind},
    {"index.publish", false, read_index_publish},
    {"validator.ready", false,
     [](Params& body) {
         std::optional<ReadyBody> ready = read_ready(body);
         return ready ? ActionBody{*std::move(ready)} : ActionBody{ActivateBody{}};
     }},
});

}  // namespace

Document read_document(Params& given) {
    return {.digests = read_digests(given, "digests"),
            .title = given.text("title"),
            .media_type = given.text("media_type")};
}

DocumentDigests read_digests(Params& owner, std::string_view member) {
    Params given = owner.object(member);
    DocumentDigests out;
    for (const DigestAlgorithm algorithm : {DigestAlgorithm::sha256, DigestAlgorithm::sm3}) {
        if (const auto digest = given.optional_digest(name(algorithm))) {
            out.push_back({algorithm, *digest});
        }
    }
    owner.take(given);
    return out;
}

RegisterBody read_register(Params& body, bool documents_elsewhere) {
    RegisterBody out{.number = body.text("number"), .parties = {}, .terms = no_terms(), .documents = {}};
    for (std::size_t i = 0, count = body.array("parties", kMaxParties); i < count; ++i) {
        Params party = body.element("parties", i);
        const std::string organisation = party.text("organisation");
        const std::string capacity = party.text("capacity");
        out.parties.push_back({organisation, party.value("capacity", capacity_from_name(capacity), Capacity::lender)});
        body.take(party);
    }
    const ContractKind kind = body.has("kind")
                                  ? body.value("kind", contract_kind_from_name(body.text("kind")), ContractKind::loan)
                                  : ContractKind::loan;
    Params terms = body.object("terms");
    switch (kind) {
        case ContractKind::loan:
            out.terms = read_terms(terms);
            break;
        case ContractKind::receivable:
            out.terms = read_receivable_terms(terms);
            break;
        case ContractKind::voucher:
            out.terms = read_voucher_terms(terms);
            break;
    }
    body.take(terms);
    for (std::size_t i = 0, count = body.array("links", kMaxLinks); i < count; ++i) {
        Params link = body.element("links", i);
        const std::string relation = link.text("relation");
        out.links.push_back(
            {link.value("relation", relation_from_name(relation), Relation::secures), link.digest("contract")});
        body.take(link);
    }
    for (std::size_t i = 0, count = body.array("documents", kMaxDocuments); i < count; ++i) {
        Params document = body.element("documents", i);
        out.documents.push_back(read_document(document));
        body.take(document);
    }
    if (!documents_elsewhere && out.documents.empty()) {
        body.refuse("documents", {Errc::malformed, {}, "a contract has one document or more"});
    }
    return out;
}

std::vector<SideField> read_side_fields(Params& owner, std::string_view name) {
    std::vector<SideField> out;
    const Json given = owner.raw(name);
    if (given.is_null() || owner.failed()) {
        return out;
    }
    if (!given.is_object() || given.size() > kMaxSideFields) {
        owner.refuse(name, {Errc::malformed, {}, "an object of at most 64 texts"});
        return out;
    }
    for (const auto& [field, value] : given.items()) {
        if (!value.is_string() || value.get_ref<const std::string&>().size() > kMaxSideTextBytes) {
            owner.refuse(name, {Errc::malformed, field, "a text of at most 4096 bytes is needed"});
            return out;
        }
        out.push_back({field, cbor::Writer{}.text(value.get_ref<const std::string&>()).take()});
    }
    return out;
}

Result<Action> read_action(std::string_view action, std::optional<Digest> contract, Params body) {
    for (const Shape& shape : kShapes) {
        if (shape.name != action) {
            continue;
        }
        if (shape.about_contract && !contract) {
            return fail(Errc::malformed, "contract", "this action is about a contract: name it");
        }
        Action out{.contract = contract, .body = shape.read(body), .side = {}};
        PROBATUM_TRY(body.finish());
        return out;
    }
    if (auto claim = read_claim_action(action, body)) {
        if (!is_financing_action(action) && !contract) {
            return fail(Errc::malformed, "contract", "this action is about a contract: name it");
        }
        PROBATUM_TRY(body.finish());
        return Action{.contract = contract, .body = *std::move(claim), .side = {}};
    }
    return fail(Errc::malformed, "action", "no such action; rpc.discover lists them");
}

}  // namespace probatum::rpc
