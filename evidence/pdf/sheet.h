#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

/// A4 pages out of rows, with Pango and Cairo. The same rows give the same bytes on one machine with the same fonts.
namespace probatum::evidence::pdf {

inline constexpr std::string_view kSerif = "Noto Serif CJK SC";
inline constexpr std::string_view kMono = "Noto Sans Mono CJK SC";
/// "Pango 1.50.12, Cairo 1.16.0, fonts ...": two machines of one renderer make the same bytes.
[[nodiscard]] std::string renderer_name();

struct Style {
    double size_pt{9.5};
    bool bold{false};
    bool mono{false};
    bool centred{false};
    double grey{0.0};  ///< 0 black, 1 white.
};

struct Cell {
    double width_mm{0};  ///< 0: what the others leave over.
    std::string text;    ///< UTF-8; never markup.
    Style style{};
};

struct Row {
    std::vector<Cell> cells;
    double before_mm{0};
    double after_mm{0.8};
    bool keep_with_next{false};  ///< Not the last on its page.
};
struct Rule {
    double width_pt{0.6};
};
struct PageBreak {};
struct Gap {
    double height_mm{0};
};
/// A framed line for handwriting.
struct Blank {
    std::string label;
    double label_mm{45};
};
struct QrCode {
    std::string data;
    double size_mm{34};
    std::vector<std::string> beside;  ///< Lines to the right of it.
};
using Item = std::variant<Row, Rule, PageBreak, Gap, Blank, QrCode>;

struct Sheet {
    std::string title;    ///< Of the document, in its metadata.
    std::string subject;  ///< The same.
    std::string created;  ///< RFC 3339: the time that the content speaks of, never a clock.
    std::string header;   ///< On every page.
    std::string footer;   ///< On every page, before the page number.
    std::vector<Item> items;
};

/// The pages as PDF, fonts embedded as subsets. config_invalid where a font is missing; internal where the libraries
/// refuse.
[[nodiscard]] Result<Bytes> render(const Sheet& sheet);

}  // namespace probatum::evidence::pdf
