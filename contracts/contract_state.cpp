#include "contracts/contract_state.h"

#include <algorithm>
#include <array>

#include "contracts/codec.h"

namespace probatum::contracts {
namespace {

constexpr std::array<std::string_view, 3> kPhaseNames{"registered", "active", "settled"};

/// In the order of KindBook.
constexpr std::array<KindBook (*)(cbor::Reader&), std::variant_size_v<KindBook>> kReaders{
    [](cbor::Reader& in) { return KindBook{read_loan_book(in)}; },
    [](cbor::Reader& in) { return KindBook{read_receivable_book(in)}; },
    [](cbor::Reader& in) { return KindBook{read_voucher_book(in)}; },
};

KindBook read_book(cbor::Reader& in) {
    in.field("book").array_of(2);
    const std::uint64_t kind = in.field("kind").uint_at_most(kReaders.size());
    if (kind == 0) {
        in.refuse(Errc::malformed, "numbers begin at one");
        return {};
    }
    KindBook out = kReaders.at(kind - 1)(in);
    in.leave();
    return out;
}

}  // namespace

std::string_view name(Phase phase) { return kPhaseNames.at(static_cast<std::size_t>(phase) - 1); }

bool ContractState::signed_by(std::string_view organisation) const {
    return std::ranges::find(signatures, organisation, &Mark::organisation) != signatures.end();
}

Bytes encode(const ContractState& state) {
    cbor::Writer out{384};
    out.array(10).digest(state.terms).uint(state.terms_version);
    out.uint(static_cast<std::uint64_t>(state.phase)).uint(state.events);
    codec::write_mark(out, state.registrar);
    out.array(state.signatures.size());
    for (const Mark& mark : state.signatures) {
        codec::write_mark(out, mark);
    }
    codec::write_optional_mark(out, state.maker);
    codec::write_optional_mark(out, state.checker);
    out.uint(state.records).array(2).uint(state.book.index() + 1);
    std::visit([&](const auto& book) { write(out, book); }, state.book);
    return out.take();
}

Result<ContractState> decode_contract_state(ByteView bytes) {
    cbor::Reader in{bytes};
    ContractState out;
    in.array_of(10);
    out.terms = in.field("terms").digest();
    out.terms_version = in.field("terms_version").uint();
    out.phase = codec::read_enum(in, "phase", Phase::settled);
    out.events = in.field("events").uint();
    out.registrar = codec::read_mark(in.field("registrar"), "registrar");
    const std::size_t signatures = codec::read_count(in, "signatures", kMaxParties);
    for (std::size_t i = 0; i < signatures && !in.failed(); ++i) {
        out.signatures.push_back(codec::read_mark(in, "signatures"));
    }
    in.leave();
    out.maker = codec::read_optional_mark(in, "maker");
    out.checker = codec::read_optional_mark(in, "checker");
    out.records = in.field("records").uint();
    out.book = read_book(in);
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

}  // namespace probatum::contracts
