#pragma once

#include <string>
#include <vector>

#include "base/sealed_box.h"
#include "contracts/financed_item.h"
#include "contracts/financing_actions.h"

/// The lenders' secret on its way from who made it to the others, and what a court is shown of one item. Files; none of
/// it goes to a node. Formats: docs/formats.cddl `lenders-boxes`, `shown-item`.
namespace probatum::tools {

struct LenderBox {
    std::string organisation;
    PublicKey recipient;  ///< A registered key of the organisation.
    Bytes box;            ///< The secret, sealed to it.
};

struct LendersBoxes {
    PublicKey key;
    std::vector<LenderBox> boxes;  ///< Ascending by organisation.
};

[[nodiscard]] Bytes encode(const LendersBoxes& boxes);
[[nodiscard]] Result<LendersBoxes> decode_lenders_boxes(ByteView bytes);

struct Recipient {
    std::string organisation;
    PublicKey key;
};
/// Randomness is the caller's: `ephemeral` gives a fresh key for each box.
template <class Fresh>
[[nodiscard]] LendersBoxes seal_secret(const SecretKey& secret, const std::vector<Recipient>& recipients,
                                       Fresh ephemeral);
[[nodiscard]] Bytes seal_one(const SecretKey& secret, const Recipient& recipient, const SecretKey& ephemeral);
/// not_found where no box is for this key; wrong_recipient; evidence_mismatch where the secret is another key's.
[[nodiscard]] Result<SecretKey> open_secret(const LendersBoxes& boxes, const SecretKey& own);

/// What a lender shows of one item: that this tag is its tag, and the only one, under this key.
struct ShownItem {
    contracts::FinancedItem item;
    PublicKey key;
    PublicKey tag;
    keyed_tag::Proof proof;
};
[[nodiscard]] Bytes encode(const ShownItem& shown);
[[nodiscard]] Result<ShownItem> decode_shown_item(ByteView bytes);
[[nodiscard]] ShownItem show_item(const SecretKey& secret, const contracts::FinancedItem& item);
/// invalid_proof. Needs no network and no secret.
[[nodiscard]] Result<void> verify(const ShownItem& shown);

template <class Fresh>
LendersBoxes seal_secret(const SecretKey& secret, const std::vector<Recipient>& recipients, Fresh ephemeral) {
    LendersBoxes out{secret.public_key(), {}};
    for (const Recipient& recipient : recipients) {
        out.boxes.push_back({recipient.organisation, recipient.key, seal_one(secret, recipient, ephemeral())});
    }
    std::ranges::sort(out.boxes, {}, &LenderBox::organisation);
    return out;
}

}  // namespace probatum::tools
