#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contracts/epoch_terms.h"
#include "ledger/block.h"

/// What is left when more than f validators are lost for good: the recovery authorities of genesis, as many as their
/// threshold, name the last final block and the validators that go on from it. A succession is no decision of the old
/// set; whoever verifies sees it as what it is. Source: docs/spec/governance.md section 9; docs/adr/0011-succession.md.
/// Threads: pure.
namespace probatum::contracts {

inline constexpr std::string_view kSuccessionContentType = "application/vnd.probatum.succession+cbor";
/// Authorities have no organisation of their own: the issuer that all their statements name.
inline constexpr std::string_view kSuccessionIssuer = "recovery-authority";
inline constexpr std::size_t kMaxSuccessionBytes = ledger::kMaxStatementBytes;
inline constexpr std::size_t kMaxSuccessionFileBytes = 2U << 20U;
inline constexpr std::size_t kMaxReasonBytes = 1024;

struct Succession {
    Digest last;                ///< Block id of the last final block.
    Height height;              ///< Its height,
    Epoch epoch;                ///< and the epoch that cannot go on: that of its children had it not been for this.
    ledger::ValidatorSet next;  ///< Agrees from the epoch after that on.
    std::string reason;         ///< 1..1024 bytes, for those who will judge.
    friend bool operator==(const Succession&, const Succession&) = default;
};
/// [last block, height, epoch, validator set, reason]
[[nodiscard]] Bytes encode(const Succession& succession);
[[nodiscard]] Result<Succession> decode_succession(ByteView bytes);

/// COSE_Sign1 by one authority.
[[nodiscard]] Bytes sign_succession(const SecretKey& authority, const Digest& chain_id, const Succession& succession);

struct Authorities {
    const std::vector<PublicKey>& keys;
    std::uint32_t threshold;
};
/// What the statements say. succession_invalid unless they are exactly as many as the threshold, by distinct
/// authorities in ascending order of their key ids, over one and the same payload, and each signature holds. A chain
/// without authorities has no succession.
[[nodiscard]] Result<Succession> open_succession(const std::vector<Bytes>& statements, const Digest& chain_id,
                                                 const Authorities& authorities);
/// Statements of authorities, in any number and order, as open_succession wants them: the threshold's worth, ascending.
/// succession_invalid where too few of them hold together.
[[nodiscard]] Result<std::vector<Bytes>> join_succession(std::vector<Bytes> statements, const Digest& chain_id,
                                                         const Authorities& authorities);

/// The file that is handed around: [+ statement], as join_succession gave them.
[[nodiscard]] Bytes encode_succession_file(const std::vector<Bytes>& statements);
[[nodiscard]] Result<std::vector<Bytes>> decode_succession_file(ByteView bytes);

/// What a succession writes over the state that the last final block left, before the first block of the next epoch
/// begins: the terms of that epoch (the same but for the validators), the statements, and the keys that retire. Where
/// the last final block closed an epoch, the one that it began has no block and is passed over; what was enacted stays.
/// succession_invalid where it is about another block or epoch; governance_absent. `last` is that block's header.
[[nodiscard]] Result<ledger::StateOverlay::Writes> succeed(const std::vector<Bytes>& statements,
                                                           const ledger::Header& last, const Genesis& genesis,
                                                           const ledger::StateView& state);
/// The statements by which an epoch began; empty where its validators were chosen by those before.
[[nodiscard]] std::vector<Bytes> find_succession(const ledger::StateView& state, Epoch epoch);

}  // namespace probatum::contracts
