#include "report/comparison_tables.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

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

static const struct comparison_table tables[] = {
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

size_t comparison_tables_count(void)
{
    return sizeof(tables) / sizeof(tables[0]);
}

const struct comparison_table *comparison_tables_at(size_t table)
{
    return &tables[table];
}

bool comparison_tables_has_column(const struct comparison_table *table, size_t column)
{
    return column < COMPARISON_COLUMNS_MAX && table->columns[column].cell != NULL;
}

void comparison_tables_period(const struct comparison *comparison,
                              const struct report_options *options, size_t side,
                              struct text_sentence *out)
{
    const struct query_filter *period = &options->periods[side];
    const struct comparison_side *total = &comparison->total.sides[side];
    char text[FORMAT_BYTES];

    if (period->since_ns != HANDSHAKE_NULL) {
        text_page_add(out, "from %s", format_second(period->since_ns, text));
    }
    if (period->until_ns != HANDSHAKE_NULL) {
        text_page_add(out, "%suntil %s", out->text[0] != '\0' ? " " : "",
                      format_second(period->until_ns, text));
    }
    text_page_add(out,
                  ": %" PRIu64 " handshakes, %" PRIu64 " full or resumed, %" PRIu64
                  " failed, %" PRIu64 " unknown",
                  total->handshakes, total->resumed.of, total->failed, total->unknown);
}

void comparison_tables_headline(const struct comparison *comparison, struct text_sentence *out)
{
    const struct comparison_row *total = &comparison->total;
    const struct comparison_share *share = &total->resumed;
    char before[FORMAT_BYTES];
    char after[FORMAT_BYTES];

    if (share->change == COMPARISON_TOO_FEW) {
        text_page_add(out,
                      "Too few to compare: less than %d handshakes were full or resumed in one of "
                      "the periods.",
                      PROPORTION_ENOUGH);
    } else {
        text_page_add(out,
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
}

void comparison_tables_method(struct text_sentence *out)
{
    text_page_add(out,
                  "Points: percentage points, B less A, with Newcombe's 95 %% interval; \"?\" "
                  "where it holds 0; \"too few\" below %d in either period. Refused: of the offers "
                  "that were accepted or refused. With many rows, one in twenty differs by chance. "
                  "Times are UTC.",
                  PROPORTION_ENOUGH);
}

void comparison_tables_not_shown(const struct comparison *comparison,
                                 const struct report_options *options, struct text_sentence *out)
{
    size_t rest = comparison->count - comparison_tables_shown(comparison, options);

    if (rest > 0) {
        text_page_add(out, "%zu more %s%s not shown.", rest, report_by_name(options->by),
                      rest == 1 ? " is" : "s are");
    }
}

size_t comparison_tables_shown(const struct comparison *comparison,
                               const struct report_options *options)
{
    bool is_cut = options->top > 0 && options->top < comparison->count;

    return is_cut ? options->top : comparison->count;
}
