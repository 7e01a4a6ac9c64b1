#include "report/text_page.h"

#include "report/escape.h"

#include <stdarg.h>
#include <string.h>

void text_page_add(struct text_sentence *sentence, const char *format, ...)
{
    size_t len = strlen(sentence->text);
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(sentence->text + len, sizeof(sentence->text) - len, format, arguments);
    va_end(arguments);
}

/* "95 %" is one word. */
static size_t word_len(const char *words)
{
    size_t len = strcspn(words, " ");

    if (words[len] == ' ' && words[len + 1] == '%') {
        len += 1 + strcspn(words + len + 1, " ");
    }
    return len;
}

/* From column `margin`, where the pen is, with later lines beginning there too. */
static void print_wrapped(FILE *out, const char *words, size_t margin)
{
    size_t column = margin;

    while (*words != '\0') {
        size_t len = word_len(words);
        if (column > margin && column + 1 + len > TEXT_PAGE_COLUMNS) {
            fprintf(out, "\n%*s", (int)margin, "");
            column = margin;
        } else if (column > margin) {
            fputc(' ', out);
            column++;
        }
        fwrite(words, 1, len, out);
        column += len;
        words += len + strspn(words + len, " ");
    }
    fputc('\n', out);
}

void text_page_paragraph(FILE *out, const struct text_sentence *sentence)
{
    print_wrapped(out, sentence->text, 0);
}

void text_page_row(FILE *out, const char *label, const struct text_sentence *sentence)
{
    fprintf(out, "%-*s", TEXT_PAGE_LABEL_COLUMNS, label);
    print_wrapped(out, sentence->text, TEXT_PAGE_LABEL_COLUMNS);
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
    fputc('\n', out);
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
