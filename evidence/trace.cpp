#include "evidence/trace.h"

#include <map>
#include <utility>

#include "base/cbor.h"
#include "base/hash.h"
#include "base/text_encoding.h"
#include "contracts/evidence_record.h"
#include "contracts/genesis.h"
#include "contracts/state_keys.h"
#include "evidence/signers.h"
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

using Keys = std::map<KeyId, NamedKey>;

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
    void said(const std::string& what, const cose::Statement& statement, const Keys& keys) {
        const Digest digest = hash(what + " signed", cose::signing_bytes(statement.protected_bytes, statement.payload));
        const auto known = keys.find(statement.header.key_id);
        if (known != keys.end()) {
            signature(what + " by " + known->second.who, known->second.key, digest, statement.signature);
            return;
        }
        out_ += "key-not-shown " + what + "\n  key-id " + to_hex(statement.header.key_id.digest) + "\n";
    }
    void statement(const std::string& what, const ledger::Transaction& transaction, const Keys& keys) {
        hash(what + " transaction id", transaction.statement_bytes());
        said(what, transaction.statement(), keys);
        for (const ledger::Opening& opening : transaction.openings()) {
            cbor::Writer out;
            out.array(3).bytes(opening.salt).text(opening.name).raw(opening.value);
            hash(what + " commitment " + opening.name, out.view());
        }
    }
    void events(const std::string& what, const std::vector<BundleEvent>& events, const Keys& keys) {
        std::vector<Digest> leaves;
        for (const BundleEvent& event : events) {
            const std::string name = what + " " + std::to_string(event.leaf.sequence);
            statement(name, *event.transaction, keys);
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

void trace_chain(Worksheet& out, const Bundle& bundle, const std::vector<ledger::ValidatorSet>& sets,
                 const Keys& keys) {
    for (std::size_t i = 0; i < sets.size(); ++i) {
        out.hash("validator set " + std::to_string(i), sets[i].encode());
    }
    for (std::size_t i = 0; i < bundle.validator_path.size(); ++i) {
        const FinalHeader& closing = bundle.validator_path[i].closing;
        out.final_header("closing " + std::to_string(i), closing, set_of(closing.header, sets));
        for (const Bytes& authority : bundle.validator_path[i].succession) {
            if (const auto statement = cose::decode(authority)) {
                out.said("succession " + std::to_string(i), *statement, keys);
            }
        }
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

/// Each value of the registry with the way to the state root, and the transactions of its certificates.
void trace_registry(Worksheet& out, const RegistryPart& registry, const Keys& keys) {
    namespace state_keys = contracts::state_keys;
    const auto proven = [&out](const std::string& what, const Digest& key, ByteView value,
                               const ledger::StateProof& proof) {
        out.hash(what + " value", value);
        out.state_path(what, key, proof);
    };
    for (const KeyPart& part : registry.keys) {
        proven("registry key " + to_hex(part.key.digest), state_keys::member_key(part.key), part.value, part.proof);
    }
    for (const OrganisationPart& part : registry.organisations) {
        proven("registry organisation " + part.id, state_keys::organisation(part.id), part.value, part.proof);
    }
    for (const CertificatePart& part : registry.certificates) {
        const std::string what = "registry certificate " + to_hex(part.certificate);
        proven(what, state_keys::certificate_binding(part.key, part.certificate), part.value, part.proof);
        for (const ledger::TransactionPtr& transaction : part.transactions) {
            out.statement(what, *transaction, keys);
        }
    }
    if (registry.roots) {
        proven("registry roots", state_keys::trusted_roots(), registry.roots->value.value_or(Bytes{}),
               registry.roots->proof);
    }
}

}  // namespace

std::string trace(const Bundle& bundle) {
    Worksheet out;
    out.hash("genesis", bundle.genesis);
    std::vector<ledger::ValidatorSet> sets;
    const Keys keys = keys_in(bundle);
    if (const auto genesis = contracts::decode_genesis(bundle.genesis)) {
        sets.push_back(genesis->validator_set());
    }
    for (const ValidatorChange& change : bundle.validator_path) {
        sets.push_back(change.next);
    }
    trace_chain(out, bundle, sets, keys);
    if (bundle.contract) {
        trace_head(out, bundle.contract->head, bundle.subject.id);
        if (bundle.contract->state) {
            out.hash("contract state", *bundle.contract->state);
        }
        out.events("event", bundle.contract->events, keys);
        out.events("refused", bundle.contract->refused, keys);
    }
    if (bundle.standing) {
        trace_head(out, *bundle.standing, bundle.subject.id);
    }
    if (bundle.record) {
        out.statement("record", *bundle.record->transaction, keys);
        out.final_header("record", bundle.record->block, set_of(bundle.record->block.header, sets));
        if (bundle.record->parent) {
            out.hash("record parent block id", ledger::encode(*bundle.record->parent));
        }
        out.inclusion(*bundle.record);
    }
    for (std::size_t i = 0; i < bundle.uses.size(); ++i) {
        out.use_list(bundle.uses[i], i);
    }
    trace_registry(out, bundle.registry, keys);
    return out.take();
}

}  // namespace probatum::evidence
