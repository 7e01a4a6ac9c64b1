/* When did the resumption rate of a group change? Pure.
 *
 * The evaluated handshakes of a group, in the order of their time, are a sequence of successes
 * (resumed) and failures (full). Under a constant rate all orders are equally likely, whatever the
 * rate is, so that the successes before any one place have the hypergeometric distribution:
 * Fisher's exact test. It is made where a division explains most, among places that leave at least
 * DRIFT_SIDE_MIN handshakes on either side and grow by a twentieth from either end: m of them, and
 * at a level of 1 % / m (Bonferroni). So a group whose handshakes are independent and of a constant
 * rate gets a change point with a probability of at most 1 %.
 *
 * Handshakes often come in bursts that end alike (a browser opens six connections). How much more
 * neighbouring blocks of ten differ than independent ones would is measured, and the likelihood
 * ratio divided by that factor must reach the same level, too. Bursts of six so get a change point
 * in 1 to 4 of 100 groups of a constant rate, where Fisher's test alone would give them many.
 *
 * A stretch with a change point is divided at the place that explains most, and the strongest
 * further division is looked for (binary segmentation), each stretch at the same level, up to
 * DRIFT_CHANGES_MAX; at the end each place is settled once more between its neighbours. */
#ifndef REPRISE_REPORT_DRIFT_H
#define REPRISE_REPORT_DRIFT_H

#include "report/proportion.h"

#include <stddef.h>
#include <stdint.h>

enum { DRIFT_SIDE_MIN = PROPORTION_ENOUGH, DRIFT_CHANGES_MAX = 4 };

/* Handshakes of one time: mostly one. */
struct drift_trial {
    int64_t time_ns;
    uint32_t resumed;   /* of one: 1 it was, 0 it was full */
    uint32_t evaluated; /* how many they are, at least 1 */
};

struct drift_change {
    int64_t before_ns;        /* the last handshake of the old rate */
    int64_t time_ns;          /* the first of the new one */
    struct proportion before; /* resumed of evaluated, to the next change point or to the end */
    struct proportion after;
};

struct drift {
    struct drift_change changes[DRIFT_CHANGES_MAX]; /* earliest first */
    size_t count;
};

/* Puts the trials in order of their time and counts them up. Together fewer than 2^32. Where a
 * trial is of several handshakes (of an hour, say), the rate changes between two trials, and blocks
 * of ten are of at least ten. */
void drift_find(struct drift_trial *trials, size_t count, struct drift *out);

#endif
