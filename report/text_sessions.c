#include "report/escape.h"
#include "report/format.h"
#include "report/formats.h"
#include "report/text_page.h"

#include <inttypes.h>
#include <string.h>

enum {
    ALL_FROM_COLUMNS = 100, /* a narrower page sums tickets and IDs, and leaves out offers */
    HOST_COLUMNS_MAX = 60,
    OTHER_COLUMNS = 57,
    OTHER_COLUMNS_ALL = 74,
};

/* How a page of this width is laid out. */
struct layout {
    bool has_all;
    size_t host;
    int hint;
};

static struct layout layout_of(const struct formats_state *state)
{
    size_t columns = formats_columns(state->columns);
    bool has_all = columns >= ALL_FROM_COLUMNS;
    size_t host = columns - (has_all ? OTHER_COLUMNS_ALL : OTHER_COLUMNS);

    return (struct layout){
        .has_all = has_all,
        .host = host < HOST_COLUMNS_MAX ? host : HOST_COLUMNS_MAX,
        .hint = has_all ? 16 : 15,
    };
}

static void begin_sessions(FILE *out, struct formats_state *state)
{
    (void)out;
    state->rows = 0;
}

/* Hosts come one by one, so their names have a fixed width. */
static void print_heading(FILE *out, const struct layout *layout, bool use_color)
{
    text_page_bold(out, use_color);
    fprintf(out, "%-*s", (int)layout->host, "SESSIONS");
    if (layout->has_all) {
        fprintf(out, "%8s%8s%*s%8s", "tickets", "ids", layout->hint, "lifetime", "times");
    } else {
        fprintf(out, "%8s%*s", "", layout->hint, "lifetime");
    }
    fprintf(out, "%9s%8s%9s%8s\n%-*s", "", "", "oldest", "young.", (int)layout->host, "host");
    if (layout->has_all) {
        fprintf(out, "%8s%8s%*s%8s", "issued", "issued", layout->hint, "hint", "offered");
    } else {
        fprintf(out, "%8s%*s", "issued", layout->hint, "hint");
    }
    fprintf(out, "%9s%8s%9s%8s", "accepted", "refused", "accepted", "refused");
    text_page_plain(out, use_color);
    fputc('\n', out);
}

static void begin_host(FILE *out, const struct wire_text *host, struct formats_state *state)
{
    const struct layout layout = layout_of(state);

    if (state->rows++ == 0) {
        print_heading(out, &layout, state->use_color);
    }
    text_page_name(out, host->text, host->len, layout.host);
}

/* Sessions one by one are for JSON and CSV. */
static void print_session(FILE *out, const struct session_record *session, bool is_first_of_host)
{
    (void)out;
    (void)session;
    (void)is_first_of_host;
}

static void print_text(FILE *out, int columns, const char *text)
{
    fprintf(out, "%*s", columns, strlen(text) < (size_t)columns ? text : "***");
}

static void print_count(FILE *out, int columns, uint64_t count)
{
    char text[FORMAT_BYTES];
    print_text(out, columns, format_count(count, text));
}

static const char *seconds_or_dash(int64_t seconds, char text[FORMAT_BYTES])
{
    return seconds == HANDSHAKE_NULL ? "-" : format_seconds(seconds, text);
}

static void print_seconds(FILE *out, int columns, int64_t seconds)
{
    char text[FORMAT_BYTES];
    print_text(out, columns, seconds_or_dash(seconds, text));
}

static void print_hint(FILE *out, int columns, const struct host_sessions *host)
{
    char low[FORMAT_BYTES];
    char high[FORMAT_BYTES];
    char text[2 * FORMAT_BYTES];
    const char *from = host->hint_min_s == 0 ? "open" : seconds_or_dash(host->hint_min_s, low);

    if (host->hint_min_s == host->hint_max_s) {
        print_text(out, columns, from);
    } else {
        (void)snprintf(text, sizeof(text), "%s to %s", from,
                       seconds_or_dash(host->hint_max_s, high));
        print_text(out, columns, text);
    }
}

static void print_note(FILE *out, uint64_t count, const char *words)
{
    if (count > 0) {
        fprintf(out, "  %" PRIu64 " session%s %s\n", count, count == 1 ? "" : "s", words);
    }
}

/* Rows of tickets, each renewed by a resumption with the one before it. */
static void print_chains(FILE *out, const struct chain_figures *chains)
{
    char longest[FORMAT_BYTES];
    char median[FORMAT_BYTES];

    if (chains->count == 0) {
        return;
    }
    fprintf(out, "  %" PRIu64 " chain%s of renewals: ", chains->count,
            chains->count == 1 ? "" : "s");
    if (chains->count == 1) {
        fprintf(out, "%" PRId64 " tickets, %s\n", chains->longest,
                seconds_or_dash(chains->longest_s, longest));
    } else {
        fprintf(out, "longest %" PRId64 " tickets, %s; median %" PRId64 ", %s\n", chains->longest,
                seconds_or_dash(chains->longest_s, longest), chains->median,
                seconds_or_dash(chains->median_s, median));
    }
}

static void end_host(FILE *out, const struct host_sessions *host, struct formats_state *state)
{
    const struct layout layout = layout_of(state);

    if (layout.has_all) {
        print_count(out, 8, host->tickets_issued);
        print_count(out, 8, host->ids_issued);
    } else {
        print_count(out, 8, host->tickets_issued + host->ids_issued);
    }
    print_hint(out, layout.hint, host);
    if (layout.has_all) {
        print_count(out, 8, host->offered);
    }
    print_count(out, 9, host->accepted);
    print_count(out, 8, host->refused);
    print_seconds(out, 9, host->largest_accepted_age_s);
    print_seconds(out, 8, host->smallest_refused_age_s);
    fputc('\n', out);
    print_note(out, host->accepted_past_hint, "accepted when older than hinted");
    print_note(out, host->refused_within_hint, "refused before the hinted lifetime was over");
    print_note(out, host->never_issued, "offered but not seen issued");
    print_chains(out, &host->chains);
}

static void end_sessions(FILE *out, struct formats_state *state)
{
    if (state->rows == 0) {
        fputs("No sessions in this period.\n", out);
    }
}

const struct formats_sessions text_sessions = {
    .begin = begin_sessions,
    .begin_host = begin_host,
    .session = print_session,
    .end_host = end_host,
    .conduct = text_conduct,
    .keys = text_keys,
    .mechanisms = text_mechanisms,
    .end = end_sessions,
};
