#include "contracts/contract_head.h"

#include "base/cbor.h"

namespace probatum::contracts {
namespace {

void write_log(cbor::Writer& out, const SubjectLog& log) {
    out.array(2).raw(ledger::log::encode(log.frontier)).digest(log.last);
}

SubjectLog read_log(cbor::Reader& in, std::string_view field) {
    SubjectLog out;
    in.field(field).array_of(2);
    const ByteView item = in.raw_item();
    out.last = in.digest();
    in.leave();
    if (in.failed()) {
        return out;
    }
    Result<ledger::log::Frontier> frontier = ledger::log::decode_frontier(item);
    if (!frontier) {
        in.refuse(frontier.error());
        return out;
    }
    out.frontier = *std::move(frontier);
    if (out.last.is_zero() != (out.frontier.size == 0)) {
        in.refuse(Errc::malformed, "a log has a last leaf exactly when it is not empty");
    }
    return out;
}

}  // namespace

Bytes encode(const ContractHead& head) {
    cbor::Writer out{256};
    out.array(3).digest(head.state);
    write_log(out, head.events);
    write_log(out, head.refusals);
    return out.take();
}

Result<ContractHead> decode_contract_head(ByteView bytes) {
    cbor::Reader in{bytes};
    ContractHead out;
    in.array_of(3);
    out.state = in.field("state").digest();
    out.events = read_log(in, "events");
    out.refusals = read_log(in, "refusals");
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

}  // namespace probatum::contracts
