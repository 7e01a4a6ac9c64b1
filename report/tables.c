#include "report/tables.h"

#include <math.h>
#include <stdio.h>

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
