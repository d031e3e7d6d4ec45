#include "contracts/receivable.h"

#include <algorithm>
#include <array>

namespace probatum::contracts {
namespace {

constexpr std::array<std::string_view, 2> kNoticeRuleNames{"record", "answer"};
constexpr std::array<std::string_view, 5> kStateNames{"offered", "effective", "declined", "withdrawn", "lapsed"};

bool counts(const Assignment& assignment, const Knowledge& knowledge) {
    if (assignment.state != AssignmentState::effective) {
        return false;
    }
    if (!knowledge.of_debtor) {
        return true;
    }
    return assignment.binds_from && (!knowledge.until || *assignment.binds_from <= *knowledge.until);
}

/// The step from `source` that counts, the first in rank where there are several; 0 where there is none.
std::uint64_t next_step(const ReceivableBook& book, std::uint64_t part, std::uint64_t source,
                        const Knowledge& knowledge) {
    std::uint64_t best = 0;
    for (std::uint64_t number = source + 1; number <= book.assignments.size(); ++number) {
        const Assignment& assignment = book.assignments[number - 1];
        if (assignment.part == part && assignment.source == source && counts(assignment, knowledge) &&
            (best == 0 || ranks_before(book, number, best))) {
            best = number;
        }
    }
    return best;
}

}  // namespace

std::string_view name(NoticeRule rule) { return kNoticeRuleNames.at(static_cast<std::size_t>(rule) - 1); }

Result<NoticeRule> notice_rule_from_name(std::string_view text) {
    for (std::size_t i = 0; i < kNoticeRuleNames.size(); ++i) {
        if (kNoticeRuleNames[i] == text) {
            return static_cast<NoticeRule>(i + 1);
        }
    }
    return fail(Errc::malformed, "notice", "record or answer");
}

std::string_view name(AssignmentState state) { return kStateNames.at(static_cast<std::size_t>(state) - 1); }

const std::string& ReceivableBook::holder_by(std::uint64_t assignment) const {
    return assignment == 0 ? creditor : assignments.at(assignment - 1).assignee;
}

MinorAmount ReceivableBook::open_minor() const {
    MinorAmount sum = 0;
    for (const Part& part : parts) {
        sum += part.open_minor();  // Together no more than the receivable.
    }
    return sum;
}

std::vector<std::uint64_t> chain_of(const ReceivableBook& book, std::uint64_t assignment) {
    std::vector<std::uint64_t> out;
    // A source always has a smaller number than what rests on it, so this ends.
    for (std::uint64_t number = assignment; number != 0; number = book.assignments.at(number - 1).source) {
        out.push_back(number);
    }
    return out;
}

std::uint64_t holding(const ReceivableBook& book, std::uint64_t part, Knowledge knowledge) {
    const std::uint64_t source = book.parts.at(part - 1).source;
    std::vector<std::uint64_t> before = chain_of(book, source);
    std::uint64_t at = 0;
    while (!before.empty()) {
        if (!counts(book.assignments.at(before.back() - 1), knowledge)) {
            return at;  // The debtor knows nothing of what comes after.
        }
        at = before.back();
        before.pop_back();
    }
    while (const std::uint64_t next = next_step(book, part, at, knowledge)) {
        at = next;
    }
    return at;
}

const std::string& holder_of(const ReceivableBook& book, std::uint64_t part) {
    return book.holder_by(holding(book, part));
}

const std::string& payee_of(const ReceivableBook& book, std::uint64_t part) {
    return book.holder_by(holding(book, part, {.of_debtor = true}));
}

bool ranks_before(const ReceivableBook& book, std::uint64_t assignment, std::uint64_t other) {
    const Assignment& a = book.assignments.at(assignment - 1);
    const Assignment& b = book.assignments.at(other - 1);
    if (a.registration.has_value() != b.registration.has_value()) {
        return a.registration.has_value();
    }
    if (a.registration && a.registration->at != b.registration->at) {
        return a.registration->at < b.registration->at;
    }
    if (a.notified.has_value() != b.notified.has_value()) {
        return a.notified.has_value();
    }
    if (a.notified && a.notified->sequence != b.notified->sequence) {
        return a.notified->sequence < b.notified->sequence;
    }
    return assignment < other;
}

}  // namespace probatum::contracts
