#pragma once

#include <cstdint>
#include <string>

#include "evidence/verify.h"

namespace probatum::evidence {

enum class Language : std::uint8_t { english, chinese, both };

/// The report as text for people: first the conclusion, then the numbered checks, the facts, who ran the chain, and
/// what is not proven. UTF-8, lines end in \n, same bytes on any machine.
[[nodiscard]] std::string render_text(const Report& report, Language language = Language::both);

/// The same as one JSON object (RFC 8259) free of language, for machines: names are stable, amounts are integers in
/// minor units beside their currency, instants RFC 3339 in UTC. Ends in \n.
[[nodiscard]] std::string render_json(const Report& report);

}  // namespace probatum::evidence
