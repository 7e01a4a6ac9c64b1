/* What the pictures of the HTML page have in common: one geometry, so that they stand in rows and
 * can share a clip path; stripes, so that none needs its colours; a horizontal axis with ticks.
 *
 * Inside the clipped group everything may be stretched sideways by the script; the labels of the
 * horizontal axis stand in a group of class "x", which it moves along. */
#ifndef REPRISE_REPORT_HTML_CHART_H
#define REPRISE_REPORT_HTML_CHART_H

#include "report/html_page.h"
#include "report/svg.h"

enum {
    CHART_WIDTH = 420,
    CHART_HEIGHT = 206,
    CHART_LEFT = 52, /* the plot's edges */
    CHART_RIGHT = 400,
    CHART_TOP = 30,
    CHART_BOTTOM = 180,
};

/* The clip path of all pictures, once, before the first of them. */
void html_chart_clip(FILE *out);

/* The figure's caption, then the picture up to and including the clipped group; and what ends the
 * latter. The axis, labels and the table come after that. */
void html_chart_begin(struct html_page *page, const char *caption, const struct svg_words *words);
/* The same for a picture that needs no more of the plot than what is below top. */
void html_chart_begin_low(struct html_page *page, double top, const char *caption,
                          const struct svg_words *words);
void html_chart_end_plot(const struct html_page *page);

/* Ends the picture, and begins the table behind it: head cells from `heads` up to NULL. */
void html_chart_begin_table(const struct html_page *page, const char *caption,
                            const char *const *heads);
void html_chart_end(const struct html_page *page);

/* The row of a table whose figures are drawn from x on, in this width. */
void html_chart_begin_row(const struct html_page *page, double x, double width, const char *head);
void html_chart_cell(const struct html_page *page, uint64_t count);
void html_chart_end_row(const struct html_page *page);

/* In place of a picture of nothing. */
void html_chart_none(const struct html_page *page, const char *caption, const char *why);

/* Ticks that do not run into each other: those that are drawn so far. {0} at first. */
struct chart_ticks {
    double x[16];
    size_t count;
};

/* Draws a tick with its label below the plot unless it lies outside or too near to another. */
void html_chart_tick(const struct html_page *page, struct chart_ticks *ticks, double x,
                     const char *label);

/* How a kind of handshakes looks: classes of its boxes, and of their stripes (NULL: none). */
struct chart_look {
    const char *boxes;
    const char *stripes;
};

void html_chart_boxes(const struct html_page *page, struct chart_look look,
                      const struct svg_box *boxes, size_t count);

#endif
