/* Sentences, headings and names on a page of text. A page may be wider than 80 columns, for tables'
 * sake; sentences are not. */
#ifndef REPRISE_REPORT_TEXT_PAGE_H
#define REPRISE_REPORT_TEXT_PAGE_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { TEXT_PAGE_COLUMNS = 80, TEXT_PAGE_LABEL_COLUMNS = 14 };

/* A sentence as it grows, of our own words: no untrusted text. Starts as {0}; what does not fit is
 * left out. */
struct text_sentence {
    char text[1024];
};

void text_page_add(struct text_sentence *sentence, const char *format, ...) PRINTF_LIKE(2, 3);

/* The sentence from the left margin, wrapped between its words, and a newline. */
void text_page_paragraph(FILE *out, const struct text_sentence *sentence);

/* The same beside a label, which may be "". */
void text_page_row(FILE *out, const char *label, const struct text_sentence *sentence);

/* The beginning and the end of what stands out; nothing without colour. */
void text_page_bold(FILE *out, bool use_color);
void text_page_red(FILE *out, bool use_color);
void text_page_green(FILE *out, bool use_color);
void text_page_yellow(FILE *out, bool use_color);
void text_page_plain(FILE *out, bool use_color);

/* A line that stands out, after an empty one. */
void text_page_heading(FILE *out, const char *words, bool use_color);

/* Untrusted text in exactly `columns` columns: cut, or filled up with spaces. */
void text_page_name(FILE *out, const char *name, size_t len, size_t columns);

#endif
