#include "report/text_table.h"

#include "report/escape.h"
#include "report/format.h"
#include "report/formats.h"
#include "report/sentences.h"
#include "report/tables.h"
#include "report/text_page.h"

#include <string.h>

/* Where a table goes, and how wide its names are. */
struct frame_of_table {
    FILE *out;
    const struct summary *summary;
    const struct report_options *options;
    size_t shown;
    unsigned page_columns;
    unsigned columns; /* of the table, that there is room for: tables_columns_on() */
    int name_columns;
};

static bool is_shown(const struct frame_of_table *frame, size_t column)
{
    return (frame->columns >> column & 1) != 0;
}

static const struct tables_column *as_drawn(const struct frame_of_table *frame,
                                            const struct tables_column *column)
{
    const struct tables_column *blocks = tables_blocks(column);

    return frame->options->use_blocks && blocks != NULL ? blocks : column;
}

/* As wide as the widest name that is shown, within what the table leaves. */
static int name_columns(const struct frame_of_table *frame, const struct table *table)
{
    size_t most = frame->page_columns;
    size_t columns = TABLES_NAME_COLUMNS_MIN;
    size_t len;

    for (size_t column = 0; tables_has_column(table, column); column++) {
        most -= is_shown(frame, column) ? (size_t)table->columns[column].width : 0;
    }
    for (size_t place = 0; place < frame->shown && columns < most; place++) {
        const char *name = summary_name(frame->summary, place, &len);
        size_t wanted = escape_columns(name, len);
        columns = wanted > columns ? wanted : columns;
    }
    return (int)(columns < most ? columns : most);
}

/* Columns that a UTF-8 text takes of which each character takes one. */
static size_t columns_of(const char *text)
{
    size_t columns = 0;

    for (; *text != '\0'; text++) {
        columns += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return columns;
}

/* Flush right. A figure that no honest capture has, and too long for its column, must not push the
 * others. */
static void print_right(FILE *out, int width, const char *text)
{
    size_t columns = columns_of(text);
    bool fits = columns < (size_t)width;

    fprintf(out, "%*s%s", width - (fits ? (int)columns : 3), "", fits ? text : "***");
}

static void print_heading(const struct frame_of_table *frame, const struct table *table)
{
    fputc('\n', frame->out);
    text_page_bold(frame->out, frame->options->use_color);
    fprintf(frame->out, "%-*s", frame->name_columns, table->title);
    for (size_t i = 0; tables_has_column(table, i); i++) {
        if (is_shown(frame, i)) {
            print_right(frame->out, table->columns[i].width, table->columns[i].upper);
        }
    }
    fprintf(frame->out, "\n%-*s", frame->name_columns, report_by_name(frame->options->by));
    for (size_t i = 0; tables_has_column(table, i); i++) {
        if (is_shown(frame, i)) {
            const struct tables_column *column = as_drawn(frame, &table->columns[i]);
            print_right(frame->out, column->width, column->lower);
        }
    }
    text_page_plain(frame->out, frame->options->use_color);
    fputc('\n', frame->out);
}

static void print_cells(const struct frame_of_table *frame, const struct table *table,
                        const struct figures *figures)
{
    char text[FORMAT_BYTES];

    for (size_t i = 0; tables_has_column(table, i); i++) {
        if (is_shown(frame, i)) {
            const struct tables_column *column = as_drawn(frame, &table->columns[i]);
            column->cell(figures, text);
            print_right(frame->out, column->width, text);
        }
    }
    fputc('\n', frame->out);
}

static void print_group(const struct frame_of_table *frame, const struct table *table, size_t place,
                        const struct figures *figures)
{
    size_t len;
    const char *name = summary_name(frame->summary, place, &len);

    if (len == 0) {
        fprintf(frame->out, "%-*s", frame->name_columns, "(not known)");
    } else {
        text_page_name(frame->out, name, len, (size_t)frame->name_columns);
    }
    print_cells(frame, table, figures);
}

static void print_total(const struct frame_of_table *frame, const struct table *table,
                        const struct figures *total)
{
    size_t groups = summary_groups(frame->summary);
    char label[FORMAT_BYTES];
    char number[FORMAT_BYTES];

    if (groups > 1) {
        (void)snprintf(label, sizeof(label), "all %.20s %ss", format_count(groups, number),
                       report_by_name(frame->options->by));
        fprintf(frame->out, "%-*s", frame->name_columns, label);
        print_cells(frame, table, total);
    }
}

static void print_table(struct frame_of_table *frame, const struct table *table,
                        const struct figures *total)
{
    struct figures figures;

    if (!table->has_row(total)) {
        return;
    }
    frame->columns = tables_columns_on(table, frame->page_columns);
    frame->name_columns = name_columns(frame, table);
    print_heading(frame, table);
    print_total(frame, table, total);
    for (size_t place = 0; place < frame->shown; place++) {
        summary_figures(frame->summary, place, &figures);
        if (table->has_row(&figures)) {
            print_group(frame, table, place, &figures);
        }
    }
}

void text_tables(FILE *out, const struct summary *summary, const struct report_options *options,
                 const struct figures *total)
{
    struct frame_of_table frame = {
        .out = out,
        .summary = summary,
        .options = options,
        .shown = formats_shown(summary, options),
        .page_columns = formats_columns(options->columns),
    };
    struct text_sentence hidden = {0};

    for (size_t i = 0; i < tables_count(); i++) {
        print_table(&frame, tables_at(i), total);
    }
    sentences_not_shown(summary, options, &hidden);
    if (hidden.text[0] != '\0') {
        fprintf(out, "\n%s\n", hidden.text);
    }
}
