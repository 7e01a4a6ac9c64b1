#include "report/escape.h"
#include "report/format.h"
#include "report/formats.h"
#include "report/text_page.h"

#include <inttypes.h>
#include <string.h>

enum { HOST_COLUMNS = 26, HINT_COLUMNS = 16 };

static void begin_sessions(FILE *out, struct formats_state *state)
{
    (void)out;
    state->rows = 0;
}

/* Hosts come one by one, so their names have a fixed width. */
static void print_heading(FILE *out, struct formats_state *state)
{
    text_page_bold(out, state->use_color);
    fprintf(out, "%-*s%8s%8s%*s%8s%9s%8s%9s%8s\n", HOST_COLUMNS, "SESSIONS", "tickets", "ids",
            HINT_COLUMNS, "lifetime", "times", "", "", "oldest", "young.");
    fprintf(out, "%-*s%8s%8s%*s%8s%9s%8s%9s%8s", HOST_COLUMNS, "host", "issued", "issued",
            HINT_COLUMNS, "hint", "offered", "accepted", "refused", "accepted", "refused");
    text_page_plain(out, state->use_color);
    fputc('\n', out);
}

static void begin_host(FILE *out, const struct wire_text *host, struct formats_state *state)
{
    if (state->rows++ == 0) {
        print_heading(out, state);
    }
    text_page_name(out, host->text, host->len, HOST_COLUMNS);
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

static void print_hint(FILE *out, const struct host_sessions *host)
{
    char low[FORMAT_BYTES];
    char high[FORMAT_BYTES];
    char text[2 * FORMAT_BYTES];
    const char *from = host->hint_min_s == 0 ? "open" : seconds_or_dash(host->hint_min_s, low);

    if (host->hint_min_s == host->hint_max_s) {
        print_text(out, HINT_COLUMNS, from);
    } else {
        (void)snprintf(text, sizeof(text), "%s to %s", from,
                       seconds_or_dash(host->hint_max_s, high));
        print_text(out, HINT_COLUMNS, text);
    }
}

static void print_note(FILE *out, uint64_t count, const char *words)
{
    if (count > 0) {
        fprintf(out, "  %" PRIu64 " session%s %s\n", count, count == 1 ? "" : "s", words);
    }
}

static void end_host(FILE *out, const struct host_sessions *host, struct formats_state *state)
{
    (void)state;
    print_count(out, 8, host->tickets_issued);
    print_count(out, 8, host->ids_issued);
    print_hint(out, host);
    print_count(out, 8, host->offered);
    print_count(out, 9, host->accepted);
    print_count(out, 8, host->refused);
    print_seconds(out, 9, host->largest_accepted_age_s);
    print_seconds(out, 8, host->smallest_refused_age_s);
    fputc('\n', out);
    print_note(out, host->accepted_past_hint, "accepted when older than hinted");
    print_note(out, host->refused_within_hint, "refused before the hinted lifetime was over");
    print_note(out, host->never_issued, "offered but not seen issued");
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
    .keys = text_keys,
    .end = end_sessions,
};
