#include "report/proportion.h"

#include <math.h>

static const double z_95 = 1.959964; /* 97.5 % quantile of the normal distribution */

double proportion_rate(const struct proportion *proportion)
{
    return proportion->of == 0 ? (double)NAN : (double)proportion->part / (double)proportion->of;
}

/* Wilson 1927: the chances from which the rate is no more than z standard errors away. */
struct proportion_interval proportion_interval(const struct proportion *proportion)
{
    const double n = (double)proportion->of;
    const double rate = proportion_rate(proportion);
    const double z2 = z_95 * z_95;
    const double middle = rate + z2 / (2 * n);
    const double half = z_95 * sqrt(rate * (1 - rate) / n + z2 / (4 * n * n));
    const double low = (middle - half) / (1 + z2 / n);
    const double high = (middle + half) / (1 + z2 / n);

    /* Exact at the ends, where rounding is not. */
    return (struct proportion_interval){
        .low = proportion->part == 0 ? 0 : low,
        .high = proportion->part == proportion->of ? 1 : high,
    };
}

struct proportion_interval proportion_difference(const struct proportion *from,
                                                 const struct proportion *to)
{
    const struct proportion_interval before = proportion_interval(from);
    const struct proportion_interval after = proportion_interval(to);
    const double rate = proportion_rate(from);
    const double rate_after = proportion_rate(to);
    const double difference = rate_after - rate;

    return (struct proportion_interval){
        .low = difference - hypot(rate_after - after.low, before.high - rate),
        .high = difference + hypot(after.high - rate_after, rate - before.low),
    };
}

static double log_choose(double n, double k)
{
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* The tail away from the mean, beginning with x of n among `parts` of `all`: each term follows from
 * the one before it, until they no longer count. */
static double tail(double x, double n, double parts, double all)
{
    const double rest = all - parts;
    const double direction = x * all <= n * parts ? -1 : 1;
    double term = exp(log_choose(parts, x) + log_choose(rest, n - x) - log_choose(all, n));
    double sum = 0;

    while (term > sum * 1e-17) {
        sum += term;
        term *= direction < 0 ? x * (rest - n + x) / ((parts - x + 1) * (n - x + 1))
                              : (parts - x) * (n - x) / ((x + 1) * (rest - n + x + 1));
        x += direction;
    }
    return sum;
}

double proportion_fisher(const struct proportion *a, const struct proportion *b)
{
    const double both = 2 * tail((double)a->part, (double)a->of, (double)a->part + (double)b->part,
                                 (double)a->of + (double)b->of);
    return both < 1 ? both : 1;
}
