#include "node/protocol.h"

#include "base/cbor.h"

namespace probatum::node {

namespace {

enum class Tag : std::uint64_t {
    hello = 0,
    proposal = 1,
    vote = 2,
    certificate = 3,
    transactions = 4,
    ask_view = 5,
    fetch_block = 6,
    block = 7,
    fetch_transactions = 8,
    block_transactions = 9,
    fetch_range = 10,
    range = 11,
    status = 12,
};

cbor::Writer& begin(cbor::Writer& out, Tag tag, std::uint64_t fields) {
    return out.array(fields + 1).uint(static_cast<std::uint64_t>(tag));
}

void put(cbor::Writer& out, const std::optional<ledger::Certificate>& certificate) {
    if (certificate) {
        out.raw(ledger::encode(*certificate));
    } else {
        out.null();
    }
}

struct Encoder {
    cbor::Writer& out;

    void operator()(const Hello& m) const {
        begin(out, Tag::hello, 6).uint(m.version).digest(m.chain_id);
        if (m.identity) {
            out.digest(m.identity->digest);
        } else {
            out.null();
        }
        out.uint(m.height.raw()).uint(m.clock.raw()).bytes(m.binding);
    }
    void operator()(const Proposal& m) const {
        begin(out, Tag::proposal, 4).raw(ledger::encode(m.header));
        put(out, m.parent_certificate);
        out.array(m.transactions.size());
        for (const Digest& id : m.transactions) {
            out.digest(id);
        }
        out.raw(ledger::encode(m.vote));
    }
    void operator()(const VoteMessage& m) const { begin(out, Tag::vote, 1).raw(ledger::encode(m.vote)); }
    void operator()(const CertificateMessage& m) const {
        begin(out, Tag::certificate, 1).raw(ledger::encode(m.certificate));
    }
    void operator()(const TransactionsMessage& m) const {
        begin(out, Tag::transactions, 1).array(m.transactions.size());
        for (const Gossiped& one : m.transactions) {
            out.array(2).digest(one.id).bytes(one.wire);
        }
    }
    void operator()(const AskViewMessage& m) const {
        begin(out, Tag::ask_view, 2).uint(m.epoch.raw()).uint(m.view.raw());
    }
    void operator()(const FetchBlockMessage& m) const { begin(out, Tag::fetch_block, 1).digest(m.id); }
    void operator()(const BlockMessage& m) const { begin(out, Tag::block, 1).bytes(m.block); }
    void operator()(const FetchTransactionsMessage& m) const {
        begin(out, Tag::fetch_transactions, 2).digest(m.block).array(m.positions.size());
        for (const std::uint32_t position : m.positions) {
            out.uint(position);
        }
    }
    void operator()(const BlockTransactionsMessage& m) const {
        begin(out, Tag::block_transactions, 2).digest(m.block).array(m.wires.size());
        for (const Bytes& wire : m.wires) {
            out.bytes(wire);
        }
    }
    void operator()(const FetchRangeMessage& m) const { begin(out, Tag::fetch_range, 1).uint(m.from.raw()); }
    void operator()(const RangeMessage& m) const {
        begin(out, Tag::range, 3).uint(m.from.raw()).array(m.blocks.size());
        for (const Bytes& block : m.blocks) {
            out.bytes(block);
        }
        if (m.finality) {
            out.raw(ledger::encode(ledger::FinalityProof{*m.finality, m.path}));
        } else {
            out.null();
        }
    }
    void operator()(const StatusMessage& m) const {
        begin(out, Tag::status, 3).uint(m.height.raw()).uint(m.view.raw()).uint(m.clock.raw());
    }
};

/// Reads an item that another folder decodes; its refusal becomes the message's.
template <class Decode>
auto item(cbor::Reader& in, Decode decode) {
    using Value = typename std::invoke_result_t<Decode, ByteView>::value_type;
    const ByteView bytes = in.raw_item();
    if (in.failed()) {
        return Value{};
    }
    auto value = decode(bytes);
    if (!value) {
        in.refuse(std::move(value).error());
        return Value{};
    }
    return *std::move(value);
}

ledger::Vote vote_item(cbor::Reader& in) { return item(in, ledger::decode_vote); }
ledger::Certificate certificate_item(cbor::Reader& in) { return item(in, ledger::decode_certificate); }

std::optional<ledger::Certificate> optional_certificate(cbor::Reader& in) {
    if (in.take_null()) {
        return std::nullopt;
    }
    return certificate_item(in);
}

/// Opens a list of at most `maximum` elements.
std::uint64_t list(cbor::Reader& in, std::size_t maximum) {
    const std::uint64_t count = in.array();
    if (count > maximum) {
        in.refuse(Errc::too_large, "more elements than a message may hold");
        return 0;
    }
    return count;
}

std::vector<Bytes> byte_strings(cbor::Reader& in, std::size_t maximum) {
    std::vector<Bytes> out;
    for (std::uint64_t left = list(in, maximum); left > 0 && !in.failed(); --left) {
        out.push_back(to_bytes(in.bytes()));
    }
    in.leave();
    return out;
}

Hello read_hello(cbor::Reader& in) {
    Hello out;
    out.version = in.field("version").uint();
    out.chain_id = in.field("chain_id").digest();
    in.field("identity");
    if (!in.take_null()) {
        out.identity = KeyId{in.digest()};
    }
    out.height = Height{in.field("height").uint()};
    out.clock = UnixMs{in.field("clock").uint()};
    out.binding = to_bytes(in.field("binding").bytes());
    return out;
}

Proposal read_proposal(cbor::Reader& in) {
    Proposal out;
    in.field("header");
    out.header = item(in, ledger::decode_header);
    in.field("parent_certificate");
    out.parent_certificate = optional_certificate(in);
    in.field("transactions");
    for (std::uint64_t left = list(in, ledger::kMaxBlockTransactions); left > 0 && !in.failed(); --left) {
        out.transactions.push_back(in.digest());
    }
    in.leave();
    in.field("vote");
    out.vote = vote_item(in);
    return out;
}

TransactionsMessage read_transactions(cbor::Reader& in) {
    TransactionsMessage out;
    for (std::uint64_t left = list(in, kMaxGossipTransactions); left > 0 && !in.failed(); --left) {
        in.array_of(2);
        const Digest id = in.digest();
        const ByteView wire = in.bytes();
        if (wire.size() > ledger::kMaxTransactionBytes) {
            in.refuse(Errc::too_large, "a transaction");
        }
        in.leave();
        out.transactions.push_back({id, to_bytes(wire)});
    }
    in.leave();
    return out;
}

FetchTransactionsMessage read_fetch_transactions(cbor::Reader& in) {
    FetchTransactionsMessage out;
    out.block = in.field("block").digest();
    in.field("positions");
    for (std::uint64_t left = list(in, ledger::kMaxBlockTransactions); left > 0 && !in.failed(); --left) {
        const auto position = static_cast<std::uint32_t>(in.uint_at_most(ledger::kMaxBlockTransactions - 1));
        if (!out.positions.empty() && position <= out.positions.back()) {
            in.refuse(Errc::malformed, "positions ascend");
        }
        out.positions.push_back(position);
    }
    in.leave();
    return out;
}

RangeMessage read_range(cbor::Reader& in) {
    RangeMessage out;
    out.from = Height{in.field("from").uint()};
    in.field("blocks");
    out.blocks = byte_strings(in, kMaxRangeBlocks);
    in.field("finality");
    if (!in.take_null()) {
        ledger::FinalityProof proof = item(in, ledger::decode_finality_proof);
        out.finality = std::move(proof.certificate);
        out.path = std::move(proof.path);
    }
    if (out.finality.has_value() == out.blocks.empty()) {
        in.refuse(Errc::malformed, "a finality proof comes exactly with blocks");
    }
    return out;
}

StatusMessage read_status(cbor::Reader& in) {
    StatusMessage out;
    out.height = Height{in.field("height").uint()};
    out.view = View{in.field("view").uint()};
    out.clock = UnixMs{in.field("clock").uint()};
    return out;
}

AskViewMessage read_ask_view(cbor::Reader& in) {
    const Epoch epoch{in.field("epoch").uint()};
    return {epoch, View{in.field("view").uint()}};
}

BlockTransactionsMessage read_block_transactions(cbor::Reader& in) {
    BlockTransactionsMessage out;
    out.block = in.field("block").digest();
    in.field("wires");
    out.wires = byte_strings(in, ledger::kMaxBlockTransactions);
    return out;
}

struct Sizer {
    static constexpr std::size_t kRest = 512;

    static std::size_t of(const std::vector<Bytes>& strings) {
        std::size_t out = 0;
        for (const Bytes& one : strings) {
            out += one.size() + sizeof(Bytes);
        }
        return out;
    }
    static std::size_t of(const ledger::Certificate& certificate) {
        return certificate.signers.size() * sizeof(ledger::Certificate::Signer);
    }

    std::size_t operator()(const Proposal& m) const {
        return m.transactions.size() * sizeof(Digest) + (m.parent_certificate ? of(*m.parent_certificate) : 0);
    }
    std::size_t operator()(const CertificateMessage& m) const { return of(m.certificate); }
    std::size_t operator()(const TransactionsMessage& m) const {
        std::size_t out = m.transactions.size() * sizeof(Gossiped);
        for (const Gossiped& one : m.transactions) {
            out += one.wire.size();
        }
        return out;
    }
    std::size_t operator()(const BlockMessage& m) const { return m.block.size(); }
    std::size_t operator()(const FetchTransactionsMessage& m) const {
        return m.positions.size() * sizeof(std::uint32_t);
    }
    std::size_t operator()(const BlockTransactionsMessage& m) const { return of(m.wires); }
    std::size_t operator()(const RangeMessage& m) const {
        return of(m.blocks) + m.path.size() * sizeof(ledger::Header) + (m.finality ? of(*m.finality) : 0);
    }
    template <class Small>
    std::size_t operator()(const Small&) const {
        return 0;
    }
};

/// Number of fields behind the tag.
constexpr std::uint64_t kFields[] = {6, 4, 1, 1, 1, 2, 1, 1, 2, 2, 1, 3, 3};

Message read_body(cbor::Reader& in, Tag tag) {
    switch (tag) {
        case Tag::hello:
            return read_hello(in);
        case Tag::proposal:
            return read_proposal(in);
        case Tag::vote:
            return VoteMessage{vote_item(in)};
        case Tag::certificate:
            return CertificateMessage{certificate_item(in)};
        case Tag::transactions:
            return read_transactions(in);
        case Tag::ask_view:
            return read_ask_view(in);
        case Tag::fetch_block:
            return FetchBlockMessage{in.digest()};
        case Tag::block:
            return BlockMessage{to_bytes(in.bytes())};
        case Tag::fetch_transactions:
            return read_fetch_transactions(in);
        case Tag::block_transactions:
            return read_block_transactions(in);
        case Tag::fetch_range:
            return FetchRangeMessage{Height{in.uint()}};
        case Tag::range:
            return read_range(in);
        case Tag::status:
            return read_status(in);
    }
    return StatusMessage{};
}

Frame framed(Bytes body) {
    const auto size = static_cast<std::uint32_t>(body.size());
    auto out = std::make_shared<Bytes>();
    out->reserve(body.size() + 4);
    for (int shift = 24; shift >= 0; shift -= 8) {
        out->push_back(static_cast<std::uint8_t>(size >> static_cast<unsigned>(shift)));
    }
    out->insert(out->end(), body.begin(), body.end());
    return out;
}

}  // namespace

Bytes encode(const Message& message) {
    cbor::Writer out;
    std::visit(Encoder{out}, message);
    return out.take();
}

std::size_t size_of(const Message& message) { return Sizer::kRest + std::visit(Sizer{}, message); }

Result<Message> decode_message(ByteView bytes) {
    if (bytes.size() > kMaxMessageBytes) {
        return fail(Errc::too_large, "message");
    }
    cbor::Reader in{bytes};
    const std::uint64_t count = in.field("message").array();
    const std::uint64_t tag = in.uint_at_most(std::size(kFields) - 1);
    PROBATUM_TRY(in.status());
    if (count != kFields[tag] + 1) {
        return fail(Errc::malformed, "message", "a wrong number of fields");
    }
    Message out = read_body(in, static_cast<Tag>(tag));
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

Frame make_frame(const Message& message) { return framed(encode(message)); }

Frame make_gossip_frame(const std::vector<ledger::TransactionPtr>& transactions) {
    std::size_t bytes = 16;
    for (const auto& one : transactions) {
        bytes += one->wire().size() + 48;
    }
    cbor::Writer out{bytes};
    begin(out, Tag::transactions, 1).array(transactions.size());
    for (const auto& one : transactions) {
        out.array(2).digest(one->id()).bytes(one->wire());
    }
    return framed(out.take());
}

Proposal proposal_of(const ledger::Block& block, const ledger::Vote& vote) {
    Proposal out{block.header, block.parent_certificate, {}, vote};
    out.transactions.reserve(block.transactions.size());
    for (const auto& one : block.transactions) {
        out.transactions.push_back(one->id());
    }
    return out;
}

}  // namespace probatum::node
