#include "contracts/loan_terms.h"

#include <algorithm>
#include <set>

#include "contracts/evidence_record.h"

namespace probatum::contracts {
namespace {

std::ptrdiff_t count_of(const std::vector<Party>& parties, Capacity capacity) {
    return std::ranges::count(parties, capacity, &Party::capacity);
}

Result<void> check_parties(const std::vector<Party>& parties) {
    if (count_of(parties, Capacity::lender) != 1) {
        return fail(Errc::terms_invalid, "parties", "exactly one lender");
    }
    if (count_of(parties, Capacity::borrower) < 1) {
        return fail(Errc::terms_invalid, "parties", "at least one borrower");
    }
    if (count_of(parties, Capacity::settlement_bank) > 1) {
        return fail(Errc::terms_invalid, "parties", "at most one settlement bank");
    }
    for (std::size_t i = 0; i < parties.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (parties[i].organisation != parties[j].organisation) {
                continue;
            }
            // A bank may lend and settle. Every other double capacity would let one organisation answer itself.
            const std::set<Capacity> both{parties[i].capacity, parties[j].capacity};
            if (both != std::set{Capacity::lender, Capacity::settlement_bank}) {
                return fail(Errc::terms_invalid, "parties", "an organisation stands on both sides, or twice");
            }
        }
    }
    return {};
}

Result<void> check_rows(const LoanTerms& terms) {
    if (terms.rows.empty()) {
        return fail(Errc::terms_invalid, "terms.rows", "at least one row");
    }
    CivilDate previous{terms.contract_date.days() - 1};
    Cumulative sum;
    for (const DueRow& row : terms.rows) {
        if (row.due <= previous) {
            return fail(Errc::terms_invalid, "terms.rows", "dates ascend and do not precede the contract date");
        }
        if (row.principal_minor < 0 || row.interest_minor < 0 ||
            (row.principal_minor == 0 && row.interest_minor == 0)) {
            return fail(Errc::amount_invalid, "terms.rows", "a row owes something, and nothing negative");
        }
        const std::optional<MinorAmount> principal = add(sum.principal_minor, row.principal_minor);
        const std::optional<MinorAmount> interest = add(sum.interest_minor, row.interest_minor);
        if (!principal || !interest) {
            return fail(Errc::amount_invalid, "terms.rows", "the sum exceeds 64 bits");
        }
        sum = {*principal, *interest};
        previous = row.due;
    }
    if (sum.principal_minor != terms.principal_minor) {
        return fail(Errc::terms_invalid, "terms.rows", "the rows' principal does not add up to the principal");
    }
    if (!add(sum.principal_minor, sum.interest_minor)) {
        return fail(Errc::amount_invalid, "terms.rows", "the sum exceeds 64 bits");
    }
    return {};
}

Result<void> check_documents(const std::vector<Document>& documents) {
    if (documents.empty()) {
        return fail(Errc::terms_invalid, "documents", "at least one document");
    }
    std::set<Digest> seen;
    for (const Document& document : documents) {
        PROBATUM_TRY(require_both_digests(document.digests, "documents"));
        if (!seen.insert(*find_digest(document.digests, DigestAlgorithm::sha256)).second) {
            return fail(Errc::terms_invalid, "documents", "a document stands twice");
        }
    }
    return {};
}

}  // namespace

bool ContractTerms::is_party(std::string_view organisation_id) const {
    return std::ranges::find(parties, organisation_id, &Party::organisation) != parties.end();
}

bool ContractTerms::is_party(std::string_view organisation_id, Capacity capacity) const {
    return std::ranges::any_of(parties, [&](const Party& party) {
        return party.capacity == capacity && party.organisation == organisation_id;
    });
}

Result<void> check_terms(const RegisterBody& body) {
    PROBATUM_TRY(check_parties(body.parties));
    if (body.terms.principal_minor <= 0) {
        return fail(Errc::amount_invalid, "terms.principal");
    }
    std::vector<Claim> order = body.terms.allocation;
    std::ranges::sort(order);
    if (order != std::vector{Claim::costs, Claim::interest, Claim::principal}) {
        return fail(Errc::terms_invalid, "terms.allocation", "each class once");
    }
    PROBATUM_TRY(check_rows(body.terms));
    return check_documents(body.documents);
}

Cumulative due_by(std::span<const DueRow> rows, CivilDate first_value_date, CivilDate date) {
    Cumulative out;
    for (const DueRow& row : rows) {
        if (row.due > date) {
            break;
        }
        out.principal_minor += row.principal_minor;
        out.interest_minor += row.due > first_value_date ? row.interest_minor : 0;
    }
    return out;
}

}  // namespace probatum::contracts
