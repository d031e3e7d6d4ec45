#pragma once

#include <deque>
#include <functional>

#include "node/driver.h"
#include "solo_chain.h"

/// A driver whose threads, clock and peers the test is: each lane runs when it is told to.
namespace probatum::test {

class HeldLane final : public node::Lane {
public:
    explicit HeldLane(std::size_t queue = 0) : queue_{queue} {}

    using node::Lane::start;
    void start(Beat beat) override { beat_ = std::move(beat); }
    [[nodiscard]] bool try_post(Task task) override {
        if (queue_ != 0 && tasks_.size() >= queue_) {
            return false;
        }
        tasks_.push_back(std::move(task));
        return true;
    }
    void post(Task task) override { tasks_.push_back(std::move(task)); }
    [[nodiscard]] std::size_t waiting() const override { return tasks_.size(); }
    void stop() override { abandon(); }
    void abandon() override { tasks_.clear(); }

    /// All that waits, as one batch.
    void run() {
        while (!tasks_.empty()) {
            const Task task = std::move(tasks_.front());
            tasks_.pop_front();
            task();
        }
        if (beat_.turn && !ended_) {
            ended_ = !beat_.turn();
        }
    }

private:
    std::size_t queue_;
    std::deque<Task> tasks_;
    Beat beat_;
    bool ended_{false};
};

class HeldDriver final : public node::ExecutionPorts {
public:
    struct Sent {
        node::PeerId to{0};
        node::Message message;
    };

    explicit HeldDriver(contracts::Genesis genesis, std::optional<node::SuccessionPlan> plan = {})
        : genesis_{std::move(genesis)},
          genesis_bytes_{std::make_shared<const Bytes>(contracts::encode(genesis_))},
          chain_id_{contracts::chain_id_of(*genesis_bytes_)},
          plan_{std::move(plan)} {
        chain_ =
            ledger::store::ChainStore::open(folder_.path() / "state", chain_id_, contracts::genesis_state(genesis_))
                .value();
        journal_ = ledger::store::Journal::create(files_, folder_.path() / "journal", chain_id_, {}).value();
        auto commits = std::make_unique<HeldLane>();
        commit_ = commits.get();
        committer_ = std::make_unique<node::Committer>(
            *chain_,
            node::FinalView::Parts{
                genesis_bytes_, {chain_->view(), *chain_->view()->state_tree()}, journal_.get(), genesis_.time},
            pool_, waiters_, costs_,
            node::Committer::Ports{[this](Height height) { driver_->on_committed(height); }, [] { return UnixMs{}; },
                                   clock_},
            std::move(commits));
        executor_ = std::make_unique<node::Executor>(pool_, *this, costs_);
    }

    /// As an observer at genesis.
    void start() { start(rules_of_child(*committer_->view()), {chain_id_, Height{0}}, std::nullopt); }
    void start(node::RulesPtr rules, consensus::Root root, std::optional<KeyId> key) {
        node::Driver::Start from;
        from.final = {root.height, root.id};
        from.root = std::move(root);
        driver_ =
            std::make_unique<node::Driver>(node::Driver::Parts{genesis_,
                                                               std::move(rules),
                                                               key,
                                                               key ? &signer_ : nullptr,
                                                               *journal_,
                                                               *committer_,
                                                               *executor_,
                                                               consensus_,
                                                               execution_,
                                                               serving_,
                                                               answers_,
                                                               clock_,
                                                               pool_,
                                                               network_,
                                                               checker_,
                                                               costs_,
                                                               [this](const Error& error) { alarms_.push_back(error); },
                                                               {},
                                                               plan_},
                                           std::move(from));
        driver_->start();
        consensus_.run();
    }

    void connect(node::PeerId peer, Height height) {
        node::Hello hello;
        hello.height = height;
        driver_->on_connected(peer, hello);
        consensus_.run();
    }
    void hear(node::PeerId peer, node::Message message) {
        driver_->on_message(peer, std::move(message));
        consensus_.run();
    }
    /// Execution, and what consensus makes of it.
    void execute() {
        execution_.run();
        consensus_.run();
    }
    void commit() {
        commit_->run();
        consensus_.run();
    }
    /// The questions for ranges that were not looked at yet.
    [[nodiscard]] std::vector<std::pair<node::PeerId, Height>> asked() {
        std::vector<std::pair<node::PeerId, Height>> out;
        for (const Sent& one : std::exchange(network_.sent, {})) {
            if (const auto* fetch = std::get_if<node::FetchRangeMessage>(&one.message)) {
                out.emplace_back(one.to, fetch->from);
            }
        }
        return out;
    }
    [[nodiscard]] Height final_height() const { return driver_->status().final_height; }
    [[nodiscard]] Epoch epoch() const { return driver_->status().consensus.epoch; }

    // ExecutionPorts
    node::CommittedBase committed() const override { return committer_->committed(); }
    const contracts::Genesis& genesis() const override { return genesis_; }
    node::RulesPtr rules_of_child(const ledger::StateView& after) const override {
        return node::make_rules(chain_id_, genesis_.time, contracts::terms_of_child(after, genesis_));
    }
    Result<void> check_signature(const ledger::Transaction&, const ledger::StateView&) override { return {}; }
    void inadmissible(const Digest& transaction, const Error&) override { pool_.drop(transaction); }

    struct Peers final : node::Network {
        bool send(node::PeerId to, const node::Frame& frame, node::Priority) override {
            sent.push_back({to, node::decode_message(ByteView{*frame}.subspan(4)).value()});
            return true;
        }
        void broadcast(const node::Frame&, node::Priority) override {}
        void inform_observers(const node::Frame&) override {}
        void disconnect(node::PeerId peer, std::string why) override { cut.emplace_back(peer, std::move(why)); }
        [[nodiscard]] std::vector<PeerState> peers() const override { return {}; }
        std::vector<Sent> sent;
        std::vector<std::pair<node::PeerId, std::string>> cut;
    };
    struct TestClock final : node::Clock {
        [[nodiscard]] node::Moment now() const override { return moment; }
        [[nodiscard]] UnixMs wall() const override { return UnixMs{1'795'000'200'000}; }
        node::Moment moment{std::chrono::hours{1}};
    };
    /// Signatures are no part of what is tested with this.
    struct BelievingChecker final : ledger::SignatureChecker {
        [[nodiscard]] Result<void> check(const PublicKey&, const Digest&, const Signature&) const override {
            return {};
        }
    };
    struct CarelessSigner final : consensus::VoteSigner {
        [[nodiscard]] Signature sign(const ledger::VoteTarget&, const ledger::Validator&) const override { return {}; }
    };

    TemporaryFolder folder_;
    contracts::Genesis genesis_;
    std::shared_ptr<const Bytes> genesis_bytes_;
    Digest chain_id_;
    std::optional<node::SuccessionPlan> plan_;
    ledger::store::PosixFiles files_;
    std::unique_ptr<ledger::store::ChainStore> chain_;
    std::unique_ptr<ledger::store::Journal> journal_;
    node::Mempool pool_{{}};
    node::Waiters waiters_;
    node::StageCosts costs_{false};
    TestClock clock_;
    BelievingChecker checker_;
    CarelessSigner signer_;
    Peers network_;
    HeldLane consensus_, execution_, answers_{256};
    HeldLane serving_{64};
    HeldLane* commit_{nullptr};
    std::vector<Error> alarms_;
    std::unique_ptr<node::Committer> committer_;
    std::unique_ptr<node::Executor> executor_;
    std::unique_ptr<node::Driver> driver_;
};

}  // namespace probatum::test
