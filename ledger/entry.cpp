#include "ledger/entry.h"

#include "base/cbor.h"
#include "base/check.h"
#include "ledger/limits.h"

namespace probatum::ledger {

namespace {

/// The first bytes of a text, cut between characters.
std::string cut(const std::string& text, std::size_t maximum_bytes) {
    if (text.size() <= maximum_bytes) {
        return text;
    }
    std::size_t end = maximum_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return text.substr(0, end);
}

void write_outcome(cbor::Writer& writer, const Outcome& outcome) {
    PROBATUM_CHECK(outcome.field.size() <= kMaxOutcomeFieldBytes, "use Outcome::refused");
    PROBATUM_CHECK(!outcome.accepted() || outcome.field.empty(), "an accepted transaction blames no field");
    writer.array(2).uint(outcome.code).text(outcome.field);
}

Outcome read_outcome(cbor::Reader& reader) {
    Outcome out;
    reader.field("outcome").array_of(2);
    out.code = static_cast<std::uint16_t>(reader.uint_at_most(0xFFFF));
    out.field = reader.text_at_most(kMaxOutcomeFieldBytes);
    if (out.accepted() && !out.field.empty()) {
        reader.refuse(Errc::malformed, "accepted, yet a field is blamed");
    }
    reader.leave();
    return out;
}

}  // namespace

Outcome Outcome::refused(const Error& error) { return {error.number(), cut(error.field, kMaxOutcomeFieldBytes)}; }

Bytes encode(const Entry& entry) {
    cbor::Writer writer{80 + entry.outcome.field.size()};
    writer.array(3).digest(entry.transaction);
    write_outcome(writer, entry.outcome);
    writer.digest(entry.change_digest);
    return writer.take();
}

Result<Entry> decode_entry(ByteView bytes) {
    cbor::Reader reader{bytes};
    Entry out;
    reader.array_of(3);
    out.transaction = reader.field("transaction").digest();
    out.outcome = read_outcome(reader);
    out.change_digest = reader.field("change_digest").digest();
    PROBATUM_TRY(reader.finish());
    return out;
}

Bytes encode(const EventLeaf& leaf) {
    cbor::Writer writer{160 + leaf.outcome.field.size() + leaf.resolved.size()};
    writer.array(9).digest(leaf.subject).uint(leaf.sequence).digest(leaf.previous).digest(leaf.transaction);
    writer.uint(leaf.height.raw()).uint(leaf.index).uint(leaf.time.raw());
    write_outcome(writer, leaf.outcome);
    writer.raw(leaf.resolved);
    return writer.take();
}

Result<EventLeaf> decode_event_leaf(ByteView bytes) {
    cbor::Reader reader{bytes, {.depth = 1 + kMaxItemDepth}};
    EventLeaf out;
    reader.array_of(9);
    out.subject = reader.field("subject").digest();
    out.sequence = reader.field("sequence").uint();
    out.previous = reader.field("previous").digest();
    if ((out.sequence == 0) != out.previous.is_zero()) {
        reader.refuse(Errc::malformed, "zero exactly for the first leaf");
    }
    out.transaction = reader.field("transaction").digest();
    out.height = Height{reader.field("height").uint()};
    out.index = static_cast<std::uint32_t>(reader.field("index").uint_at_most(0xFFFF'FFFF));
    out.time = UnixMs{reader.field("time").uint()};
    out.outcome = read_outcome(reader);
    out.resolved = to_bytes(reader.field("resolved").raw_item());
    PROBATUM_TRY(reader.finish());
    return out;
}

}  // namespace probatum::ledger
