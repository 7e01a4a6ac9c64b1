/* Savings of simulated handshakes, of which the truth is known: how often their intervals hold it.
 *
 * Handshakes to measure against (full ones) of a host, version and client network take a base time
 * and an exponential rest; those measured (resumed ones) take the true median of them less a saving
 * that is exponential, too, and about the same for all. So mean and median of the savings are
 * known, whatever the mixture. What could be gained is the same with the roles changed. */
#include "tests/report/summaries.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ROUNDS = 400, HOSTS = 3, VERSIONS = 2, NETWORKS = 2 };

static const double ln_2 = 0.6931471805599453;
static const double saving_least_ms = 10;
static const double saving_mean_ms = 12; /* of the exponential part */

/* SplitMix64. */
static double next_chance(uint64_t *seed)
{
    uint64_t value = *seed += 0x9e3779b97f4a7c15;

    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    value ^= value >> 31;
    return ((double)(value >> 11) + 0.5) / 9007199254740992.0; /* 2^53 */
}

static double next_exponential(uint64_t *seed, double mean)
{
    return -mean * log(next_chance(seed));
}

/* Where a handshake belongs. */
struct cell {
    int host;
    int version;
    int network;
};

/* What is drawn: so many of each cell. */
struct plan {
    int hosts;
    int versions;
    int networks;
    int references;
    int measured;
    double noise_ms; /* mean of the exponential rest of those to measure against */
    bool is_gain;    /* resumed ones to measure against, full ones with a refused offer measured */
};

static struct record record_of(const struct cell *cell, bool is_full, double ms)
{
    static const char *const hosts[HOSTS] = {"a.example", "b.example", "c.example"};
    static const char *const clients[NETWORKS] = {"192.0.2.1", "198.51.100.1"};
    const struct records_spec spec = {
        .host = hosts[cell->host],
        .client = clients[cell->network],
        .version = cell->version == 0 ? 0x0303 : 0x0302,
        .verdict = is_full ? VERDICT_FULL : VERDICT_RESUMED_TICKET,
        .offered = OFFER_TICKET,
        .outcome = is_full ? OUTCOME_REFUSED : OUTCOME_ACCEPTED,
        .rtts_tls = is_full ? 2 : 1,
        .handshake_ms = ms,
        .rtt_ms = 30,
    };
    struct record record = records_make(&spec);

    record.missed = is_full ? MISSED_REFUSED : MISSED_NOT;
    return record;
}

static double base_ms(const struct cell *cell)
{
    return 250 + 40 * cell->host + 15 * cell->version + 70 * cell->network;
}

static void add_cell(struct summary *summary, const struct plan *plan, const struct cell *cell,
                     uint64_t *seed)
{
    const double median_ms = base_ms(cell) + plan->noise_ms * ln_2;

    for (int i = 0; i < plan->references; i++) {
        double ms = base_ms(cell) + next_exponential(seed, plan->noise_ms);
        struct record record = record_of(cell, !plan->is_gain, ms);
        summaries_add(summary, &record);
    }
    for (int i = 0; i < plan->measured; i++) {
        double saving_ms = saving_least_ms + next_exponential(seed, saving_mean_ms);
        struct record record = record_of(
            cell, plan->is_gain, plan->is_gain ? median_ms + saving_ms : median_ms - saving_ms);
        summaries_add(summary, &record);
    }
}

static struct figures draw(const struct plan *plan, uint64_t *seed)
{
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    const int cells = plan->hosts * plan->versions * plan->networks;

    for (int i = 0; i < cells; i++) {
        struct cell cell = {
            .host = i % plan->hosts,
            .version = i / plan->hosts % plan->versions,
            .network = i / plan->hosts / plan->versions,
        };
        add_cell(summary, plan, &cell, seed);
    }
    return summaries_total(summary);
}

/* What was measured, as one estimate. */
static struct estimate estimate_of(const struct plan *plan, const struct figures *figures)
{
    const struct figures_saved *saved = &figures->saved;
    struct estimate estimate = {saved->measured, saved->has_interval, saved->low_ns, saved->high_ns,
                                saved->measured_median};

    return plan->is_gain ? figures->gains[MISSED_REFUSED].measured : estimate;
}

/* Rounds in which the interval held the truth. */
struct covered {
    int mean;
    int median;
};

static bool holds(double low, double truth, double high)
{
    return low <= truth && truth <= high;
}

static struct covered cover(const struct plan *plan)
{
    const double mean_ns = (saving_least_ms + saving_mean_ms) * 1e6;
    const double median_ns = (saving_least_ms + saving_mean_ms * ln_2) * 1e6;
    const uint64_t measured = (uint64_t)plan->hosts * (uint64_t)plan->versions *
                              (uint64_t)plan->networks * (uint64_t)plan->measured;
    struct covered covered = {0, 0};
    uint64_t seed = 20261124;

    for (int round = 0; round < ROUNDS; round++) {
        struct figures figures = draw(plan, &seed);
        struct estimate estimate = estimate_of(plan, &figures);
        assert_int_equal(estimate.mean.samples, measured);
        assert_true(estimate.has_interval && estimate.median.has_interval);
        covered.mean += holds(estimate.low, mean_ns, estimate.high);
        covered.median += holds(estimate.median.low, median_ns, estimate.median.high);
    }
    return covered;
}

/* 92 to 98 % of the rounds. */
static void check_covered(const char *what, size_t plan, int rounds)
{
    if (rounds < ROUNDS * 92 / 100 || rounds > ROUNDS * 98 / 100) {
        fail_msg("plan %zu: the interval of the %s held the truth in %d of %d rounds", plan, what,
                 rounds, ROUNDS);
    }
}

static void intervals_of_the_mean_hold_the_truth_in_95_of_100(void **state)
{
    (void)state;
    static const struct plan plans[] = {
        {1, 1, 1, 40, 60, 8, false},  {1, 1, 1, 200, 300, 8, false}, {1, 1, 1, 20, 300, 8, false},
        {1, 1, 1, 10, 100, 8, false}, {1, 1, 1, 6, 100, 8, false},   {1, 1, 1, 5, 30, 8, false},
        {1, 1, 1, 50, 20, 8, false},  {3, 2, 2, 12, 20, 8, false},   {3, 2, 2, 30, 30, 20, false},
        {3, 2, 1, 8, 8, 8, false},    {3, 2, 1, 3, 20, 8, false},    {3, 2, 2, 30, 20, 8, true},
        {1, 1, 1, 40, 40, 8, true},
    };

    for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
        check_covered("mean", i, cover(&plans[i]).mean);
    }
}

/* Where each reference is known well beside how much savings differ: else their mixture has another
 * median than they. */
static void intervals_of_the_median_hold_the_truth_in_95_of_100(void **state)
{
    (void)state;
    static const struct plan plans[] = {
        {1, 1, 1, 200, 300, 8, false}, {1, 1, 1, 20, 300, 8, false}, {1, 1, 1, 10, 100, 8, false},
        {1, 1, 1, 6, 100, 8, false},   {1, 1, 1, 50, 20, 8, false},  {3, 2, 2, 12, 20, 8, false},
        {3, 2, 2, 30, 30, 8, false},   {3, 2, 1, 3, 20, 8, false},   {3, 2, 2, 30, 20, 8, true},
        {1, 1, 1, 50, 40, 8, true},
    };

    for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
        check_covered("median", i, cover(&plans[i]).median);
    }
}

/* Every resumed handshake saves one round trip of 30 ms, whatever the times. */
static void modelled_saving_is_the_truth_where_the_path_is_constant(void **state)
{
    (void)state;
    static const struct plan plan = {3, 2, 2, 7, 11, 8, false};
    uint64_t seed = 1;

    for (int round = 0; round < 20; round++) {
        struct figures figures = draw(&plan, &seed);
        assert_int_equal(figures.saved.modelled.samples, 3 * 2 * 2 * 11);
        summaries_near(figures.saved.modelled.sum, 3.0 * 2 * 2 * 11 * 30e6, 1);
        summaries_near(figures.saved.rtts.sum, 3.0 * 2 * 2 * 11, 0);
    }
}

static void host_without_a_full_handshake_has_nothing_measured(void **state)
{
    (void)state;
    static const struct plan plan = {3, 2, 2, 0, 50, 8, false};
    uint64_t seed = 1;
    struct figures figures = draw(&plan, &seed);

    assert_int_equal(figures.saved.measured.samples, 0);
    assert_false(figures.saved.has_interval);
    assert_true(isnan(figures.saved.measured_median.value));
    assert_false(figures.saved.measured_median.has_interval);
    assert_int_equal(figures.saved.bytes.mean.samples, 0);
    assert_int_equal(figures.saved.headline, HEADLINE_MODELLED);
}

static void host_without_a_resumed_handshake_has_no_measured_gain(void **state)
{
    (void)state;
    static const struct plan plan = {2, 1, 1, 0, 50, 8, true};
    uint64_t seed = 1;
    struct figures figures = draw(&plan, &seed);
    const struct figures_gain *gain = &figures.gains[MISSED_REFUSED];

    assert_int_equal(gain->handshakes, 100);
    assert_int_equal(gain->measured.mean.samples, 0);
    assert_int_equal(gain->headline, HEADLINE_MODELLED);
    summaries_near(gain->headline_ns, 100 * 30e6, 1); /* 2 round trips instead of 1 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_of_the_mean_hold_the_truth_in_95_of_100),
        cmocka_unit_test(intervals_of_the_median_hold_the_truth_in_95_of_100),
        cmocka_unit_test(modelled_saving_is_the_truth_where_the_path_is_constant),
        cmocka_unit_test(host_without_a_full_handshake_has_nothing_measured),
        cmocka_unit_test(host_without_a_resumed_handshake_has_no_measured_gain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
