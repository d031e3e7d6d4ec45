// A state proof has one encoding, and under one root it never proves what is not so.

#include "base/check.h"
#include "ledger/state_tree.h"
#include "ledger_samples.h"

namespace {

using namespace probatum;
using namespace probatum::ledger;

const std::vector<Digest>& keys() {
    static const std::vector<Digest> out = [] {
        std::vector<Digest> names;
        for (const std::string_view name : {"one", "two", "three", "four", "five", "absent"}) {
            names.push_back(state_key("sample", as_bytes(name)));
        }
        return names;
    }();
    return out;
}

/// The tree of the golden vectors.
const StateTree& tree() {
    static const StateTree out = [] {
        std::vector<StateChange> changes;
        for (const std::string name : {"one", "two", "three", "four", "five"}) {
            changes.push_back({state_key("sample", as_bytes(name)), test::named_digest("value of " + name)});
        }
        std::ranges::sort(changes, {}, &StateChange::key);
        return StateTree{}.apply(changes);
    }();
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input{data, size};
    const auto proof = decode_state_proof(input);
    if (!proof) {
        return 0;
    }
    PROBATUM_CHECK(equal(encode(*proof), input), "one encoding per proof");
    for (const Digest& key : keys()) {
        if (const auto proven = verify_state_proof(tree().root(), key, *proof)) {
            PROBATUM_CHECK(*proven == tree().find(key), "a proof proves what is so");
            PROBATUM_CHECK(*proof == tree().prove(key), "a proof has one form");
        }
    }
    return 0;
}
