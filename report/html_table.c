#include "report/html_parts.h"

#include <inttypes.h>
#include <math.h>

enum { LONG_TABLE = 1000 }; /* rows from which the style sheet has to save layout */

struct cell {
    char text[FORMAT_BYTES];
    double key;   /* what it is sorted by; NAN: the text says it */
    unsigned bar; /* percent; 0: none */
    bool is_faint;
};

typedef void cell_function(const struct figures *figures, struct cell *cell);

static void set_count(struct cell *cell, uint64_t count)
{
    (void)html_count(count, cell->text);
    cell->is_faint = count == 0;
}

static void set_nothing(struct cell *cell)
{
    (void)snprintf(cell->text, sizeof(cell->text), "-");
    cell->is_faint = true;
}

static void cell_handshakes(const struct figures *figures, struct cell *cell)
{
    set_count(cell, figures->handshakes);
}

static void cell_rate(const struct figures *figures, struct cell *cell)
{
    (void)format_rate(figures->rate, cell->text);
    cell->bar = html_share(figures->resumed, figures->evaluated);
    cell->is_faint = isnan(figures->rate);
}

static void cell_full(const struct figures *figures, struct cell *cell)
{
    set_count(cell, figures->verdicts[VERDICT_FULL]);
}

static void cell_id(const struct figures *figures, struct cell *cell)
{
    set_count(cell, figures->verdicts[VERDICT_RESUMED_ID]);
}

static void cell_ticket(const struct figures *figures, struct cell *cell)
{
    set_count(cell, figures->verdicts[VERDICT_RESUMED_TICKET]);
}

static void cell_psk(const struct figures *figures, struct cell *cell)
{
    set_count(cell, figures->verdicts[VERDICT_RESUMED_PSK]);
}

static void cell_refused(const struct figures *figures, struct cell *cell)
{
    set_count(cell, figures->outcomes[OUTCOME_REFUSED]);
}

static void cell_failed(const struct figures *figures, struct cell *cell)
{
    set_count(cell, figures->verdicts[VERDICT_FAILED]);
}

static void cell_unknown(const struct figures *figures, struct cell *cell)
{
    set_count(cell, figures->verdicts[VERDICT_UNKNOWN]);
}

static void set_time(struct cell *cell, int64_t ns)
{
    if (ns == HANDSHAKE_NULL) {
        set_nothing(cell);
    } else {
        (void)format_ms((double)ns, cell->text);
        cell->key = (double)format_us(ns);
    }
}

static void cell_full_time(const struct figures *figures, struct cell *cell)
{
    set_time(cell, figures->full_cost.median_ns);
}

static void cell_resumed_time(const struct figures *figures, struct cell *cell)
{
    set_time(cell, figures->resumed_cost.median_ns);
}

static void cell_saved(const struct figures *figures, struct cell *cell)
{
    if (figures->saved.headline == HEADLINE_NONE) {
        set_nothing(cell);
    } else {
        (void)format_duration(figures->saved.headline_ns, cell->text);
        cell->key = round(figures->saved.headline_ns / 1000);
    }
}

static void cell_hint(const struct figures *figures, struct cell *cell)
{
    if (figures->hint_max_s == HANDSHAKE_NULL) {
        set_nothing(cell);
    } else {
        (void)html_hints(figures, cell->text);
        cell->key = (double)figures->hint_max_s;
    }
}

static void cell_oldest(const struct figures *figures, struct cell *cell)
{
    if (figures->largest_accepted_age_s == HANDSHAKE_NULL) {
        set_nothing(cell);
    } else {
        (void)format_seconds(figures->largest_accepted_age_s, cell->text);
        cell->key = (double)figures->largest_accepted_age_s;
    }
}

static const struct {
    const char *head;
    cell_function *fill;
} columns[] = {
    {"Hand&shy;shakes", cell_handshakes},
    {"Resumed", cell_rate},
    {"Full", cell_full},
    {"By ID", cell_id},
    {"By ticket", cell_ticket},
    {"By PSK", cell_psk},
    {"Refused", cell_refused},
    {"Failed", cell_failed},
    {"Un&shy;known", cell_unknown},
    {"Full, ms", cell_full_time},
    {"Re&shy;sumed, ms", cell_resumed_time},
    {"Saved", cell_saved},
    {"Lifetime hint", cell_hint},
    {"Oldest accepted", cell_oldest},
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static void print_cell(FILE *out, const struct figures *figures, cell_function *fill)
{
    struct cell cell = {.key = (double)NAN};

    fill(figures, &cell);
    fputs("<td", out);
    if (cell.bar > 0) {
        fprintf(out, " class=\"p%u\"", cell.bar);
    } else if (cell.is_faint) {
        fputs(" class=\"z\"", out);
    }
    if (!isnan(cell.key)) {
        fprintf(out, " data-v=\"%.0f\"", cell.key);
    }
    fprintf(out, ">%s</td>", cell.text);
}

static void print_cells(FILE *out, const struct figures *figures)
{
    for (size_t column = 0; column < COLUMNS; column++) {
        print_cell(out, figures, columns[column].fill);
    }
    fputs("</tr>\n", out);
}

static void print_head(const struct html_page *page)
{
    fprintf(page->out, "<thead><tr><th scope=\"col\">%c%s</th>",
            html_group_word(page->options->by)[0] - 'a' + 'A',
            html_group_word(page->options->by) + 1);
    for (size_t column = 0; column < COLUMNS; column++) {
        fprintf(page->out, "<th scope=\"col\">%s</th>", columns[column].head);
    }
    fputs("</tr></thead>\n", page->out);
}

/* Pinned to the lower edge, as what all the rows add up to. */
static void print_total(const struct html_page *page)
{
    char number[FORMAT_BYTES];
    const size_t groups = summary_groups(page->summary);

    fprintf(page->out, "<tfoot><tr><th scope=\"row\">All %s %s</th>", html_count(groups, number),
            html_groups_word(page->options->by));
    print_cells(page->out, page->total);
    fputs("</tfoot>\n", page->out);
}

static void print_row(const struct html_page *page, size_t place)
{
    struct figures figures;
    size_t len;
    const char *name = summary_name(page->summary, place, &len);

    summary_figures(page->summary, place, &figures);
    fprintf(page->out, "<tr id=\"r%zu\"><th scope=\"row\">", place);
    if (place < page->detailed) {
        fprintf(page->out, "<a href=\"#g%zu\">", place);
    }
    html_name(page->out, name, len);
    fputs(place < page->detailed ? "</a></th>" : "</th>", page->out);
    print_cells(page->out, &figures);
}

/* Radio buttons before the table: the style sheet orders its rows by the one that is chosen. With a
 * script, the headings do that and more, and these go. */
static void print_orders(const struct html_page *page)
{
    fputs("<p class=\"order\" id=\"order\">Order without a script:</p>\n"
          "<input type=\"radio\" name=\"order\" id=\"by-page\" checked>"
          "<label for=\"by-page\">as printed</label>\n",
          page->out);
    for (size_t order = 0; order < html_rules_orders(); order++) {
        const char *id = html_rules_order_id(order);
        fprintf(page->out,
                "<input type=\"radio\" name=\"order\" id=\"%s\"><label for=\"%s\">%s</label>\n", id,
                id, html_rules_order_label(order));
    }
}

void html_groups(const struct html_page *page)
{
    const char *groups = html_groups_word(page->options->by);

    fprintf(page->out,
            "<section id=\"groups\" aria-labelledby=\"groups-heading\">\n"
            "<h2 id=\"groups-heading\">All %s</h2>\n"
            "<p class=\"find\" id=\"find\" hidden><label for=\"query\">Find a %s</label> "
            "<input type=\"search\" id=\"query\" autocomplete=\"off\" spellcheck=\"false\"> "
            "<output id=\"found\" for=\"query\" role=\"status\"></output></p>\n",
            groups, html_group_word(page->options->by));
    if (page->can_be_ordered) {
        print_orders(page);
    }
    fprintf(page->out,
            "<div class=\"wide\" id=\"frame\" role=\"region\" tabindex=\"0\" "
            "aria-labelledby=\"groups-heading\">\n<table id=\"table\"%s>\n"
            "<caption>Rate: resumed of those that were full or resumed. Times are medians. A name "
            "that is a link has a section below.</caption>\n",
            summary_groups(page->summary) > LONG_TABLE ? " class=\"long\"" : "");
    print_head(page);
    fputs("<tbody>\n", page->out);
    for (size_t place = 0; place < summary_groups(page->summary); place++) {
        print_row(page, place);
    }
    fputs("</tbody>\n", page->out);
    print_total(page);
    fputs("</table></div>\n</section>\n", page->out);
}
