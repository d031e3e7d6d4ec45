#pragma once

#include "evidence/pdf/sheet.h"
#include "evidence/verify.h"

/// The pages to be filled in by hand. Drafts: who signs them answers for them.
namespace probatum::evidence::pdf {

/// Signatures of who exported, who checked, and who received.
void add_signature_page(Sheet& sheet, bool chinese);
/// Draft certifications of a custodian or expert under FRE 902(13) and 902(14), as 28 U.S.C. 1746 words them.
void add_fre_certifications(Sheet& sheet, const Report& report);
/// The points that article 17 of the Online Litigation Rules of the People's Courts has examined, with what the bundle
/// says to each.
void add_article_17_sheet(Sheet& sheet, const Report& report, bool chinese);

}  // namespace probatum::evidence::pdf
