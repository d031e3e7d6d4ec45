#include "evidence/bundle.h"

#include <utility>

#include "base/cbor.h"
#include "base/check.h"
#include "contracts/succession.h"

namespace probatum::evidence {

namespace {

constexpr std::size_t kMaxAuthorities = 100;

using cbor::Reader;
using cbor::Writer;

void write(Writer& out, const FinalHeader& header) {
    out.array(2).raw(ledger::encode(header.header)).raw(ledger::encode(header.finality));
}

void write(Writer& out, const ProvenValue& value) {
    out.array(2);
    if (value.value) {
        out.bytes(*value.value);
    } else {
        out.null();
    }
    out.raw(ledger::encode(value.proof));
}

void write(Writer& out, const std::vector<BundleEvent>& events) {
    out.array(events.size());
    for (const BundleEvent& event : events) {
        out.array(2).raw(ledger::encode(event.leaf)).raw(event.transaction->wire());
    }
}

void write(Writer& out, const ContractPart& part) {
    out.array(4);
    write(out, part.head);
    if (part.state) {
        out.bytes(*part.state);
    } else {
        out.null();
    }
    write(out, part.events);
    write(out, part.refused);
}

void write(Writer& out, const std::vector<Digest>& digests) {
    out.array(digests.size());
    for (const Digest& digest : digests) {
        out.digest(digest);
    }
}

void write(Writer& out, const RecordPart& part) {
    out.array(6).raw(part.transaction->wire()).raw(ledger::encode(part.entry)).uint(part.log_index);
    write(out, part.log_path);
    write(out, part.block);
    if (part.parent) {
        out.raw(ledger::encode(*part.parent));
    } else {
        out.null();
    }
}

void write(Writer& out, const UseList& list) {
    out.array(4).uint(static_cast<std::uint64_t>(list.kind)).digest(list.id);
    write(out, list.state);
    out.array(list.uses.size());
    for (const Use& use : list.uses) {
        out.array(2).uint(static_cast<std::uint64_t>(use.kind)).digest(use.subject);
    }
}

/// Reads the next item whole and hands it to its own decoder; the first error stays in the reader.
template <class Decode>
auto nested(Reader& in, std::string_view field, Decode decode)
    -> std::optional<typename decltype(decode(ByteView{}))::value_type> {
    in.field(field);
    const ByteView item = in.raw_item();
    if (in.failed()) {
        return std::nullopt;
    }
    auto decoded = decode(item);
    if (!decoded) {
        in.refuse(std::move(decoded).error());
        return std::nullopt;
    }
    return *std::move(decoded);
}

/// Opens an array of at most `maximum` elements.
std::uint64_t bounded_array(Reader& in, std::string_view field, std::uint64_t maximum) {
    in.field(field);
    const std::uint64_t count = in.array();
    if (count > maximum) {
        in.refuse(Errc::too_large, "more elements than the limit");
    }
    return in.failed() ? 0 : count;
}

std::optional<FinalHeader> read_final_header(Reader& in, std::string_view field) {
    in.field(field).array_of(2);
    auto header = nested(in, field, ledger::decode_header);
    auto finality = nested(in, field, ledger::decode_finality_proof);
    in.leave();
    if (!header || !finality) {
        return std::nullopt;
    }
    return FinalHeader{std::move(*header), std::move(*finality)};
}

ProvenValue read_value(Reader& in, std::string_view field) {
    ProvenValue out;
    in.field(field).array_of(2);
    if (!in.take_null()) {
        out.value = to_bytes(in.bytes());
    }
    if (auto proof = nested(in, field, ledger::decode_state_proof)) {
        out.proof = std::move(*proof);
    }
    in.leave();
    return out;
}

ledger::TransactionPtr read_transaction(Reader& in, std::string_view field) {
    auto decoded = nested(in, field, [](ByteView item) { return ledger::Transaction::decode(to_bytes(item)); });
    return decoded ? std::move(*decoded) : nullptr;
}

std::vector<BundleEvent> read_events(Reader& in, std::string_view field) {
    std::vector<BundleEvent> out;
    const std::uint64_t count = bounded_array(in, field, kMaxBundleEvents);
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        in.field(field).array_of(2);
        auto leaf = nested(in, field, ledger::decode_event_leaf);
        ledger::TransactionPtr transaction = read_transaction(in, field);
        in.leave();
        if (leaf && transaction) {
            out.push_back({std::move(*leaf), std::move(transaction)});
        }
    }
    in.leave();
    return out;
}

std::vector<Digest> read_digests(Reader& in, std::string_view field, std::uint64_t maximum) {
    std::vector<Digest> out;
    const std::uint64_t count = bounded_array(in, field, maximum);
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        out.push_back(in.digest());
    }
    in.leave();
    return out;
}

ContractPart read_contract(Reader& in) {
    ContractPart out;
    in.field("contract").array_of(4);
    out.head = read_value(in, "contract.head");
    if (!in.field("contract.state").take_null()) {
        out.state = to_bytes(in.bytes());
    }
    out.events = read_events(in, "contract.events");
    out.refused = read_events(in, "contract.refused");
    in.leave();
    return out;
}

std::optional<RecordPart> read_record(Reader& in) {
    constexpr std::uint64_t kMaxLogPath = 64;
    in.field("record").array_of(6);
    ledger::TransactionPtr transaction = read_transaction(in, "record.transaction");
    auto entry = nested(in, "record.entry", ledger::decode_entry);
    const std::uint64_t log_index = in.field("record.log_index").uint();
    std::vector<Digest> log_path = read_digests(in, "record.log_path", kMaxLogPath);
    auto block = read_final_header(in, "record.block");
    std::optional<ledger::Header> parent;
    if (!in.field("record.parent").take_null()) {
        parent = nested(in, "record.parent", ledger::decode_header);
    }
    in.leave();
    if (in.failed() || !transaction || !entry || !block) {
        return std::nullopt;
    }
    return RecordPart{std::move(transaction), std::move(*entry), log_index,
                      std::move(log_path),    std::move(*block), parent};
}

/// Statements of recovery authorities: one or more, or the step has no such part.
std::vector<Bytes> read_succession(Reader& in) {
    std::vector<Bytes> out;
    const std::uint64_t count = bounded_array(in, "validator_path.succession", kMaxAuthorities);
    if (count == 0) {
        in.refuse(Errc::malformed, "left out where there is none");
    }
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        const ByteView statement = in.field("validator_path.succession").bytes();
        if (statement.size() > contracts::kMaxSuccessionBytes) {
            in.refuse(Errc::too_large, "a statement of an authority");
        }
        out.push_back(to_bytes(statement));
    }
    in.leave();
    return out;
}

std::vector<ValidatorChange> read_validator_path(Reader& in) {
    std::vector<ValidatorChange> out;
    const std::uint64_t count = bounded_array(in, "validator_path", kMaxValidatorChanges);
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        const std::uint64_t parts = in.field("validator_path").array();
        if (parts != 2 && parts != 3) {
            in.refuse(Errc::malformed, "a step has two parts, or three");
        }
        auto closing = read_final_header(in, "validator_path.closing");
        auto next = nested(in, "validator_path.next", ledger::ValidatorSet::decode);
        std::vector<Bytes> succession;
        if (parts == 3) {
            succession = read_succession(in);
        }
        in.leave();
        if (closing && next) {
            out.push_back({std::move(*closing), std::move(*next), std::move(succession)});
        }
    }
    in.leave();
    return out;
}

/// A number 1..maximum of a small enumeration.
template <class Enum>
Enum read_enum(Reader& in, Enum maximum) {
    const std::uint64_t number = in.uint_at_most(static_cast<std::uint64_t>(maximum));
    if (number == 0) {
        in.refuse(Errc::malformed, "numbers begin at one");
        return maximum;
    }
    return static_cast<Enum>(number);
}

UseList read_use_list(Reader& in) {
    UseList out;
    in.field("uses").array_of(4);
    out.kind = read_enum(in, UseListKind::bank_reference);
    out.id = in.digest();
    out.state = read_value(in, "uses.state");
    const std::uint64_t count = bounded_array(in, "uses.items", kMaxUseItems);
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        in.array_of(2);
        const auto kind = read_enum(in, contracts::UseKind::contract);
        out.uses.push_back({kind, in.digest()});
        in.leave();
    }
    in.leave();
    in.leave();
    return out;
}

std::vector<UseList> read_uses(Reader& in) {
    std::vector<UseList> out;
    const std::uint64_t count = bounded_array(in, "uses", kMaxUseLists);
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        UseList list = read_use_list(in);
        if (!out.empty() && std::pair{out.back().kind, out.back().id} >= std::pair{list.kind, list.id}) {
            in.refuse(Errc::malformed, "lists ascend by kind and id");
        }
        out.push_back(std::move(list));
    }
    in.leave();
    return out;
}

Subject read_subject(Reader& in) {
    Subject out;
    in.field("subject").array_of(2);
    out.kind = read_enum(in, SubjectKind::standing);
    out.id = in.digest();
    in.leave();
    return out;
}

/// One or more, or there is no such part.
std::vector<Addition> read_additions(Reader& in) {
    std::vector<Addition> out;
    const std::uint64_t count = bounded_array(in, "additions", kMaxAdditions);
    if (count == 0) {
        in.refuse(Errc::malformed, "left out where there is none");
    }
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        in.field("additions").array_of(2);
        auto key = PublicKey::from_bytes(in.bytes());
        const ByteView statement = in.bytes();
        if (!key && !in.failed()) {
            in.refuse(std::move(key).error());
        }
        if (statement.size() > kMaxAdditionBytes) {
            in.refuse(Errc::too_large, "an addition of at most 1 MiB");
        }
        in.leave();
        if (!in.failed()) {
            out.push_back({*key, to_bytes(statement)});
        }
    }
    in.leave();
    return out;
}

Bytes encode_with(const Bundle& bundle, const std::vector<Addition>& additions) {
    PROBATUM_CHECK(bundle.contract.has_value() == (bundle.subject.kind == SubjectKind::contract),
                   "one part for one kind");
    PROBATUM_CHECK(bundle.record.has_value() == (bundle.subject.kind == SubjectKind::record), "one part for one kind");
    PROBATUM_CHECK(bundle.standing.has_value() == (bundle.subject.kind == SubjectKind::standing),
                   "one part for one kind");
    Writer out{bundle.genesis.size() + 4096};
    const bool has_registry = !bundle.registry.empty();
    out.array(has_registry ? 10 : additions.empty() ? 8 : 9).text(kBundleMagic).uint(kBundleVersion);
    out.array(2).uint(static_cast<std::uint64_t>(bundle.subject.kind)).digest(bundle.subject.id);
    out.bytes(bundle.genesis);
    out.array(bundle.validator_path.size());
    for (const ValidatorChange& change : bundle.validator_path) {
        out.array(change.succession.empty() ? 2 : 3);
        write(out, change.closing);
        out.raw(change.next.encode());
        if (!change.succession.empty()) {
            out.array(change.succession.size());
            for (const Bytes& statement : change.succession) {
                out.bytes(statement);
            }
        }
    }
    write(out, bundle.head);
    if (bundle.contract) {
        write(out, *bundle.contract);
    } else if (bundle.record) {
        write(out, *bundle.record);
    } else if (bundle.standing) {
        write(out, *bundle.standing);
    } else {
        out.null();
    }
    out.array(bundle.uses.size());
    for (const UseList& list : bundle.uses) {
        write(out, list);
    }
    if (has_registry) {
        write_registry(out, bundle.registry);
    }
    if (!additions.empty()) {
        out.array(additions.size());
        for (const Addition& addition : additions) {
            out.array(2).bytes(addition.key.bytes()).bytes(addition.statement);
        }
    } else if (has_registry) {
        out.null();
    }
    return out.take();
}

/// Whether these bytes claim to be a bundle of this version at all, which is another question than whether they hold.
bool is_bundle(ByteView bytes) {
    Reader in{bytes};
    const std::uint64_t count = in.array();
    const std::string_view magic = in.text();
    const std::uint64_t version = in.uint();
    return !in.failed() && (count >= 8 && count <= 10) && magic == kBundleMagic && version == kBundleVersion;
}

}  // namespace

Bytes encode(const Bundle& bundle) { return encode_with(bundle, bundle.additions); }

Bytes encode_core(const Bundle& bundle) { return encode_with(bundle, {}); }

Result<Bundle> decode_bundle(ByteView bytes) {
    if (bytes.size() > kMaxBundleBytes) {
        return fail(Errc::too_large, "bundle", "above 256 MiB");
    }
    if (!is_bundle(bytes)) {
        return fail(Errc::unusable_input, "bundle", "not an evidence bundle of version 1");
    }
    Reader in{bytes};
    const std::uint64_t count = in.array();
    in.text();
    in.uint();
    const Subject subject = read_subject(in);
    Bytes genesis = to_bytes(in.field("genesis").bytes());
    std::vector<ValidatorChange> validator_path = read_validator_path(in);
    auto head = read_final_header(in, "head");
    std::optional<ContractPart> contract;
    std::optional<RecordPart> record;
    std::optional<ProvenValue> standing;
    switch (subject.kind) {
        case SubjectKind::contract:
            contract = read_contract(in);
            break;
        case SubjectKind::record:
            record = read_record(in);
            break;
        case SubjectKind::document:
            in.field("document").null();
            break;
        case SubjectKind::standing:
            standing = read_value(in, "standing");
            break;
    }
    std::vector<UseList> uses = read_uses(in);
    RegistryPart registry = count == 10 ? read_registry(in) : RegistryPart{};
    std::vector<Addition> additions;
    if (count == 9 || (count == 10 && !in.field("additions").take_null())) {
        additions = read_additions(in);
    }
    in.leave();
    PROBATUM_TRY(in.field("bundle").finish());
    PROBATUM_CHECK(head.has_value(), "a reader without error has read a header");
    return Bundle{
        subject,           std::move(genesis), std::move(validator_path), std::move(*head),     std::move(contract),
        std::move(record), std::move(uses),    std::move(standing),       std::move(additions), std::move(registry)};
}

}  // namespace probatum::evidence
