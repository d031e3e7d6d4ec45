#pragma once

#include <functional>
#include <memory>

#include "node/config.h"
#include "node/service.h"

namespace probatum::node {

/// One running node: everything in this folder, wired together. docs/spec/node.md draws the threads and queues.
/// Threads: the Service functions may be called from any thread between start() and stop(); open, start, stop, abandon
/// from one.
class Node final : public Service {
public:
    /// Called once, from some thread, when this node can no longer be trusted to go on (a refused block that a quorum
    /// certified, a disk that refused, damage). The process is to end with a failure.
    using AlarmHandler = std::function<void(const Error&)>;

    /// Reads, checks and recovers everything; executes again what is final in the journal and not in the database.
    /// Errors: those of startup.h.
    [[nodiscard]] static Result<std::unique_ptr<Node>> open(Config config, AlarmHandler on_alarm = {});
    ~Node() override;

    /// Listens, dials, votes. Returns the peers' port. preflight_failed: address in use.
    [[nodiscard]] Result<std::uint16_t> start();
    /// Takes nothing new, finishes what is under way, closes the disk. Waiting clients are answered not_ready.
    void stop();
    /// Stops as a crash would: nothing is flushed that is not flushed already. For tests.
    void abandon();

    void submit(Bytes wire, std::function<void(Result<Submitted>)> done) override;
    void await_final(const Digest& transaction, std::chrono::milliseconds timeout,
                     std::function<void(Result<Receipt>)> done) override;
    [[nodiscard]] Result<Receipt> receipt(const Digest& transaction) const override;
    [[nodiscard]] ledger::TransactionPtr pending(const Digest& transaction) const override;
    [[nodiscard]] std::shared_ptr<const evidence::Source> view() const override;
    [[nodiscard]] const contracts::Genesis& genesis() const override;
    [[nodiscard]] Digest chain_id() const override;
    [[nodiscard]] Status status() const override;
    [[nodiscard]] UnixMs now() const override;
    void random(std::span<std::uint8_t> out) override;

private:
    class Impl;
    explicit Node(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace probatum::node
