#include "report/text_rows.h"

#include "report/escape.h"
#include "report/format.h"
#include "report/text_page.h"

#include <string.h>

enum { CLIENT_COLUMNS = 15 }; /* any IPv4 address */

void text_rows_ends(FILE *out, const struct record *record, size_t columns)
{
    char client[FORMAT_BYTES];
    size_t len = strlen(format_address(&record->handshake.client, client));
    size_t host = escape_columns(record->host.text, record->host.len);
    size_t room = columns - 4; /* for both, around the arrow */

    size_t client_columns = host < room - CLIENT_COLUMNS ? room - host : CLIENT_COLUMNS;
    size_t taken = escape_terminal_cut(out, client, len, client_columns);
    fputs(" -> ", out);
    text_page_name(out, record->host.text, record->host.len, room - taken);
}

static void print_verdict_color(FILE *out, enum verdict verdict, bool use_color)
{
    if (verdict_is_resumed(verdict)) {
        text_page_green(out, use_color);
    } else if (verdict == VERDICT_FAILED) {
        text_page_red(out, use_color);
    } else if (verdict == VERDICT_UNKNOWN) {
        text_page_yellow(out, use_color);
    }
}

void text_rows_verdict(FILE *out, enum verdict verdict, int columns, bool use_color)
{
    print_verdict_color(out, verdict, use_color);
    fprintf(out, "%-*s", columns, verdict_name(verdict));
    if (verdict != VERDICT_FULL) {
        text_page_plain(out, use_color);
    }
}

static void put_number(int8_t rtts, char out[8])
{
    if (rtts < 0) {
        (void)snprintf(out, 8, "?");
    } else if (rtts > 9) {
        (void)snprintf(out, 8, "*");
    } else {
        (void)snprintf(out, 8, "%d", rtts);
    }
}

void text_rows_rtts(FILE *out, const struct handshake *handshake)
{
    char tcp[8];
    char tls[8];

    put_number(handshake->rtts_tcp, tcp);
    put_number(handshake->rtts_tls, tls);
    fprintf(out, "%s+%s", tcp, tls);
}
