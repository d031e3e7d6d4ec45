#include "evidence/extract.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/cbor.h"
#include "base/cose.h"
#include "base/hash.h"
#include "base/text_encoding.h"
#include "contracts/genesis.h"
#include "evidence/additions.h"
#include "evidence/json_text.h"
#include "evidence/signers.h"

namespace probatum::evidence {

namespace {

std::string numbered(std::string_view what, std::size_t number) {
    const std::string digits = std::to_string(number);
    return std::string{what} + "-" + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

class Extractor {
public:
    explicit Extractor(const Bundle& bundle) : bundle_{bundle}, keys_{keys_in(bundle)} {
        if (const auto genesis = contracts::decode_genesis(bundle.genesis)) {
            sets_.push_back(genesis->validator_set());
        }
        for (const ValidatorChange& change : bundle.validator_path) {
            sets_.push_back(change.next);
        }
    }

    Extracted run() {
        add("genesis.cbor", "genesis", bundle_.genesis);
        for (std::size_t i = 0; i < bundle_.validator_path.size(); ++i) {
            add_change(bundle_.validator_path[i], numbered("closing", i));
        }
        add_final_header(bundle_.head, "head");
        if (bundle_.contract) {
            add_contract(*bundle_.contract);
        }
        if (bundle_.record) {
            add_record(*bundle_.record);
        }
        if (bundle_.standing) {
            add_value(*bundle_.standing, "contract-head", "contract-head");
        }
        for (std::size_t i = 0; i < bundle_.uses.size(); ++i) {
            add_use_list(bundle_.uses[i], numbered("use-list", i));
        }
        if (!bundle_.registry.empty()) {
            add_registry(bundle_.registry);
        }
        if (!bundle_.additions.empty()) {
            add_additions();
        }
        return std::move(out_);
    }

private:
    void add(std::string name, std::string rule, ByteView bytes) {
        out_.parts.push_back({std::move(name), std::move(rule), to_bytes(bytes)});
    }

    void add_signature(const std::string& name, ByteView message, const Signature& signature, const PublicKey& key) {
        const std::string key_file = "key-" + to_hex(key.id().digest).substr(0, 16) + ".spki.der";
        if (std::ranges::find(out_.parts, key_file, &Part::name) == out_.parts.end()) {
            add(key_file, "der SubjectPublicKeyInfo", der_public_key(key));
        }
        add(name + ".sig-structure", "Sig_structure", message);
        add(name + ".signature.der", "der ECDSA-Sig-Value", der_signature(signature));
        out_.signatures.push_back({name + ".sig-structure", name + ".signature.der", key_file});
    }

    void add_final_header(const FinalHeader& shown, const std::string& name) {
        add(name + "-header.cbor", "header", ledger::encode(shown.header));
        add(name + "-finality.cbor", "finality-proof", ledger::encode(shown.finality));
        const auto set = std::ranges::find_if(
            sets_, [&](const ledger::ValidatorSet& each) { return each.digest() == shown.header.validators; });
        if (set == sets_.end()) {
            return;
        }
        const ledger::Certificate& certificate = shown.finality.certificate;
        const Bytes payload = ledger::vote_payload(certificate.target, shown.header.chain_id);
        for (const auto& signer : certificate.signers) {
            if (signer.index < set->size()) {
                const ledger::Validator& validator = set->at(signer.index);
                const Bytes header = ledger::vote_protected_header(shown.header.chain_id, validator);
                add_signature(numbered(name + "-vote", signer.index), cose::signing_bytes(header, payload),
                              signer.signature, validator.key);
            }
        }
    }

    void add_change(const ValidatorChange& change, const std::string& name) {
        add_final_header(change.closing, name);
        add(name + "-next-validators.cbor", "validator-set", change.next.encode());
        for (std::size_t i = 0; i < change.succession.size(); ++i) {
            const std::string statement = numbered(name + "-succession", i);
            add(statement + ".cose", "COSE_Sign1", change.succession[i]);
            if (const auto said = cose::decode(change.succession[i])) {
                add_statement_signature(statement, *said);
            }
        }
    }

    void add_transaction(const ledger::Transaction& transaction, const std::string& name) {
        add(name + "-statement.cose", "COSE_Sign1", transaction.statement_bytes());
        add(name + "-openings.cbor", "openings", transaction.openings_bytes());
        add_statement_signature(name, transaction.statement());
    }

    /// By a key that the bundle does not hold as well: the index says that it is missing.
    void add_statement_signature(const std::string& name, const cose::Statement& said) {
        const Bytes message = cose::signing_bytes(said.protected_bytes, said.payload);
        if (const auto known = keys_.find(said.header.key_id); known != keys_.end()) {
            add_signature(name, message, said.signature, known->second.key);
            return;
        }
        add(name + ".sig-structure", "Sig_structure", message);
        add(name + ".signature.der", "der ECDSA-Sig-Value", der_signature(said.signature));
        out_.signatures.push_back({name + ".sig-structure", name + ".signature.der", ""});
    }

    void add_events(const std::vector<BundleEvent>& events, const std::string& name) {
        for (std::size_t i = 0; i < events.size(); ++i) {
            add(numbered(name, i) + "-leaf.cbor", "event-leaf", ledger::encode(events[i].leaf));
            add_transaction(*events[i].transaction, numbered(name, i));
        }
    }

    void add_additions() {
        const Bytes core = encode_core(bundle_);
        add("core.cbor", "evidence-bundle", core);
        for (std::size_t i = 0; i < bundle_.additions.size(); ++i) {
            const std::string name = numbered("addition", i);
            add(name + ".cose", "COSE_Sign1", bundle_.additions[i].statement);
            const auto content = open_addition(bundle_.additions[i], sha256(core), sha256(bundle_.genesis));
            for (std::size_t j = 0; content && j < content->tokens.size(); ++j) {
                add(numbered(name + "-token", j) + ".der", "der TimeStampToken", content->tokens[j]);
                if (j > 0) {
                    add(numbered(name + "-stamped", j) + ".cbor", "stamped", stamped_bytes(core, content->tokens, j));
                }
            }
        }
    }

    void add_value(const ProvenValue& value, const std::string& name, const std::string& rule) {
        if (value.value) {
            add(name + ".cbor", rule, *value.value);
        }
        add(name + "-proof.cbor", "state-proof", ledger::encode(value.proof));
    }

    void add_contract(const ContractPart& contract) {
        add_value(contract.head, "contract-head", "contract-head");
        if (contract.state) {
            add("contract-state.cbor", "contract-state", *contract.state);
        }
        add_events(contract.events, "event");
        add_events(contract.refused, "refused");
    }

    void add_record(const RecordPart& record) {
        add_transaction(*record.transaction, "record");
        add("record-entry.cbor", "log-entry", ledger::encode(record.entry));
        add_final_header(record.block, "record");
        if (record.parent) {
            add("record-parent-header.cbor", "header", ledger::encode(*record.parent));
        }
        cbor::Writer inclusion;
        inclusion.array(3).uint(record.block.header.log_size).uint(record.log_index).array(record.log_path.size());
        for (const Digest& sibling : record.log_path) {
            inclusion.digest(sibling);
        }
        add("record-inclusion.cbor", "inclusion-proof", inclusion.view());
    }

    void add_use_list(const UseList& list, const std::string& name) {
        add_value(list.state, name, "frontier");
        cbor::Writer items;
        items.array(list.uses.size());
        for (const Use& use : list.uses) {
            items.array(2).uint(static_cast<std::uint64_t>(use.kind)).digest(use.subject);
        }
        add(name + "-items.cbor", "[* use-item]", items.view());
    }

    void add_proven(const std::string& name, const std::string& rule, ByteView value, const ledger::StateProof& proof) {
        add(name + ".cbor", rule, value);
        add(name + "-proof.cbor", "state-proof", ledger::encode(proof));
    }

    void add_registry(const RegistryPart& registry) {
        for (std::size_t i = 0; i < registry.keys.size(); ++i) {
            add_proven(numbered("registry-key", i), "member-key", registry.keys[i].value, registry.keys[i].proof);
        }
        for (std::size_t i = 0; i < registry.organisations.size(); ++i) {
            const OrganisationPart& part = registry.organisations[i];
            add_proven(numbered("registry-organisation", i), "organisation", part.value, part.proof);
        }
        for (std::size_t i = 0; i < registry.certificates.size(); ++i) {
            const CertificatePart& part = registry.certificates[i];
            const std::string name = numbered("registry-certificate", i);
            add_proven(name, "certificate-binding", part.value, part.proof);
            for (std::size_t j = 0; j < part.transactions.size(); ++j) {
                add_transaction(*part.transactions[j], numbered(name + "-transaction", j));
            }
        }
        if (registry.roots) {
            add_value({registry.roots->value, registry.roots->proof}, "registry-roots", "trusted-roots");
        }
    }

    const Bundle& bundle_;
    std::map<KeyId, NamedKey> keys_;
    std::vector<ledger::ValidatorSet> sets_;
    Extracted out_;
};

void append_integer(Bytes& out, ByteView big_endian) {
    while (big_endian.size() > 1 && big_endian.front() == 0) {
        big_endian = big_endian.subspan(1);
    }
    const bool negative_looking = (big_endian.front() & 0x80U) != 0;
    out.push_back(0x02);
    out.push_back(static_cast<std::uint8_t>(big_endian.size() + (negative_looking ? 1 : 0)));
    if (negative_looking) {
        out.push_back(0);
    }
    out.insert(out.end(), big_endian.begin(), big_endian.end());
}

}  // namespace

Extracted extract(const Bundle& bundle) { return Extractor{bundle}.run(); }

std::string render_index(const Extracted& extracted, const Bundle& bundle) {
    JsonText out;
    out.begin_object().member("index", "parts of a probatum evidence bundle").member("version", 1);
    out.member("bundle_sha256", to_hex(sha256(encode(bundle)))).key("parts").begin_array();
    for (const Part& part : extracted.parts) {
        out.begin_object().member("file", part.name).member("rule", part.rule);
        out.member("bytes", part.bytes.size()).member("sha256", to_hex(sha256(part.bytes))).end_object();
    }
    out.end_array().key("signatures").begin_array();
    for (const SignedPart& each : extracted.signatures) {
        out.begin_object().member("message", each.message).member("signature", each.signature);
        out.key("key");
        if (each.key.empty()) {
            out.null();
        } else {
            out.text(each.key);
        }
        out.end_object();
    }
    return out.end_array().end_object().take();
}

namespace {

Bytes joined(ByteView first, ByteView second) {
    Bytes out(first.size() + second.size());
    std::ranges::copy(second, std::ranges::copy(first, out.begin()).out);
    return out;
}

}  // namespace

Bytes der_signature(const Signature& signature) {
    Bytes integers;
    append_integer(integers, ByteView{signature}.first(32));
    append_integer(integers, ByteView{signature}.last(32));
    const std::array<std::uint8_t, 2> sequence{0x30, static_cast<std::uint8_t>(integers.size())};
    return joined(sequence, integers);
}

Bytes der_public_key(const PublicKey& key) {
    // SEQUENCE { SEQUENCE { id-ecPublicKey, secp256k1 }, BIT STRING of 33 bytes }
    constexpr std::array<std::uint8_t, 23> kPrefix{0x30, 0x36, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86,
                                                   0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
                                                   0x81, 0x04, 0x00, 0x0a, 0x03, 0x22, 0x00};
    return joined(kPrefix, key.bytes());
}

}  // namespace probatum::evidence
