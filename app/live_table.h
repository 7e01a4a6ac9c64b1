/* The table of `reprise watch --top`: on a terminal it is drawn over and over, at most four times a
 * second; elsewhere it comes once, at the end. It takes nothing of the terminal that would have to
 * be given back: the last table stays, with the cursor below it. */
#ifndef REPRISE_APP_LIVE_TABLE_H
#define REPRISE_APP_LIVE_TABLE_H

#include "app/output.h"

#include "store/record.h"

#include "base/attributes.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct live_table;

/* out is borrowed. is_live: also before the end. NULL and a sentence without memory. now_ns: of a
 * clock that does not jump, as below. Nothing has been written to out before. */
MUST_CHECK struct live_table *live_table_new(FILE *out, bool is_live, bool use_color,
                                             int64_t now_ns, struct error *error);
void live_table_free(struct live_table *table);

/* By one thread at a time. */
void live_table_add(struct live_table *table, const struct record *record);

/* Draws the table if it is due, or if is_last. */
MUST_CHECK enum output_state live_table_draw(struct live_table *table, int64_t now_ns, bool is_last,
                                             struct error *error);

/* From any thread, in pairs: in between, no table is drawn, so that something else can be written
 * to the terminal in one piece; the next table comes below it. */
void live_table_pause(struct live_table *table);
void live_table_go_on(struct live_table *table);

#endif
