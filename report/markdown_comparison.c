#include "report/comparison_formats.h"
#include "report/comparison_tables.h"
#include "report/escape.h"

#include <string.h>

static void print_head(FILE *out, const struct comparison_table *table, const char *by)
{
    fprintf(out, "\n## %c", table->title[0]);
    for (const char *c = table->title + 1; *c != '\0'; c++) {
        fputc(*c == ' ' ? ' ' : *c - 'A' + 'a', out);
    }
    fprintf(out, "\n\n| %s |", by);
    for (size_t column = 0; comparison_tables_has_column(table, column); column++) {
        fprintf(out, " %s %s |", table->columns[column].upper, table->columns[column].lower);
    }
    fputs("\n|---|", out);
    for (size_t column = 0; comparison_tables_has_column(table, column); column++) {
        fputs("--:|", out);
    }
    fputc('\n', out);
}

static void print_cells(FILE *out, const struct comparison_table *table,
                        const struct comparison_row *row)
{
    char text[FORMAT_BYTES];

    for (size_t column = 0; comparison_tables_has_column(table, column); column++) {
        table->columns[column].cell(row, text);
        fprintf(out, " %s |", text);
    }
    fputc('\n', out);
}

static void print_row(FILE *out, const struct comparison_table *table,
                      const struct comparison_row *row)
{
    if (!table->has_row(row)) {
        return;
    }
    fputs("| ", out);
    if (row->name_len > 0) {
        escape_markdown(out, row->name, row->name_len);
    } else {
        fputs("(not known)", out);
    }
    fputs(" |", out);
    print_cells(out, table, row);
}

static void print_table(FILE *out, const struct comparison_table *table,
                        const struct comparison *comparison, const struct report_options *options)
{
    const char *by = report_by_name(options->by);

    if (!table->has_row(&comparison->total)) {
        return;
    }
    print_head(out, table, by);
    if (comparison->count > 1) {
        fprintf(out, "| all %ss |", by);
        print_cells(out, table, &comparison->total);
    }
    for (size_t i = 0; i < comparison_tables_shown(comparison, options); i++) {
        print_row(out, table, &comparison->rows[i]);
    }
}

static void print_tables(FILE *out, const struct comparison *comparison,
                         const struct report_options *options)
{
    struct text_sentence hidden = {0};
    struct text_sentence method = {0};

    for (size_t i = 0; i < comparison_tables_count(); i++) {
        print_table(out, comparison_tables_at(i), comparison, options);
    }
    comparison_tables_not_shown(comparison, options, &hidden);
    if (hidden.text[0] != '\0') {
        fprintf(out, "\n%s\n", hidden.text);
    }
    comparison_tables_method(&method);
    fprintf(out, "\n## Method\n\n%s\n", method.text);
}

static void print_period(FILE *out, const char *label, const struct comparison *comparison,
                         const struct report_options *options, size_t side)
{
    struct text_sentence sentence = {0};

    comparison_tables_period(comparison, options, side, &sentence);
    fprintf(out, "- **%s:** %s\n", label, sentence.text);
}

void comparison_markdown(FILE *out, const struct comparison *comparison,
                         const struct report_options *options)
{
    struct text_sentence headline = {0};

    fputs("# Reprise comparison\n\n", out);
    if (options->filter.host_glob != NULL) {
        fputs("Hosts like ", out);
        escape_markdown(out, options->filter.host_glob, strlen(options->filter.host_glob));
        fputs("\n\n", out);
    }
    print_period(out, "A", comparison, options, COMPARISON_A);
    print_period(out, "B", comparison, options, COMPARISON_B);
    fputc('\n', out);
    if (comparison->count == 0) {
        fputs("No handshakes in these periods.\n", out);
        return;
    }
    comparison_tables_headline(comparison, &headline);
    fprintf(out, "**%s**\n", headline.text);
    print_tables(out, comparison, options);
}
