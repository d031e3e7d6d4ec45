// Reads a stopped validator's journal and checks every vote that it ever signed against all the others, across every
// crash in between: whatever left the validator is in the journal (journal before wire).
//   own_votes JOURNAL_FOLDER GENESIS_DIGEST      exit code 1 if two contradict each other

#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/text_encoding.h"
#include "ledger/store/journal.h"

namespace {

using namespace probatum;
using ledger::VoteKind;

struct Signed {
    std::optional<Digest> notarized;
    std::optional<Digest> finalized;
    bool nullified{false};
};

/// DESIGN section 5, Rules: one notarize and none after nullify; never finalize and nullify. A finalize for another
/// block than the notarized one is lawful.
std::optional<std::string> add(Signed& view, const ledger::VoteTarget& vote) {
    switch (vote.kind) {
        case VoteKind::notarize:
            if (view.notarized && *view.notarized != vote.block) {
                return "notarized two blocks";
            }
            if (!view.notarized && view.nullified) {
                return "notarized after nullify";
            }
            view.notarized = vote.block;
            break;
        case VoteKind::nullify:
            view.nullified = true;
            break;
        case VoteKind::finalize:
            if (view.finalized && *view.finalized != vote.block) {
                return "finalized two blocks";
            }
            view.finalized = vote.block;
            break;
    }
    return view.nullified && view.finalized ? std::optional<std::string>{"nullified and finalized"} : std::nullopt;
}

}  // namespace

int main(int count, char** arguments) {
    const auto chain = digest_from_hex(count == 3 ? arguments[2] : "");
    if (!chain) {
        std::cerr << "usage: own_votes JOURNAL_FOLDER GENESIS_DIGEST\n";
        return 2;
    }
    std::map<std::pair<Epoch, View>, Signed> views;
    std::size_t votes = 0;
    int code = 0;
    ledger::store::PosixFiles files;
    const auto visit = [&](ledger::store::Position, ledger::store::RecordKind kind, ByteView payload) -> Result<void> {
        if (kind != ledger::store::RecordKind::own_vote) {
            return {};
        }
        PROBATUM_LET(vote, ledger::decode_vote(payload));
        ++votes;
        if (const auto wrong = add(views[{vote.target.epoch, vote.target.view}], vote.target)) {
            std::cout << "view " << vote.target.view.raw() << ": " << *wrong << "\n";
            code = 1;
        }
        return {};
    };
    const auto journal = ledger::store::Journal::open(files, arguments[1], *chain, visit);
    if (!journal) {
        std::cerr << journal.error().to_string() << "\n";
        return 2;
    }
    if ((*journal)->first_segment() != 1) {
        std::cerr << "the journal was trimmed: older votes are not in it\n";
        return 2;
    }
    std::cout << votes << " votes in " << views.size() << " views\n";
    return code;
}
