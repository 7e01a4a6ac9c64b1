#include "report/tables.h"

#include "report/savings.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    RATE_BAR = 10,
    MECHANISMS_BAR = 20,
    MECHANISMS_COLUMNS = 24, /* the legend above it is longer */
};

_Static_assert(3 * MECHANISMS_BAR < FORMAT_BYTES, "a block has three bytes");

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

static void cell_full_p90(const struct figures *figures, char out[FORMAT_BYTES])
{
    put_ms(figures->full_cost.p90_ns, out);
}

static void cell_resumed_p90(const struct figures *figures, char out[FORMAT_BYTES])
{
    put_ms(figures->resumed_cost.p90_ns, out);
}

/* Appends a character so many times. */
static void put_run(char out[FORMAT_BYTES], const char *character, size_t times)
{
    size_t len = strlen(out);

    for (; times > 0 && len + strlen(character) < FORMAT_BYTES; times--) {
        len += (size_t)snprintf(out + len, FORMAT_BYTES - len, "%s", character);
    }
}

/* Eighths of a character, so that a narrow bar still tells 60 from 65 %. */
static void cell_rate_blocks(const struct figures *figures, char out[FORMAT_BYTES])
{
    static const char *const eighths[] = {"",       "\u258f", "\u258e", "\u258d",
                                          "\u258c", "\u258b", "\u258a", "\u2589"};
    size_t filled = isnan(figures->rate) ? 0 : (size_t)lround(figures->rate * RATE_BAR * 8);

    out[0] = '\0';
    put_run(out, "\u2588", filled / 8);
    put_run(out, eighths[filled % 8], filled % 8 > 0);
    put_run(out, " ", RATE_BAR - (filled + 7) / 8);
}

static void cell_rate_bar(const struct figures *figures, char out[FORMAT_BYTES])
{
    size_t filled = isnan(figures->rate) ? 0 : (size_t)lround(figures->rate * RATE_BAR);

    out[0] = '\0';
    put_run(out, "#", filled);
    put_run(out, ".", RATE_BAR - filled);
}

/* Shares of those full or resumed: each ends where its sum does, so that the whole is whole. */
static void put_mechanisms(const struct figures *figures, const char *const characters[4],
                           char out[FORMAT_BYTES])
{
    const uint64_t parts[] = {
        figures->verdicts[VERDICT_FULL], figures->verdicts[VERDICT_RESUMED_ID],
        figures->verdicts[VERDICT_RESUMED_TICKET], figures->verdicts[VERDICT_RESUMED_PSK]};
    uint64_t sum = 0;
    size_t drawn = 0;

    out[0] = '\0';
    for (size_t i = 0; i < 4 && figures->evaluated > 0; i++) {
        sum += parts[i];
        size_t end = (size_t)lround((double)sum / (double)figures->evaluated * MECHANISMS_BAR);
        put_run(out, characters[i], end - drawn);
        drawn = end;
    }
    put_run(out, " ", MECHANISMS_BAR - drawn);
}

static void cell_mechanisms_blocks(const struct figures *figures, char out[FORMAT_BYTES])
{
    static const char *const blocks[] = {"\u2591", "\u2592", "\u2593", "\u2588"};
    put_mechanisms(figures, blocks, out);
}

static void cell_mechanisms(const struct figures *figures, char out[FORMAT_BYTES])
{
    static const char *const characters[] = {".", "=", "+", "#"};
    put_mechanisms(figures, characters, out);
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
         {"", "all", 8, cell_handshakes, 0},
         {"", "full", 8, cell_full, 0},
         {"resumed", "id", 8, cell_id, 0},
         {"resumed", "ticket", 8, cell_ticket, 0},
         {"resumed", "psk", 8, cell_psk, 0},
         {"", "failed", 8, cell_failed, 100},
         {"", "unknown", 8, cell_unknown, 100},
         {"", "rate", 8, cell_rate, 0},
         {"", "", RATE_BAR + 2, cell_rate_bar, 120},
         {"offers", "refused", 8, cell_refused, 0},
         {"mechanisms", ".full =id +ticket #psk", MECHANISMS_COLUMNS, cell_mechanisms, 140},
     }},
    {"LATENCY",
     has_cost,
     {
         {"full", "median ms", 10, cell_full_ms, 0},
         {"resumed", "median ms", 10, cell_resumed_ms, 0},
         {"full", "p90 ms", 10, cell_full_p90, 140},
         {"resumed", "p90 ms", 10, cell_resumed_p90, 140},
         {"full", "trips", 6, cell_full_rtts, 100},
         {"resumed", "trips", 8, cell_resumed_rtts, 100},
         {"saved", "ms each", 9, cell_saved_each, 0},
         {"95 % interval", "ms", 19, cell_interval, 0},
         {"saved", "in all", 10, cell_saved_total, 0},
     }},
    {"SAVINGS",
     savings_has_row,
     {
         {"median", "ms saved", 9, savings_cell_median, 0},
         {"95 % interval", "ms", 19, savings_cell_interval, 0},
         {"bytes", "each", 8, savings_cell_bytes_each, 100},
         {"bytes", "in all", 9, savings_cell_bytes, 0},
         {"stalled", "trips", 9, savings_cell_stalled, 100},
         {"", "missed", 8, savings_cell_missed, 0},
         {"to gain", "ms each", 9, savings_cell_gain_each, 0},
         {"to gain", "in all", 10, savings_cell_gain, 0},
     }},
    {"SESSIONS",
     has_sessions,
     {
         {"tickets", "issued", 8, cell_tickets, 0},
         {"ids", "issued", 8, cell_ids, 0},
         {"lifetime", "hint", 19, cell_hint, 0},
         {"oldest", "accepted", 10, cell_accepted_age, 0},
         {"youngest", "refused", 10, cell_refused_age, 0},
         {"full", "bytes", 8, cell_full_bytes, 100},
         {"resumed", "bytes", 8, cell_resumed_bytes, 100},
     }},
};

static const struct {
    tables_cell *cell;
    struct tables_column blocks;
} pictures[] = {
    {cell_rate_bar, {"", "", RATE_BAR + 2, cell_rate_blocks, 0}},
    {cell_mechanisms,
     {"mechanisms",
      "\u2591"
      "full \u2592"
      "id \u2593"
      "ticket \u2588"
      "psk",
      MECHANISMS_COLUMNS, cell_mechanisms_blocks, 0}},
};

const struct tables_column *tables_blocks(const struct tables_column *column)
{
    for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++) {
        if (pictures[i].cell == column->cell) {
            return &pictures[i].blocks;
        }
    }
    return NULL;
}

size_t tables_count(void)
{
    return sizeof(tables) / sizeof(tables[0]);
}

const struct table *tables_at(size_t table)
{
    return &tables[table];
}

bool tables_has_column(const struct table *table, size_t column)
{
    return column < TABLES_COLUMNS_MAX && table->columns[column].cell != NULL;
}

unsigned tables_columns_on(const struct table *table, unsigned page_columns)
{
    unsigned columns = 0;
    unsigned left = page_columns - TABLES_NAME_COLUMNS_MIN;

    for (size_t i = 0; tables_has_column(table, i); i++) {
        unsigned width = (unsigned)table->columns[i].width;
        if (page_columns >= table->columns[i].from_columns && width <= left) {
            columns |= 1U << i;
            left -= width;
        }
    }
    return columns;
}
