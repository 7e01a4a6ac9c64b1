/* Lines of text on their way out, put together in memory: a table of thousands of rows then costs
 * no call of stdio for each cell. */
#ifndef REPRISE_REPORT_TEXT_LINE_H
#define REPRISE_REPORT_TEXT_LINE_H

#include <stddef.h>
#include <stdio.h>

enum { TEXT_LINE_BYTES = 4096 };

/* What was added since it was begun or flushed, of any length, is out when it is flushed. Errors
 * are those of `out` (ferror). */
struct text_line {
    FILE *out;
    size_t len;
    char bytes[TEXT_LINE_BYTES];
};

void text_line_begin(struct text_line *line, FILE *out);
void text_line_flush(struct text_line *line);

void text_line_add(struct text_line *line, const char *text, size_t len);
void text_line_spaces(struct text_line *line, size_t count);
/* An untrusted name, in so many columns: text_page_name(). */
void text_line_name(struct text_line *line, const char *name, size_t len, size_t columns);

#endif
