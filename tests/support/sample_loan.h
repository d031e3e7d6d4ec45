#pragma once

#include "memory_chain.h"

/// One loan from registration to repayment, the same every time: the story that the evidence tests and the golden
/// bundle tell.
namespace probatum::test {

/// The bytes of a small "contract document"; what it says does not matter.
[[nodiscard]] Bytes sample_document();

[[nodiscard]] contracts::RegisterBody sample_registration(std::string number = "HDSF-2026-LD-0317");
[[nodiscard]] Digest sample_contract_id(const MemoryChain& chain, std::string number = "HDSF-2026-LD-0317");

struct PaymentWords {
    MinorAmount amount_minor{0};
    std::string reference;
};
[[nodiscard]] contracts::Payment sample_payment(const MemoryChain& chain, const PaymentWords& words);

/// Registers, signs twice, approves twice and activates; demands that each is accepted.
Digest record_active_loan(MemoryChain& chain, const std::string& number = "HDSF-2026-LD-0317");

/// The above, then a disbursement (acknowledged), two refused attempts (too much; a used bank reference), a repayment
/// (acknowledged) and another (objected to). Twelve accepted events, two refusals.
Digest record_sample_loan(MemoryChain& chain);

}  // namespace probatum::test
