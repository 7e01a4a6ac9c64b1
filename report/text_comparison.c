#include "report/comparison_formats.h"
#include "report/comparison_tables.h"
#include "report/escape.h"
#include "report/formats.h"

#include <string.h>

enum { NAME_COLUMNS_MIN = 14 };

/* What all parts of the page need. */
struct page {
    FILE *out;
    const struct comparison *comparison;
    const struct report_options *options;
    size_t shown;
};

/* As wide as the widest name that is shown, within what the table leaves. */
static int name_columns(const struct page *page, const struct comparison_table *table)
{
    size_t most = formats_columns(page->options->columns);
    size_t columns = NAME_COLUMNS_MIN;

    for (size_t column = 0; comparison_tables_has_column(table, column); column++) {
        most -= (size_t)table->columns[column].width;
    }
    for (size_t i = 0; i < page->shown; i++) {
        const struct comparison_row *row = &page->comparison->rows[i];
        size_t wanted = escape_columns(row->name, row->name_len);
        columns = wanted > columns ? wanted : columns;
    }
    return (int)(columns < most ? columns : most);
}

static void print_heading(const struct page *page, const struct comparison_table *table,
                          int columns)
{
    fputc('\n', page->out);
    text_page_bold(page->out, page->options->use_color);
    fprintf(page->out, "%-*s", columns, table->title);
    for (size_t column = 0; comparison_tables_has_column(table, column); column++) {
        fprintf(page->out, "%*s", table->columns[column].width, table->columns[column].upper);
    }
    fprintf(page->out, "\n%-*s", columns, report_by_name(page->options->by));
    for (size_t column = 0; comparison_tables_has_column(table, column); column++) {
        fprintf(page->out, "%*s", table->columns[column].width, table->columns[column].lower);
    }
    text_page_plain(page->out, page->options->use_color);
    fputc('\n', page->out);
}

static void print_cells(const struct page *page, const struct comparison_table *table,
                        const struct comparison_row *row)
{
    char text[FORMAT_BYTES];

    for (size_t column = 0; comparison_tables_has_column(table, column); column++) {
        int width = table->columns[column].width;
        table->columns[column].cell(row, text);
        fprintf(page->out, "%*s", width, strlen(text) < (size_t)width ? text : "***");
    }
    fputc('\n', page->out);
}

static void print_table(const struct page *page, const struct comparison_table *table)
{
    int columns = name_columns(page, table);
    char label[FORMAT_BYTES];

    if (!table->has_row(&page->comparison->total)) {
        return;
    }
    print_heading(page, table, columns);
    if (page->comparison->count > 1) {
        (void)snprintf(label, sizeof(label), "all %ss", report_by_name(page->options->by));
        fprintf(page->out, "%-*s", columns, label);
        print_cells(page, table, &page->comparison->total);
    }
    for (size_t i = 0; i < page->shown; i++) {
        const struct comparison_row *row = &page->comparison->rows[i];
        if (table->has_row(row)) {
            bool is_known = row->name_len > 0;
            text_page_name(page->out, is_known ? row->name : "(not known)",
                           is_known ? row->name_len : 11, (size_t)columns);
            print_cells(page, table, row);
        }
    }
}

static void print_period(const struct page *page, const char *label, size_t side)
{
    struct text_sentence sentence = {0};

    comparison_tables_period(page->comparison, page->options, side, &sentence);
    text_page_row(page->out, label, &sentence);
}

static void print_headline(const struct page *page)
{
    struct text_sentence sentence = {0};

    comparison_tables_headline(page->comparison, &sentence);
    text_page_bold(page->out, page->options->use_color);
    text_page_paragraph(page->out, &sentence);
    text_page_plain(page->out, page->options->use_color);
}

static void print_end(const struct page *page)
{
    struct text_sentence hidden = {0};
    struct text_sentence method = {0};

    comparison_tables_not_shown(page->comparison, page->options, &hidden);
    if (hidden.text[0] != '\0') {
        fputc('\n', page->out);
        text_page_paragraph(page->out, &hidden);
    }
    comparison_tables_method(&method);
    fputc('\n', page->out);
    text_page_paragraph(page->out, &method);
}

void comparison_text(FILE *out, const struct comparison *comparison,
                     const struct report_options *options)
{
    struct page page = {out, comparison, options, comparison_tables_shown(comparison, options)};

    fputs("Reprise comparison\n", out);
    if (options->filter.host_glob != NULL) {
        fputs("Hosts like ", out);
        (void)escape_terminal_cut(out, options->filter.host_glob, strlen(options->filter.host_glob),
                                  80);
        fputc('\n', out);
    }
    print_period(&page, "A", COMPARISON_A);
    print_period(&page, "B", COMPARISON_B);
    fputc('\n', out);
    if (comparison->count == 0) {
        fputs("No handshakes in these periods.\n", out);
        return;
    }
    print_headline(&page);
    for (size_t i = 0; i < comparison_tables_count(); i++) {
        print_table(&page, comparison_tables_at(i));
    }
    print_end(&page);
}
