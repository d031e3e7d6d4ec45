#pragma once

#include <map>
#include <optional>
#include <vector>

#include "consensus/events.h"

namespace probatum::consensus {

/// The proven certificates: the highest finality, and the notarizations and nullifications from its view on.
///
/// A view may have both a notarization and a nullification (C5); two different notarizations of one view would need
/// more than f liars, and the first one stands.
class CertificateBook {
public:
    /// Whether the certificate was new and needed; the caller has verified it. A finality prunes what lies below it.
    bool add(const Certificate& certificate);
    /// Whether add() would refuse it: known, or below the highest finality.
    [[nodiscard]] bool is_settled(const VoteTarget& target) const;

    [[nodiscard]] const Certificate* notarization(View view) const;
    [[nodiscard]] const Certificate* nullification(View view) const;
    [[nodiscard]] const std::optional<Certificate>& finality() const { return finality_; }
    /// View of the highest finality, 0 for none: the root counts as final in view 0.
    [[nodiscard]] View final_view() const { return finality_ ? finality_->target.view : View{0}; }

    /// Whether a certificate shows that the block was notarized in the view.
    [[nodiscard]] bool is_notarized(View view, const Digest& block) const;
    /// Any certificate that closed the view: notarization, else nullification, else finality.
    [[nodiscard]] const Certificate* closer(View view) const;
    /// The highest view that any certificate closed, 0 for none.
    [[nodiscard]] View highest_closed() const;

    /// Views strictly between without a nullification, ascending, at most `limit` of them.
    [[nodiscard]] std::vector<View> not_nullified_between(View low, View high, std::size_t limit) const;

    struct InView {
        std::optional<Certificate> notarization{};
        std::optional<Certificate> nullification{};
    };
    [[nodiscard]] const std::map<View, InView>& views() const { return views_; }

    [[nodiscard]] std::size_t size() const;

private:
    std::map<View, InView> views_;
    std::optional<Certificate> finality_;
};

}  // namespace probatum::consensus
