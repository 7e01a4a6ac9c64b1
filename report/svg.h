/* Static pictures in SVG, to stand in an HTML page: axes, bars, lines, labels. Only classes and
 * presentation attributes are written, no styles, which a strict Content-Security-Policy forbids.
 *
 * Coordinates are those of the view box, written with one decimal at most; words are our own, but
 * escaped all the same; a name is untrusted. */
#ifndef REPRISE_REPORT_SVG_H
#define REPRISE_REPORT_SVG_H

#include <stddef.h>
#include <stdio.h>

struct svg_point {
    double x;
    double y;
};

struct svg_box {
    double x;
    double y;
    double width;
    double height;
};

/* What a picture is called, for those who cannot see it. */
struct svg_words {
    const char *title;
    const char *name; /* of the group shown, behind the title; untrusted, not terminated */
    size_t name_len;
    const char *description;
};

/* number: unlike all others of the page. */
void svg_begin(FILE *out, unsigned number, struct svg_box view, const struct svg_words *words);
void svg_end(FILE *out);

/* Whatever is drawn between belongs to the class; also a clip path where clip is not NULL. */
void svg_group_begin(FILE *out, const char *class_name, const char *clip);
void svg_group_end(FILE *out);

void svg_line(FILE *out, const char *class_name, struct svg_point from, struct svg_point to);
void svg_label(FILE *out, const char *class_name, struct svg_point at, const char *words);

/* Many boxes in one element. */
void svg_boxes(FILE *out, const char *class_name, const struct svg_box *boxes, size_t count);

/* A line down the middle of each box and as wide as it: dashed by its class, it stripes the box,
 * whatever the ink, and costs a printer far less than a pattern. */
void svg_stripes(FILE *out, const char *class_name, const struct svg_box *boxes, size_t count);

#endif
