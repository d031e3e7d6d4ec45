#include "node/storage.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/text_encoding.h"

namespace probatum::node {

namespace store = ledger::store;

namespace {

constexpr std::size_t kMarkerDigits = 32;

bool is_there(store::Files& files, const store::Path& path) {
    const auto names = files.list(path.parent_path());
    return names && std::ranges::find(*names, path.filename().string()) != names->end();
}

Result<std::string> read_marker(store::Files& files, const store::Path& path) {
    PROBATUM_LET(file, files.open_read(path));
    std::string text(kMarkerDigits, '\0');
    PROBATUM_LET(got, file->read_at(0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
    text.resize(got);
    return text;
}

/// As a whole or not at all: a marker that a crash left half written would keep a sound validator from starting.
Result<void> write_marker(store::Files& files, const store::Path& path, const std::string& text) {
    store::Path unfinished = path;
    unfinished += ".new";
    PROBATUM_LET(file, files.open_write(unfinished));
    PROBATUM_TRY(file->truncate(0));
    PROBATUM_TRY(file->write_at(0, as_bytes(text)));
    PROBATUM_TRY(file->sync());
    PROBATUM_TRY(files.rename(unfinished, path));
    return files.sync_directory(path.parent_path());
}

Result<void> check_marker(store::Files& files, const store::Path& marker, const store::Incarnation& incarnation) {
    const std::string own = to_hex(incarnation);
    if (!is_there(files, marker)) {
        return write_marker(files, marker, own + "\n");
    }
    auto text = read_marker(files, marker);
    if (!text) {
        return fail(Errc::preflight_failed, text.error().field, text.error().to_string());
    }
    if (*text == own) {
        return {};
    }
    return fail(Errc::journal_missing, marker.string(),
                "this identity voted with another journal than the one in the data folder");
}

store::Path damage_note(const StorageOptions& options) { return options.data_dir / "state.damaged"; }

/// Damage may lie where a start does not look, and would then end every process that comes to it. The note has the next
/// start make the chain store again.
StorageOptions with_damage_noted(store::Files& files, StorageOptions options) {
    options.chain.on_fatal = [&files, note = damage_note(options), tell = options.chain.on_fatal](const Error& error) {
        if (error.code == Errc::storage_corrupt) {
            (void)write_marker(files, note, "a stored value is damaged\n");
        }
        if (tell) {
            tell(error);
        }
    };
    return options;
}

Result<void> destroy_what_is_damaged(store::Files& files, const StorageOptions& options) {
    if (!is_there(files, damage_note(options))) {
        return {};
    }
    spdlog::error("a value of the chain store was damaged: it is made again from the journal");
    PROBATUM_TRY(store::ChainStore::destroy(options.data_dir / "state", options.chain.engine));
    PROBATUM_TRY(files.remove(damage_note(options)));
    return files.sync_directory(options.data_dir);
}

Result<std::unique_ptr<store::ChainStore>> open_chain(const StorageOptions& options, const Membership& who) {
    const auto folder = options.data_dir / "state";
    const auto genesis_state = contracts::genesis_state(who.genesis);
    auto opened = store::ChainStore::open(folder, who.chain_id, genesis_state, options.chain);
    if (opened || opened.error().code != Errc::storage_corrupt) {
        return opened;
    }
    spdlog::error("the chain store is damaged and is made again from the journal: {}", opened.error().to_string());
    PROBATUM_TRY(store::ChainStore::destroy(folder, options.chain.engine));
    return store::ChainStore::open(folder, who.chain_id, genesis_state, options.chain);
}

Result<void> open_tree(const StorageOptions& options, const Membership& who, Storage& out) {
    auto tree = out.chain->view()->state_tree();
    if (!tree && tree.error().code == Errc::storage_corrupt) {
        spdlog::error("the stored state is damaged and is made again from the journal: {}", tree.error().to_string());
        out.chain.reset();
        PROBATUM_TRY(store::ChainStore::destroy(options.data_dir / "state", options.chain.engine));
        PROBATUM_LET(chain, open_chain(options, who));
        out.chain = std::move(chain);
        tree = out.chain->view()->state_tree();
    }
    if (!tree) {
        return fail(std::move(tree).error());
    }
    out.tree = *std::move(tree);
    return {};
}

Result<void> open_journal(store::Files& files, const StorageOptions& options, const Membership& who, Storage& out) {
    const auto folder = options.data_dir / "journal";
    const store::ChainViewPtr view = out.chain->view();
    auto opened = store::recover(files, folder, who.chain_id, out.chain->tip(), options.journal);
    if (!opened && opened.error().code == Errc::journal_missing) {
        const bool voted = who.may_vote() && is_there(files, options.marker);
        if (voted || view->height().raw() > 0) {
            return fail(Errc::journal_missing, folder.string(),
                        voted ? options.marker.string() + " says that there was one"
                              : "the chain store says that there was one");
        }
        store::Incarnation incarnation{};
        options.random(incarnation);
        PROBATUM_LET(journal, store::Journal::create(files, folder, who.chain_id, incarnation, options.journal));
        out.journal = std::move(journal);
    } else if (!opened) {
        return fail(std::move(opened).error());
    } else {
        out.journal = std::move(opened->journal);
        out.recovered = std::move(opened->recovered);
    }
    if (who.may_vote()) {
        PROBATUM_TRY(check_marker(files, options.marker, out.journal->incarnation()));
    }
    return {};
}

}  // namespace

Result<Storage> open_storage(store::Files& files, const StorageOptions& given, const Membership& who) {
    const StorageOptions options = with_damage_noted(files, given);
    Storage out;
    PROBATUM_TRY(files.make_directory(options.data_dir));
    PROBATUM_TRY(destroy_what_is_damaged(files, options));
    PROBATUM_LET(chain, open_chain(options, who));
    out.chain = std::move(chain);
    PROBATUM_TRY(open_tree(options, who, out));
    PROBATUM_TRY(open_journal(files, options, who, out));
    return out;
}

}  // namespace probatum::node
