#include "tools/bench/workload.h"

#include <atomic>
#include <stdexcept>
#include <thread>

#include "base/cbor.h"
#include "base/hash.h"
#include "contracts/actions.h"

namespace probatum::bench {

namespace {

Digest derive(std::string_view purpose, std::uint64_t number) {
    cbor::Writer writer;
    writer.array(2).text(purpose).uint(number);
    return sha256(writer.view());
}

contracts::DepositBody deposit_body(std::uint64_t number) {
    const Digest document = derive("bench document", number);
    contracts::DepositBody body;
    body.digests = {{DigestAlgorithm::sha256, document}, {DigestAlgorithm::sm3, sm3(document.view())}};
    body.size_bytes = 183'204;
    body.media_type = "application/pdf";
    body.title = "Disbursement voucher " + std::to_string(number);
    contracts::Provenance provenance;
    provenance.system = "core-banking";
    provenance.system_version = "12.4.1";
    provenance.operator_name = "settlement-batch";
    provenance.method = contracts::CaptureMethod::api;
    provenance.captured_at = UnixMs{1'790'000'000'000 + number};
    provenance.original_size = 183'204;
    provenance.references = {{"bank-receipt", "BR-2026-" + std::to_string(10'000'000 + number)},
                             {"invoice", "044031900111-" + std::to_string(20'000'000 + number)}};
    body.provenance = std::move(provenance);
    return body;
}

}  // namespace

std::vector<Sender> make_senders(std::size_t count, const std::string& organisation) {
    std::vector<Sender> senders;
    for (std::size_t i = 0; i < count; ++i) {
        SecretKey key = SecretKey::from_bytes(derive("bench sender", i).view()).value();
        contracts::Member member{.organisation = organisation,
                                 .id = "sender-" + std::to_string(i),
                                 .name = "Sender " + std::to_string(i),
                                 .key = key.public_key(),
                                 .roles = {contracts::Role::lender_maker}};
        senders.push_back({std::move(key), std::move(member)});
    }
    return senders;
}

Bytes make_deposit(const Sender& sender, const Digest& chain_id, std::uint64_t number, UnixMs valid_until) {
    contracts::SignerContext signer{.chain_id = chain_id,
                                    .organisation = sender.member.organisation,
                                    .key = sender.member.key.id(),
                                    .valid_until = valid_until};
    const Digest idempotency = derive("bench idempotency", number);
    std::ranges::copy_n(idempotency.bytes.begin(), signer.idempotency_key.size(), signer.idempotency_key.begin());
    const auto draft = contracts::build_transaction({.body = deposit_body(number)}, signer, [] { return Salt{}; });
    if (!draft) {
        throw std::runtime_error{"the bench cannot build its deposit: " + draft.error().to_string()};
    }
    return draft->sign(sender.key);
}

std::vector<Bytes> make_deposits(const std::vector<Sender>& senders, const Digest& chain_id, std::size_t count,
                                 std::uint64_t first_number, UnixMs valid_until) {
    std::vector<Bytes> deposits(count);
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            deposits[i] = make_deposit(senders[i % senders.size()], chain_id, first_number + i, valid_until);
        }
    };
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
        threads.emplace_back(work);
    }
    threads.clear();
    return deposits;
}

}  // namespace probatum::bench
