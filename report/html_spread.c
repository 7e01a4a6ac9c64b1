#include "report/html_spread.h"

#include "report/distribution.h"

#include <math.h>

enum { ZERO_WIDTH = 12, ZERO_GAP = 6, BAND_GAP = 26 };

struct band {
    struct distribution_values values;
    struct distribution distribution;
};

/* A spread with its values. */
struct picture {
    const struct spread *spread;
    struct band bands[SPREAD_BANDS];
    struct distribution_scale scale;
    const struct spread_marks *marks;
    double left; /* where the scale begins: behind the place of the zeroes */
};

/* The smallest positive value of sorted ones; 0 if there is none. */
static int64_t smallest_positive(const struct band *band)
{
    for (size_t i = 0; i < band->values.distinct; i++) {
        if (band->values.values[i] > 0) {
            return band->values.values[i];
        }
    }
    return 0;
}

static void widen(int64_t *low, int64_t *high, int64_t value)
{
    if (value > 0) {
        *low = *low == 0 || value < *low ? value : *low;
        *high = value > *high ? value : *high;
    }
}

static void fill_bands(struct picture *picture)
{
    for (int i = 0; i < SPREAD_BANDS; i++) {
        struct band *band = &picture->bands[i];
        for (size_t at = 0; at < band->values.distinct; at++) {
            distribution_add(&band->distribution, &picture->scale, band->values.values[at],
                             distribution_times(&band->values, at));
        }
    }
}

static void make_scale(struct picture *picture)
{
    int64_t low = 0;
    int64_t high = 0;

    for (int i = 0; i < SPREAD_BANDS; i++) {
        const struct band *band = &picture->bands[i];
        if (band->values.count > 0) {
            widen(&low, &high, smallest_positive(band));
            widen(&low, &high, band->values.values[band->values.distinct - 1]);
        }
    }
    for (size_t i = 0; i < picture->marks->count; i++) {
        widen(&low, &high, picture->marks->values[i]);
    }
    distribution_scale_make(&picture->scale, low > 0 ? low : 1, high > 0 ? high : 1);
}

/* Of the handshakes of a group. False: there is nothing to show. */
static bool make_picture(struct picture *picture, const struct html_page *page, size_t place)
{
    struct distribution_values values[SPREAD_BANDS];
    uint64_t zeroes = 0;

    summary_spread(page->summary, place, picture->spread->kind, values);
    for (int i = 0; i < SPREAD_BANDS; i++) {
        picture->bands[i] = (struct band){.values = values[i]};
    }
    if (values[0].count + values[1].count == 0) {
        return false;
    }
    make_scale(picture);
    fill_bands(picture);
    for (int i = 0; i < SPREAD_BANDS; i++) {
        zeroes += picture->bands[i].distribution.zeroes;
    }
    picture->left = CHART_LEFT + (zeroes > 0 ? ZERO_WIDTH + ZERO_GAP : 0);
    return true;
}

static double x_at(const struct picture *picture, double place)
{
    return picture->left + place * (CHART_RIGHT - picture->left);
}

static double x_of(const struct picture *picture, int64_t value)
{
    if (value <= 0) {
        return CHART_LEFT + ZERO_WIDTH / 2.0;
    }
    return x_at(picture, distribution_place(&picture->scale, (double)value));
}

static double floor_of_band(int band)
{
    static const double height = (CHART_BOTTOM - CHART_TOP) / 2.0;
    return CHART_TOP + height * (band + 1);
}

static double band_height(void)
{
    return (CHART_BOTTOM - CHART_TOP) / 2.0 - BAND_GAP;
}

/* What there is, is seen: at least as high as a line. */
static double height_in_band(uint64_t count, uint64_t largest)
{
    return fmax((double)count * band_height() / (double)largest, 1);
}

/* Heights are shares of the band's own handshakes: a hundred resumed beside ten full ones show
 * their shape all the same. */
static void draw_band(const struct html_page *page, const struct picture *picture, int number)
{
    const struct distribution *distribution = &picture->bands[number].distribution;
    const double floor_y = floor_of_band(number);
    const double width = (CHART_RIGHT - picture->left) / (double)picture->scale.count;
    struct svg_box boxes[1 + DISTRIBUTION_BINS_MAX];
    uint64_t largest = distribution->zeroes > 0 ? distribution->zeroes : 1;
    size_t count = 0;

    for (size_t i = 0; i < picture->scale.count; i++) {
        largest = distribution->bins[i] > largest ? distribution->bins[i] : largest;
    }
    if (distribution->zeroes > 0) {
        const double height = height_in_band(distribution->zeroes, largest);
        boxes[count++] = (struct svg_box){CHART_LEFT, floor_y - height, ZERO_WIDTH, height};
    }
    for (size_t i = 0; i < picture->scale.count; i++) {
        if (distribution->bins[i] > 0) {
            const double height = height_in_band(distribution->bins[i], largest);
            boxes[count++] = (struct svg_box){picture->left + (double)i * width + 0.4,
                                              floor_y - height, width - 0.8, height};
        }
    }
    html_chart_boxes(page, picture->spread->band_looks[number], boxes, count);
}

static void draw_lines(FILE *out, const struct picture *picture)
{
    for (int i = 0; i < SPREAD_BANDS; i++) {
        const struct band *band = &picture->bands[i];
        if (band->values.count == 0) {
            continue;
        }
        const double x = x_of(picture, distribution_median(&band->values));
        svg_line(out, "median", (struct svg_point){x, floor_of_band(i)},
                 (struct svg_point){x, floor_of_band(i) - band_height() - 6});
    }
    for (size_t i = 0; i < picture->marks->count; i++) {
        const double x = x_of(picture, picture->marks->values[i]);
        svg_line(out, "mark", (struct svg_point){x, CHART_TOP - 12},
                 (struct svg_point){x, CHART_BOTTOM});
    }
}

/* Beside the line it belongs to, on the side that has the room. */
static void draw_beside(FILE *out, const char *side_class, struct svg_point at, const char *words)
{
    char class_name[32];
    const bool is_left = at.x > (CHART_LEFT + CHART_RIGHT) / 2.0;

    (void)snprintf(class_name, sizeof(class_name), "%s%s", side_class, is_left ? " end" : "");
    at.x += is_left ? -4 : 4;
    svg_label(out, class_name, at, words);
}

static void draw_medians(FILE *out, const struct picture *picture)
{
    char median[FORMAT_BYTES];
    char words[2 * FORMAT_BYTES];

    for (int i = 0; i < SPREAD_BANDS; i++) {
        const struct band *band = &picture->bands[i];
        if (band->values.count > 0) {
            const int64_t value = distribution_median(&band->values);
            picture->spread->describe(value, median);
            (void)snprintf(words, sizeof(words), "median %s", median);
            draw_beside(
                out, "note",
                (struct svg_point){x_of(picture, value), floor_of_band(i) - band_height() - 4},
                words);
        }
    }
}

static void draw_marks(FILE *out, const struct picture *picture)
{
    for (size_t i = 0; i < picture->marks->count; i++) {
        draw_beside(out, "note",
                    (struct svg_point){x_of(picture, picture->marks->values[i]),
                                       CHART_TOP - 4 - 12.0 * (double)i},
                    picture->marks->labels[i]);
    }
}

/* Left of each band: what it is, and of how many. */
static void draw_names(FILE *out, const struct picture *picture)
{
    char count[FORMAT_BYTES];

    for (int i = 0; i < SPREAD_BANDS; i++) {
        const double y = floor_of_band(i);
        svg_line(out, "axis", (struct svg_point){CHART_LEFT, y},
                 (struct svg_point){CHART_RIGHT, y});
        svg_label(out, "end", (struct svg_point){CHART_LEFT - 4, y - 16},
                  picture->spread->band_words[i]);
        svg_label(out, "end strong", (struct svg_point){CHART_LEFT - 4, y - 3},
                  html_count(picture->bands[i].values.count, count));
    }
}

static void draw_axis(const struct html_page *page, const struct picture *picture)
{
    const struct spread *spread = picture->spread;
    struct chart_ticks ticks = {.count = 0};

    svg_group_begin(page->out, "x", NULL);
    draw_medians(page->out, picture);
    draw_marks(page->out, picture);
    if (picture->left > CHART_LEFT) {
        html_chart_tick(page, &ticks, CHART_LEFT + ZERO_WIDTH / 2.0, spread->zero);
    }
    for (size_t i = 0; i < spread->tick_count; i++) {
        const double x = x_of(picture, spread->ticks[i].value);
        if (x >= picture->left) {
            html_chart_tick(page, &ticks, x, spread->ticks[i].label);
        }
    }
    svg_group_end(page->out);
}

static void print_quantile_row(const struct html_page *page, const struct picture *picture,
                               const char *head, double share)
{
    char text[FORMAT_BYTES];

    fprintf(page->out, "<tr class=\"quantile\"><th scope=\"row\">%s</th>", head);
    for (int i = 0; i < SPREAD_BANDS; i++) {
        const struct band *band = &picture->bands[i];
        if (band->values.count == 0) {
            fputs("<td>-</td>", page->out);
        } else {
            picture->spread->describe(distribution_quantile(&band->values, share), text);
            fprintf(page->out, "<td>%s</td>", text);
        }
    }
    html_chart_end_row(page);
}

static void print_bin_row(const struct html_page *page, const struct picture *picture, size_t bin)
{
    const double from = x_at(picture, (double)bin / (double)picture->scale.count);
    const double to = x_at(picture, (double)(bin + 1) / (double)picture->scale.count);
    char text[FORMAT_BYTES];
    char head[2 * FORMAT_BYTES];

    picture->spread->describe((int64_t)ceil(distribution_edge(&picture->scale, bin)), text);
    (void)snprintf(head, sizeof(head), "from %s", text);
    html_chart_begin_row(page, from, to - from, head);
    for (int i = 0; i < SPREAD_BANDS; i++) {
        html_chart_cell(page, picture->bands[i].distribution.bins[bin]);
    }
    html_chart_end_row(page);
}

static bool is_empty_bin(const struct picture *picture, size_t bin)
{
    return picture->bands[0].distribution.bins[bin] == 0 &&
           picture->bands[1].distribution.bins[bin] == 0;
}

static void print_table(const struct html_page *page, const struct picture *picture)
{
    const struct spread *spread = picture->spread;
    const char *const heads[] = {"", spread->band_words[0], spread->band_words[1], NULL};

    html_chart_begin_table(page, spread->caption, heads);
    print_quantile_row(page, picture, "10 % up to", 0.1);
    print_quantile_row(page, picture, "half up to", 0.5);
    print_quantile_row(page, picture, "90 % up to", 0.9);
    print_quantile_row(page, picture, "99 % up to", 0.99);
    if (picture->left > CHART_LEFT) {
        html_chart_begin_row(page, CHART_LEFT, ZERO_WIDTH, spread->zero);
        html_chart_cell(page, picture->bands[0].distribution.zeroes);
        html_chart_cell(page, picture->bands[1].distribution.zeroes);
        html_chart_end_row(page);
    }
    for (size_t bin = 0; bin < picture->scale.count; bin++) {
        if (!is_empty_bin(picture, bin)) {
            print_bin_row(page, picture, bin);
        }
    }
    html_chart_end(page);
}

void html_spread(struct html_page *page, const struct html_group *group,
                 const struct spread *spread, const struct spread_marks *marks)
{
    struct picture picture = {.spread = spread, .marks = marks};
    const struct svg_words words = {spread->caption, group->name, group->name_len,
                                    spread->description};

    if (!make_picture(&picture, page, group->place)) {
        html_chart_none(page, spread->caption, spread->none);
        return;
    }
    html_chart_begin(page, spread->caption, &words);
    for (int i = 0; i < SPREAD_BANDS; i++) {
        draw_band(page, &picture, i);
    }
    draw_lines(page->out, &picture);
    html_chart_end_plot(page);
    draw_names(page->out, &picture);
    draw_axis(page, &picture);
    print_table(page, &picture);
}
