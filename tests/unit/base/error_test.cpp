#include "base/error.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/result.h"
#include "vectors.h"

namespace probatum {
namespace {

Result<int> half(int value) {
    if (value % 2 != 0) {
        return fail(Errc::amount_invalid, "amount", "odd");
    }
    return value / 2;
}

Result<int> quarter(int value) {
    PROBATUM_LET(once, half(value));
    PROBATUM_TRY(half(once));
    return once / 2;
}

TEST(Error, TryAndLetHandTheFirstRefusalOn) {
    EXPECT_EQ(quarter(8).value(), 2);
    EXPECT_EQ(quarter(6).error(), (Error{Errc::amount_invalid, "amount", "odd"}));
    EXPECT_EQ(quarter(7).error().code, Errc::amount_invalid);
}

TEST(Error, SaysNumberNameFieldAndDetail) {
    EXPECT_EQ((Error{Errc::malformed, "amount", "too short"}.to_string()), "100 malformed (field amount): too short");
    EXPECT_EQ((Error{Errc::pool_full, {}, {}}.to_string()), "400 pool_full");
    EXPECT_EQ((Error{static_cast<Errc>(999), {}, {}}.to_string()), "999 unregistered");
    EXPECT_EQ((Error{Errc::bad_signature, {}, {}}.number()), 104);
    EXPECT_EQ((Error{Errc::bad_signature, {}, {}}.range()), 100);
}

TEST(ErrorRegistry, FindsEveryNumberAndNoOther) {
    std::size_t found = 0;
    for (std::uint32_t number = 0; number <= 0xFFFF; ++number) {
        const ErrorInfo* const line = find_error(static_cast<std::uint16_t>(number));
        if (line == nullptr) {
            continue;
        }
        ++found;
        EXPECT_EQ(static_cast<std::uint32_t>(line->code), number);
        EXPECT_EQ(&info(line->code), line);
    }
    EXPECT_EQ(found, error_registry().size());
}

struct Range {
    int hundreds;
    std::string_view meaning;
};

constexpr Range kRanges[] = {
    {1, "The bytes do not decode or do not verify. A retry cannot help. / 字节无法解码或验证，重试无益。"},
    {2, "Well formed, not allowed. / 格式正确，但不被允许。"},
    {3, "Breaks a rule of the contract or of the evidence. / 违反合同或证据规则。"},
    {4, "Try again later, or ask differently. / 请稍后重试或换一种方式查询。"},
    {5, "Evidence that does not prove what it claims. / 证据不能证明其主张。"},
    {6, "Configuration and use of the programs. / 配置与程序使用。"},
    {9, "This machine is at fault. The node stops. / 本机故障，节点停止。"},
};

std::string render_registry() {
    std::string out =
        "# Errors\n\nGenerated from `base/errors.def`; do not edit. Numbers are recorded in entries and shown to "
        "courts:\n"
        "they are appended, never renumbered.\n\n由 `base/errors.def` "
        "生成，请勿手工编辑。编号会写入账本并供法院查阅：只增不改。\n";
    for (const auto& [hundreds, meaning] : kRanges) {
        out += "\n## " + std::to_string(hundreds) + "xx\n\n" + std::string{meaning} + "\n\n";
        out += "| number | name | message | 说明 | remedy | 处理办法 |\n| --- | --- | --- | --- | --- | --- |\n";
        for (const ErrorInfo& line : error_registry()) {
            if (static_cast<int>(line.code) / 100 != hundreds) {
                continue;
            }
            out += "| " + std::to_string(static_cast<int>(line.code)) + " | `" + std::string{line.name} + "` | " +
                   std::string{line.english} + " | " + std::string{line.chinese} + " | " +
                   std::string{line.remedy_english} + " | " + std::string{line.remedy_chinese} + " |\n";
        }
    }
    return out;
}

TEST(ErrorRegistry, EveryLineHasARangeAndFitsATable) {
    for (const ErrorInfo& line : error_registry()) {
        EXPECT_TRUE(std::ranges::any_of(
            kRanges, [&](const Range& range) { return range.hundreds == static_cast<int>(line.code) / 100; }));
        for (const std::string_view text : {line.english, line.chinese, line.remedy_english, line.remedy_chinese}) {
            EXPECT_EQ(text.find_first_of("|\n"), std::string_view::npos) << text;
        }
    }
}

TEST(ErrorRegistry, TheDocumentIsFresh) {
    test::expect_golden(std::filesystem::path{PROBATUM_SOURCE_DIR} / "docs" / "errors.md", render_registry());
}

}  // namespace
}  // namespace probatum
