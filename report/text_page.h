/* Paragraphs, headings and names on a page of 100 columns. */
#ifndef REPRISE_REPORT_TEXT_PAGE_H
#define REPRISE_REPORT_TEXT_PAGE_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { TEXT_PAGE_COLUMNS = 100 };

/* Our own words (no untrusted text), wrapped between them, and a newline. */
void text_page_paragraph(FILE *out, const char *words);

/* A line that stands out. */
void text_page_heading(FILE *out, const char *words, bool use_color);

/* The beginning and the end of what stands out; nothing without colour. */
void text_page_bold(FILE *out, bool use_color);
void text_page_red(FILE *out, bool use_color);
void text_page_green(FILE *out, bool use_color);
void text_page_yellow(FILE *out, bool use_color);
void text_page_plain(FILE *out, bool use_color);

/* Untrusted text in exactly `columns` columns: cut, or filled up with spaces. */
void text_page_name(FILE *out, const char *name, size_t len, size_t columns);

#endif
