#include "evidence/words.h"

#include <algorithm>
#include <array>

#include "base/civil_time.h"
#include "base/error.h"

namespace probatum::evidence {

namespace {

struct Word {
    std::string_view name;
    std::string_view english;
    std::string_view chinese;
};

constexpr std::array kWords{
    Word{"contract", "contract", "合同"},
    Word{"record", "record", "存证记录"},
    Word{"document", "document", "文件"},
    Word{"standing", "standing of contract", "合同事件数量"},
    Word{"bank-reference", "bank reference", "银行流水号"},
    Word{"loan", "loan", "借款"},
    Word{"lender", "lender", "贷款人"},
    Word{"borrower", "borrower", "借款人"},
    Word{"guarantor", "guarantor", "保证人"},
    Word{"settlement-bank", "settlement bank", "结算银行"},
    Word{"evidence.deposit", "evidence deposited", "证据存证"},
    Word{"contract.register", "contract registered", "合同登记"},
    Word{"contract.sign", "contract signed", "合同签署"},
    Word{"contract.approve", "approved", "审批"},
    Word{"contract.activate", "activated", "生效"},
    Word{"contract.settle", "settled", "结清"},
    Word{"fund.disburse", "disbursement", "放款"},
    Word{"fund.repay", "repayment", "还款"},
    Word{"fund.acknowledge", "answer to a posting", "对入账的答复"},
    Word{"gov.propose", "proposal of a change", "变更提案"},
    Word{"gov.vote", "vote on a proposal", "对提案表决"},
    Word{"gov.enact", "proposal enacted", "提案生效"},
    Word{"misbehaviour.report", "misbehaviour of a validator reported", "报告验证节点违规"},
    Word{"validator.ready", "validator declared ready", "验证节点就绪声明"},
    Word{"registered", "registered", "已登记"},
    Word{"withheld", "withheld in this bundle", "本证据包未披露"},
    Word{"draft", "draft", "草稿"},
    Word{"signed", "signed", "已签署"},
    Word{"approved", "approved", "已审批"},
    Word{"active", "active", "已生效"},
    Word{"settled", "settled", "已结清"},
    Word{"claimed", "claimed", "单方主张"},
    Word{"acknowledged", "acknowledged", "已获确认"},
    Word{"objected", "objected", "已被异议"},
    Word{"principal", "principal", "本金"},
    Word{"interest", "interest", "利息"},
    Word{"costs", "costs", "费用"},
    Word{"maker", "as maker", "经办"},
    Word{"checker", "as checker", "复核"},
    Word{"principal-receivable", "principal receivable", "应收本金"},
    Word{"interest-receivable", "interest receivable", "应收利息"},
    Word{"penalty-receivable", "penalty receivable", "应收罚息"},
    Word{"fee-receivable", "fees receivable", "应收费用"},
    Word{"cash-clearing", "cash clearing", "资金清算"},
    Word{"income", "income", "收入"},
    Word{"suspense", "suspense", "暂收款"},
    Word{"loss", "loss", "损失"},
    Word{"undrawn-commitment", "undrawn commitment", "未提用承诺"},
    Word{"guarantee-exposure", "guarantee exposure", "担保敞口"},
    Word{"commitment-contra", "commitment contra", "承诺对应科目"},
    Word{"set-off-clearing", "set-off clearing", "抵销清算"},
    Word{"system", "capturing system", "采集系统"},
    Word{"system-version", "its version", "系统版本"},
    Word{"operator", "operator", "操作人"},
    Word{"method", "method", "采集方式"},
    Word{"captured-at", "captured at", "采集时间"},
    Word{"original-sha-256", "original SHA-256", "原件 SHA-256"},
    Word{"original-sm3", "original SM3", "原件 SM3"},
    Word{"original-size", "original size, bytes", "原件大小（字节）"},
    Word{"reference", "reference", "佐证编号"},
    Word{"witness", "witness key", "见证密钥"},
    Word{"api", "interface", "接口"},
    Word{"upload", "upload", "上传"},
    Word{"device", "device", "设备"},
    Word{"pass", "PASS", "通过"},
    Word{"fail", "FAIL", "未通过"},
    Word{"not-checked", "NOT CHECKED", "未检查"},
    Word{"valid-by-renewal", "valid by renewal", "经续期有效"},
    Word{"valid", "VALID", "有效"},
    Word{"not-valid", "NOT VALID", "无效"},
    Word{"unusable", "UNUSABLE INPUT", "输入无法使用"},
};

struct Point {
    char32_t value;
    std::size_t size;
};

/// The next code point of well-formed UTF-8; a stray byte stands for itself.
Point next_point(std::string_view text) {
    const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    const unsigned char first = byte(0);
    const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    if (size == 1 || text.size() < size) {
        return {first, 1};
    }
    char32_t value = first & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        value = (value << 6U) | (byte(i) & 0x3fU);
    }
    return {value, size};
}

bool is_wide(char32_t point) {
    return (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) ||
           (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff) ||
           (point >= 0xfe30 && point <= 0xfe6f) || (point >= 0xff00 && point <= 0xff60) ||
           (point >= 0xffe0 && point <= 0xffe6) || (point >= 0x20000 && point <= 0x3fffd);
}

/// Controls, and the marks that turn the direction of text, could make a report say what it does not.
bool is_control(char32_t point) {
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x200b && point <= 0x200f) ||
           (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) || point == 0xfeff;
}

std::string two_digits(std::uint64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); }

}  // namespace

std::string_view Words::of(std::string_view stable_name) const {
    const auto* const found = std::ranges::find(kWords, stable_name, &Word::name);
    return found == kWords.end() ? stable_name : pick(found->english, found->chinese);
}

std::string Words::refusal(std::uint16_t number, std::string_view field) const {
    const ErrorInfo* const line = find_error(number);
    std::string out = std::to_string(number);
    if (line != nullptr) {
        out.append(" ").append(pick(line->english, line->chinese));
    }
    if (!field.empty()) {
        out.append(" [").append(clean(field)).append("]");
    }
    return out;
}

std::string grouped_amount(MinorAmount amount_minor, Currency currency) {
    const std::string plain = format_amount(amount_minor, currency);
    const std::size_t digits_from = plain.starts_with('-') ? 1 : 0;
    const std::size_t digits_to = std::min(plain.find('.'), plain.size());
    std::string out = plain.substr(0, digits_from);
    for (std::size_t i = digits_from; i < digits_to; ++i) {
        if (i > digits_from && (digits_to - i) % 3 == 0) {
            out.push_back(',');
        }
        out.push_back(plain[i]);
    }
    return std::string{currency.code()} + " " + out + plain.substr(digits_to);
}

std::string local_time(UnixMs time, std::int32_t utc_offset_minutes) {
    constexpr std::uint64_t kDayMs = 86'400'000;
    const std::uint64_t offset_ms = static_cast<std::uint64_t>(utc_offset_minutes + 1440) * 60'000;
    const std::uint64_t of_day_ms = (time.raw() % kDayMs + offset_ms) % kDayMs;
    const std::uint64_t seconds = of_day_ms / 1000;
    const std::string milliseconds = std::to_string(1000 + of_day_ms % 1000).substr(1);
    const auto offset = static_cast<std::uint64_t>(utc_offset_minutes < 0 ? -utc_offset_minutes : utc_offset_minutes);
    return date_at(time, utc_offset_minutes).to_string() + " " + two_digits(seconds / 3600) + ":" +
           two_digits(seconds / 60 % 60) + ":" + two_digits(seconds % 60) + "." + milliseconds + " UTC" +
           (utc_offset_minutes < 0 ? "-" : "+") + two_digits(offset / 60) + ":" + two_digits(offset % 60);
}

std::string clean(std::string_view foreign) {
    std::string out;
    while (!foreign.empty()) {
        const Point point = next_point(foreign);
        if (is_control(point.value)) {
            out += "\xef\xbf\xbd";
        } else {
            out += foreign.substr(0, point.size);
        }
        foreign.remove_prefix(point.size);
    }
    return out;
}

std::string padded(std::string_view text, std::size_t cells) {
    std::string out{text};
    std::size_t width = 0;
    while (!text.empty()) {
        const Point point = next_point(text);
        width += is_wide(point.value) ? 2 : 1;
        text.remove_prefix(point.size);
    }
    if (width < cells) {
        out.append(cells - width, ' ');
    }
    return out;
}

}  // namespace probatum::evidence
