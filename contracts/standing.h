#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/key.h"
#include "base/strong_id.h"
#include "ledger/state_view.h"

/// How organisations and members stand now, on a chain that governs itself: who joined, who left, who is frozen.
/// Source: docs/spec/roles.md, section 6; docs/spec/state.md. Threads: pure.
namespace probatum::contracts {

enum class OrganisationStatus : std::uint8_t { active = 1, frozen = 2, left = 3 };
[[nodiscard]] std::string_view name(OrganisationStatus status);  ///< "active"

struct Standing {
    OrganisationStatus status{OrganisationStatus::active};
    Height since;                ///< Zero: genesis.
    std::uint64_t members{0};    ///< That it ever had.
    std::uint64_t governors{0};  ///< Keys that are active and hold role 3.
    friend bool operator==(const Standing&, const Standing&) = default;
};
/// [status, since, members, governors]
[[nodiscard]] Bytes encode(const Standing& standing);
[[nodiscard]] Result<Standing> decode_standing(ByteView bytes);

struct KeyUse {
    KeyId key;
    Height since;
    friend bool operator==(const KeyUse&, const KeyUse&) = default;
};
inline constexpr std::size_t kMaxKeysOfMember = 64;

/// A member over time. Ids are never used again.
struct MemberRecord {
    std::uint64_t number{0};  ///< From 1, in the order in which its organisation took them in.
    std::string name;
    std::vector<KeyUse> keys;  ///< In the order of their use; the last one is the present one.
    Height removed{};          ///< Zero while the member is there.
    friend bool operator==(const MemberRecord&, const MemberRecord&) = default;
};
/// [number, name, [+ [key id, since]], removed]
[[nodiscard]] Bytes encode(const MemberRecord& member);
[[nodiscard]] Result<MemberRecord> decode_member_record(ByteView bytes);

/// What a freeze holds still.
struct FreezeSubject {
    enum class Kind : std::uint8_t { organisation = 1, key = 2, contract = 3 };
    Kind kind{Kind::organisation};
    std::string organisation{};  ///< Of kind organisation.
    Digest id{};                 ///< Of the others: key id or contract id.
    friend bool operator==(const FreezeSubject&, const FreezeSubject&) = default;
};
[[nodiscard]] std::string_view name(FreezeSubject::Kind kind);  ///< "organisation"

/// The state value while something is frozen: the proposal that did it, and when.
struct FreezeRecord {
    Digest proposal;
    Height height;
    friend bool operator==(const FreezeRecord&, const FreezeRecord&) = default;
};
[[nodiscard]] Bytes encode(const FreezeRecord& record);
[[nodiscard]] Result<FreezeRecord> decode_freeze_record(ByteView bytes);

/// Nothing on a chain without governance, and for an organisation that never was.
[[nodiscard]] std::optional<Standing> find_standing(const ledger::StateView& state, std::string_view organisation);
/// Active where nothing stands.
[[nodiscard]] OrganisationStatus organisation_status(const ledger::StateView& state, std::string_view organisation);
[[nodiscard]] std::optional<MemberRecord> find_member(const ledger::StateView& state, std::string_view organisation,
                                                      std::string_view member);
[[nodiscard]] std::optional<std::string> find_member_id(const ledger::StateView& state, std::string_view organisation,
                                                        std::uint64_t number);
[[nodiscard]] std::uint64_t organisation_count(const ledger::StateView& state);
[[nodiscard]] std::optional<std::string> find_organisation_id(const ledger::StateView& state, std::uint64_t number);
[[nodiscard]] std::optional<FreezeRecord> find_freeze(const ledger::StateView& state, const FreezeSubject& subject);

}  // namespace probatum::contracts
