#include "base/civil_time.h"
#include "base/text_encoding.h"
#include "evidence/json_text.h"
#include "evidence/report.h"

namespace probatum::evidence {

namespace {

void write_checks(JsonText& out, const Report& report) {
    out.key("checks").begin_array();
    for (const Check& check : report.checks) {
        out.begin_object()
            .member("number", check.number)
            .member("check", check.id)
            .member("verdict", name(check.verdict));
        out.member("input", check.input).member("expected", check.expected).member("found", check.found);
        out.member("reason", check.reason).end_object();
    }
    out.end_array();
}

void write_amount(JsonText& out, std::string_view name, MinorAmount amount_minor) {
    out.key(name).number(amount_minor);
}

/// null where the bundle does not show it: unknown is not zero.
void write_amount_if(JsonText& out, bool known, std::string_view name, MinorAmount amount_minor) {
    out.key(name);
    if (known) {
        out.number(amount_minor);
    } else {
        out.null();
    }
}

void write_totals(JsonText& out, std::string_view name, const PostingTotals& totals) {
    out.key(name).begin_object();
    write_amount(out, "claimed_minor", totals.claimed_minor);
    write_amount(out, "acknowledged_minor", totals.acknowledged_minor);
    write_amount(out, "objected_minor", totals.objected_minor);
    out.end_object();
}

void write_contract(JsonText& out, const ContractFact& contract) {
    out.key("contract").begin_object().member("type", contract.type).member("number", contract.number);
    out.member("currency", contract.currency)
        .member("contract_date", contract.contract_date)
        .member("status", contract.status);
    out.key("utc_offset_minutes").number(std::int64_t{contract.utc_offset_minutes});
    out.key("recomputed").boolean(contract.recomputed).key("values_hidden").boolean(contract.values_hidden);
    write_amount_if(out, !contract.values_hidden, "principal_minor", contract.principal_minor);
    out.key("parties").begin_array();
    for (const PartyFact& party : contract.parties) {
        out.begin_object().member("capacity", party.role).member("organisation", party.organisation);
        out.member("name", party.organisation_name).member("identifier", party.identifier);
        out.key("signed").boolean(party.signed_contract).end_object();
    }
    out.end_array().key("rows").begin_array();
    for (const DueRowFact& row : contract.rows) {
        out.begin_object().member("due", row.due_date);
        write_amount(out, "principal_minor", row.principal_minor);
        write_amount(out, "interest_minor", row.interest_minor);
        write_amount(out, "principal_paid_minor", row.principal_paid_minor);
        write_amount(out, "interest_paid_minor", row.interest_paid_minor);
        out.end_object();
    }
    out.end_array().member("balances_as_of", contract.balances_as_of);
    write_amount_if(out, contract.recomputed, "principal_outstanding_minor", contract.principal_outstanding_minor);
    write_amount_if(out, contract.recomputed, "principal_due_minor", contract.principal_due_minor);
    write_amount_if(out, contract.recomputed, "interest_due_minor", contract.interest_due_minor);
    out.key("overdue");
    if (contract.recomputed) {
        out.boolean(contract.overdue);
    } else {
        out.null();
    }
    out.key("accounts").begin_array();
    for (const AccountFact& account : contract.accounts) {
        out.begin_object().member("account", account.name);
        write_amount(out, "balance_minor", account.balance_minor);
        out.end_object();
    }
    out.end_array();
    if (contract.state_shown) {
        write_totals(out, "disbursements", contract.disbursements);
        write_totals(out, "repayments", contract.repayments);
    }
    out.end_object();
}

void write_record(JsonText& out, const RecordFact& record) {
    out.key("record").begin_object().member("transaction", to_hex(record.transaction)).member("action", record.action);
    out.member("organisation", record.organisation).member("member", record.member);
    out.member("height", record.height.raw())
        .member("time", to_rfc3339(record.time))
        .member("log_index", record.log_index);
    out.member("refusal", record.refusal).member("refusal_field", record.refusal_field);
    if (record.contract) {
        out.member("contract", to_hex(*record.contract));
    }
    out.key("provenance").begin_array();
    for (const auto& [name, value] : record.provenance) {
        out.begin_object().member("name", name).key("value");
        if (value.empty()) {
            out.null();
        } else {
            out.text(value);
        }
        out.end_object();
    }
    out.end_array().end_object();
}

void write_standing(JsonText& out, const StandingFact& standing) {
    out.key("standing").begin_object().key("registered").boolean(standing.registered);
    out.member("events", standing.events).member("last_event", to_hex(standing.last_event));
    out.member("refused", standing.refused).member("last_refused", to_hex(standing.last_refused)).end_object();
}

void write_certificates(JsonText& out, const Facts& facts) {
    out.key("certificates").begin_array();
    for (const CertificateFact& fact : facts.certificates) {
        out.begin_object().member("organisation", fact.organisation).member("member", fact.member);
        out.member("key_id", to_hex(fact.key_id)).member("certificate", to_hex(fact.certificate));
        out.member("bound_height", fact.bound_height.raw()).member("bound_at", to_rfc3339(fact.bound_at));
        if (fact.judgement) {
            const CertificateJudgement& found = *fact.judgement;
            out.member("subject", found.subject).member("issuer", found.issuer).member("serial", found.serial);
            out.member("algorithm", found.algorithm).member("not_before", found.not_before);
            out.member("not_after", found.not_after).key("holds").boolean(found.holds()).key("aspects").begin_array();
            for (const CertificateAspect& aspect : found.aspects) {
                out.begin_object().member("name", aspect.name).member("verdict", name(aspect.verdict));
                out.member("found", aspect.found).end_object();
            }
            out.end_array();
        }
        out.end_object();
    }
    out.end_array();
}

void write_events(JsonText& out, std::string_view name, const std::vector<EventFact>& events) {
    out.key(name).begin_array();
    for (const EventFact& event : events) {
        out.begin_object()
            .member("sequence", event.sequence)
            .member("height", event.height.raw())
            .member("index", event.index);
        out.member("time", to_rfc3339(event.time)).member("action", event.action);
        out.member("organisation", event.organisation).member("member", event.member);
        out.member("transaction", to_hex(event.transaction));
        if (event.amount_minor) {
            write_amount(out, "amount_minor", *event.amount_minor);
        }
        if (!event.declared_date.empty()) {
            out.member("declared_date", event.declared_date);
        }
        if (!event.answer.empty()) {
            out.member("answer", event.answer);
        }
        if (event.seen) {
            out.member("seen", to_hex(*event.seen)).key("seen_reproduced").boolean(event.seen_reproduced);
        }
        if (event.allocation) {
            write_amount(out.key("allocation").begin_object(), "interest_minor", event.allocation->interest_minor);
            write_amount(out, "principal_minor", event.allocation->principal_minor);
            write_amount(out, "suspense_minor", event.allocation->suspense_minor);
            out.end_object();
        }
        if (!event.note.empty()) {
            out.member("note", event.note);
        }
        if (event.refusal != 0) {
            out.member("refusal", event.refusal).member("refusal_field", event.refusal_field);
        }
        out.key("openings_hidden").boolean(event.openings_hidden).end_object();
    }
    out.end_array();
}

void write_documents(JsonText& out, const Facts& facts) {
    out.key("documents").begin_array();
    for (const DocumentFact& document : facts.documents) {
        out.begin_object().member("name", document.name).member("sha-256", to_hex(document.sha256));
        out.member("sm3", to_hex(document.sm3)).member("file", document.file).end_object();
    }
    out.end_array().key("uses").begin_array();
    for (const UseFact& use : facts.uses) {
        out.begin_object().member("kind", use.kind).member("id", to_hex(use.id)).key("others").begin_array();
        for (const Digest& other : use.others) {
            out.text(to_hex(other));
        }
        out.end_array().end_object();
    }
    out.end_array();
}

void write_validators(JsonText& out, const Facts& facts) {
    out.key("neutrality").begin_object().member("validators", facts.validator_count).member("quorum", facts.quorum);
    out.member("independent_validators", facts.independent_validators);
    out.key("quorum_without_parties").boolean(facts.quorum_without_parties).key("set").begin_array();
    for (const ValidatorFact& validator : facts.validators) {
        out.begin_object().member("index", validator.index).member("organisation", validator.organisation);
        out.member("name", validator.organisation_name).member("key_id", to_hex(validator.key_id));
        out.key("signature_shown").boolean(validator.signed_head).key("party").boolean(validator.party).end_object();
    }
    out.end_array().end_object();
}

void write_validator_changes(JsonText& out, const Facts& facts) {
    const auto write = [&](std::string_view name, const std::vector<ValidatorChangeFact::Validator>& validators) {
        out.key(name).begin_array();
        for (const auto& validator : validators) {
            out.begin_object().member("organisation", validator.organisation);
            out.member("key_id", to_hex(validator.key_id)).end_object();
        }
        out.end_array();
    };
    out.key("validator_changes").begin_array();
    for (const ValidatorChangeFact& change : facts.validator_changes) {
        out.begin_object().member("epoch", change.epoch.raw()).member("closing_height", change.height.raw());
        out.member("closing_block", to_hex(change.closing)).member("time", to_rfc3339(change.time));
        write("joined", change.joined);
        write("left", change.left);
        out.member("by", change.authorities == 0 ? "validators" : "recovery-authorities");
        if (change.authorities != 0) {
            out.member("authorities", change.authorities).member("reason", change.reason);
        }
        out.end_object();
    }
    out.end_array();
}

void write_times(JsonText& out, const Facts& facts) {
    out.key("times").begin_object().key("external");
    if (facts.external_times.empty()) {
        out.null();
    } else {
        out.begin_array();
        for (const ExternalTimeFact& external : facts.external_times) {
            out.begin_object().member("time", to_rfc3339(external.time)).member("authority", external.authority);
            out.member("algorithm", external.algorithm).member("status", external.status);
            out.member("tokens", external.tokens).end_object();
        }
        out.end_array();
    }
    out.member("consensus", to_rfc3339(facts.block_time)).key("clock_bound_ms");
    if (facts.clock_bound_ms) {
        out.number(std::uint64_t{*facts.clock_bound_ms});
    } else {
        out.null();
    }
    out.key("independent_anchor");
    if (const std::optional<UnixMs> anchor = earliest_anchor(facts)) {
        out.text(to_rfc3339(*anchor));
    } else {
        out.null();
    }
    out.end_object();
}

void write_facts(JsonText& out, const Facts& facts) {
    out.key("facts").begin_object().member("subject_kind", facts.subject_kind).member("subject", to_hex(facts.subject));
    out.member("chain_name", facts.chain_name).member("chain_id", to_hex(facts.chain_id));
    out.member("height", facts.height.raw())
        .member("block", to_hex(facts.block))
        .member("time", to_rfc3339(facts.block_time));
    write_times(out, facts);
    if (facts.contract) {
        write_contract(out, *facts.contract);
    }
    if (facts.record) {
        write_record(out, *facts.record);
    }
    if (facts.standing) {
        write_standing(out, *facts.standing);
    }
    out.member("event_count", facts.event_count).member("refused_count", facts.refused_count);
    write_events(out, "events", facts.events);
    write_events(out, "refused", facts.refused);
    write_documents(out, facts);
    write_validators(out, facts);
    if (!facts.hidden_fields.empty()) {
        out.key("hidden_fields").begin_array();
        for (const auto& [name, count] : facts.hidden_fields) {
            out.begin_object().member("field", name).member("count", count).end_object();
        }
        out.end_array();
    }
    if (!facts.validator_changes.empty()) {
        write_validator_changes(out, facts);
    }
    if (!facts.certificates.empty()) {
        write_certificates(out, facts);
    }
    out.end_object();
}

}  // namespace

std::string render_json(const Report& report) {
    JsonText out;
    out.begin_object().member("report", "probatum evidence verification").member("version", 1);
    out.member("conclusion", name(report.conclusion)).member("failed_check", report.failed_check);
    out.member("bundle_sha256", to_hex(report.bundle_sha256)).member("bundle_bytes", report.bundle_bytes);
    out.member("genesis_digest", to_hex(report.genesis_digest));
    write_checks(out, report);
    if (report.conclusion == Conclusion::valid) {
        write_facts(out, report.facts);
    }
    return out.end_object().take();
}

}  // namespace probatum::evidence
