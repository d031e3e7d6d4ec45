#include "evidence/trace.h"

#include <utility>

#include "base/cbor.h"
#include "base/hash.h"
#include "base/text_encoding.h"
#include "contracts/evidence_record.h"
#include "contracts/genesis.h"
#include "evidence/use_lists.h"

namespace probatum::evidence {

namespace {

bool bit_at(const Digest& key, std::size_t depth) { return (key.bytes[depth / 8] >> (7 - depth % 8) & 1U) != 0; }

Bytes joined(std::uint8_t first, ByteView left, ByteView right = {}) {
    Bytes out{first};
    out.insert(out.end(), left.begin(), left.end());
    out.insert(out.end(), right.begin(), right.end());
    return out;
}

class Worksheet {
public:
    Digest hash(const std::string& what, ByteView input) {
        const Digest out = sha256(input);
        out_ += "sha-256 " + what + "\n  in  " + to_hex(input) + "\n  out " + to_hex(out) + "\n";
        return out;
    }
    void signature(const std::string& what, const PublicKey& key, const Digest& digest, const Signature& signature) {
        out_ += "ecdsa-secp256k1 " + what + "\n  key " + to_hex(key.bytes()) + "\n  digest " + to_hex(digest) +
                "\n  signature " + to_hex(signature) + "\n";
    }
    /// The tree of RFC 9162 over leaves, level by level; a node without a sibling stands for its parent.
    void log(const std::string& what, std::vector<Digest> nodes) {
        for (std::size_t level = 1; nodes.size() > 1; ++level) {
            std::vector<Digest> above;
            for (std::size_t i = 0; i + 1 < nodes.size(); i += 2) {
                const std::string place = " node " + std::to_string(level) + "/" + std::to_string(i / 2);
                above.push_back(hash(what + place, joined(1, nodes[i].view(), nodes[i + 1].view())));
            }
            if (nodes.size() % 2 == 1) {
                above.push_back(nodes.back());
            }
            nodes = std::move(above);
        }
    }
    void state_path(const std::string& what, const Digest& key, const ledger::StateProof& proof) {
        Digest node;
        if (proof.leaf) {
            node = hash(what + " leaf", joined(0, proof.leaf->key.view(), proof.leaf->value_digest.view()));
        }
        for (std::size_t depth = proof.siblings.size(); depth-- > 0;) {
            const Digest& sibling = proof.siblings[depth];
            const bool right = bit_at(key, depth);
            node = hash(what + " node " + std::to_string(depth),
                        joined(1, right ? sibling.view() : node.view(), right ? node.view() : sibling.view()));
        }
    }
    void inclusion(const RecordPart& record) {
        Digest node = hash("record leaf", joined(0, ledger::encode(record.entry)));
        std::uint64_t first = record.log_index;
        std::uint64_t second = record.block.header.log_size - 1;
        for (const Digest& sibling : record.log_path) {
            const bool left = (first & 1U) != 0 || first == second;
            node = hash("record node",
                        joined(1, left ? sibling.view() : node.view(), left ? node.view() : sibling.view()));
            while (left && (first & 1U) == 0 && first != 0) {
                first >>= 1U;
                second >>= 1U;
            }
            first >>= 1U;
            second >>= 1U;
        }
    }
    void statement(const std::string& what, const ledger::Transaction& transaction,
                   const std::vector<contracts::Member>& members) {
        hash(what + " transaction id", transaction.statement_bytes());
        const cose::Statement& said = transaction.statement();
        const Digest digest = hash(what + " signed", cose::signing_bytes(said.protected_bytes, said.payload));
        for (const contracts::Member& member : members) {
            if (member.key.id() == said.header.key_id) {
                signature(what + " by " + member.organisation + "/" + member.id, member.key, digest, said.signature);
            }
        }
        for (const ledger::Opening& opening : transaction.openings()) {
            cbor::Writer out;
            out.array(3).bytes(opening.salt).text(opening.name).raw(opening.value);
            hash(what + " commitment " + opening.name, out.view());
        }
    }
    void events(const std::string& what, const std::vector<BundleEvent>& events,
                const std::vector<contracts::Member>& members) {
        std::vector<Digest> leaves;
        for (const BundleEvent& event : events) {
            const std::string name = what + " " + std::to_string(event.leaf.sequence);
            statement(name, *event.transaction, members);
            leaves.push_back(hash(name + " leaf", joined(0, ledger::encode(event.leaf))));
        }
        log(what + " log", std::move(leaves));
    }
    void final_header(const std::string& what, const FinalHeader& shown, const ledger::ValidatorSet* set) {
        hash(what + " block id", ledger::encode(shown.header));
        for (const ledger::Header& header : shown.finality.path) {
            hash(what + " descendant block id", ledger::encode(header));
        }
        const ledger::Certificate& certificate = shown.finality.certificate;
        const Bytes payload = ledger::vote_payload(certificate.target, shown.header.chain_id);
        for (const auto& signer : certificate.signers) {
            if (set == nullptr || signer.index >= set->size()) {
                continue;
            }
            const ledger::Validator& validator = set->at(signer.index);
            const std::string vote = what + " vote " + std::to_string(signer.index);
            const Bytes protected_bytes = ledger::vote_protected_header(shown.header.chain_id, validator);
            const Digest digest = hash(vote, cose::signing_bytes(protected_bytes, payload));
            signature(vote + " by " + validator.organisation, validator.key, digest, signer.signature);
        }
    }
    void use_list(const UseList& list, std::size_t number) {
        const std::string what = "use list " + std::to_string(number);
        state_path(what, state_key_of(list.kind, list.id), list.state.proof);
        if (list.state.value) {
            hash(what + " value", *list.state.value);
        }
        std::vector<Digest> leaves;
        for (const Use& use : list.uses) {
            leaves.push_back(hash(what + " use", joined(0, contracts::use_leaf(use.kind, use.subject))));
        }
        log(what, std::move(leaves));
    }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    std::string out_;
};

/// The set whose digest a header carries, if the bundle names it.
const ledger::ValidatorSet* set_of(const ledger::Header& header, const std::vector<ledger::ValidatorSet>& sets) {
    for (const ledger::ValidatorSet& set : sets) {
        if (set.digest() == header.validators) {
            return &set;
        }
    }
    return nullptr;
}

void trace_chain(Worksheet& out, const Bundle& bundle, const std::vector<ledger::ValidatorSet>& sets) {
    for (std::size_t i = 0; i < sets.size(); ++i) {
        out.hash("validator set " + std::to_string(i), sets[i].encode());
    }
    for (std::size_t i = 0; i < bundle.validator_path.size(); ++i) {
        const FinalHeader& closing = bundle.validator_path[i].closing;
        out.final_header("closing " + std::to_string(i), closing, set_of(closing.header, sets));
    }
    out.final_header("head", bundle.head, set_of(bundle.head.header, sets));
}

void trace_head(Worksheet& out, const ProvenValue& value, const Digest& contract) {
    cbor::Writer key;
    key.array(2).text("contract").bytes(contract.view());
    out.state_path("contract", out.hash("contract key", key.view()), value.proof);
    if (value.value) {
        out.hash("contract head", *value.value);
    }
}

}  // namespace

std::string trace(const Bundle& bundle) {
    Worksheet out;
    out.hash("genesis", bundle.genesis);
    std::vector<ledger::ValidatorSet> sets;
    std::vector<contracts::Member> members;
    if (const auto genesis = contracts::decode_genesis(bundle.genesis)) {
        sets.push_back(genesis->validator_set());
        members = genesis->members;
    }
    for (const ValidatorChange& change : bundle.validator_path) {
        sets.push_back(change.next);
    }
    trace_chain(out, bundle, sets);
    if (bundle.contract) {
        trace_head(out, bundle.contract->head, bundle.subject.id);
        if (bundle.contract->state) {
            out.hash("contract state", *bundle.contract->state);
        }
        out.events("event", bundle.contract->events, members);
        out.events("refused", bundle.contract->refused, members);
    }
    if (bundle.standing) {
        trace_head(out, *bundle.standing, bundle.subject.id);
    }
    if (bundle.record) {
        out.statement("record", *bundle.record->transaction, members);
        out.final_header("record", bundle.record->block, set_of(bundle.record->block.header, sets));
        if (bundle.record->parent) {
            out.hash("record parent block id", ledger::encode(*bundle.record->parent));
        }
        out.inclusion(*bundle.record);
    }
    for (std::size_t i = 0; i < bundle.uses.size(); ++i) {
        out.use_list(bundle.uses[i], i);
    }
    return out.take();
}

}  // namespace probatum::evidence
