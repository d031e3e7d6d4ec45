#include <array>

#include "contracts/codec.h"
#include "contracts/contract_terms.h"

namespace probatum::contracts {
namespace codec {

void write_parties(cbor::Writer& out, const std::vector<Party>& parties) {
    out.array(parties.size());
    for (const Party& party : parties) {
        out.array(2).text(party.organisation).uint(static_cast<std::uint64_t>(party.capacity));
    }
}

std::vector<Party> read_parties(cbor::Reader& in) {
    std::vector<Party> out;
    const std::size_t count = read_count(in, "parties", kMaxParties);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        in.array_of(2);
        std::string organisation = read_text(in, {"parties.organisation", kMaxNumberBytes});
        const Capacity capacity = read_enum(in, "parties.capacity", Capacity::holder);
        in.leave();
        out.push_back({std::move(organisation), capacity});
    }
    in.leave();
    return out;
}

void write_rows(cbor::Writer& out, const std::vector<DueRow>& rows) {
    out.array(rows.size());
    for (const DueRow& row : rows) {
        write_date(out.array(3), row.due);
        out.integer(row.principal_minor).integer(row.interest_minor);
    }
}

std::vector<DueRow> read_rows(cbor::Reader& in) {
    std::vector<DueRow> out;
    const std::size_t count = read_count(in, "terms.rows", kMaxRows);
    out.reserve(count);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        in.array_of(3);
        const CivilDate due = read_date(in);
        const MinorAmount principal = in.integer();
        const MinorAmount interest = in.integer();
        in.leave();
        out.push_back({due, principal, interest});
    }
    in.leave();
    return out;
}

void write_allocation(cbor::Writer& out, const std::vector<Claim>& order) {
    out.array(order.size());
    for (const Claim claim : order) {
        out.uint(static_cast<std::uint64_t>(claim));
    }
}

std::vector<Claim> read_allocation(cbor::Reader& in) {
    std::vector<Claim> out;
    const std::size_t count = read_count(in, "terms.allocation", 3);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        out.push_back(read_enum(in, "terms.allocation", Claim::principal));
    }
    in.leave();
    return out;
}

void write_documents(cbor::Writer& out, const std::vector<Document>& documents) {
    out.array(documents.size());
    for (const Document& document : documents) {
        write_digests(out.array(3), document.digests);
        out.text(document.title).text(document.media_type);
    }
}

std::vector<Document> read_documents(cbor::Reader& in) {
    std::vector<Document> out;
    const std::size_t count = read_count(in, "documents", kMaxDocuments);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        in.array_of(3);
        DocumentDigests digests = read_digests(in);
        std::string title = read_text(in, {"documents.title", kMaxTitleBytes});
        std::string media_type = read_text(in, {"documents.media_type", kMaxMediaTypeBytes});
        in.leave();
        out.push_back({std::move(digests), std::move(title), std::move(media_type)});
    }
    in.leave();
    return out;
}

std::int32_t read_utc_offset(cbor::Reader& in) {
    const std::int64_t minutes = in.field("terms.utc_offset_minutes").integer();
    if (minutes < -1439 || minutes > 1439) {
        in.refuse(Errc::malformed, "-1439 to 1439 minutes");
        return 0;
    }
    return static_cast<std::int32_t>(minutes);
}

void write_links(cbor::Writer& out, const std::vector<Link>& links) {
    out.array(links.size());
    for (const Link& link : links) {
        out.array(2).uint(static_cast<std::uint64_t>(link.relation)).digest(link.contract);
    }
}

std::vector<Link> read_links(cbor::Reader& in) {
    std::vector<Link> out;
    const std::size_t count = read_count(in, "links", kMaxLinks);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        in.array_of(2);
        const Relation relation = read_enum(in, "links.relation", Relation::finances);
        const Digest contract = in.field("links.contract").digest();
        in.leave();
        out.push_back({relation, contract});
    }
    in.leave();
    return out;
}

ReceivableTerms no_receivable_terms() {
    return {.currency = placeholder_currency(), .contract_date = {}, .due = {}, .invoices = {}};
}

VoucherTerms no_voucher_terms() { return {.currency = placeholder_currency(), .contract_date = {}, .due = {}}; }

LoanTerms no_loan_terms() { return {.currency = placeholder_currency(), .contract_date = {}, .rows = {}}; }

}  // namespace codec

namespace {

void write_of_kind(cbor::Writer& out, const LoanTerms& loan) {
    out.array(7).text(loan.currency.code()).integer(loan.principal_minor);
    codec::write_date(out, loan.contract_date);
    out.integer(loan.utc_offset_minutes);
    codec::write_rows(out, loan.rows);
    codec::write_allocation(out, loan.allocation);
    if (loan.max_back_value_days) {
        out.uint(*loan.max_back_value_days);
    } else {
        out.null();
    }
}

KindTerms read_loan(cbor::Reader& in) {
    LoanTerms out = codec::no_loan_terms();
    in.array_of(7);
    out.currency = codec::read_currency(in);
    out.principal_minor = in.field("principal").integer();
    out.contract_date = codec::read_date(in.field("contract_date"));
    out.utc_offset_minutes = codec::read_utc_offset(in);
    out.rows = codec::read_rows(in);
    out.allocation = codec::read_allocation(in);
    if (!in.take_null()) {
        out.max_back_value_days = static_cast<std::uint32_t>(in.uint_at_most(kMaxBackValueDays));
    }
    in.leave();
    return out;
}

void write_of_kind(cbor::Writer& out, const ReceivableTerms& terms) { codec::write(out, terms); }
void write_of_kind(cbor::Writer& out, const VoucherTerms& terms) { codec::write(out, terms); }
KindTerms read_receivable(cbor::Reader& in) { return codec::read_receivable_terms(in); }
KindTerms read_voucher(cbor::Reader& in) { return codec::read_voucher_terms(in); }

/// In the order of KindTerms.
constexpr std::array<KindTerms (*)(cbor::Reader&), std::variant_size_v<KindTerms>> kReaders{read_loan, read_receivable,
                                                                                            read_voucher};

KindTerms read_of_kind(cbor::Reader& in, std::string_view kind) {
    const Result<ContractKind> known = contract_kind_from_name(kind);
    if (!known) {
        in.refuse(known.error());
        return codec::no_loan_terms();
    }
    return kReaders.at(static_cast<std::size_t>(*known) - 1)(in);
}

}  // namespace

Bytes encode(const ContractTerms& terms) {
    cbor::Writer out{1024};
    out.array(8).digest(terms.id).text(name(terms.kind())).text(terms.organisation).text(terms.number);
    codec::write_parties(out, terms.parties);
    std::visit([&](const auto& of_kind) { write_of_kind(out, of_kind); }, terms.of_kind);
    codec::write_documents(out, terms.documents);
    codec::write_links(out, terms.links);
    return out.take();
}

Result<ContractTerms> decode_contract_terms(ByteView bytes) {
    cbor::Reader in{bytes};
    ContractTerms out{
        .id = {}, .organisation = {}, .number = {}, .parties = {}, .of_kind = codec::no_loan_terms(), .documents = {}};
    in.array_of(8);
    out.id = in.field("id").digest();
    const std::string kind{in.field("kind").text()};
    out.organisation = codec::read_text(in, {"organisation", kMaxNumberBytes});
    out.number = codec::read_text(in, {"number", kMaxNumberBytes});
    out.parties = codec::read_parties(in);
    out.of_kind = read_of_kind(in, kind);
    out.documents = codec::read_documents(in);
    out.links = codec::read_links(in);
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

}  // namespace probatum::contracts
