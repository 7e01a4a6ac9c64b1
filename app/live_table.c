#include "app/live_table.h"

#include "app/clock.h"
#include "app/terminal.h"

#include "report/busiest.h"
#include "report/busiest_table.h"

#include <pthread.h>
#include <stdlib.h>

enum { DRAWS_PER_SECOND = 4, HOSTS_WITHOUT_TERMINAL = 20, WRITTEN_AT_ONCE = 1 << 16 };

struct live_table {
    FILE *out;
    bool is_live;
    bool use_color;
    struct busiest *busiest;
    int64_t started_ns;
    int64_t drawn_ns;   /* when last; 0: not yet */
    size_t lines_above; /* of the last table, the cursor below it */
    struct terminal_size size;
    pthread_mutex_t terminal; /* held by who writes to it */
    bool gives_way;           /* something else was written after the last table; under terminal */
};

struct live_table *live_table_new(FILE *out, bool is_live, bool use_color, int64_t now_ns,
                                  struct error *error)
{
    struct live_table *table = calloc(1, sizeof(*table));
    struct busiest *busiest = busiest_new();

    if (table == NULL || busiest == NULL) {
        free(table);
        busiest_free(busiest);
        (void)error_set(error, "no memory for the table");
        return NULL;
    }
    table->out = out;
    table->is_live = is_live && terminal_can_rewrite(out);
    table->use_color = use_color;
    table->busiest = busiest;
    table->started_ns = now_ns;
    (void)pthread_mutex_init(&table->terminal, NULL);
    (void)setvbuf(out, NULL, _IOFBF, WRITTEN_AT_ONCE); /* so that no half of a table is seen */
    return table;
}

void live_table_free(struct live_table *table)
{
    if (table != NULL) {
        busiest_free(table->busiest);
        (void)pthread_mutex_destroy(&table->terminal);
        free(table);
    }
}

void live_table_add(struct live_table *table, const struct record *record)
{
    busiest_add(table->busiest, record);
}

void live_table_pause(struct live_table *table)
{
    (void)pthread_mutex_lock(&table->terminal);
    table->gives_way = true;
}

void live_table_go_on(struct live_table *table)
{
    (void)pthread_mutex_unlock(&table->terminal);
}

/* The cursor goes back to where the last table began, and what was below goes. Where lines may
 * have been wrapped since, nobody knows how far up that is: the whole screen goes. Lines wider than
 * the terminal are cut, not wrapped, until the table is whole. */
static void clear_last(struct live_table *table, struct terminal_size size)
{
    const bool is_resized = size.columns != table->size.columns || size.rows != table->size.rows;

    if (table->gives_way || table->lines_above == 0) {
        (void)fputs("\r\033[K", table->out);
    } else if (is_resized) {
        (void)fputs("\033[H\033[J", table->out);
    } else {
        (void)fprintf(table->out, "\r\033[%zuA\033[J", table->lines_above);
    }
    (void)fputs("\033[?7l", table->out);
    table->gives_way = false;
}

static size_t hosts_for(unsigned rows)
{
    const size_t others = BUSIEST_TABLE_FRAME + 1; /* the cursor's line too */

    return rows > others ? rows - others : 1;
}

static enum output_state draw(struct live_table *table, int64_t now_ns, struct error *error)
{
    const struct terminal_size size = terminal_size(table->out);
    const struct busiest_page page = {
        .columns = size.columns,
        .hosts = table->is_live ? hosts_for(size.rows) : HOSTS_WITHOUT_TERMINAL,
        .use_color = table->use_color,
        .elapsed_ns = now_ns - table->started_ns,
    };
    if (table->is_live) {
        clear_last(table, size);
    }
    table->lines_above = busiest_table_print(table->out, table->busiest, &page);
    if (table->is_live) {
        (void)fputs("\033[?7h", table->out);
    }
    table->size = size;
    table->drawn_ns = now_ns;
    return output_flush(table->out, "standard output", error);
}

enum output_state live_table_draw(struct live_table *table, int64_t now_ns, bool is_last,
                                  struct error *error)
{
    const bool is_due =
        table->drawn_ns == 0 || now_ns - table->drawn_ns >= CLOCK_SECOND_NS / DRAWS_PER_SECOND;

    if (!is_last && (!table->is_live || !is_due)) {
        return OUTPUT_FINE;
    }
    (void)pthread_mutex_lock(&table->terminal);
    const enum output_state state = draw(table, now_ns, error);
    (void)pthread_mutex_unlock(&table->terminal);
    return state;
}
