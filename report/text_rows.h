/* What lines about single handshakes have in common. */
#ifndef REPRISE_REPORT_TEXT_ROWS_H
#define REPRISE_REPORT_TEXT_ROWS_H

#include "store/record.h"

#include <stdio.h>

/* "192.0.2.7 -> www.example.com" in exactly `columns` columns, at least 32: the host gives way
 * first, then, for long IPv6 addresses, the client. */
void text_rows_ends(FILE *out, const struct record *record, size_t columns);

/* The verdict in so many columns, all of them have room in TEXT_ROWS_VERDICT_COLUMNS. */
enum { TEXT_ROWS_VERDICT_COLUMNS = 14 };
void text_rows_verdict(FILE *out, enum verdict verdict, int columns, bool use_color);

/* "1+2": round trips of TCP and of TLS; "?" for one that is not known, "*" above 9. */
void text_rows_rtts(FILE *out, const struct handshake *handshake);

#endif
