#include "contracts/succession.h"

#include <algorithm>

#include "base/check.h"
#include "base/cose.h"
#include "contracts/codec.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {
namespace {

tl::unexpected<Error> invalid(std::string field, std::string why = {}) {
    return fail(Errc::succession_invalid, std::move(field), std::move(why));
}

cose::ProtectedHeader header_of(const KeyId& authority, const Digest& chain_id) {
    return {std::string{kSuccessionContentType}, authority, chain_id, std::string{kSuccessionIssuer}};
}

/// The authority that a statement is by, if it is by one and its signature holds.
const PublicKey* author_of(ByteView bytes, const Digest& chain_id, const Authorities& authorities) {
    const Result<cose::Statement> statement = cose::decode(bytes);
    if (!statement) {
        return nullptr;
    }
    const auto author = std::ranges::find_if(
        authorities.keys, [&](const PublicKey& key) { return statement->header == header_of(key.id(), chain_id); });
    return author != authorities.keys.end() && statement->verify(*author) ? &*author : nullptr;
}

}  // namespace

Bytes encode(const Succession& succession) {
    cbor::Writer out{256};
    out.array(5).digest(succession.last).uint(succession.height.raw()).uint(succession.epoch.raw());
    out.raw(succession.next.encode()).text(succession.reason);
    return out.take();
}

Result<Succession> decode_succession(ByteView bytes) {
    cbor::Reader in{bytes};
    in.field("succession").array_of(5);
    const Digest last = in.field("last").digest();
    const Height height{in.field("height").uint()};
    const Epoch epoch{in.field("epoch").uint()};
    const ByteView set_bytes = in.field("next").raw_item();
    std::string reason = codec::read_text(in, {"reason", kMaxReasonBytes});
    in.leave();
    PROBATUM_TRY(in.finish());
    PROBATUM_LET(next, ledger::ValidatorSet::decode(set_bytes));
    return Succession{last, height, epoch, std::move(next), std::move(reason)};
}

Bytes sign_succession(const SecretKey& authority, const Digest& chain_id, const Succession& succession) {
    return cose::sign(authority, header_of(authority.public_key().id(), chain_id), encode(succession));
}

Result<Succession> open_succession(const std::vector<Bytes>& statements, const Digest& chain_id,
                                   const Authorities& authorities) {
    if (authorities.threshold == 0 || statements.size() != authorities.threshold) {
        return invalid("statements", "exactly as many as the threshold of genesis");
    }
    std::optional<KeyId> previous;
    std::optional<ByteView> payload;
    for (const Bytes& bytes : statements) {
        const PublicKey* const author = author_of(bytes, chain_id, authorities);
        if (author == nullptr) {
            return invalid("statements.signature", "not by a recovery authority of genesis");
        }
        if (previous && author->id() <= *previous) {
            return invalid("statements.key_id", "distinct and ascending");
        }
        previous = author->id();
        // It decoded above; the view points into the statement's own bytes.
        const ByteView said = cose::decode(bytes)->payload;
        if (payload && !std::ranges::equal(*payload, said)) {
            return invalid("statements.payload", "the authorities say different things");
        }
        payload = said;
    }
    Result<Succession> out = decode_succession(*payload);
    if (!out) {
        return invalid("statements.payload", out.error().to_string());
    }
    return out;
}

Result<std::vector<Bytes>> join_succession(std::vector<Bytes> statements, const Digest& chain_id,
                                           const Authorities& authorities) {
    std::vector<std::pair<KeyId, Bytes>> held;
    for (Bytes& bytes : statements) {
        if (const PublicKey* const author = author_of(bytes, chain_id, authorities)) {
            held.emplace_back(author->id(), std::move(bytes));
        }
    }
    std::ranges::sort(held);
    const auto rest = std::ranges::unique(held, {}, &std::pair<KeyId, Bytes>::first);
    held.erase(rest.begin(), rest.end());
    std::vector<Bytes> out;
    for (auto& [key, bytes] : held) {
        if (out.size() < authorities.threshold) {
            out.push_back(std::move(bytes));
        }
    }
    PROBATUM_TRY(open_succession(out, chain_id, authorities));
    return out;
}

Bytes encode_succession_file(const std::vector<Bytes>& statements) {
    cbor::Writer out;
    out.array(statements.size());
    for (const Bytes& statement : statements) {
        out.bytes(statement);
    }
    return out.take();
}

Result<std::vector<Bytes>> decode_succession_file(ByteView bytes) {
    std::vector<Bytes> out;
    cbor::Reader in{bytes};
    const std::size_t count = codec::read_count(in, "succession", ledger::kMaxSuccessionStatements);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        const ByteView statement = in.bytes();
        if (statement.size() > kMaxSuccessionBytes) {
            in.refuse(Errc::too_large, "a statement");
        }
        out.push_back(to_bytes(statement));
    }
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

Result<ledger::StateOverlay::Writes> succeed(const std::vector<Bytes>& statements, const ledger::Header& last,
                                             const Genesis& genesis, const ledger::StateView& state) {
    if (!genesis.governance) {
        return fail(Errc::governance_absent, "genesis");
    }
    PROBATUM_LET(
        said, open_succession(statements, last.chain_id, {genesis.recovery_authorities, genesis.recovery_threshold}));
    const EpochTerms before = terms_of_child(state, genesis);
    if (said.last != ledger::id_of(last) || said.height != last.height || said.epoch != before.epoch) {
        return invalid("last", "about another block");
    }
    for (const ledger::Validator& validator : said.next.all()) {
        if (state.get(state_keys::retired_key(validator.key.id()))) {
            return fail(Errc::key_retired, "next");
        }
    }
    EpochTerms terms = before;
    terms.epoch = before.epoch.next();
    terms.first = last.height.next();
    terms.proposal.reset();
    terms.validators = said.next;
    ledger::StateOverlay::Writes writes;
    writes[state_keys::epoch(terms.epoch)] = encode(terms);
    writes[state_keys::succession(terms.epoch)] = encode_succession_file(statements);
    for (const ledger::Validator& validator : before.validators.all()) {
        if (!said.next.index_of(validator.key.id())) {
            cbor::Writer epoch{9};
            epoch.uint(terms.epoch.raw());
            writes[state_keys::retired_key(validator.key.id())] = epoch.take();
        }
    }
    return writes;
}

std::vector<Bytes> find_succession(const ledger::StateView& state, Epoch epoch) {
    const std::optional<Bytes> value = state.get(state_keys::succession(epoch));
    if (!value) {
        return {};
    }
    Result<std::vector<Bytes>> out = decode_succession_file(*value);
    PROBATUM_CHECK(out.has_value(), "the state holds only what we wrote");
    return *std::move(out);
}

}  // namespace probatum::contracts
