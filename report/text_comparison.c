#include "report/comparison_formats.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/formats.h"
#include "report/text_page.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { NAME_COLUMNS_MIN = 14, COLUMNS_MAX = 6 };

typedef void cell_function(const struct comparison_row *row, char out[FORMAT_BYTES]);

struct column {
    const char *upper; /* two lines of heading, flush right like the figures below them */
    const char *lower;
    int width;
    cell_function *cell;
};

struct table {
    const char *title;
    bool (*has_row)(const struct comparison_row *row);
    struct column columns[COLUMNS_MAX]; /* up to the first without a cell */
};

static const struct comparison_side *side_a(const struct comparison_row *row)
{
    return &row->sides[COMPARISON_A];
}

static const struct comparison_side *side_b(const struct comparison_row *row)
{
    return &row->sides[COMPARISON_B];
}

static void cell_a_evaluated(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    (void)format_count(side_a(row)->resumed.of, out);
}

static void cell_b_evaluated(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    (void)format_count(side_b(row)->resumed.of, out);
}

static void cell_a_rate(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    (void)format_rate(proportion_rate(&side_a(row)->resumed), out);
}

static void cell_b_rate(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    (void)format_rate(proportion_rate(&side_b(row)->resumed), out);
}

static void cell_a_offers(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    (void)format_count(side_a(row)->refused.of, out);
}

static void cell_b_offers(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    (void)format_count(side_b(row)->refused.of, out);
}

static void cell_a_refused(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    (void)format_rate(proportion_rate(&side_a(row)->refused), out);
}

static void cell_b_refused(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    (void)format_rate(proportion_rate(&side_b(row)->refused), out);
}

/* A change that may be none must not look like one. */
static void put_change(const struct comparison_share *share, char out[FORMAT_BYTES])
{
    if (share->change == COMPARISON_TOO_FEW) {
        (void)snprintf(out, FORMAT_BYTES, "too few");
    } else {
        (void)snprintf(out, FORMAT_BYTES, "%s%+.1f",
                       share->change == COMPARISON_UNCLEAR ? "? " : "", 100 * share->difference);
    }
}

static void put_interval(const struct comparison_share *share, char out[FORMAT_BYTES])
{
    if (share->change == COMPARISON_TOO_FEW) {
        (void)snprintf(out, FORMAT_BYTES, "-");
    } else {
        (void)snprintf(out, FORMAT_BYTES, "%+.1f to %+.1f", 100 * share->interval.low,
                       100 * share->interval.high);
    }
}

static void cell_rate_change(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    put_change(&row->resumed, out);
}

static void cell_rate_interval(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    put_interval(&row->resumed, out);
}

static void cell_refused_change(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    put_change(&row->refused, out);
}

static void cell_refused_interval(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    put_interval(&row->refused, out);
}

static void put_ms(int64_t ns, char out[FORMAT_BYTES])
{
    (void)format_ms(ns == HANDSHAKE_NULL ? (double)NAN : (double)ns, out);
}

static void cell_a_full(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    put_ms(side_a(row)->full_ns, out);
}

static void cell_b_full(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    put_ms(side_b(row)->full_ns, out);
}

static void cell_a_resumed(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    put_ms(side_a(row)->resumed_ns, out);
}

static void cell_b_resumed(const struct comparison_row *row, char out[FORMAT_BYTES])
{
    put_ms(side_b(row)->resumed_ns, out);
}

static bool has_evaluated(const struct comparison_row *row)
{
    return side_a(row)->resumed.of > 0 || side_b(row)->resumed.of > 0;
}

static bool has_offers(const struct comparison_row *row)
{
    return side_a(row)->refused.of > 0 || side_b(row)->refused.of > 0;
}

static bool has_time(const struct comparison_row *row)
{
    return side_a(row)->full_timed > 0 || side_b(row)->full_timed > 0 ||
           side_a(row)->resumed_timed > 0 || side_b(row)->resumed_timed > 0;
}

static const struct table tables[] = {
    {"RESUMPTION",
     has_evaluated,
     {
         {"evaluated", "A", 10, cell_a_evaluated},
         {"evaluated", "B", 10, cell_b_evaluated},
         {"rate", "A", 8, cell_a_rate},
         {"rate", "B", 8, cell_b_rate},
         {"change", "points", 9, cell_rate_change},
         {"95 % interval", "points", 17, cell_rate_interval},
     }},
    {"REFUSED OFFERS",
     has_offers,
     {
         {"offers", "A", 10, cell_a_offers},
         {"offers", "B", 10, cell_b_offers},
         {"refused", "A", 8, cell_a_refused},
         {"refused", "B", 8, cell_b_refused},
         {"change", "points", 9, cell_refused_change},
         {"95 % interval", "points", 17, cell_refused_interval},
     }},
    {"HANDSHAKE TIME",
     has_time,
     {
         {"full, A", "median ms", 14, cell_a_full},
         {"full, B", "median ms", 14, cell_b_full},
         {"resumed, A", "median ms", 14, cell_a_resumed},
         {"resumed, B", "median ms", 14, cell_b_resumed},
     }},
};

/* What all parts of the page need. */
struct page {
    FILE *out;
    const struct comparison *comparison;
    const struct report_options *options;
    size_t shown;
};

static bool has_column(const struct table *table, size_t column)
{
    return column < COLUMNS_MAX && table->columns[column].cell != NULL;
}

/* As wide as the widest name that is shown, within what the table leaves. */
static int name_columns(const struct page *page, const struct table *table)
{
    size_t most = formats_columns(page->options->columns);
    size_t columns = NAME_COLUMNS_MIN;

    for (size_t column = 0; has_column(table, column); column++) {
        most -= (size_t)table->columns[column].width;
    }
    for (size_t i = 0; i < page->shown; i++) {
        const struct comparison_row *row = &page->comparison->rows[i];
        size_t wanted = escape_columns(row->name, row->name_len);
        columns = wanted > columns ? wanted : columns;
    }
    return (int)(columns < most ? columns : most);
}

static void print_heading(const struct page *page, const struct table *table, int columns)
{
    fputc('\n', page->out);
    text_page_bold(page->out, page->options->use_color);
    fprintf(page->out, "%-*s", columns, table->title);
    for (size_t column = 0; has_column(table, column); column++) {
        fprintf(page->out, "%*s", table->columns[column].width, table->columns[column].upper);
    }
    fprintf(page->out, "\n%-*s", columns, report_by_name(page->options->by));
    for (size_t column = 0; has_column(table, column); column++) {
        fprintf(page->out, "%*s", table->columns[column].width, table->columns[column].lower);
    }
    text_page_plain(page->out, page->options->use_color);
    fputc('\n', page->out);
}

static void print_cells(const struct page *page, const struct table *table,
                        const struct comparison_row *row)
{
    char text[FORMAT_BYTES];

    for (size_t column = 0; has_column(table, column); column++) {
        int width = table->columns[column].width;
        table->columns[column].cell(row, text);
        fprintf(page->out, "%*s", width, strlen(text) < (size_t)width ? text : "***");
    }
    fputc('\n', page->out);
}

static void print_table(const struct page *page, const struct table *table)
{
    int columns = name_columns(page, table);
    char label[FORMAT_BYTES];

    if (!table->has_row(&page->comparison->total)) {
        return;
    }
    print_heading(page, table, columns);
    if (page->comparison->count > 1) {
        (void)snprintf(label, sizeof(label), "all %ss", report_by_name(page->options->by));
        fprintf(page->out, "%-*s", columns, label);
        print_cells(page, table, &page->comparison->total);
    }
    for (size_t i = 0; i < page->shown; i++) {
        const struct comparison_row *row = &page->comparison->rows[i];
        if (table->has_row(row)) {
            bool is_known = row->name_len > 0;
            text_page_name(page->out, is_known ? row->name : "(not known)",
                           is_known ? row->name_len : 11, (size_t)columns);
            print_cells(page, table, row);
        }
    }
}

static void print_period(const struct page *page, const char *label, size_t side)
{
    const struct query_filter *period = &page->options->periods[side];
    const struct comparison_side *total = &page->comparison->total.sides[side];
    struct text_sentence sentence = {0};
    char text[FORMAT_BYTES];

    if (period->since_ns != HANDSHAKE_NULL) {
        text_page_add(&sentence, "from %s", format_second(period->since_ns, text));
    }
    if (period->until_ns != HANDSHAKE_NULL) {
        text_page_add(&sentence, "%suntil %s", sentence.text[0] != '\0' ? " " : "",
                      format_second(period->until_ns, text));
    }
    text_page_add(&sentence,
                  ": %" PRIu64 " handshakes, %" PRIu64 " full or resumed, %" PRIu64
                  " failed, %" PRIu64 " unknown",
                  total->handshakes, total->resumed.of, total->failed, total->unknown);
    text_page_row(page->out, label, &sentence);
}

/* The sentence to read if one reads only one. */
static void print_headline(const struct page *page)
{
    const struct comparison_row *total = &page->comparison->total;
    const struct comparison_share *share = &total->resumed;
    struct text_sentence sentence = {0};
    char before[FORMAT_BYTES];
    char after[FORMAT_BYTES];

    if (share->change == COMPARISON_TOO_FEW) {
        text_page_add(&sentence,
                      "Too few to compare: less than %d handshakes were full or resumed in one of "
                      "the periods.",
                      PROPORTION_ENOUGH);
    } else {
        text_page_add(&sentence,
                      "Resumption %s: %s in A, %s in B, %+.1f percentage points (95 %% interval "
                      "%+.1f to %+.1f).",
                      share->change == COMPARISON_UP     ? "rose"
                      : share->change == COMPARISON_DOWN ? "fell"
                                                         : "may not have changed",
                      format_rate(proportion_rate(&side_a(total)->resumed), before),
                      format_rate(proportion_rate(&side_b(total)->resumed), after),
                      100 * share->difference, 100 * share->interval.low,
                      100 * share->interval.high);
    }
    text_page_bold(page->out, page->options->use_color);
    text_page_paragraph(page->out, &sentence);
    text_page_plain(page->out, page->options->use_color);
}

static void print_method(const struct page *page)
{
    struct text_sentence sentence = {0};

    text_page_add(&sentence,
                  "Points: percentage points, B less A, with Newcombe's 95 %% interval; \"?\" "
                  "where it holds 0; \"too few\" below %d in either period. Refused: of the offers "
                  "that were accepted or refused. With many rows, one in twenty differs by chance. "
                  "Times are UTC.",
                  PROPORTION_ENOUGH);
    fputc('\n', page->out);
    text_page_paragraph(page->out, &sentence);
}

static void print_not_shown(const struct page *page)
{
    size_t rest = page->comparison->count - page->shown;

    if (rest > 0) {
        fprintf(page->out, "\n%zu more %s%s not shown.\n", rest, report_by_name(page->options->by),
                rest == 1 ? " is" : "s are");
    }
}

void comparison_text(FILE *out, const struct comparison *comparison,
                     const struct report_options *options)
{
    bool is_cut = options->top > 0 && options->top < comparison->count;
    struct page page = {out, comparison, options, is_cut ? options->top : comparison->count};

    fputs("Reprise comparison\n", out);
    if (options->filter.host_glob != NULL) {
        fputs("Hosts like ", out);
        (void)escape_terminal_cut(out, options->filter.host_glob, strlen(options->filter.host_glob),
                                  80);
        fputc('\n', out);
    }
    print_period(&page, "A", COMPARISON_A);
    print_period(&page, "B", COMPARISON_B);
    fputc('\n', out);
    if (comparison->count == 0) {
        fputs("No handshakes in these periods.\n", out);
        return;
    }
    print_headline(&page);
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        print_table(&page, &tables[i]);
    }
    print_not_shown(&page);
    print_method(&page);
}
