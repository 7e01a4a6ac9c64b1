#include "report/busiest_table.h"

#include "report/escape.h"
#include "report/format.h"
#include "report/text_page.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { NAME_COLUMNS_MIN = 16, NAME_COLUMNS_MAX = 60 };

typedef void cell_function(const struct busiest_figures *figures, char out[FORMAT_BYTES]);

static void cell_all(const struct busiest_figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->handshakes, out);
}

static void cell_full(const struct busiest_figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->verdicts[VERDICT_FULL], out);
}

static void cell_resumed(const struct busiest_figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->resumed, out);
}

static void cell_id(const struct busiest_figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->verdicts[VERDICT_RESUMED_ID], out);
}

static void cell_ticket(const struct busiest_figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->verdicts[VERDICT_RESUMED_TICKET], out);
}

static void cell_psk(const struct busiest_figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->verdicts[VERDICT_RESUMED_PSK], out);
}

static void cell_failed(const struct busiest_figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->verdicts[VERDICT_FAILED], out);
}

static void cell_unknown(const struct busiest_figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->verdicts[VERDICT_UNKNOWN], out);
}

static void cell_rate(const struct busiest_figures *figures, char out[FORMAT_BYTES])
{
    uint64_t evaluated = figures->verdicts[VERDICT_FULL] + figures->resumed;

    (void)format_rate(evaluated == 0 ? (double)NAN : (double)figures->resumed / (double)evaluated,
                      out);
}

static void cell_refused(const struct busiest_figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(figures->refused, out);
}

static void put_ms(int64_t ns, char out[FORMAT_BYTES])
{
    (void)format_ms(ns == HANDSHAKE_NULL ? (double)NAN : (double)ns, out);
}

static void cell_full_ms(const struct busiest_figures *figures, char out[FORMAT_BYTES])
{
    put_ms(figures->full_median_ns, out);
}

static void cell_resumed_ms(const struct busiest_figures *figures, char out[FORMAT_BYTES])
{
    put_ms(figures->resumed_median_ns, out);
}

static const struct {
    const char *heading;
    int width;
    unsigned from_columns; /* a narrower page goes without */
    cell_function *cell;
} columns[] = {
    {"all", 7, 0, cell_all},         {"full", 7, 0, cell_full},
    {"resumed", 8, 0, cell_resumed}, {"by id", 8, 120, cell_id},
    {"ticket", 8, 120, cell_ticket}, {"psk", 8, 120, cell_psk},
    {"rate", 8, 0, cell_rate},       {"refused", 8, 0, cell_refused},
    {"failed", 7, 0, cell_failed},   {"unknown", 8, 100, cell_unknown},
    {"full ms", 8, 0, cell_full_ms}, {"res. ms", 8, 0, cell_resumed_ms},
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

/* Where the table goes. */
struct frame_of_table {
    FILE *out;
    struct busiest *busiest;
    const struct busiest_page *page;
    size_t shown;
    size_t name_columns;
};

static bool is_shown(const struct frame_of_table *frame, size_t column)
{
    return frame->page->columns >= columns[column].from_columns;
}

static size_t name_columns(const struct frame_of_table *frame)
{
    struct busiest_figures figures;
    size_t wanted = NAME_COLUMNS_MIN;
    size_t most = frame->page->columns;

    for (size_t column = 0; column < COLUMNS; column++) {
        most -= is_shown(frame, column) ? (size_t)columns[column].width : 0;
    }
    most = most < NAME_COLUMNS_MAX ? most : NAME_COLUMNS_MAX;
    for (size_t place = 0; place < frame->shown; place++) {
        const struct wire_text *name = busiest_host(frame->busiest, place, &figures);
        size_t own = escape_columns(name->text, name->len);
        wanted = own > wanted ? own : wanted;
    }
    return wanted < most ? wanted : most;
}

static void print_heading(const struct frame_of_table *frame)
{
    text_page_bold(frame->out, frame->page->use_color);
    fprintf(frame->out, "%-*s", (int)frame->name_columns, "host");
    for (size_t column = 0; column < COLUMNS; column++) {
        if (is_shown(frame, column)) {
            fprintf(frame->out, "%*s", columns[column].width, columns[column].heading);
        }
    }
    text_page_plain(frame->out, frame->page->use_color);
    fputc('\n', frame->out);
}

static void print_cells(const struct frame_of_table *frame, const struct busiest_figures *figures)
{
    char text[FORMAT_BYTES];

    for (size_t column = 0; column < COLUMNS; column++) {
        if (is_shown(frame, column)) {
            int width = columns[column].width;
            columns[column].cell(figures, text);
            fprintf(frame->out, "%*s", width, strlen(text) < (size_t)width ? text : "***");
        }
    }
    fputc('\n', frame->out);
}

/* "1234 handshakes in 5 min, 4.1 a second", whole whatever the width. */
static void print_title(const struct frame_of_table *frame, const struct busiest_figures *total)
{
    double seconds = (double)frame->page->elapsed_ns / 1e9;
    char count[FORMAT_BYTES];
    char elapsed[FORMAT_BYTES];

    fprintf(frame->out, "%s handshake%s in %s", format_count(total->handshakes, count),
            total->handshakes == 1 ? "" : "s", format_seconds((int64_t)llround(seconds), elapsed));
    if (seconds >= 1) {
        fprintf(frame->out, ", %.1f a second", (double)total->handshakes / seconds);
    }
    fputc('\n', frame->out);
}

/* Returns the lines: none if every host there was is shown. */
static size_t print_rest(const struct frame_of_table *frame, size_t hosts)
{
    uint64_t let_go = busiest_let_go(frame->busiest);

    if (hosts == frame->shown && let_go == 0) {
        return 0;
    }
    fprintf(frame->out, "%zu more host%s", hosts - frame->shown,
            hosts - frame->shown == 1 ? "" : "s");
    if (let_go > 0) {
        fprintf(frame->out, "; %" PRIu64 " times one was let go for another", let_go);
    }
    fputc('\n', frame->out);
    return 1;
}

size_t busiest_table_print(FILE *out, struct busiest *busiest, const struct busiest_page *page)
{
    size_t hosts = busiest_sort(busiest);
    struct frame_of_table frame = {out, busiest, page, hosts < page->hosts ? hosts : page->hosts,
                                   0};
    struct busiest_figures figures;

    frame.name_columns = name_columns(&frame);
    busiest_total(busiest, &figures);
    print_title(&frame, &figures);
    print_heading(&frame);
    fprintf(out, "%-*s", (int)frame.name_columns, "all hosts");
    print_cells(&frame, &figures);
    for (size_t place = 0; place < frame.shown; place++) {
        const struct wire_text *name = busiest_host(busiest, place, &figures);
        text_page_name(out, name->text, name->len, frame.name_columns);
        print_cells(&frame, &figures);
    }
    return 3 + frame.shown + print_rest(&frame, hosts);
}
