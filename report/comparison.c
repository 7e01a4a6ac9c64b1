#include "report/comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct comparison_side not_seen = {
    .full_ns = HANDSHAKE_NULL,
    .resumed_ns = HANDSHAKE_NULL,
};

static struct comparison_side side_of(const struct figures *figures)
{
    return (struct comparison_side){
        .handshakes = figures->handshakes,
        .failed = figures->verdicts[VERDICT_FAILED],
        .unknown = figures->verdicts[VERDICT_UNKNOWN],
        .resumed = {figures->resumed, figures->evaluated},
        .refused = figures_refused(figures),
        .full_timed = figures->full_cost.timed,
        .full_ns = figures->full_cost.median_ns,
        .resumed_timed = figures->resumed_cost.timed,
        .resumed_ns = figures->resumed_cost.median_ns,
    };
}

static struct comparison_share share_of(const struct proportion *a, const struct proportion *b)
{
    struct comparison_share share = {.change = COMPARISON_TOO_FEW};

    if (a->of < PROPORTION_ENOUGH || b->of < PROPORTION_ENOUGH) {
        return share;
    }
    share.difference = proportion_rate(b) - proportion_rate(a);
    share.interval = proportion_difference(a, b);
    if (share.interval.low > 0) {
        share.change = COMPARISON_UP;
    } else {
        share.change = share.interval.high < 0 ? COMPARISON_DOWN : COMPARISON_UNCLEAR;
    }
    return share;
}

static void compare_sides(struct comparison_row *row)
{
    const struct comparison_side *a = &row->sides[COMPARISON_A];
    const struct comparison_side *b = &row->sides[COMPARISON_B];

    row->resumed = share_of(&a->resumed, &b->resumed);
    row->refused = share_of(&a->refused, &b->refused);
}

/* Byte by byte, as summaries are sorted. */
static int compare_names(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t common = a_len < b_len ? a_len : b_len;
    int order = common == 0 ? 0 : memcmp(a, b, common);

    return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

/* How far the interval is from 0. */
static double beyond(const struct comparison_share *share)
{
    switch (share->change) {
    case COMPARISON_UP:
        return share->interval.low;
    case COMPARISON_DOWN:
        return -share->interval.high;
    case COMPARISON_UNCLEAR:
        return 0;
    case COMPARISON_TOO_FEW:
        break;
    }
    return -1;
}

static uint64_t handshakes_of(const struct comparison_row *row)
{
    return row->sides[COMPARISON_A].handshakes + row->sides[COMPARISON_B].handshakes;
}

/* Less than 0: a comes first. */
static int compare_numbers(double a, double b)
{
    return (a < b) - (a > b);
}

static int compare_rows(const void *left, const void *right)
{
    const struct comparison_row *a = left;
    const struct comparison_row *b = right;
    const int orders[] = {
        compare_numbers(beyond(&a->resumed), beyond(&b->resumed)),
        compare_numbers(fabs(a->resumed.difference), fabs(b->resumed.difference)),
        compare_numbers((double)handshakes_of(a), (double)handshakes_of(b)),
    };

    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        if (orders[i] != 0) {
            return orders[i];
        }
    }
    return compare_names(a->name, a->name_len, b->name, b->name_len);
}

/* A summary that is walked through, from name to name. */
struct walk {
    const struct summary *summary;
    size_t place;
    const char *name;
    size_t name_len;
};

static bool has_more(const struct walk *walk)
{
    return walk->place < summary_groups(walk->summary);
}

static void look(struct walk *walk)
{
    if (has_more(walk)) {
        walk->name = summary_name(walk->summary, walk->place, &walk->name_len);
    }
}

static void take(struct walk *walk, struct comparison_row *row, size_t side)
{
    struct figures figures;

    summary_figures(walk->summary, walk->place, &figures);
    row->name = walk->name;
    row->name_len = walk->name_len;
    row->sides[side] = side_of(&figures);
    walk->place++;
    look(walk);
}

/* Which of the two names comes first; less than 0: that of a. */
static int next_order(const struct walk *a, const struct walk *b)
{
    if (!has_more(a)) {
        return 1;
    }
    if (!has_more(b)) {
        return -1;
    }
    return compare_names(a->name, a->name_len, b->name, b->name_len);
}

static void merge(struct comparison *comparison, struct walk *a, struct walk *b)
{
    look(a);
    look(b);
    while (has_more(a) || has_more(b)) {
        struct comparison_row *row = &comparison->rows[comparison->count++];
        int order = next_order(a, b);
        *row = (struct comparison_row){.sides = {not_seen, not_seen}};
        if (order <= 0) {
            take(a, row, COMPARISON_A);
        }
        if (order >= 0) {
            take(b, row, COMPARISON_B);
        }
        compare_sides(row);
    }
}

static void set_total(struct comparison *comparison, const struct summary *a,
                      const struct summary *b)
{
    struct figures figures;

    summary_total(a, &figures);
    comparison->total.sides[COMPARISON_A] = side_of(&figures);
    summary_total(b, &figures);
    comparison->total.sides[COMPARISON_B] = side_of(&figures);
    compare_sides(&comparison->total);
}

bool comparison_make(struct comparison *comparison, const struct summary *a,
                     const struct summary *b)
{
    struct walk walk_a = {.summary = a};
    struct walk walk_b = {.summary = b};

    *comparison = (struct comparison){0};
    comparison->rows = calloc(summary_groups(a) + summary_groups(b) + 1, sizeof(*comparison->rows));
    if (comparison->rows == NULL) {
        return false;
    }
    merge(comparison, &walk_a, &walk_b);
    qsort(comparison->rows, comparison->count, sizeof(*comparison->rows), compare_rows);
    set_total(comparison, a, b);
    return true;
}

void comparison_clear(struct comparison *comparison)
{
    free(comparison->rows);
    *comparison = (struct comparison){0};
}

const char *comparison_change_name(enum comparison_change change)
{
    switch (change) {
    case COMPARISON_TOO_FEW:
        return "too-few";
    case COMPARISON_UNCLEAR:
        return "unclear";
    case COMPARISON_UP:
        return "up";
    case COMPARISON_DOWN:
        return "down";
    }
    return NULL;
}
