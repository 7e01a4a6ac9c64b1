/* What was saved and could be, for readers: cells of a table, and sentences of our own words. Pure:
 * figures in, text out. */
#ifndef REPRISE_REPORT_SAVINGS_H
#define REPRISE_REPORT_SAVINGS_H

#include "report/figures.h"
#include "report/format.h"
#include "report/text_page.h"

/* "-" where there is nothing to show. */
void savings_cell_median(const struct figures *figures, char out[FORMAT_BYTES]);
void savings_cell_interval(const struct figures *figures, char out[FORMAT_BYTES]);
void savings_cell_bytes_each(const struct figures *figures, char out[FORMAT_BYTES]);
void savings_cell_bytes(const struct figures *figures, char out[FORMAT_BYTES]);
void savings_cell_stalled(const struct figures *figures, char out[FORMAT_BYTES]);
void savings_cell_missed(const struct figures *figures, char out[FORMAT_BYTES]);
void savings_cell_gain_each(const struct figures *figures, char out[FORMAT_BYTES]);
void savings_cell_gain(const struct figures *figures, char out[FORMAT_BYTES]);

/* Whether any of these has something to show. */
bool savings_has_row(const struct figures *figures);

/* Sentences about all of them; nothing where there is nothing to say. */
void savings_add_median(const struct figures *total, struct text_sentence *out);
void savings_add_bytes(const struct figures *total, struct text_sentence *out);
void savings_add_stalled(const struct figures *total, struct text_sentence *out);
void savings_add_gains(const struct figures *total, struct text_sentence *out);

/* What could still be gained, to follow the headline. */
void savings_add_headline(const struct figures *total, struct text_sentence *out);

#endif
