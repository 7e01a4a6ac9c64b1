/* Untrusted text (host names above all: a packet chose them) on its way out. Text is bytes of any
 * value, not terminated; what is valid UTF-8 is shown as such. */
#ifndef REPRISE_REPORT_ESCAPE_H
#define REPRISE_REPORT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* For a terminal: control characters (C0, DEL) and bytes that are not UTF-8 become \xNN; C1,
 * bidirectional controls and other invisible characters \u{NNNN}; a backslash is doubled. Each
 * other character is taken to be one column wide. */
void escape_terminal(FILE *out, const char *text, size_t len);

/* Whether escape_terminal() would print it as it is, a column a byte: nearly all names are so. */
bool escape_is_plain(const char *text, size_t len);

/* Columns that escape_terminal() takes. */
size_t escape_columns(const char *text, size_t len);

/* The same in at most `columns` columns (at least 1): longer text loses its middle to an ellipsis,
 * as both ends of a host name tell something. Returns the columns taken. */
size_t escape_terminal_cut(FILE *out, const char *text, size_t len, size_t columns);

/* A JSON string with its quotes (RFC 8259, 7): always valid UTF-8, bytes that are not become
 * U+FFFD; all that escape_terminal() would escape is \uNNNN. */
void escape_json(FILE *out, const char *text, size_t len);

/* A CSV cell (RFC 4180), quoted where need be; TAB, CR and LF stay, all else is escaped as for a
 * terminal (without doubling backslashes). A cell that begins with = + - @ TAB CR or LF and is not
 * a number gets a leading apostrophe, so that no spreadsheet takes it for a formula. */
void escape_csv(FILE *out, const char *text, size_t len);

/* A span of code in Markdown, in which nothing else means anything: as for a terminal, and what
 * would end the span or a table's cell, or begin HTML, is \xNN too: ` | < > & and spaces at either
 * end. The text is not empty. */
void escape_markdown(FILE *out, const char *text, size_t len);

/* A label's value in Prometheus' text format with its quotes: spelled as for a terminal, and then
 * with that format's own escapes. Different texts stay different, so that no series is there
 * twice. */
void escape_prometheus(FILE *out, const char *text, size_t len);

/* A field of Zeek's log of lines: TAB, backslashes and what escape_terminal() escapes are \xNN,
 * byte by byte, and so is the first byte of text that would be taken for an unset or an empty
 * field. */
void escape_zeek(FILE *out, const char *text, size_t len);

/* Text of an HTML or SVG element, or an attribute's value in double quotes: what a terminal would
 * be shown, and & < > " ' as references. No markup can begin or end in it. */
void escape_html(FILE *out, const char *text, size_t len);

#endif
