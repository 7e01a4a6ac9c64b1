#include "report/html_chart.h"
#include "report/html_parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { TICKS_WANTED = 6, LEGEND_Y = 14, SWATCH = 11 };

/* Kinds of handshakes in the order they are stacked. */
static const struct {
    enum verdict verdict;
    const char *word;
    struct chart_look look;
} kinds[VERDICT_COUNT] = {
    {VERDICT_RESUMED_ID, "by ID", {"k-id", "s-id"}},
    {VERDICT_RESUMED_TICKET, "by ticket", {"k-ticket", NULL}},
    {VERDICT_RESUMED_PSK, "by PSK", {"k-psk", "s-psk"}},
    {VERDICT_FULL, "full", {"k-full", NULL}},
    {VERDICT_FAILED, "failed", {"k-failed", "s-failed"}},
    {VERDICT_UNKNOWN, "unknown", {"k-unknown", "s-unknown"}},
};

/* How times are written, as far as they matter. */
enum style { SECOND, MINUTE, HOUR, DAY, DATE, MONTH, WHOLE };

/* How a width is called, and how the beginnings of its buckets are. */
static const struct {
    int64_t width_ns;
    const char *word;
    enum style style;
} widths[] = {
    {SERIES_SECOND_NS, "second", SECOND}, {10 * SERIES_SECOND_NS, "10 seconds", SECOND},
    {SERIES_MINUTE_NS, "minute", MINUTE}, {10 * SERIES_MINUTE_NS, "10 minutes", MINUTE},
    {SERIES_HOUR_NS, "hour", HOUR},       {6 * SERIES_HOUR_NS, "6 hours", HOUR},
    {SERIES_DAY_NS, "day", DATE},         {7 * SERIES_DAY_NS, "week", DATE},
};

enum { WIDTHS = sizeof(widths) / sizeof(widths[0]) };

static size_t width_row(int64_t width_ns)
{
    for (size_t i = 0; i < WIDTHS; i++) {
        if (widths[i].width_ns == width_ns) {
            return i;
        }
    }
    return WIDTHS - 1;
}

static void print_time(int64_t time_ns, enum style style, char out[FORMAT_BYTES])
{
    const int64_t seconds = time_ns / SERIES_SECOND_NS - (time_ns % SERIES_SECOND_NS < 0 ? 1 : 0);
    const time_t when = (time_t)seconds;
    struct tm calendar = {0};

    (void)gmtime_r(&when, &calendar);
    switch (style) {
    case SECOND:
        (void)strftime(out, FORMAT_BYTES, "%H:%M:%S", &calendar);
        break;
    case MINUTE:
        (void)strftime(out, FORMAT_BYTES, "%H:%M", &calendar);
        break;
    case HOUR:
        (void)strftime(out, FORMAT_BYTES, "%e %b %H:%M", &calendar);
        break;
    case DAY:
        (void)strftime(out, FORMAT_BYTES, "%e %b", &calendar);
        break;
    case DATE:
        (void)strftime(out, FORMAT_BYTES, "%e %b %Y", &calendar);
        break;
    case MONTH:
        (void)strftime(out, FORMAT_BYTES, "%b %Y", &calendar);
        break;
    case WHOLE:
        (void)strftime(out, FORMAT_BYTES, "%e %b %Y %H:%M", &calendar);
        break;
    }
}

static void width_words(int64_t width_ns, char out[FORMAT_BYTES])
{
    const int64_t weeks = width_ns / (7 * SERIES_DAY_NS);

    if (weeks > 1) {
        (void)snprintf(out, FORMAT_BYTES, "%" PRId64 " weeks", weeks);
    } else {
        (void)snprintf(out, FORMAT_BYTES, "%s", widths[width_row(width_ns)].word);
    }
}

static double bucket_x(const struct series_scale *scale, size_t bucket)
{
    return CHART_LEFT + (double)bucket * (CHART_RIGHT - CHART_LEFT) / (double)scale->count;
}

/* From the beginning of the first bucket to the end of the last, which may be more than 63 bits
 * hold. */
static double span_of(const struct series_scale *scale)
{
    return (double)scale->width_ns * (double)scale->count;
}

static uint64_t bucket_total(const struct series_bucket *bucket)
{
    uint64_t total = 0;

    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        total += bucket->verdicts[verdict];
    }
    return total;
}

static uint64_t largest_bucket(const struct series *series)
{
    uint64_t largest = 1;

    for (size_t i = 0; i < series->scale.count; i++) {
        const uint64_t total = bucket_total(&series->buckets[i]);
        largest = total > largest ? total : largest;
    }
    return largest;
}

static double height_of(uint64_t count, uint64_t largest)
{
    return (double)count * (CHART_BOTTOM - CHART_TOP) / (double)largest;
}

/* Of the kinds below this one in the stack. */
static uint64_t below_kind(const struct series_bucket *bucket, size_t kind)
{
    uint64_t below = 0;

    for (size_t lower = 0; lower < kind; lower++) {
        below += bucket->verdicts[kinds[lower].verdict];
    }
    return below;
}

static void draw_kind(const struct html_page *page, const struct series *series, size_t kind,
                      uint64_t largest)
{
    struct svg_box boxes[SERIES_BUCKETS_MAX];
    const double gap = series->scale.count > 60 ? 0.5 : 1;
    const double width = bucket_x(&series->scale, 1) - CHART_LEFT - gap;
    size_t count = 0;

    for (size_t i = 0; i < series->scale.count; i++) {
        const struct series_bucket *bucket = &series->buckets[i];
        const uint64_t own = bucket->verdicts[kinds[kind].verdict];
        if (own > 0) {
            const double height = height_of(own, largest);
            const double floor_y = CHART_BOTTOM - height_of(below_kind(bucket, kind), largest);
            boxes[count++] = (struct svg_box){bucket_x(&series->scale, i) + gap / 2,
                                              floor_y - height, width, height};
        }
    }
    html_chart_boxes(page, kinds[kind].look, boxes, count);
}

/* Where the rate of the group changed (report/drift.h): its section tells of it in words. */
static void draw_changes(const struct html_page *page, const struct html_group *group)
{
    const struct series_scale *scale = &group->series.scale;
    const double start = (double)series_scale_start_ns(scale, 0);

    for (size_t i = 0; i < summary_changes(page->summary); i++) {
        const struct summary_change *at = summary_change(page->summary, i);
        const double x = CHART_LEFT + ((double)at->change.time_ns - start) *
                                          (CHART_RIGHT - CHART_LEFT) / span_of(scale);
        if (at->place == group->place && x >= CHART_LEFT && x <= CHART_RIGHT) {
            svg_line(page->out, "mark", (struct svg_point){x, CHART_TOP - 8},
                     (struct svg_point){x, CHART_BOTTOM});
        }
    }
}

/* 1, 2 or 5 times a power of ten: about four steps up to the largest. */
static uint64_t step_of(uint64_t largest)
{
    static const uint64_t factors[] = {1, 2, 5};
    uint64_t power = 1;
    size_t factor = 0;

    while (power * factors[factor] * 4 < largest) {
        factor = (factor + 1) % (sizeof(factors) / sizeof(factors[0]));
        power *= factor == 0 ? 10 : 1;
    }
    return power * factors[factor];
}

/* 1500, 12k, 3M: what fits beside an axis. */
static void short_count(uint64_t count, char out[FORMAT_BYTES])
{
    if (count >= 1000000) {
        (void)snprintf(out, FORMAT_BYTES, "%.3gM", (double)count / 1e6);
    } else if (count >= 10000) {
        (void)snprintf(out, FORMAT_BYTES, "%.3gk", (double)count / 1e3);
    } else {
        (void)snprintf(out, FORMAT_BYTES, "%" PRIu64, count);
    }
}

static void draw_counts(FILE *out, uint64_t largest)
{
    const uint64_t step = step_of(largest);
    char text[FORMAT_BYTES];

    for (uint64_t count = 0; count <= largest; count += step) {
        const double y = CHART_BOTTOM - height_of(count, largest);
        const struct svg_point from = {CHART_LEFT, y};
        const struct svg_point to = {CHART_RIGHT, y};
        const struct svg_point beside = {CHART_LEFT - 6, y + 4};
        short_count(count, text);
        svg_line(out, count == 0 ? "axis" : "grid", from, to);
        svg_label(out, "end", beside, text);
    }
}

/* The distance of labels: the first that gives few enough of them. */
static int64_t tick_distance(double span_ns)
{
    static const int64_t seconds[] = {1,     2,      5,      10,      20,      30,     60,
                                      300,   600,    1800,   3600,    10800,   21600,  43200,
                                      86400, 172800, 604800, 1209600, 2419200, 7257600};

    for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
        if (span_ns / (double)(seconds[i] * SERIES_SECOND_NS) <= TICKS_WANTED) {
            return seconds[i] * SERIES_SECOND_NS;
        }
    }
    int64_t distance = 364 * SERIES_DAY_NS;
    while (span_ns / (double)distance > TICKS_WANTED) {
        distance *= 2;
    }
    return distance;
}

/* Below a day the time of it, at midnight the day; above, the day or the month. */
static enum style tick_style(int64_t distance, int64_t time_ns)
{
    if (distance >= 56 * SERIES_DAY_NS) {
        return MONTH;
    }
    if (distance >= SERIES_DAY_NS || time_ns % SERIES_DAY_NS == 0) {
        return DAY;
    }
    return distance < SERIES_MINUTE_NS ? SECOND : MINUTE;
}

void html_time_axis(const struct html_page *page, const struct series_scale *scale)
{
    const double span = span_of(scale);
    const int64_t distance = tick_distance(span);
    const int64_t start = series_scale_start_ns(scale, 0);
    struct chart_ticks ticks = {.count = 0};
    int64_t at = start - start % distance; /* towards 0, so that it cannot overflow */
    char text[FORMAT_BYTES];

    svg_group_begin(page->out, "x", NULL);
    for (int i = 0; i <= TICKS_WANTED + 2; i++) {
        const double x =
            CHART_LEFT + ((double)at - (double)start) * (CHART_RIGHT - CHART_LEFT) / span;
        print_time(at, tick_style(distance, at), text);
        html_chart_tick(page, &ticks, x, text);
        if (__builtin_add_overflow(at, distance, &at)) {
            break;
        }
    }
    svg_group_end(page->out);
}

/* A legend in the picture itself: of the kinds there are. */
static void draw_legend(const struct html_page *page, const struct figures *figures)
{
    static const double character = 5.6; /* about as wide */
    double x = CHART_LEFT;

    for (size_t kind = 0; kind < VERDICT_COUNT; kind++) {
        if (figures->verdicts[kinds[kind].verdict] == 0) {
            continue;
        }
        const struct svg_box swatch = {x, LEGEND_Y - SWATCH + 1, SWATCH, SWATCH};
        const struct svg_point label = {x + SWATCH + 4, LEGEND_Y};
        html_chart_boxes(page, kinds[kind].look, &swatch, 1);
        svg_label(page->out, "legend", label, kinds[kind].word);
        x += SWATCH + 14 + character * (double)strlen(kinds[kind].word);
    }
}

static void print_table(const struct html_page *page, const struct series *series)
{
    static const char *const heads[] = {"From", "by ID",  "by ticket", "by PSK",
                                        "full", "failed", "unknown",   NULL};
    const enum style style = widths[width_row(series->scale.width_ns)].style;
    char text[FORMAT_BYTES];

    html_chart_begin_table(page, "Handshakes over time, UTC", heads);
    for (size_t i = 0; i < series->scale.count; i++) {
        const double x = bucket_x(&series->scale, i);
        if (bucket_total(&series->buckets[i]) == 0) {
            continue;
        }
        print_time(series_scale_start_ns(&series->scale, i), style, text);
        html_chart_begin_row(page, x, bucket_x(&series->scale, i + 1) - x, text);
        for (size_t kind = 0; kind < VERDICT_COUNT; kind++) {
            html_chart_cell(page, series->buckets[i].verdicts[kinds[kind].verdict]);
        }
        html_chart_end_row(page);
    }
    html_chart_end(page);
}

void html_time_picture(struct html_page *page, const struct html_group *group)
{
    const struct series *series = &group->series;
    const uint64_t largest = largest_bucket(series);
    char width[FORMAT_BYTES];
    char caption[4 * FORMAT_BYTES];
    char first[FORMAT_BYTES];
    char last[FORMAT_BYTES];
    char description[6 * FORMAT_BYTES];

    width_words(series->scale.width_ns, width);
    (void)snprintf(caption, sizeof(caption), "Handshakes per %s", width);
    print_time(series_scale_start_ns(&series->scale, 0), WHOLE, first);
    print_time(series_scale_start_ns(&series->scale, series->scale.count), WHOLE, last);
    (void)snprintf(
        description, sizeof(description),
        "Stacked bars from %s to %s UTC by what the handshakes were, at most %" PRIu64
        " in one; dashed lines where the resumption rate changed. The table below has the numbers.",
        first, last, largest);
    const struct svg_words words = {caption, group->name, group->name_len, description};

    html_chart_begin(page, caption, &words);
    for (size_t kind = 0; kind < VERDICT_COUNT; kind++) {
        if (group->figures.verdicts[kinds[kind].verdict] > 0) {
            draw_kind(page, series, kind, largest);
        }
    }
    draw_changes(page, group);
    html_chart_end_plot(page);
    draw_counts(page->out, largest);
    html_time_axis(page, &series->scale);
    draw_legend(page, &group->figures);
    print_table(page, series);
}
