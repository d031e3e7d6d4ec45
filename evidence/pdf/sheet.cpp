#include "evidence/pdf/sheet.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace probatum::evidence::pdf {

namespace {

constexpr double kPointsPerMm = 72.0 / 25.4;
constexpr double kPageWidth = 595.276;
constexpr double kPageHeight = 841.89;
constexpr double kMargin = 20.0 * kPointsPerMm;
constexpr double kTop = 24.0 * kPointsPerMm;
constexpr double kBottom = kPageHeight - 22.0 * kPointsPerMm;
constexpr double kWidth = kPageWidth - 2 * kMargin;
constexpr double kColumnGap = 3.0 * kPointsPerMm;
constexpr double kKeepTogether = 40.0;  ///< Points that must be left below a heading.

template <auto Free>
struct Freer {
    template <class T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
using Surface = std::unique_ptr<cairo_surface_t, Freer<cairo_surface_destroy>>;
using Pen = std::unique_ptr<cairo_t, Freer<cairo_destroy>>;
using Layout = std::unique_ptr<PangoLayout, Freer<g_object_unref>>;
using Font = std::unique_ptr<PangoFontDescription, Freer<pango_font_description_free>>;
using Code = std::unique_ptr<QRcode, Freer<QRcode_free>>;

double points(double millimetres) { return millimetres * kPointsPerMm; }
double from_pango(int units) { return static_cast<double>(units) / PANGO_SCALE; }

Font font_of(const Style& style) {
    Font font{pango_font_description_new()};
    pango_font_description_set_family(font.get(), std::string{style.mono ? kMono : kSerif}.c_str());
    pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font.get(), style.size_pt * PANGO_SCALE);
    return font;
}

/// Pango takes another font where the one named is missing; then the pages would not be those that were meant.
Result<void> require_font(PangoContext* context, std::string_view family) {
    Font wanted{pango_font_description_new()};
    pango_font_description_set_family(wanted.get(), std::string{family}.c_str());
    PangoFont* const found = pango_context_load_font(context, wanted.get());
    if (found == nullptr) {
        return fail(Errc::config_invalid, "fonts", std::string{family} + " (Debian: fonts-noto-cjk)");
    }
    const Font got{pango_font_describe(found)};
    const bool same = family == pango_font_description_get_family(got.get());
    g_object_unref(found);
    if (!same) {
        return fail(Errc::config_invalid, "fonts", std::string{family} + " (Debian: fonts-noto-cjk)");
    }
    return {};
}

/// A cell broken into lines.
struct Laid {
    Layout layout;
    double x{0};
    double grey{0};
    int lines{0};
};

struct LineBox {
    double ascent{0};
    double height{0};
};

LineBox box_of(PangoLayoutLine* line) {
    PangoRectangle logical{};
    pango_layout_line_get_extents(line, nullptr, &logical);
    return {from_pango(-logical.y), from_pango(logical.height)};
}

/// Puts items on pages, once to count the pages and once to draw them.
class Press {
public:
    Press(cairo_t* pen, const Sheet& sheet, int pages) : pen_{pen}, sheet_{sheet}, pages_{pages} { begin_page(); }

    int run() {
        for (const Item& item : sheet_.items) {
            std::visit([this](const auto& each) { put(each); }, item);
        }
        end_page();
        return page_;
    }

private:
    void text(const std::string& content, const Style& style, double x, double y, double width) {
        const Layout layout = lay(content, style, width);
        cairo_set_source_rgb(pen_, style.grey, style.grey, style.grey);
        cairo_move_to(pen_, x, y);
        pango_cairo_show_layout(pen_, layout.get());
    }
    Layout lay(const std::string& content, const Style& style, double width) {
        Layout layout{pango_cairo_create_layout(pen_)};
        const Font font = font_of(style);
        pango_layout_set_font_description(layout.get(), font.get());
        pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
        pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
        pango_layout_set_alignment(layout.get(), style.centred ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
        pango_layout_set_text(layout.get(), content.data(), static_cast<int>(content.size()));
        return layout;
    }

    void begin_page() {
        ++page_;
        y_ = kTop;
        const Style small{.size_pt = 7.5, .grey = 0.35};
        text(sheet_.header, small, kMargin, points(12), kWidth);
        line(kMargin, points(18), kWidth, 0.4);
    }
    void end_page() {
        const Style small{.size_pt = 7.5, .grey = 0.35};
        line(kMargin, kPageHeight - points(17), kWidth, 0.4);
        text(sheet_.footer, small, kMargin, kPageHeight - points(15), kWidth - points(22));
        Style right = small;
        right.centred = true;
        text(std::to_string(page_) + " / " + std::to_string(pages_), right, kPageWidth - kMargin - points(20),
             kPageHeight - points(15), points(20));
        cairo_show_page(pen_);
    }
    void line(double x, double y, double width, double thickness) {
        cairo_set_source_rgb(pen_, 0, 0, 0);
        cairo_set_line_width(pen_, thickness);
        cairo_move_to(pen_, x, y);
        cairo_line_to(pen_, x + width, y);
        cairo_stroke(pen_);
    }
    void need(double height) {
        if (y_ + height > kBottom && y_ > kTop) {
            end_page();
            begin_page();
        }
    }

    std::vector<Laid> lay_out(const Row& row) {
        double fixed = kColumnGap * static_cast<double>(row.cells.empty() ? 0 : row.cells.size() - 1);
        for (const Cell& cell : row.cells) {
            fixed += points(cell.width_mm);
        }
        std::vector<Laid> out;
        double x = kMargin;
        for (const Cell& cell : row.cells) {
            const double width = cell.width_mm > 0 ? points(cell.width_mm) : std::max(10.0, kWidth - fixed);
            Layout layout = lay(cell.text, cell.style, width);
            const int lines = pango_layout_get_line_count(layout.get());
            // Centred lines carry no offset of their own when drawn one by one.
            double offset = 0;
            if (cell.style.centred && lines == 1) {
                PangoRectangle logical{};
                pango_layout_get_extents(layout.get(), nullptr, &logical);
                offset = from_pango(logical.x);
            }
            out.push_back({std::move(layout), x + offset, cell.style.grey, lines});
            x += width + kColumnGap;
        }
        return out;
    }
    /// Line by line across all cells, so that a tall row may go on to the next page.
    void put(const Row& row) {
        const std::vector<Laid> cells = lay_out(row);
        y_ += y_ > kTop ? points(row.before_mm) : 0;
        if (row.keep_with_next) {
            need(kKeepTogether);
        }
        int lines = 0;
        for (const Laid& cell : cells) {
            lines = std::max(lines, cell.lines);
        }
        for (int i = 0; i < lines; ++i) {
            LineBox tallest;
            for (const Laid& cell : cells) {
                if (i < cell.lines) {
                    const LineBox box = box_of(pango_layout_get_line_readonly(cell.layout.get(), i));
                    tallest = {std::max(tallest.ascent, box.ascent), std::max(tallest.height, box.height)};
                }
            }
            need(tallest.height);
            for (const Laid& cell : cells) {
                if (i < cell.lines) {
                    cairo_set_source_rgb(pen_, cell.grey, cell.grey, cell.grey);
                    cairo_move_to(pen_, cell.x, y_ + tallest.ascent);
                    pango_cairo_show_layout_line(pen_, pango_layout_get_line_readonly(cell.layout.get(), i));
                }
            }
            y_ += tallest.height;
        }
        y_ += points(row.after_mm);
    }
    void put(const Rule& rule) {
        need(points(2));
        line(kMargin, y_, kWidth, rule.width_pt);
        y_ += points(1.6);
    }
    void put(const PageBreak&) {
        end_page();
        begin_page();
    }
    void put(const Gap& gap) { y_ += points(gap.height_mm); }
    void put(const Blank& blank) {
        const double height = points(9);
        need(height);
        text(blank.label, Style{}, kMargin, y_ + points(2.2), points(blank.label_mm));
        line(kMargin + points(blank.label_mm), y_ + points(7), kWidth - points(blank.label_mm), 0.5);
        y_ += height;
    }
    void put(const QrCode& qr) {
        const double size = points(qr.size_mm);
        need(size + points(2));
        const Code code{QRcode_encodeString8bit(qr.data.c_str(), 0, QR_ECLEVEL_M)};
        if (code) {
            const double module = size / code->width;
            cairo_set_source_rgb(pen_, 0, 0, 0);
            for (int row = 0; row < code->width; ++row) {
                for (int column = 0; column < code->width; ++column) {
                    if ((code->data[row * code->width + column] & 1U) != 0) {
                        cairo_rectangle(pen_, kMargin + column * module, y_ + row * module, module, module);
                    }
                }
            }
            cairo_fill(pen_);
        }
        double beside = y_;
        for (const std::string& each : qr.beside) {
            const Layout layout = lay(each, {.size_pt = 8.5}, kWidth - size - points(6));
            PangoRectangle logical{};
            pango_layout_get_extents(layout.get(), nullptr, &logical);
            cairo_move_to(pen_, kMargin + size + points(6), beside);
            pango_cairo_show_layout(pen_, layout.get());
            beside += from_pango(logical.height) + points(1);
        }
        y_ = std::max(y_ + size, beside) + points(3);
    }

    cairo_t* pen_;
    const Sheet& sheet_;
    int pages_;
    int page_{0};
    double y_{0};
};

cairo_status_t append(void* to, const unsigned char* bytes, unsigned int count) {
    static_cast<Bytes*>(to)->insert(static_cast<Bytes*>(to)->end(), bytes, bytes + count);
    return CAIRO_STATUS_SUCCESS;
}

Result<int> print(const Sheet& sheet, int pages, Bytes& out) {
    out.clear();
    const Surface surface{cairo_pdf_surface_create_for_stream(append, &out, kPageWidth, kPageHeight)};
    cairo_pdf_surface_restrict_to_version(surface.get(), CAIRO_PDF_VERSION_1_5);
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, sheet.title.c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_SUBJECT, sheet.subject.c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, renderer_name().c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, sheet.created.c_str());
    int printed = 0;
    {
        const Pen pen{cairo_create(surface.get())};
        PangoContext* const context = pango_cairo_create_context(pen.get());
        Result<void> fonts = require_font(context, kSerif);
        if (fonts) {
            fonts = require_font(context, kMono);
        }
        g_object_unref(context);
        PROBATUM_TRY(fonts);
        printed = Press{pen.get(), sheet, pages}.run();
    }
    cairo_surface_finish(surface.get());
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) {
        return fail(Errc::internal, "pdf", cairo_status_to_string(cairo_surface_status(surface.get())));
    }
    return printed;
}

}  // namespace

std::string renderer_name() {
    return std::string{"Probatum certificate 1; Pango "} + pango_version_string() + ", Cairo " + cairo_version_string();
}

Result<Bytes> render(const Sheet& sheet) {
    Bytes out;
    PROBATUM_LET(pages, print(sheet, 0, out));
    PROBATUM_LET(again, print(sheet, pages, out));
    static_cast<void>(again);
    return out;
}

}  // namespace probatum::evidence::pdf
