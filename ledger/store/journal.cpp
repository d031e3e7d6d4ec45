#include "ledger/store/journal.h"

#include "ledger/store/journal_writer.h"

namespace probatum::ledger::store {

Journal::Journal(std::unique_ptr<Writer> writer) : writer_{std::move(writer)} {}
Journal::~Journal() = default;

Result<std::unique_ptr<Journal>> Journal::create(Files& files, const Path& directory, const Digest& chain_id,
                                                 const Incarnation& incarnation, JournalOptions options) {
    auto writer = std::make_unique<Writer>(files, directory, chain_id, std::move(options));
    PROBATUM_TRY(writer->create(incarnation));
    return std::unique_ptr<Journal>{new Journal{std::move(writer)}};
}

Result<std::unique_ptr<Journal>> Journal::open(Files& files, const Path& directory, const Digest& chain_id,
                                               const RecordVisitor& visit, std::uint64_t scan_from,
                                               JournalOptions options) {
    auto writer = std::make_unique<Writer>(files, directory, chain_id, std::move(options));
    PROBATUM_TRY(writer->open(visit, scan_from));
    return std::unique_ptr<Journal>{new Journal{std::move(writer)}};
}

Position Journal::append(RecordKind kind, ByteView payload) { return writer_->append(kind, payload); }
void Journal::sync() { writer_->sync(); }
Result<Record> Journal::read(Position position) const { return writer_->read(position); }

Result<BlockPtr> Journal::read_block(Position position) const {
    PROBATUM_LET(record, writer_->read(position));
    if (record.kind != RecordKind::block) {
        return fail(Errc::storage_corrupt, "journal", "the record at a block's place is no block");
    }
    auto block = decode_block(record.payload);
    if (!block) {
        return fail(Errc::storage_corrupt, "journal", "a stored block does not decode: " + block.error().to_string());
    }
    return block;
}

void Journal::look_again() { writer_->look_again(); }
void Journal::trim_below(std::uint64_t segment) { writer_->trim_below(segment); }
const Incarnation& Journal::incarnation() const { return writer_->incarnation(); }
std::uint64_t Journal::first_segment() const { return writer_->first_segment(); }
std::uint64_t Journal::last_segment() const { return writer_->last_segment(); }
std::uint64_t Journal::bytes_on_disk() const { return writer_->bytes_on_disk(); }
bool Journal::reserve_released() const { return writer_->reserve_released(); }
bool Journal::read_only() const { return writer_->read_only(); }

}  // namespace probatum::ledger::store
