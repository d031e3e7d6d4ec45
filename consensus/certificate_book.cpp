#include "consensus/certificate_book.h"

#include <algorithm>

namespace probatum::consensus {

bool CertificateBook::is_settled(const VoteTarget& target) const {
    if (target.kind == VoteKind::finalize) {
        return finality_ && target.view <= final_view();
    }
    if (target.view < final_view()) {
        return true;
    }
    if (target.kind == VoteKind::notarize) {
        return notarization(target.view) != nullptr;
    }
    // A finalised view has no nullification: one that claims to be is of no use to anybody.
    return target.view == final_view() || nullification(target.view) != nullptr;
}

bool CertificateBook::add(const Certificate& certificate) {
    if (is_settled(certificate.target)) {
        return false;
    }
    const View view = certificate.target.view;
    switch (certificate.target.kind) {
        case VoteKind::notarize:
            views_[view].notarization = certificate;
            break;
        case VoteKind::nullify:
            views_[view].nullification = certificate;
            break;
        case VoteKind::finalize:
            finality_ = certificate;
            views_.erase(views_.begin(), views_.lower_bound(view));
            break;
    }
    return true;
}

const Certificate* CertificateBook::notarization(View view) const {
    const auto found = views_.find(view);
    return found != views_.end() && found->second.notarization ? &*found->second.notarization : nullptr;
}

const Certificate* CertificateBook::nullification(View view) const {
    const auto found = views_.find(view);
    return found != views_.end() && found->second.nullification ? &*found->second.nullification : nullptr;
}

bool CertificateBook::is_notarized(View view, const Digest& block) const {
    const Certificate* notarized = notarization(view);
    if (notarized != nullptr && notarized->target.block == block) {
        return true;
    }
    // Honest validators finalize only what they saw notarized, so the finality proves it too.
    return finality_ && finality_->target.view == view && finality_->target.block == block;
}

const Certificate* CertificateBook::closer(View view) const {
    if (const Certificate* found = notarization(view)) {
        return found;
    }
    if (const Certificate* found = nullification(view)) {
        return found;
    }
    return finality_ && finality_->target.view == view ? &*finality_ : nullptr;
}

View CertificateBook::highest_closed() const {
    return views_.empty() ? final_view() : std::max(final_view(), views_.rbegin()->first);
}

std::size_t CertificateBook::size() const {
    std::size_t count = finality_ ? 1 : 0;
    for (const auto& [view, certificates] : views_) {
        count += (certificates.notarization ? 1U : 0U) + (certificates.nullification ? 1U : 0U);
    }
    return count;
}

std::vector<View> CertificateBook::not_nullified_between(View low, View high, std::size_t limit) const {
    std::vector<View> missing;
    for (View view = low.next(); view < high && missing.size() < limit; view = view.next()) {
        if (nullification(view) == nullptr) {
            missing.push_back(view);
        }
    }
    return missing;
}

}  // namespace probatum::consensus
