/* Parts of a whole (handshakes that were resumed, offers that were refused), and what can be said
 * of the chance behind them. Pure. */
#ifndef REPRISE_REPORT_PROPORTION_H
#define REPRISE_REPORT_PROPORTION_H

#include <stdint.h>

struct proportion {
    uint64_t part;
    uint64_t of; /* at least part */
};

struct proportion_interval {
    double low;
    double high;
};

/* Fewer than these say nothing worth comparing or judging. */
enum { PROPORTION_ENOUGH = 30 };

double proportion_rate(const struct proportion *proportion); /* NAN of nothing */

/* Wilson's 95 % score interval; of at least one. */
struct proportion_interval proportion_interval(const struct proportion *proportion);

/* 95 % interval of `to` less `from`, independent of each other: Newcombe's hybrid score interval
 * (Statistics in Medicine 17, 873-890, 1998: method 10). Both of at least one. */
struct proportion_interval proportion_difference(const struct proportion *from,
                                                 const struct proportion *to);

/* Fisher's exact test of both being of one chance: twice the smaller tail of the hypergeometric
 * distribution, at most 1. */
double proportion_fisher(const struct proportion *a, const struct proportion *b);

#endif
