#include "report/svg.h"

#include "report/escape.h"

#include <math.h>
#include <string.h>

/* One decimal, none where it is 0. */
static void print_number(FILE *out, double number)
{
    const double rounded = round(number * 10) / 10;
    const double whole = round(rounded);

    if (rounded == whole) {
        fprintf(out, "%.0f", whole == 0 ? 0 : whole); /* no -0 */
    } else {
        fprintf(out, "%.1f", rounded);
    }
}

static void print_attribute(FILE *out, const char *name, double number)
{
    fprintf(out, " %s=\"", name);
    print_number(out, number);
    fputc('"', out);
}

static void print_move(FILE *out, struct svg_point to)
{
    fputc('M', out);
    print_number(out, to.x);
    fputc(' ', out);
    print_number(out, to.y);
}

static void print_step(FILE *out, char direction, double length)
{
    fputc(direction, out);
    print_number(out, length);
}

static void print_words(FILE *out, const char *words)
{
    escape_html(out, words, strlen(words));
}

void svg_begin(FILE *out, unsigned number, struct svg_box view, const struct svg_words *words)
{
    const double numbers[] = {view.x, view.y, view.width, view.height};

    fputs("<svg viewBox=\"", out);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (i > 0) {
            fputc(' ', out);
        }
        print_number(out, numbers[i]);
    }
    fprintf(out, "\" role=\"img\" aria-labelledby=\"t%u d%u\"><title id=\"t%u\">", number, number,
            number);
    print_words(out, words->title);
    if (words->name_len > 0) {
        fputs(": ", out);
        escape_html(out, words->name, words->name_len);
    }
    fprintf(out, "</title><desc id=\"d%u\">", number);
    print_words(out, words->description);
    fputs("</desc>\n", out);
}

void svg_end(FILE *out)
{
    fputs("</svg>\n", out);
}

void svg_group_begin(FILE *out, const char *class_name, const char *clip)
{
    fprintf(out, "<g class=\"%s\"", class_name);
    if (clip != NULL) {
        fprintf(out, " clip-path=\"url(#%s)\"", clip);
    }
    fputs(">", out);
}

void svg_group_end(FILE *out)
{
    fputs("</g>\n", out);
}

void svg_line(FILE *out, const char *class_name, struct svg_point from, struct svg_point to)
{
    fprintf(out, "<line class=\"%s\"", class_name);
    print_attribute(out, "x1", from.x);
    print_attribute(out, "y1", from.y);
    print_attribute(out, "x2", to.x);
    print_attribute(out, "y2", to.y);
    fputs("/>", out);
}

void svg_label(FILE *out, const char *class_name, struct svg_point at, const char *words)
{
    fprintf(out, "<text class=\"%s\"", class_name);
    print_attribute(out, "x", at.x);
    print_attribute(out, "y", at.y);
    fputc('>', out);
    print_words(out, words);
    fputs("</text>", out);
}

void svg_boxes(FILE *out, const char *class_name, const struct svg_box *boxes, size_t count)
{
    fprintf(out, "<path class=\"%s\" d=\"", class_name);
    for (size_t i = 0; i < count; i++) {
        const struct svg_box *box = &boxes[i];
        print_move(out, (struct svg_point){box->x, box->y});
        print_step(out, 'h', box->width);
        print_step(out, 'v', box->height);
        print_step(out, 'h', -box->width);
        fputc('z', out);
    }
    fputs("\"/>\n", out);
}

/* Boxes of one width share an element: it is the width of its stroke. */
static size_t stripes_of_a_width(FILE *out, const char *class_name, const struct svg_box *boxes,
                                 size_t count)
{
    size_t i = 0;

    fprintf(out, "<path class=\"%s\"", class_name);
    print_attribute(out, "stroke-width", boxes[0].width);
    fputs(" d=\"", out);
    for (; i < count && fabs(boxes[i].width - boxes[0].width) < 0.05; i++) {
        const struct svg_box *box = &boxes[i];
        print_move(out, (struct svg_point){box->x + box->width / 2, box->y + box->height});
        print_step(out, 'v', -box->height);
    }
    fputs("\"/>\n", out);
    return i;
}

void svg_stripes(FILE *out, const char *class_name, const struct svg_box *boxes, size_t count)
{
    while (count > 0) {
        const size_t drawn = stripes_of_a_width(out, class_name, boxes, count);
        boxes += drawn;
        count -= drawn;
    }
}
