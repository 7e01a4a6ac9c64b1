#include "report/drift.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { BLOCK = 10, GRID_STEP_INVERSE = 20 };

static const double level = 0.01;

/* Trials from..to - 1, counted up. */
struct stretch {
    const struct drift_trial *trials;
    size_t from;
    size_t to;
};

/* A division of a stretch: the new rate begins with trial `at`. */
struct division {
    size_t at;
    double ratio; /* twice the logarithm of the likelihoods' ratio */
    bool is_change;
};

static size_t resumed_before(const struct drift_trial *trials, size_t at)
{
    return at == 0 ? 0 : trials[at - 1].resumed;
}

static size_t evaluated_before(const struct drift_trial *trials, size_t at)
{
    return at == 0 ? 0 : trials[at - 1].evaluated;
}

static struct proportion side_of(const struct drift_trial *trials, size_t from, size_t to)
{
    return (struct proportion){
        .part = resumed_before(trials, to) - resumed_before(trials, from),
        .of = evaluated_before(trials, to) - evaluated_before(trials, from),
    };
}

/* The logarithm of the largest likelihood of one rate; 0 log 0 is 0. */
static double log_likelihood(const struct proportion *side)
{
    double resumed = (double)side->part;
    double evaluated = (double)side->of;
    double full = evaluated - resumed;

    return (resumed > 0 ? resumed * log(resumed / evaluated) : 0) +
           (full > 0 ? full * log(full / evaluated) : 0);
}

static double ratio_at(const struct stretch *stretch, size_t at)
{
    struct proportion before = side_of(stretch->trials, stretch->from, at);
    struct proportion after = side_of(stretch->trials, at, stretch->to);

    struct proportion both = side_of(stretch->trials, stretch->from, stretch->to);

    return 2 * (log_likelihood(&before) + log_likelihood(&after) - log_likelihood(&both));
}

static void try_division(const struct stretch *stretch, size_t at, struct division *best)
{
    double ratio = ratio_at(stretch, at);

    if (ratio > best->ratio) {
        best->at = at;
        best->ratio = ratio;
    }
}

/* The first place from `from` on with so many evaluated before it; `to` if there is none. */
static size_t place_of(const struct stretch *stretch, size_t evaluated)
{
    size_t low = stretch->from;
    size_t high = stretch->to;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (evaluated_before(stretch->trials, middle) < evaluated) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool leaves_enough(const struct stretch *stretch, size_t at)
{
    return side_of(stretch->trials, stretch->from, at).of >= DRIFT_SIDE_MIN &&
           side_of(stretch->trials, at, stretch->to).of >= DRIFT_SIDE_MIN;
}

static size_t try_place(const struct stretch *stretch, size_t at, struct division *best)
{
    if (!leaves_enough(stretch, at)) {
        return 0;
    }
    try_division(stretch, at, best);
    return 1;
}

/* The places that are tested: from either end to the middle. Returns how many. */
static size_t try_grid(const struct stretch *stretch, struct division *best)
{
    const size_t before = evaluated_before(stretch->trials, stretch->from);
    const size_t end = evaluated_before(stretch->trials, stretch->to);
    size_t half = (end - before) / 2;
    size_t count = 0;

    for (size_t size = DRIFT_SIDE_MIN; size <= half; size += 1 + size / GRID_STEP_INVERSE) {
        count += try_place(stretch, place_of(stretch, before + size), best);
        count += try_place(stretch, place_of(stretch, end - size), best);
    }
    return count;
}

struct dispersion {
    double squares;
    double expected;
    double pairs;
};

/* Where a block that begins here ends: with at least BLOCK evaluated; past `to`: there is none. */
static size_t block_end(const struct drift_trial *trials, size_t from, size_t to)
{
    const size_t before = evaluated_before(trials, from);
    size_t at = from;

    do {
        at++;
    } while (at <= to && evaluated_before(trials, at) - before < BLOCK);
    return at;
}

/* The squared differences between the shares of neighbouring blocks, and the variance that those
 * of independent trials would have: p (1 - p) (1 / n + 1 / m); both times n m / (n + m), so that of
 * blocks of equal size it is the same as with counts. */
static void add_dispersion(const struct drift_trial *trials, size_t from, size_t to,
                           struct dispersion *sum)
{
    struct proportion side = side_of(trials, from, to);
    double rate = proportion_rate(&side);
    size_t at = from;
    size_t middle = block_end(trials, at, to);

    while (middle < to) {
        const size_t end = block_end(trials, middle, to);
        if (end > to) {
            return;
        }
        struct proportion one = side_of(trials, at, middle);
        struct proportion two = side_of(trials, middle, end);
        double n = (double)one.of;
        double m = (double)two.of;
        double difference = ((double)one.part * m - (double)two.part * n) / sqrt(n * m);
        sum->squares += difference * difference;
        sum->expected += (n + m) * rate * (1 - rate);
        sum->pairs++;
        at = middle;
        middle = end;
    }
}

/* The square of the normal deviate that is as rare as the division's ratio, when the ratio is
 * divided by how much more neighbouring blocks differ, on either side, than independent trials
 * would let them. That is itself an estimate, from so many pairs: the deviate is Student's, made
 * normal (Wallace, Annals of Mathematical Statistics 30, 1124-1130, 1959). */
static double deviate_squared(const struct stretch *stretch, const struct division *division)
{
    struct dispersion sum = {0, 0, 0};

    add_dispersion(stretch->trials, stretch->from, division->at, &sum);
    add_dispersion(stretch->trials, division->at, stretch->to, &sum);
    double factor = sum.squares > sum.expected && sum.expected > 0 ? sum.squares / sum.expected : 1;
    double shrink = (8 * sum.pairs + 1) / (8 * sum.pairs + 3);
    return shrink * shrink * sum.pairs * log1p(division->ratio / factor / sum.pairs);
}

/* Fisher's test has a level that is exact; the other one must hold, too, because of bursts. The
 * ratio has about the distribution of a squared normal deviate (Wilks). */
static bool is_change(const struct stretch *stretch, const struct division *division, size_t tests)
{
    struct proportion before = side_of(stretch->trials, stretch->from, division->at);
    struct proportion after = side_of(stretch->trials, division->at, stretch->to);
    double wanted = level / (double)tests;

    return erfc(sqrt(deviate_squared(stretch, division) / 2)) <= wanted &&
           proportion_fisher(&before, &after) <= wanted;
}

static void divide(const struct stretch *stretch, struct division *out)
{
    *out = (struct division){0};
    size_t tests = try_grid(stretch, out);
    if (tests == 0 || out->at == 0 || !is_change(stretch, out, tests)) {
        return;
    }
    out->is_change = true;
    for (size_t at = stretch->from + 1; at < stretch->to; at++) {
        (void)try_place(stretch, at, out);
    }
}

/* Ends of stretches: 0, the change points, the number of trials. */
struct cuts {
    size_t at[DRIFT_CHANGES_MAX + 2];
    struct division divisions[DRIFT_CHANGES_MAX + 1]; /* of the stretch that begins at at[i] */
    size_t stretches;
};

static struct stretch stretch_between(const struct drift_trial *trials, size_t from, size_t to)
{
    return (struct stretch){trials, from, to};
}

static void insert_cut(struct cuts *cuts, size_t stretch, const struct drift_trial *trials)
{
    for (size_t i = cuts->stretches; i > stretch; i--) {
        cuts->at[i + 1] = cuts->at[i];
        cuts->divisions[i] = cuts->divisions[i - 1];
    }
    cuts->at[stretch + 1] = cuts->divisions[stretch].at;
    cuts->stretches++;
    for (size_t i = stretch; i <= stretch + 1; i++) {
        struct stretch part = stretch_between(trials, cuts->at[i], cuts->at[i + 1]);
        divide(&part, &cuts->divisions[i]);
    }
}

/* The stretch with the strongest change; `stretches` if none has one. */
static size_t strongest(const struct cuts *cuts)
{
    size_t best = cuts->stretches;

    for (size_t i = 0; i < cuts->stretches; i++) {
        if (cuts->divisions[i].is_change &&
            (best == cuts->stretches || cuts->divisions[i].ratio > cuts->divisions[best].ratio)) {
            best = i;
        }
    }
    return best;
}

static void remove_cut(struct cuts *cuts, size_t cut)
{
    for (size_t i = cut; i < cuts->stretches; i++) {
        cuts->at[i] = cuts->at[i + 1];
    }
    cuts->stretches--;
}

/* Each place between its neighbours as they are now; what is no change there goes. */
static void settle(struct cuts *cuts, const struct drift_trial *trials)
{
    for (size_t cut = 1; cut < cuts->stretches;) {
        struct stretch around = stretch_between(trials, cuts->at[cut - 1], cuts->at[cut + 1]);
        struct division division;
        divide(&around, &division);
        if (division.is_change) {
            cuts->at[cut++] = division.at;
        } else {
            remove_cut(cuts, cut);
        }
    }
}

static void find_cuts(const struct drift_trial *trials, size_t count, struct cuts *cuts)
{
    struct stretch whole = stretch_between(trials, 0, count);

    *cuts = (struct cuts){.at = {0, count}, .stretches = 1};
    divide(&whole, &cuts->divisions[0]);
    while (cuts->stretches <= DRIFT_CHANGES_MAX) {
        size_t next = strongest(cuts);
        if (next == cuts->stretches) {
            break;
        }
        insert_cut(cuts, next, trials);
    }
    settle(cuts, trials);
}

static int compare_times(const void *left, const void *right)
{
    const struct drift_trial *a = left;
    const struct drift_trial *b = right;
    return (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
}

enum { MOVES_FOR_EACH = 8 };

/* Moves each to its place past the later ones before it. False, with some of them moved, when that
 * takes more moves than sorting would. Those of one time stay as they came. */
static bool insert_each(struct drift_trial *trials, size_t count)
{
    size_t moves_left = (size_t)MOVES_FOR_EACH * count;

    for (size_t i = 1; i < count; i++) {
        const struct drift_trial trial = trials[i];
        size_t at = i;
        for (; at > 0 && trials[at - 1].time_ns > trial.time_ns && moves_left > 0; at--) {
            trials[at] = trials[at - 1];
            moves_left--;
        }
        trials[at] = trial;
    }
    return moves_left > 0;
}

/* Records come nearly in order of their time, and mostly quite. */
static void put_in_order(struct drift_trial *trials, size_t count)
{
    if (count > 0 && !insert_each(trials, count)) {
        qsort(trials, count, sizeof(*trials), compare_times);
    }
}

void drift_find(struct drift_trial *trials, size_t count, struct drift *out)
{
    struct cuts cuts;

    *out = (struct drift){.count = 0};
    put_in_order(trials, count);
    for (size_t i = 1; i < count; i++) {
        trials[i].resumed += trials[i - 1].resumed;
        trials[i].evaluated += trials[i - 1].evaluated;
    }
    find_cuts(trials, count, &cuts);
    for (size_t cut = 1; cut < cuts.stretches; cut++) {
        out->changes[out->count++] = (struct drift_change){
            .before_ns = trials[cuts.at[cut] - 1].time_ns,
            .time_ns = trials[cuts.at[cut]].time_ns,
            .before = side_of(trials, cuts.at[cut - 1], cuts.at[cut]),
            .after = side_of(trials, cuts.at[cut], cuts.at[cut + 1]),
        };
    }
}
