#include "report/rolled_figures.h"

#include "report/baseline.h"
#include "report/rolled_cells.h"

#include <stdlib.h>

struct rolled_figures {
    struct rolled_spread host;
    struct rolled_spread total;
    struct figures sum; /* of all hosts' */
    struct spectrum scratch;
    struct rolled_cells full;
    struct rolled_cells resumed;
};

struct rolled_figures *rolled_figures_new(void)
{
    struct rolled_figures *rolled = calloc(1, sizeof(*rolled));

    if (rolled != NULL) {
        figures_init(&rolled->sum);
    }
    return rolled;
}

void rolled_figures_free(struct rolled_figures *rolled)
{
    if (rolled != NULL) {
        free(rolled->full.cells);
        free(rolled->resumed.cells);
        free(rolled);
    }
}

struct shapes {
    const struct rollup_shape *at;
    size_t count;
};

/* ---- Of a host and version ---- */

struct of_version {
    const struct rollup *rollup;
    uint16_t version;
    struct shapes shapes;
    int full_rtts;
    int resumed_rtts;
    struct mean stalled; /* rtts_stalled of full handshakes */
    struct figures *out;
};

static struct rolled_tallies times_of(const struct of_version *of, enum rollup_times class)
{
    return rolled_tallies_of(of->rollup, rollup_head(ROLLUP_TIMES, of->version, class));
}

static void add_mean(struct mean *mean, uint64_t samples, double sum)
{
    mean->samples += samples;
    mean->sum += sum;
}

static void find_usual(struct of_version *of)
{
    struct baseline_counts counts = {.full = {0}};
    struct facts facts;

    for (size_t i = 0; i < of->shapes.count; i++) {
        const struct rollup_shape *shape = &of->shapes.at[i];
        facts_unpack(shape->facts, &facts);
        baseline_count(&counts, facts.verdict, facts.rtts_tls, shape->count);
        if (facts.verdict == VERDICT_FULL && facts.rtts_stalled >= 0) {
            add_mean(&of->stalled, shape->count, (double)facts.rtts_stalled * (double)shape->count);
        }
    }
    of->full_rtts = baseline_full_rtts(&counts, of->version);
    of->resumed_rtts = baseline_resumed_rtts(&counts, of->version);
}

static void count_cost(struct figures_cost *cost, const struct rollup_shape *shape,
                       const struct facts *facts)
{
    cost->timed += shape->timed;
    if (facts->rtts_tls >= 0) {
        add_mean(&cost->rtts_tls, shape->count, (double)facts->rtts_tls * (double)shape->count);
    }
    add_mean(&cost->bytes, shape->with_bytes, (double)shape->bytes);
}

static void count_saving(const struct of_version *of, const struct rollup_shape *shape,
                         const struct facts *facts)
{
    struct figures_saved *saved = &of->out->saved;
    const int64_t rtts = baseline_rtts_saved(of->full_rtts, facts->verdict, facts->rtts_tls);

    if (rtts != HANDSHAKE_NULL) {
        add_mean(&saved->rtts, shape->count, (double)rtts * (double)shape->count);
        add_mean(&saved->modelled, shape->with_rtt, (double)rtts * (double)shape->rtt_ns);
        saved->without_round_trip +=
            rtts == 0 && facts->verdict == VERDICT_RESUMED_PSK ? shape->count : 0;
    }
    if (of->stalled.samples > 0 && facts->rtts_stalled >= 0) {
        const double stalled = mean_value(&of->stalled) - facts->rtts_stalled;
        add_mean(&saved->stalled, shape->count, stalled * (double)shape->count);
        add_mean(&saved->stalled_ns, shape->with_rtt, stalled * (double)shape->rtt_ns);
    }
}

static void count_gain(const struct of_version *of, const struct rollup_shape *shape,
                       const struct facts *facts)
{
    struct figures_gain *gain = &of->out->gains[facts->missed];
    const int rtts = facts->rtts_tls - of->resumed_rtts;

    gain->handshakes += shape->count;
    if (of->resumed_rtts >= 0 && facts->rtts_tls >= 0) {
        add_mean(&gain->rtts, shape->count, (double)rtts * (double)shape->count);
        add_mean(&gain->modelled, shape->with_rtt, (double)rtts * (double)shape->rtt_ns);
    }
}

static void count_sessions(struct figures *out, const struct rollup_shape *shape,
                           const struct facts *facts)
{
    out->tickets_issued += facts->has_issued_ticket ? shape->count : 0;
    out->tickets_renewed += facts->has_issued_ticket && facts->renewed ? shape->count : 0;
    out->ids_issued += facts->has_issued_id ? shape->count : 0;
    out->hint_min_s = handshake_smaller(out->hint_min_s, shape->hint_min_s);
    out->hint_max_s = handshake_larger(out->hint_max_s, shape->hint_max_s);
    if (facts->outcome == OUTCOME_ACCEPTED) {
        out->largest_accepted_age_s =
            handshake_larger(out->largest_accepted_age_s, shape->age_max_s);
    } else if (facts->outcome == OUTCOME_REFUSED) {
        out->smallest_refused_age_s =
            handshake_smaller(out->smallest_refused_age_s, shape->age_min_s);
    }
}

static void count_shape(const struct of_version *of, const struct rollup_shape *shape)
{
    struct figures *out = of->out;
    struct facts facts;

    facts_unpack(shape->facts, &facts);
    out->handshakes += shape->count;
    out->verdicts[facts.verdict] += shape->count;
    out->outcomes[facts.outcome] += shape->count;
    out->early_data[facts.early_data] += shape->count;
    count_sessions(out, shape, &facts);
    if (facts.verdict == VERDICT_FULL) {
        count_cost(&out->full_cost, shape, &facts);
        if (facts.missed != MISSED_NOT) {
            count_gain(of, shape, &facts);
        }
    } else if (verdict_is_resumed(facts.verdict)) {
        out->resumed += shape->count;
        count_cost(&out->resumed_cost, shape, &facts);
        count_saving(of, shape, &facts);
    }
}

/* Takes the exact sums from differences that are known but for them. */
static void take_sums(struct rolled_figures *rolled, const struct of_version *of,
                      bool has_full_bytes)
{
    struct rolled_sums *sums = rolled->host.sums;
    struct facts facts;

    for (size_t i = 0; i < of->shapes.count; i++) {
        const struct rollup_shape *shape = &of->shapes.at[i];
        facts_unpack(shape->facts, &facts);
        const bool is_resumed = verdict_is_resumed(facts.verdict);
        if (is_resumed && rolled->full.all.samples > 0) {
            sums[ROLLED_SAVED].sum -= (double)shape->handshake_ns;
        }
        if (is_resumed && has_full_bytes) {
            sums[ROLLED_BYTES].sum -= (double)shape->bytes;
        }
        if (facts.verdict == VERDICT_FULL && facts.missed != MISSED_NOT &&
            rolled->resumed.all.samples > 0) {
            const enum rolled_measured gain =
                facts.missed == MISSED_REFUSED ? ROLLED_REFUSED : ROLLED_NOT_OFFERED;
            sums[gain].sum += (double)shape->handshake_ns;
        }
    }
}

static bool measure_gains(struct rolled_figures *rolled, const struct of_version *of)
{
    static const struct rolled_measuring not_offered = {ROLLED_NOT_OFFERED, -1};
    static const struct rolled_measuring refused = {ROLLED_REFUSED, -1};
    const struct rolled_tallies resumed = times_of(of, ROLLUP_RESUMED);
    const struct rolled_tallies missed = times_of(of, ROLLUP_NOT_OFFERED);
    const struct rolled_tallies missed_refused = times_of(of, ROLLUP_REFUSED);

    rolled->resumed.all.samples = 0;
    if (missed.count + missed_refused.count == 0) {
        return true;
    }
    if (!rolled_cells_make(&rolled->resumed, &rolled->scratch, &resumed)) {
        return false;
    }
    rolled_cells_measure(&rolled->host, &not_offered, &rolled->resumed, missed);
    rolled_cells_measure(&rolled->host, &refused, &rolled->resumed, missed_refused);
    return true;
}

static bool measure_savings(struct rolled_figures *rolled, const struct of_version *of)
{
    static const struct rolled_measuring saved = {ROLLED_SAVED, 1};
    const struct rolled_tallies full = times_of(of, ROLLUP_FULL);
    const struct rolled_tallies resumed = times_of(of, ROLLUP_RESUMED);

    rolled_tallies_spread(&rolled->host.times[0], &full);
    rolled_tallies_spread(&rolled->host.times[1], &resumed);
    rolled->full.all.samples = 0;
    if (resumed.count == 0) {
        return true;
    }
    if (!rolled_cells_make(&rolled->full, &rolled->scratch, &full)) {
        return false;
    }
    rolled_cells_measure(&rolled->host, &saved, &rolled->full, resumed);
    return true;
}

/* Whether there are full handshakes to measure against. */
static bool measure_bytes(struct rolled_figures *rolled, const struct of_version *of)
{
    static const struct rolled_measuring bytes = {ROLLED_BYTES, 1};
    const struct rolled_tallies full =
        rolled_tallies_of(of->rollup, rollup_head(ROLLUP_BYTES, of->version, ROLLUP_FULL));
    const struct rolled_tallies resumed =
        rolled_tallies_of(of->rollup, rollup_head(ROLLUP_BYTES, of->version, ROLLUP_RESUMED));
    const struct estimate_reference reference = rolled_tallies_reference(&rolled->scratch, &full);

    if (reference.samples == 0) {
        return false;
    }
    rolled_cells_differ(&rolled->host, &bytes, &reference, &resumed);
    rolled_spread_use(&rolled->host.sums[ROLLED_BYTES], &reference, rolled_tallies_count(&resumed));
    return true;
}

static bool add_version(struct rolled_figures *rolled, struct of_version *of)
{
    find_usual(of);
    for (size_t i = 0; i < of->shapes.count; i++) {
        count_shape(of, &of->shapes.at[i]);
    }
    if (!measure_savings(rolled, of) || !measure_gains(rolled, of)) {
        return false;
    }
    take_sums(rolled, of, measure_bytes(rolled, of));
    return true;
}

/* ---- All ---- */

static void count_ages(const struct rollup *rollup, struct figures *out)
{
    const struct rolled_tallies ages =
        rolled_tallies_of(rollup, rollup_head(ROLLUP_AGES, 0, ROLLUP_AGE_ACCEPTED));

    for (size_t i = 0; i < ages.count; i++) {
        const uint32_t count = ages.at[i].count;
        out->accepted_aged += count;
        out->accepted_past += figures_is_past(out, rollup_value(ages.at[i].code)) ? count : 0;
    }
}

bool rolled_figures_add(struct rolled_figures *rolled, const struct rollup *rollup,
                        struct figures *out)
{
    size_t end;
    bool is_done = true;

    figures_init(out);
    for (size_t from = 0; is_done && from < rollup->shape_count; from = end) {
        const uint16_t version = rollup->shapes[from].version;
        for (end = from; end < rollup->shape_count && rollup->shapes[end].version == version;
             end++) {
        }
        struct of_version of = {.rollup = rollup,
                                .version = version,
                                .shapes = {rollup->shapes + from, end - from},
                                .out = out};
        is_done = add_version(rolled, &of);
    }
    count_ages(rollup, out);
    rolled_spread_conclude(&rolled->host, out);
    rolled_spread_move(&rolled->host, &rolled->total);
    figures_add(&rolled->sum, out);
    return is_done;
}

void rolled_figures_total(struct rolled_figures *rolled, struct figures *out)
{
    *out = rolled->sum;
    rolled_spread_conclude(&rolled->total, out);
}

const struct spectrum *rolled_figures_times(const struct rolled_figures *rolled, int is_resumed)
{
    return &rolled->total.times[is_resumed];
}
