#include "report/escape.h"
#include "report/format.h"
#include "report/formats.h"
#include "report/text_page.h"
#include "report/text_rows.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    OFFER_FROM_COLUMNS = 100, /* a narrower page has no room for the offer */
    OFFER_COLUMNS = 14,
    ISSUED_FROM_COLUMNS = 120, /* nor has one narrower than this for what was issued */
    ISSUED_COLUMNS = 11,
    ENDS_COLUMNS_MAX = 60,
    MS_COLUMNS = 6,
    REASON_VERDICT_COLUMNS = 7, /* only "failed" and "unknown" have a reason */
    /* The time, the version, the verdict, round trips and the spaces between. */
    OTHER_COLUMNS = 12 + 1 + 1 + 8 + 1 + TEXT_ROWS_VERDICT_COLUMNS + 1 + 3 + 1 + MS_COLUMNS,
    DAY_S = 86400,
};

/* How a page of this width is laid out. */
struct layout {
    bool has_offer;
    bool has_issued;
    size_t ends;   /* columns for client and host */
    size_t reason; /* and for why a verdict is failed or unknown */
};

static struct layout layout_of(const struct formats_state *state)
{
    size_t columns = formats_columns(state->columns);
    bool has_offer = columns >= OFFER_FROM_COLUMNS;
    bool has_issued = columns >= ISSUED_FROM_COLUMNS;
    size_t ends = columns - OTHER_COLUMNS - (has_offer ? OFFER_COLUMNS + 1 : 0) -
                  (has_issued ? ISSUED_COLUMNS + 1 : 0);

    ends = ends < ENDS_COLUMNS_MAX ? ends : ENDS_COLUMNS_MAX;
    return (struct layout){
        .has_offer = has_offer,
        .has_issued = has_issued,
        .ends = ends,
        .reason = columns - (12 + 1 + ends + 1 + 8 + 1 + REASON_VERDICT_COLUMNS + 1),
    };
}

static void begin_handshakes(FILE *out, struct formats_state *state)
{
    (void)out;
    state->rows = 0;
}

/* The date stands in a heading of its own, as days are fewer than handshakes. */
static void print_day(FILE *out, int64_t time_ns, const struct layout *layout,
                      struct formats_state *state)
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
    fprintf(out, " %-*s %-8s %-*s ", (int)layout->ends - 2, "client -> host", "version",
            TEXT_ROWS_VERDICT_COLUMNS, "verdict");
    if (layout->has_offer) {
        fprintf(out, "%-*s ", OFFER_COLUMNS, "offer");
    }
    if (layout->has_issued) {
        fprintf(out, "%-*s ", ISSUED_COLUMNS, "tickets");
    }
    fprintf(out, "%3s %*s", "rtt", MS_COLUMNS, "ms");
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

/* "192 B" of a ticket in clear; of TLS 1.3 "~2 x 208 B", an estimate; "-" where none was seen. */
static void print_issued(FILE *out, const struct handshake *handshake)
{
    char text[FORMAT_BYTES] = "-";

    if (handshake->issued_ticket_bytes != HANDSHAKE_NULL) {
        (void)snprintf(text, sizeof(text), "%" PRId64 " B", handshake->issued_ticket_bytes);
    } else if (handshake->estimated_tickets > 0) {
        (void)snprintf(text, sizeof(text), "~%" PRId64 " x %" PRId64 " B",
                       handshake->estimated_tickets, handshake->estimated_ticket_bytes);
    }
    fprintf(out, "%-*s", ISSUED_COLUMNS, strlen(text) <= ISSUED_COLUMNS ? text : "***");
}

static void print_reason(FILE *out, const struct handshake *handshake, const struct layout *layout,
                         bool use_color)
{
    char text[FORMAT_BYTES];

    text_rows_verdict(out, handshake->verdict, REASON_VERDICT_COLUMNS, use_color);
    fputc(' ', out);
    (void)format_reason(handshake->reason, handshake->alert, text);
    (void)escape_terminal_cut(out, text, strlen(text), layout->reason);
}

static void print_result(FILE *out, const struct handshake *handshake, const struct layout *layout,
                         bool use_color)
{
    bool has_time = handshake->handshake_ns != HANDSHAKE_NULL;
    char text[FORMAT_BYTES];

    text_rows_verdict(out, handshake->verdict, TEXT_ROWS_VERDICT_COLUMNS, use_color);
    fputc(' ', out);
    if (layout->has_offer) {
        print_offer(out, handshake);
        fputc(' ', out);
    }
    if (layout->has_issued) {
        print_issued(out, handshake);
        fputc(' ', out);
    }
    text_rows_rtts(out, handshake);
    (void)format_ms(has_time ? (double)handshake->handshake_ns : (double)NAN, text);
    fprintf(out, " %*s", MS_COLUMNS, strlen(text) <= MS_COLUMNS ? text : "***");
}

static void print_handshake(FILE *out, const struct columns_row *row, struct formats_state *state)
{
    const struct handshake *handshake = &row->record->handshake;
    const struct layout layout = layout_of(state);
    bool was_judged = handshake->verdict != VERDICT_UNKNOWN && handshake->verdict != VERDICT_FAILED;
    char text[FORMAT_BYTES];

    print_day(out, handshake->time_ns, &layout, state);
    state->rows++;
    fprintf(out, "%s ", format_time_of_day(handshake->time_ns, text));
    text_rows_ends(out, row->record, layout.ends);
    fprintf(out, " %-8s ", format_version(handshake->version, text));
    if (!was_judged && handshake->reason != REASON_NONE) {
        print_reason(out, handshake, &layout, state->use_color);
    } else {
        print_result(out, handshake, &layout, state->use_color);
    }
    fputc('\n', out);
}

static void end_handshakes(FILE *out, struct formats_state *state)
{
    if (state->rows == 0) {
        fputs("No handshakes in this period.\n", out);
    }
}

const struct formats_handshakes text_handshakes = {begin_handshakes, print_handshake,
                                                   end_handshakes};
