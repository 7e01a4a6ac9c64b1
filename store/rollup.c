#include "store/rollup.h"

#include <stdlib.h>
#include <string.h>

/* ---- Memory ---- */

void rollup_free(struct rollup *rollup)
{
    free(rollup->shapes);
    free(rollup->tallies);
    free(rollup->room);
    *rollup = (struct rollup){.first_ns = 0};
}

void rollup_clear(struct rollup *rollup)
{
    rollup->shape_count = 0;
    rollup->tally_count = 0;
}

/* Room for one more of these. */
static void *grow(void *items, size_t count, size_t *capacity, size_t item_bytes)
{
    if (count < *capacity) {
        return items;
    }
    const size_t wanted = *capacity * 2 + 16;
    void *moved = reallocarray(items, wanted, item_bytes);
    if (moved != NULL) {
        *capacity = wanted;
    }
    return moved;
}

bool rollup_add_shape(struct rollup *rollup, const struct rollup_shape *shape)
{
    struct rollup_shape *moved =
        grow(rollup->shapes, rollup->shape_count, &rollup->shape_capacity, sizeof(*moved));
    if (moved == NULL) {
        return false;
    }
    rollup->shapes = moved;
    moved[rollup->shape_count++] = *shape;
    return true;
}

bool rollup_add_tally(struct rollup *rollup, const struct rollup_tally *tally)
{
    struct rollup_tally *moved =
        grow(rollup->tallies, rollup->tally_count, &rollup->tally_capacity, sizeof(*moved));
    if (moved == NULL) {
        return false;
    }
    rollup->tallies = moved;
    moved[rollup->tally_count++] = *tally;
    return true;
}

/* ---- Order ---- */

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static inline int compare_shapes(const void *left, const void *right)
{
    const struct rollup_shape *a = left;
    const struct rollup_shape *b = right;
    const int orders[] = {COMPARE(a->version, b->version), COMPARE(a->facts, b->facts),
                          COMPARE(a->refusal_cause, b->refusal_cause),
                          COMPARE(a->anomalies, b->anomalies)};

    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        if (orders[i] != 0) {
            return orders[i];
        }
    }
    return 0;
}

static inline int compare_tallies(const void *left, const void *right)
{
    const struct rollup_tally *a = left;
    const struct rollup_tally *b = right;

    if (a->head != b->head) {
        return a->head < b->head ? -1 : 1;
    }
    return a->network != b->network ? COMPARE(a->network, b->network) : COMPARE(a->code, b->code);
}

struct sorting {
    size_t count;
    size_t item_bytes;
    int (*compare)(const void *left, const void *right);
};

/* Neighbouring runs: bounds[i] to bounds[i + 1]. */
struct runs {
    size_t *bounds;
    size_t count;
};

#define ALWAYS_INLINE inline __attribute__((always_inline))

/* Where the run of items in order ends that begins here. */
static ALWAYS_INLINE size_t run_end(const struct sorting *sorting, const char *items, size_t from)
{
    const size_t bytes = sorting->item_bytes;
    size_t end = from + 1;

    while (end < sorting->count &&
           sorting->compare(items + (end - 1) * bytes, items + end * bytes) <= 0) {
        end++;
    }
    return end < sorting->count ? end : sorting->count;
}

/* Two neighbouring runs, from..middle and middle..end. */
static ALWAYS_INLINE void merge_runs(const struct sorting *sorting, const char *items,
                                     const size_t bounds[3], char *out)
{
    const size_t bytes = sorting->item_bytes;
    const char *left = items + bounds[0] * bytes;
    const char *const middle = items + bounds[1] * bytes;
    const char *right = middle;
    const char *const end = items + bounds[2] * bytes;

    out += bounds[0] * bytes;
    while (left < middle && right < end) {
        const bool is_left = sorting->compare(left, right) <= 0;
        memcpy(out, is_left ? left : right, bytes);
        left += is_left ? bytes : 0;
        right += is_left ? 0 : bytes;
        out += bytes;
    }
    memcpy(out, left, (size_t)(middle - left));
    memcpy(out + (middle - left), right, (size_t)(end - right));
}

/* Where the runs begin that there are, and where the last one ends; returns how many. */
static ALWAYS_INLINE size_t find_runs(const struct sorting *sorting, const char *items,
                                      size_t *bounds)
{
    size_t runs = 0;

    bounds[0] = 0;
    while (bounds[runs] < sorting->count) {
        bounds[runs + 1] = run_end(sorting, items, bounds[runs]);
        runs++;
    }
    return runs;
}

/* Makes one run of each two; returns how many are left. */
static ALWAYS_INLINE size_t merge_pass(const struct sorting *sorting, const char *items,
                                       const struct runs *runs, char *out)
{
    size_t *const bounds = runs->bounds;
    size_t left = 0;

    for (size_t run = 0; run < runs->count; run += 2) {
        const size_t next = run + 1 < runs->count ? run + 1 : runs->count;
        const size_t end = next < runs->count ? next + 1 : runs->count;
        const size_t three[3] = {bounds[run], bounds[next], bounds[end]};
        merge_runs(sorting, items, three, out);
        bounds[left++] = three[0];
    }
    bounds[left] = sorting->count;
    return left;
}

static bool reserve_room(struct rollup *rollup, size_t bytes)
{
    if (rollup->room_bytes >= bytes) {
        return true;
    }
    void *room = malloc(bytes * 2);
    if (room == NULL) {
        return false;
    }
    free(rollup->room);
    rollup->room = room;
    rollup->room_bytes = bytes * 2;
    return true;
}

/* Short runs are made longer first: so few items are quicker moved past larger ones than merged. */
enum { RUN_MIN = 12 };

static void sort_short_run(struct rollup_tally *tallies, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct rollup_tally tally = tallies[i];
        size_t at = i;
        for (; at > 0 && compare_tallies(&tallies[at - 1], &tally) > 0; at--) {
            tallies[at] = tallies[at - 1];
        }
        tallies[at] = tally;
    }
}

/* Merge sort that begins with the runs there are: what comes from several packed rollups is as
 * many, and takes the logarithm of their number of passes, whatever is in them. False without
 * memory. */
static ALWAYS_INLINE bool sort(struct rollup *rollup, const struct sorting *sorting, void *items)
{
    const size_t bytes = sorting->count * sorting->item_bytes;
    const size_t of_bounds = (sorting->count + 1) * sizeof(size_t);

    if (sorting->count == 0 || run_end(sorting, items, 0) == sorting->count) {
        return true;
    }
    if (!reserve_room(rollup, of_bounds + bytes)) {
        return false;
    }
    struct runs runs = {.bounds = rollup->room};
    char *from = items;
    char *to = (char *)rollup->room + of_bounds;
    runs.count = find_runs(sorting, items, runs.bounds);
    while (runs.count > 1) {
        runs.count = merge_pass(sorting, from, &runs, to);
        char *const swapped = from;
        from = to;
        to = swapped;
    }
    if (from != items) {
        memcpy(items, from, bytes);
    }
    return true;
}

/* ---- Together ---- */

/* Sums of what a capture or a file made up stay in range. */
static int64_t sum_of(int64_t a, int64_t b)
{
    int64_t sum;

    if (__builtin_add_overflow(a, b, &sum)) {
        return a < 0 ? -INT64_MAX : INT64_MAX;
    }
    return sum;
}

static size_t examples_of(const struct rollup_shape *shape)
{
    return shape->count < ROLLUP_EXAMPLES ? (size_t)shape->count : (size_t)ROLLUP_EXAMPLES;
}

/* The smallest of both. */
static void join_examples(struct rollup_shape *into, const struct rollup_shape *from)
{
    int64_t both[2 * ROLLUP_EXAMPLES];
    size_t count = 0;
    size_t a = 0;
    size_t b = 0;

    while (count < ROLLUP_EXAMPLES && (a < examples_of(into) || b < examples_of(from))) {
        const bool is_a = b == examples_of(from) ||
                          (a < examples_of(into) && into->examples[a] <= from->examples[b]);
        both[count++] = is_a ? into->examples[a++] : from->examples[b++];
    }
    memcpy(into->examples, both, count * sizeof(both[0]));
}

static void join_shapes(struct rollup_shape *into, const struct rollup_shape *from)
{
    join_examples(into, from);
    into->count += from->count;
    into->timed += from->timed;
    into->handshake_ns = sum_of(into->handshake_ns, from->handshake_ns);
    into->with_rtt += from->with_rtt;
    into->rtt_ns = sum_of(into->rtt_ns, from->rtt_ns);
    into->with_bytes += from->with_bytes;
    into->bytes = sum_of(into->bytes, from->bytes);
    into->offered_bytes = sum_of(into->offered_bytes, from->offered_bytes);
    into->age_min_s = handshake_smaller(into->age_min_s, from->age_min_s);
    into->age_max_s = handshake_larger(into->age_max_s, from->age_max_s);
    into->hint_min_s = handshake_smaller(into->hint_min_s, from->hint_min_s);
    into->hint_max_s = handshake_larger(into->hint_max_s, from->hint_max_s);
    into->first_ns = from->first_ns < into->first_ns ? from->first_ns : into->first_ns;
    into->last_ns = from->last_ns > into->last_ns ? from->last_ns : into->last_ns;
}

static void join_equal_shapes(struct rollup *rollup)
{
    size_t kept = 0;

    for (size_t i = 1; i < rollup->shape_count; i++) {
        if (compare_shapes(&rollup->shapes[kept], &rollup->shapes[i]) == 0) {
            join_shapes(&rollup->shapes[kept], &rollup->shapes[i]);
        } else {
            rollup->shapes[++kept] = rollup->shapes[i];
        }
    }
    rollup->shape_count = rollup->shape_count > 0 ? kept + 1 : 0;
}

static void join_equal_tallies(struct rollup *rollup)
{
    size_t kept = 0;

    for (size_t i = 1; i < rollup->tally_count; i++) {
        struct rollup_tally *into = &rollup->tallies[kept];
        const struct rollup_tally *from = &rollup->tallies[i];
        if (compare_tallies(into, from) != 0) {
            rollup->tallies[++kept] = *from;
        } else if (__builtin_add_overflow(into->count, from->count, &into->count)) {
            into->count = UINT32_MAX;
        }
    }
    rollup->tally_count = rollup->tally_count > 0 ? kept + 1 : 0;
}

enum { SHAPES_LOOKED_AT = 32 };

bool rollup_add_like(struct rollup *rollup, const struct rollup_shape *shape)
{
    for (size_t i = 0; i < rollup->shape_count && i < SHAPES_LOOKED_AT; i++) {
        if (compare_shapes(&rollup->shapes[i], shape) == 0) {
            join_shapes(&rollup->shapes[i], shape);
            return true;
        }
    }
    return rollup_add_shape(rollup, shape);
}

bool rollup_settle_unordered(struct rollup *rollup)
{
    for (size_t from = 0; from < rollup->tally_count; from += RUN_MIN) {
        const size_t left = rollup->tally_count - from;
        sort_short_run(rollup->tallies + from, left < RUN_MIN ? left : RUN_MIN);
    }
    return rollup_settle(rollup);
}

bool rollup_settle(struct rollup *rollup)
{
    const struct sorting shapes = {rollup->shape_count, sizeof(*rollup->shapes), compare_shapes};
    const struct sorting tallies = {rollup->tally_count, sizeof(*rollup->tallies), compare_tallies};

    if (!sort(rollup, &shapes, rollup->shapes) || !sort(rollup, &tallies, rollup->tallies)) {
        return false;
    }
    join_equal_shapes(rollup);
    join_equal_tallies(rollup);
    return true;
}
