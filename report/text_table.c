#include "report/text_table.h"

#include "report/escape.h"
#include "report/format.h"
#include "report/formats.h"
#include "report/text_page.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { NAME_COLUMNS_MIN = 14, TABLE_COLUMNS_MAX = 9 };

/* Figures into text; "-" where there is none. */
typedef void cell_function(const struct figures *figures, char out[FORMAT_BYTES]);

struct table_column {
    const char *upper; /* two lines of heading, flush right like the figures below them */
    const char *lower;
    int width;
    cell_function *cell;
};

struct table {
    const char *title;
    bool (*has_row)(const struct figures *figures);
    struct table_column columns[TABLE_COLUMNS_MAX]; /* up to the first without a cell */
};

static void cell_none(char out[FORMAT_BYTES])
{
    (void)snprintf(out, FORMAT_BYTES, "-");
}

static void cell_handshakes(const struct figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->handshakes, out);
}

static void cell_full(const struct figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->verdicts[VERDICT_FULL], out);
}

static void cell_id(const struct figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->verdicts[VERDICT_RESUMED_ID], out);
}

static void cell_ticket(const struct figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->verdicts[VERDICT_RESUMED_TICKET], out);
}

static void cell_psk(const struct figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->verdicts[VERDICT_RESUMED_PSK], out);
}

static void cell_failed(const struct figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->verdicts[VERDICT_FAILED], out);
}

static void cell_unknown(const struct figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->verdicts[VERDICT_UNKNOWN], out);
}

static void cell_rate(const struct figures *figures, char out[FORMAT_BYTES])
{
    (void)format_rate(figures->rate, out);
}

static void cell_refused(const struct figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->outcomes[OUTCOME_REFUSED], out);
}

static void put_ms(int64_t ns, char out[FORMAT_BYTES])
{
    (void)format_ms(ns == HANDSHAKE_NULL ? (double)NAN : (double)ns, out);
}

static void cell_full_ms(const struct figures *figures, char out[FORMAT_BYTES])
{
    put_ms(figures->full_cost.median_ns, out);
}

static void cell_resumed_ms(const struct figures *figures, char out[FORMAT_BYTES])
{
    put_ms(figures->resumed_cost.median_ns, out);
}

static void put_rtts(const struct mean *rtts, char out[FORMAT_BYTES])
{
    if (rtts->samples == 0) {
        cell_none(out);
    } else {
        (void)snprintf(out, FORMAT_BYTES, "%.1f", mean_value(rtts));
    }
}

static void cell_full_rtts(const struct figures *figures, char out[FORMAT_BYTES])
{
    put_rtts(&figures->full_cost.rtts_tls, out);
}

static void cell_resumed_rtts(const struct figures *figures, char out[FORMAT_BYTES])
{
    put_rtts(&figures->resumed_cost.rtts_tls, out);
}

static void cell_saved_each(const struct figures *figures, char out[FORMAT_BYTES])
{
    const struct figures_saved *saved = &figures->saved;
    bool is_known = saved->headline != HEADLINE_NONE;
    (void)format_ms(is_known ? saved->headline_ns / (double)saved->headline_samples : (double)NAN,
                    out);
}

static void cell_interval(const struct figures *figures, char out[FORMAT_BYTES])
{
    char low[FORMAT_BYTES];
    char high[FORMAT_BYTES];

    if (figures->saved.headline == HEADLINE_NONE) {
        cell_none(out);
    } else if (figures->saved.headline == HEADLINE_MODELLED) {
        (void)snprintf(out, FORMAT_BYTES, "modelled");
    } else {
        (void)snprintf(out, FORMAT_BYTES, "%.20s to %.20s", format_ms(figures->saved.low_ns, low),
                       format_ms(figures->saved.high_ns, high));
    }
}

static void cell_saved_total(const struct figures *figures, char out[FORMAT_BYTES])
{
    bool is_known = figures->saved.headline != HEADLINE_NONE;
    (void)format_duration(is_known ? figures->saved.headline_ns : (double)NAN, out);
}

static void cell_tickets(const struct figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->tickets_issued, out);
}

static void cell_ids(const struct figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->ids_issued, out);
}

static void put_seconds(int64_t seconds, char out[FORMAT_BYTES])
{
    if (seconds == HANDSHAKE_NULL) {
        cell_none(out);
    } else {
        (void)format_seconds(seconds, out);
    }
}

/* A hint of 0 leaves the lifetime open (RFC 5077, 3.3). */
static void put_hint(int64_t seconds, char out[FORMAT_BYTES])
{
    if (seconds == 0) {
        (void)snprintf(out, FORMAT_BYTES, "open");
    } else {
        put_seconds(seconds, out);
    }
}

static void cell_hint(const struct figures *figures, char out[FORMAT_BYTES])
{
    char low[FORMAT_BYTES];
    char high[FORMAT_BYTES];

    put_hint(figures->hint_min_s, low);
    put_hint(figures->hint_max_s, high);
    if (figures->hint_min_s == figures->hint_max_s) {
        (void)snprintf(out, FORMAT_BYTES, "%s", low);
    } else {
        (void)snprintf(out, FORMAT_BYTES, "%.20s to %.20s", low, high);
    }
}

static void cell_accepted_age(const struct figures *figures, char out[FORMAT_BYTES])
{
    put_seconds(figures->largest_accepted_age_s, out);
}

static void cell_refused_age(const struct figures *figures, char out[FORMAT_BYTES])
{
    put_seconds(figures->smallest_refused_age_s, out);
}

static void put_mean(const struct mean *mean, char out[FORMAT_BYTES])
{
    if (mean->samples == 0) {
        cell_none(out);
    } else {
        (void)format_count((uint64_t)llround(fabs(mean_value(mean))), out);
    }
}

static void cell_full_bytes(const struct figures *figures, char out[FORMAT_BYTES])
{
    put_mean(&figures->full_cost.bytes, out);
}

static void cell_resumed_bytes(const struct figures *figures, char out[FORMAT_BYTES])
{
    put_mean(&figures->resumed_cost.bytes, out);
}

static bool has_handshakes(const struct figures *figures)
{
    return figures->handshakes > 0;
}

static bool has_cost(const struct figures *figures)
{
    return figures->full_cost.timed > 0 || figures->resumed_cost.timed > 0 ||
           figures->saved.headline != HEADLINE_NONE;
}

static bool has_sessions(const struct figures *figures)
{
    return figures->tickets_issued > 0 || figures->ids_issued > 0 ||
           figures->largest_accepted_age_s != HANDSHAKE_NULL ||
           figures->smallest_refused_age_s != HANDSHAKE_NULL;
}

/* Widths are of the largest figures that format.c makes; the rest of the page is the name's. */
static const struct table tables[] = {
    {"HANDSHAKES",
     has_handshakes,
     {
         {"", "all", 8, cell_handshakes},
         {"", "full", 8, cell_full},
         {"resumed", "id", 8, cell_id},
         {"resumed", "ticket", 8, cell_ticket},
         {"resumed", "psk", 8, cell_psk},
         {"", "failed", 8, cell_failed},
         {"", "unknown", 8, cell_unknown},
         {"", "rate", 8, cell_rate},
         {"offers", "refused", 8, cell_refused},
     }},
    {"LATENCY",
     has_cost,
     {
         {"full", "median ms", 10, cell_full_ms},
         {"resumed", "median ms", 10, cell_resumed_ms},
         {"full", "trips", 6, cell_full_rtts},
         {"resumed", "trips", 8, cell_resumed_rtts},
         {"saved", "ms each", 9, cell_saved_each},
         {"95 % interval", "ms", 19, cell_interval},
         {"saved", "in all", 10, cell_saved_total},
     }},
    {"SESSIONS",
     has_sessions,
     {
         {"tickets", "issued", 8, cell_tickets},
         {"ids", "issued", 8, cell_ids},
         {"lifetime", "hint", 19, cell_hint},
         {"oldest", "accepted", 10, cell_accepted_age},
         {"youngest", "refused", 10, cell_refused_age},
         {"full", "bytes", 8, cell_full_bytes},
         {"resumed", "bytes", 8, cell_resumed_bytes},
     }},
};

/* Where a table goes, and how wide its names are. */
struct frame_of_table {
    FILE *out;
    const struct summary *summary;
    const struct report_options *options;
    size_t shown;
    int name_columns;
};

static bool has_column(const struct table *table, size_t column)
{
    return column < TABLE_COLUMNS_MAX && table->columns[column].cell != NULL;
}

/* As wide as the widest name that is shown, within what the table leaves. */
static int name_columns(const struct frame_of_table *frame, const struct table *table)
{
    size_t most = TEXT_PAGE_COLUMNS;
    size_t columns = NAME_COLUMNS_MIN;
    size_t len;

    for (size_t column = 0; has_column(table, column); column++) {
        most -= (size_t)table->columns[column].width;
    }
    for (size_t place = 0; place < frame->shown && columns < most; place++) {
        const char *name = summary_name(frame->summary, place, &len);
        size_t wanted = escape_columns(name, len);
        columns = wanted > columns ? wanted : columns;
    }
    return (int)(columns < most ? columns : most);
}

static void print_heading(const struct frame_of_table *frame, const struct table *table)
{
    fputc('\n', frame->out);
    text_page_bold(frame->out, frame->options->use_color);
    fprintf(frame->out, "%-*s", frame->name_columns, table->title);
    for (size_t column = 0; has_column(table, column); column++) {
        fprintf(frame->out, "%*s", table->columns[column].width, table->columns[column].upper);
    }
    fprintf(frame->out, "\n%-*s", frame->name_columns, report_by_name(frame->options->by));
    for (size_t column = 0; has_column(table, column); column++) {
        fprintf(frame->out, "%*s", table->columns[column].width, table->columns[column].lower);
    }
    text_page_plain(frame->out, frame->options->use_color);
    fputc('\n', frame->out);
}

/* A figure that no honest capture has, and too long for its column, must not push the others. */
static void print_cells(const struct frame_of_table *frame, const struct table *table,
                        const struct figures *figures)
{
    char text[FORMAT_BYTES];

    for (size_t column = 0; has_column(table, column); column++) {
        int width = table->columns[column].width;
        table->columns[column].cell(figures, text);
        fprintf(frame->out, "%*s", width, strlen(text) < (size_t)width ? text : "***");
    }
    fputc('\n', frame->out);
}

static void print_group(const struct frame_of_table *frame, const struct table *table, size_t place,
                        const struct figures *figures)
{
    size_t len;
    const char *name = summary_name(frame->summary, place, &len);

    if (len == 0) {
        fprintf(frame->out, "%-*s", frame->name_columns, "(not known)");
    } else {
        text_page_name(frame->out, name, len, (size_t)frame->name_columns);
    }
    print_cells(frame, table, figures);
}

static void print_total(const struct frame_of_table *frame, const struct table *table,
                        const struct figures *total)
{
    size_t groups = summary_groups(frame->summary);
    char label[FORMAT_BYTES];
    char number[FORMAT_BYTES];

    if (groups > 1) {
        (void)snprintf(label, sizeof(label), "all %.20s %ss", format_count(groups, number),
                       report_by_name(frame->options->by));
        fprintf(frame->out, "%-*s", frame->name_columns, label);
        print_cells(frame, table, total);
    }
}

static void print_table(struct frame_of_table *frame, const struct table *table,
                        const struct figures *total)
{
    struct figures figures;

    if (!table->has_row(total)) {
        return;
    }
    frame->name_columns = name_columns(frame, table);
    print_heading(frame, table);
    print_total(frame, table, total);
    for (size_t place = 0; place < frame->shown; place++) {
        summary_figures(frame->summary, place, &figures);
        if (table->has_row(&figures)) {
            print_group(frame, table, place, &figures);
        }
    }
}

void text_tables(FILE *out, const struct summary *summary, const struct report_options *options,
                 const struct figures *total)
{
    struct frame_of_table frame = {out, summary, options, formats_shown(summary, options), 0};
    size_t groups = summary_groups(summary);

    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        print_table(&frame, &tables[i], total);
    }
    if (frame.shown < groups) {
        fprintf(out, "\n%zu more %s%s not shown.\n", groups - frame.shown,
                report_by_name(options->by), groups - frame.shown == 1 ? " is" : "s are");
    }
}
