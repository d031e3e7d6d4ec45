#pragma once

#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "consensus/core.h"

namespace probatum::sim {

using consensus::BlockRef;
using consensus::Certificate;
using consensus::ValidatorIndex;
using consensus::Vote;
using consensus::VoteKind;
using consensus::VoteTarget;
using Transaction = std::uint32_t;

/// A block as a simulated node keeps it.
struct SimBlock {
    BlockRef ref;
    std::optional<Certificate> parent_certificate;
    std::set<Transaction> transactions;
    bool valid{true};  ///< What executing it says on every honest node.
};

struct Gossip {
    Transaction transaction;
};
struct ProposalMessage {
    SimBlock block;
    Vote leader_vote;
};
struct VoteMessage {
    Vote vote;
};
struct CertificateMessage {
    Certificate certificate;
};
struct AskViewMessage {
    View view;
};
struct FetchMessage {
    Digest id;
};
struct BlockMessage {
    SimBlock block;
};
struct SyncRequest {
    Height above;
};
struct SyncReply {
    std::vector<SimBlock> blocks;
    std::optional<Certificate> certificate;
};

using Message = std::variant<Gossip, ProposalMessage, VoteMessage, CertificateMessage, AskViewMessage, FetchMessage,
                             BlockMessage, SyncRequest, SyncReply>;

}  // namespace probatum::sim
