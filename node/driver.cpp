#include "node/driver.h"

#include <spdlog/spdlog.h>

#include "base/text_encoding.h"

namespace probatum::node {

namespace {
constexpr auto kHousekeeping = std::chrono::milliseconds{1000};
constexpr auto kPublication = std::chrono::milliseconds{20};
constexpr std::size_t kRegossip = 512;
constexpr std::size_t kRegossipBytes = 1U << 20U;
constexpr unsigned kStillTooLong = 3;
}  // namespace

Driver::Driver(Parts parts, Start start)
    : parts_{std::move(parts)},
      rules_{parts_.rules},
      directory_{parts_.genesis.validator_set()},
      own_{parts_.key ? rules_->validators.index_of(*parts_.key) : std::nullopt},
      from_journal_{std::move(start.restored)},
      restored_from_{start.scan_from},
      restored_until_{rules_->epoch},
      opened_by_{start.root.closing},
      core_{make_core(std::move(start.root), from_journal_)},
      proposals_{parts_.pool},
      signed_votes_{std::move(start.signed_votes)},
      final_{start.final},
      committed_{start.final.height} {
    for (const ledger::Vote& vote : from_journal_.own_votes) {
        restored_until_ = std::max(restored_until_, vote.target.epoch);
    }
    for (const ledger::Certificate& certificate : from_journal_.certificates) {
        restored_until_ = std::max(restored_until_, certificate.target.epoch);
    }
    for (BlockTable::Held& held : start.blocks) {
        blocks_.put(held.block).position = held.position;
    }
    published_height_ = committed_.raw();
    enter_set();
    publish_status();
    post_own([this] { begin(); });
}

void Driver::start() {
    parts_.lane.start({[this] { return turn(); }, [this] { return next_wake(); }});
}

void Driver::stop(bool orderly) {
    parts_.lane.abandon();
    if (dirty_ && orderly) {
        sync_journal();
    }
}

void Driver::begin() {
    next_housekeeping_ = parts_.clock.now() + kHousekeeping;
    parts_.network.know(directory_.all());
    // First, so that nothing more is said in an epoch that cannot go on.
    consider_succession();
    if (!next_epoch_) {
        step(consensus::Started{});
    }
    carry_out();
    tell_work();
}

/// What arrived together is answered together: the journal is synced once for all of it.
bool Driver::turn() {
    if (stopped_by_alarm_) {
        return false;
    }
    fire_due();
    carry_out();
    publish_if_changed();
    return !stopped_by_alarm_;
}

Moment Driver::next_wake() const {
    const Moment now = parts_.clock.now();
    Moment out = next_housekeeping_;
    for (const auto& timer : timers_) {
        if (timer) {
            out = std::min(out, timer->due);
        }
    }
    if (build_) {
        out = std::min(out, std::max(build_->due, now + std::chrono::milliseconds{1}));
    }
    if (!untimely_.empty()) {
        out = std::min(out, now + std::chrono::milliseconds{20});
    }
    return out;
}

void Driver::fire_due() {
    const auto now = parts_.clock.now();
    for (auto& timer : timers_) {
        if (timer && timer->due <= now) {
            const std::uint64_t id = timer->id;
            timer.reset();
            step(consensus::TimerFired{id});
        }
    }
    tell_timely();
    build_if_due();
    if (next_housekeeping_ <= now) {
        next_housekeeping_ = now + kHousekeeping;
        housekeep();
    }
}

void Driver::housekeep() {
    const StatusMessage message{committed_, view_, parts_.clock.wall()};  // what can be served
    const Frame frame = make_frame(message);
    parts_.network.broadcast(frame, Priority::urgent);
    parts_.network.inform_observers(frame);
    // Nothing became final for a while: what waits here may be missing elsewhere.
    if (own_ && housekeeping_height_ == final_.height) {
        if (const auto waiting = parts_.pool.oldest(kRegossip, kRegossipBytes); !waiting.empty()) {
            parts_.network.broadcast(make_gossip_frame(waiting), Priority::bulk);
        }
    }
    // Content that nothing goes on for, while others have gone on: whatever was missed, a range brings it.
    still_for_ = housekeeping_height_ == final_.height ? still_for_ + 1 : 0;
    if (still_for_ >= kStillTooLong) {
        claimed_height_ = std::max(claimed_height_, honest_claim());
    }
    housekeeping_height_ = final_.height;
    std::erase_if(fetching_,
                  [now = parts_.clock.now()](const auto& item) { return item.second + std::chrono::seconds{2} < now; });
    resume_checks();
    parts_.journal.look_again();
    tell_work();
    seek_range();
}

void Driver::publish_if_changed() {
    const auto now = parts_.clock.now();
    const bool changed = status_view_ != view_ || status_.final_height != final_.height || status_.behind != behind();
    if (changed || now >= next_publication_) {
        publish_status();
    }
}

void Driver::publish_status() {
    status_view_ = view_;
    next_publication_ = parts_.clock.now() + kPublication;
    const std::lock_guard lock{status_mutex_};
    status_.consensus = core_.status();
    status_.final_height = final_.height;
    status_.final_block = final_.id;
    status_.behind = behind();
    status_.peers = peers_;
    status_.clock_offsets_ms = clock_offsets_ms_;
    status_.rules = rules_;
    status_.own = own_;
    status_.members = directory_.members();
    status_.misbehaviour = misbehaviour_;
}

RulesPtr Driver::rules() const {
    const std::lock_guard lock{status_mutex_};
    return status_.rules;
}

DriverStatus Driver::status() const {
    const std::lock_guard lock{status_mutex_};
    return status_;
}

void Driver::raise(Error error) {
    stopped_by_alarm_ = true;
    effects_.clear();
    parts_.alarm(error);
}

void Driver::on_message(PeerId from, Message message) {
    const bool range = std::holds_alternative<RangeMessage>(message);
    const std::size_t bytes = range ? 0 : size_of(message);
    PeerId asked = from;
    // A range is larger than all else, and there is one question at a time: what was not asked for does not wait here.
    if (range && !range_expected_.compare_exchange_strong(asked, kNoPeer)) {
        const std::lock_guard lock{range_mutex_};
        if (range_given_up_.erase(from) > 0) {
            range_came_late_ = true;
        }
        return;
    }
    if (!budget_.take(from, bytes)) {
        return;
    }
    auto shared = std::make_shared<Message>(std::move(message));
    const bool posted = parts_.lane.try_post([this, from, bytes, shared] {
        handle(from, *shared);
        budget_.give_back(from, bytes);
    });
    if (!posted) {
        budget_.give_back(from, bytes);
    }
}

void Driver::on_connected(PeerId peer, const Hello& hello) {
    post_own([this, peer, height = hello.height, clock = hello.clock] {
        handle_status(peer, {height, View{}, clock});
        if (!own_ || peer >= kFirstSource) {
            return;
        }
        step(consensus::PeerConnected{directory_.index_of(peer)});
        if (const auto waiting = parts_.pool.oldest(kRegossip, kRegossipBytes); !waiting.empty()) {
            parts_.network.send(peer, make_gossip_frame(waiting), Priority::bulk);
        }
    });
}

void Driver::on_disconnected(PeerId peer) {
    post_own([this, peer] {
        peers_.erase(peer);
        clock_offsets_ms_.erase(peer);
        told_end_.erase(peer);
        step(consensus::PeerDisconnected{directory_.index_of(peer)});
        if (range_asked_ && range_asked_->peer == peer) {
            range_asked_.reset();
        }
    });
}

void Driver::on_committed(Height height) {
    post_own([this, height] {
        committed_ = height;
        published_height_ = height.raw();
        blocks_.prune(height, View{});
        consider_succession();
        resume_checks();
        seek_range();
        if (height == final_.height) {
            parts_.network.inform_observers(make_frame(StatusMessage{committed_, view_, parts_.clock.wall()}));
        }
        tell_work();
    });
}

void Driver::on_pool_grew() {
    if (pool_signal_.exchange(true)) {
        return;
    }
    post_own([this] {
        pool_signal_ = false;
        tell_work();
    });
}

}  // namespace probatum::node
