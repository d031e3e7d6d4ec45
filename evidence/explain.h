#pragma once

#include <string>
#include <string_view>

#include "evidence/report.h"

/// What each check means, for a reader who is a judge and no engineer, and which provisions ask the question.
namespace probatum::evidence {

[[nodiscard]] const Provisions& default_provisions();

struct Explanation {
    Text question;  ///< What is asked.
    Text method;    ///< How it was answered, and what could not be made up.
};
/// Every check has one.
[[nodiscard]] const Explanation& explanation_of(std::string_view check);

/// The report with every check explained in place of digests: question, method, answer, provisions. UTF-8, same bytes
/// on any machine.
[[nodiscard]] std::string render_explained(const Report& report, Language language,
                                           const Provisions& provisions = default_provisions());

}  // namespace probatum::evidence
