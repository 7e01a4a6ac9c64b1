#include "report/text_page.h"

#include "report/escape.h"

#include <string.h>

void text_page_paragraph(FILE *out, const char *words)
{
    size_t column = 0;

    while (*words != '\0') {
        size_t len = strcspn(words, " ");
        if (column > 0 && column + 1 + len > TEXT_PAGE_COLUMNS) {
            fputc('\n', out);
            column = 0;
        } else if (column > 0) {
            fputc(' ', out);
            column++;
        }
        fwrite(words, 1, len, out);
        column += len;
        words += len + strspn(words + len, " ");
    }
    fputc('\n', out);
}

static void print_code(FILE *out, const char *code, bool use_color)
{
    if (use_color) {
        fputs(code, out);
    }
}

void text_page_bold(FILE *out, bool use_color)
{
    print_code(out, "\033[1m", use_color);
}

void text_page_red(FILE *out, bool use_color)
{
    print_code(out, "\033[31m", use_color);
}

void text_page_green(FILE *out, bool use_color)
{
    print_code(out, "\033[32m", use_color);
}

void text_page_yellow(FILE *out, bool use_color)
{
    print_code(out, "\033[33m", use_color);
}

void text_page_plain(FILE *out, bool use_color)
{
    print_code(out, "\033[0m", use_color);
}

void text_page_heading(FILE *out, const char *words, bool use_color)
{
    text_page_bold(out, use_color);
    fputs(words, out);
    text_page_plain(out, use_color);
    fputc('\n', out);
}

void text_page_name(FILE *out, const char *name, size_t len, size_t columns)
{
    for (size_t taken = escape_terminal_cut(out, name, len, columns); taken < columns; taken++) {
        fputc(' ', out);
    }
}
