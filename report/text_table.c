#include "report/text_table.h"

#include "report/escape.h"
#include "report/format.h"
#include "report/formats.h"
#include "report/sentences.h"
#include "report/tables.h"
#include "report/text_line.h"
#include "report/text_page.h"

#include <string.h>

/* Where a table goes, how wide its names are, and the columns that there is room for. */
struct frame_of_table {
    struct text_line *line;
    const struct summary *summary;
    const struct report_options *options;
    size_t shown;
    size_t widest; /* columns of the widest name that is shown */
    size_t page_columns;
    size_t name_columns;
    const struct tables_column *columns[TABLES_COLUMNS_MAX];
    size_t column_count;
};

static const struct tables_column *as_drawn(const struct frame_of_table *frame,
                                            const struct tables_column *column)
{
    const struct tables_column *blocks = tables_blocks(column);

    return frame->options->use_blocks && blocks != NULL ? blocks : column;
}

static size_t widest_name(const struct summary *summary, size_t shown)
{
    size_t widest = 0;
    size_t len;

    for (size_t place = 0; place < shown; place++) {
        const char *name = summary_name(summary, place, &len);
        size_t columns = escape_columns(name, len);
        widest = columns > widest ? columns : widest;
    }
    return widest;
}

/* As wide as the widest name that is shown, within what the table leaves. */
static size_t name_columns(const struct frame_of_table *frame)
{
    size_t most = frame->page_columns;
    size_t wanted =
        frame->widest > TABLES_NAME_COLUMNS_MIN ? frame->widest : TABLES_NAME_COLUMNS_MIN;

    for (size_t i = 0; i < frame->column_count; i++) {
        most -= (size_t)frame->columns[i]->width;
    }
    return wanted < most ? wanted : most;
}

/* Columns that a UTF-8 text takes of which each character takes one. */
static size_t columns_of(const char *text, size_t len)
{
    size_t columns = 0;

    for (size_t i = 0; i < len; i++) {
        columns += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return columns;
}

static void add_left(struct text_line *line, size_t width, const char *text)
{
    const size_t len = strlen(text);

    text_line_add(line, text, len);
    text_line_spaces(line, len < width ? width - len : 0);
}

/* Flush right. A figure that no honest capture has, and too long for its column, must not push the
 * others. */
static void add_right(struct text_line *line, int width, const char *text)
{
    const size_t len = strlen(text);
    const size_t columns = columns_of(text, len);

    if (columns < (size_t)width) {
        text_line_spaces(line, (size_t)width - columns);
        text_line_add(line, text, len);
    } else {
        text_line_spaces(line, (size_t)width - 3);
        text_line_add(line, "***", 3);
    }
}

static void print_heading(const struct frame_of_table *frame, const struct table *table)
{
    struct text_line *const line = frame->line;

    text_line_flush(line);
    fputc('\n', line->out);
    text_page_bold(line->out, frame->options->use_color);
    add_left(line, frame->name_columns, table->title);
    for (size_t i = 0; i < frame->column_count; i++) {
        add_right(line, frame->columns[i]->width, frame->columns[i]->upper);
    }
    text_line_add(line, "\n", 1);
    add_left(line, frame->name_columns, report_by_name(frame->options->by));
    for (size_t i = 0; i < frame->column_count; i++) {
        add_right(line, frame->columns[i]->width, frame->columns[i]->lower);
    }
    text_line_flush(line);
    text_page_plain(line->out, frame->options->use_color);
    fputc('\n', line->out);
}

static void print_cells(const struct frame_of_table *frame, const struct figures *figures)
{
    char text[FORMAT_BYTES];

    for (size_t i = 0; i < frame->column_count; i++) {
        frame->columns[i]->cell(figures, text);
        add_right(frame->line, frame->columns[i]->width, text);
    }
    text_line_add(frame->line, "\n", 1);
}

static void print_group(const struct frame_of_table *frame, size_t place,
                        const struct figures *figures)
{
    size_t len;
    const char *name = summary_name(frame->summary, place, &len);

    if (len == 0) {
        add_left(frame->line, frame->name_columns, "(not known)");
    } else {
        text_line_name(frame->line, name, len, frame->name_columns);
    }
    print_cells(frame, figures);
}

static void print_total(const struct frame_of_table *frame, const struct figures *total)
{
    size_t groups = summary_groups(frame->summary);
    char label[FORMAT_BYTES];
    char number[FORMAT_BYTES];

    if (groups > 1) {
        (void)snprintf(label, sizeof(label), "all %.20s %ss", format_count(groups, number),
                       report_by_name(frame->options->by));
        add_left(frame->line, frame->name_columns, label);
        print_cells(frame, total);
    }
}

static void lay_out(struct frame_of_table *frame, const struct table *table)
{
    const unsigned columns = tables_columns_on(table, (unsigned)frame->page_columns);

    frame->column_count = 0;
    for (size_t i = 0; tables_has_column(table, i); i++) {
        if ((columns >> i & 1) != 0) {
            frame->columns[frame->column_count++] = as_drawn(frame, &table->columns[i]);
        }
    }
    frame->name_columns = name_columns(frame);
}

static void print_table(struct frame_of_table *frame, const struct table *table,
                        const struct figures *total)
{
    struct figures figures;

    if (!table->has_row(total)) {
        return;
    }
    lay_out(frame, table);
    print_heading(frame, table);
    print_total(frame, total);
    for (size_t place = 0; place < frame->shown; place++) {
        summary_figures(frame->summary, place, &figures);
        if (table->has_row(&figures)) {
            print_group(frame, place, &figures);
        }
    }
}

void text_tables(FILE *out, const struct summary *summary, const struct report_options *options,
                 const struct figures *total)
{
    struct text_line line;
    struct frame_of_table frame = {
        .line = &line,
        .summary = summary,
        .options = options,
        .shown = formats_shown(summary, options),
        .widest = widest_name(summary, formats_shown(summary, options)),
        .page_columns = formats_columns(options->columns),
    };
    struct text_sentence hidden = {0};

    text_line_begin(&line, out);
    for (size_t i = 0; i < tables_count(); i++) {
        print_table(&frame, tables_at(i), total);
    }
    text_line_flush(&line);
    sentences_not_shown(summary, options, &hidden);
    if (hidden.text[0] != '\0') {
        fprintf(out, "\n%s\n", hidden.text);
    }
}
