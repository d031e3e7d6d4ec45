#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "evidence/verify.h"

namespace probatum::evidence {

/// Provisions of law by the id of the check that bears on them. A forum with other law brings its own.
using Provisions = std::map<std::string, Text, std::less<>>;

enum class Language : std::uint8_t { english, chinese, both };

/// The report as text for people: first the conclusion, then the numbered checks, the facts, who ran the chain, and
/// what is not proven. UTF-8, lines end in \n, same bytes on any machine.
[[nodiscard]] std::string render_text(const Report& report, Language language = Language::both);

/// The same as one HTML page that needs nothing else: no script, no link, styles within; prints on A4.
/// @param explained  each check with what it means and these provisions (evidence/explain.h); nothing: without.
[[nodiscard]] std::string render_html(const Report& report, Language language = Language::both,
                                      const Provisions* explained = nullptr);

/// The same as one JSON object (RFC 8259) free of language, for machines: names are stable, amounts are integers in
/// minor units beside their currency, instants RFC 3339 in UTC. Ends in \n.
[[nodiscard]] std::string render_json(const Report& report);

}  // namespace probatum::evidence
