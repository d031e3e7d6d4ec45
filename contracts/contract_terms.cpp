#include "contracts/contract_terms.h"

#include <algorithm>
#include <set>

#include "contracts/evidence_record.h"

namespace probatum::contracts {
namespace {

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
    PROBATUM_TRY(check_documents(body.documents));
    for (std::size_t i = 0; i < body.links.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (body.links[i].contract == body.links[j].contract) {
                return fail(Errc::terms_invalid, "links", "a contract stands twice");
            }
        }
    }
    return {};
}

}  // namespace probatum::contracts
