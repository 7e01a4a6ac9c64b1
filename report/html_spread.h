/* Two distributions on one logarithmic scale, one above the other: their shapes are told apart by
 * where they stand, not by colour. */
#ifndef REPRISE_REPORT_HTML_SPREAD_H
#define REPRISE_REPORT_HTML_SPREAD_H

#include "report/html_chart.h"

enum { SPREAD_MARKS = 2 };

/* A label of the axis. Those that are minor come last, and are there only where there is room. */
struct spread_tick {
    int64_t value;
    const char *label;
};

/* What is shown, and of what. */
struct spread {
    const char *caption;
    const char *description;
    const char *none; /* in place of a picture without values */
    const char *band_words[SPREAD_BANDS];
    struct chart_look band_looks[SPREAD_BANDS];
    enum spread_kind kind;
    void (*describe)(int64_t value, char out[FORMAT_BYTES]);
    const char *zero; /* what 0 is called on the axis */
    const struct spread_tick *ticks;
    size_t tick_count;
};

/* Values marked across both bands, such as a limit. */
struct spread_marks {
    size_t count;
    int64_t values[SPREAD_MARKS];
    char labels[SPREAD_MARKS][FORMAT_BYTES];
};

/* The picture and the table behind it, or why there is none. */
void html_spread(struct html_page *page, const struct html_group *group,
                 const struct spread *spread, const struct spread_marks *marks);

#endif
