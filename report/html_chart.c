#include "report/html_chart.h"

#include <math.h>
#include <string.h>

static const double tick_room = 50; /* between two labels of an axis */

void html_chart_clip(FILE *out)
{
    fprintf(out,
            "<svg class=\"clip\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
            "<clipPath id=\"plot\"><rect x=\"%d\" y=\"0\" width=\"%d\" height=\"%d\"/></clipPath>"
            "</defs></svg>\n",
            CHART_LEFT, CHART_RIGHT - CHART_LEFT, CHART_BOTTOM);
}

void html_chart_boxes(const struct html_page *page, struct chart_look look,
                      const struct svg_box *boxes, size_t count)
{
    if (count == 0) {
        return;
    }
    svg_boxes(page->out, look.boxes, boxes, count);
    if (look.stripes != NULL) {
        svg_stripes(page->out, look.stripes, boxes, count);
    }
}

void html_chart_begin_low(struct html_page *page, double top, const char *caption,
                          const struct svg_words *words)
{
    const struct svg_box view = {0, top, CHART_WIDTH, CHART_HEIGHT - top};

    fprintf(page->out, "<figure class=\"chart\"><figcaption>%s</figcaption>\n", caption);
    svg_begin(page->out, page->pictures++, view, words);
    svg_group_begin(page->out, "plot", "plot");
    svg_group_begin(page->out, "z", NULL);
}

void html_chart_begin(struct html_page *page, const char *caption, const struct svg_words *words)
{
    html_chart_begin_low(page, 0, caption, words);
}

void html_chart_end_plot(const struct html_page *page)
{
    svg_group_end(page->out);
    svg_group_end(page->out);
}

void html_chart_begin_table(const struct html_page *page, const char *caption,
                            const char *const *heads)
{
    svg_end(page->out);
    fputs("<details><summary>Numbers</summary>\n", page->out);
    html_table_begin(page, "numbers", caption);
    fputs("<thead><tr>", page->out);
    for (; *heads != NULL; heads++) {
        fprintf(page->out, "<th scope=\"col\">%s</th>", *heads);
    }
    fputs("</tr></thead>\n<tbody>\n", page->out);
}

void html_chart_end(const struct html_page *page)
{
    fputs("</tbody>\n", page->out);
    html_table_end(page);
    fputs("</details></figure>\n", page->out);
}

void html_chart_begin_row(const struct html_page *page, double x, double width, const char *head)
{
    fprintf(page->out, "<tr data-x=\"%.1f %.1f\"><th scope=\"row\">%s</th>", x, width, head);
}

void html_chart_cell(const struct html_page *page, uint64_t count)
{
    char text[FORMAT_BYTES];

    fprintf(page->out, "<td>%s</td>", html_count(count, text));
}

void html_chart_end_row(const struct html_page *page)
{
    fputs("</tr>\n", page->out);
}

void html_chart_none(const struct html_page *page, const char *caption, const char *why)
{
    fprintf(
        page->out,
        "<figure class=\"chart\"><figcaption>%s</figcaption><p class=\"none\">%s</p></figure>\n",
        caption, why);
}

void html_chart_tick(const struct html_page *page, struct chart_ticks *ticks, double x,
                     const char *label)
{
    const struct svg_point upper = {x, CHART_BOTTOM};
    const struct svg_point lower = {x, CHART_BOTTOM + 4};
    const struct svg_point below = {x, CHART_BOTTOM + 18};
    const size_t most = sizeof(ticks->x) / sizeof(ticks->x[0]);

    if (x < CHART_LEFT - 0.5 || x > CHART_RIGHT + 0.5 || ticks->count == most) {
        return;
    }
    for (size_t i = 0; i < ticks->count; i++) {
        if (fabs(ticks->x[i] - x) < tick_room) {
            return;
        }
    }
    ticks->x[ticks->count++] = x;
    svg_line(page->out, "axis", upper, lower);
    svg_label(page->out, "middle", below, label);
}
