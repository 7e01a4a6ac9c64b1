#include "report/escape.h"
#include "report/format.h"
#include "report/formats.h"
#include "report/text_page.h"
#include "report/text_rows.h"

#include <math.h>
#include <string.h>

enum { ENDS_COLUMNS = 37, OFFER_COLUMNS = 14, MS_COLUMNS = 6, REASON_COLUMNS = 25, DAY_S = 86400 };

static void begin_handshakes(FILE *out, struct formats_state *state)
{
    (void)out;
    state->rows = 0;
}

/* The date stands in a heading of its own, as days are fewer than handshakes. */
static void print_day(FILE *out, int64_t time_ns, struct formats_state *state)
{
    char day[FORMAT_BYTES];
    int64_t seconds = time_ns / 1000000000 - (time_ns % 1000000000 < 0);
    int64_t number = seconds / DAY_S - (seconds % DAY_S < 0);

    if (state->rows > 0 && number == state->day) {
        return;
    }
    state->day = number;
    fputs(state->rows > 0 ? "\n" : "", out);
    text_page_bold(out, state->use_color);
    fprintf(out, "%s UTC", format_day(time_ns, day));
    fprintf(out, " %-*s %-8s %-14s %-*s %3s %*s", ENDS_COLUMNS - 2, "client -> host", "version",
            "verdict", OFFER_COLUMNS, "offer", "rtt", MS_COLUMNS, "ms");
    text_page_plain(out, state->use_color);
    fputc('\n', out);
}

/* "ticket refused", or "ticket" alone if it was accepted; "-" where nothing was offered. */
static void print_offer(FILE *out, const struct handshake *handshake)
{
    char text[FORMAT_BYTES];
    const char *offer = offer_name(handshake->offered);

    if (offer == NULL || handshake->offered == OFFER_NONE) {
        (void)snprintf(text, sizeof(text), "%s", offer == NULL ? "?" : "-");
    } else if (handshake->outcome == OUTCOME_ACCEPTED) {
        (void)snprintf(text, sizeof(text), "%s", offer);
    } else if (handshake->outcome == OUTCOME_NOT_APPLICABLE) {
        (void)snprintf(text, sizeof(text), "%s n/a", offer);
    } else {
        (void)snprintf(text, sizeof(text), "%s %s", offer, outcome_name(handshake->outcome));
    }
    fprintf(out, "%-*.*s", OFFER_COLUMNS, OFFER_COLUMNS, text);
}

static void print_handshake(FILE *out, const struct columns_row *row, struct formats_state *state)
{
    const struct handshake *handshake = &row->record->handshake;
    bool has_time = handshake->handshake_ns != HANDSHAKE_NULL;
    char text[FORMAT_BYTES];

    print_day(out, handshake->time_ns, state);
    state->rows++;
    fprintf(out, "%s ", format_time_of_day(handshake->time_ns, text));
    text_rows_ends(out, row->record, ENDS_COLUMNS);
    fprintf(out, " %-8s ", format_version(handshake->version, text));
    text_rows_verdict(out, handshake->verdict, state->use_color);
    fputc(' ', out);
    if (handshake->reason != REASON_NONE) {
        (void)format_reason(handshake->reason, handshake->alert, text);
        (void)escape_terminal_cut(out, text, strlen(text), REASON_COLUMNS);
        fputc('\n', out);
        return;
    }
    print_offer(out, handshake);
    fputc(' ', out);
    text_rows_rtts(out, handshake);
    (void)format_ms(has_time ? (double)handshake->handshake_ns : (double)NAN, text);
    fprintf(out, " %*s\n", MS_COLUMNS, strlen(text) <= MS_COLUMNS ? text : "***");
}

static void end_handshakes(FILE *out, struct formats_state *state)
{
    if (state->rows == 0) {
        fputs("No handshakes in this period.\n", out);
    }
}

const struct formats_handshakes text_handshakes = {begin_handshakes, print_handshake,
                                                   end_handshakes};
