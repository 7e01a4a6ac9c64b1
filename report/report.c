#include "report/report.h"

#include "report/advising.h"
#include "report/baseline.h"
#include "report/comparison_formats.h"
#include "report/formats.h"
#include "report/report_common.h"
#include "report/report_details.h"
#include "report/report_ledger.h"
#include "report/report_mechanisms.h"
#include "report/thresholds.h"

#include <stdlib.h>

/* What handshakes are added to; NULL: this report does not tell of it. */
struct gathered {
    struct summary *summary;
    struct host_counts_table *counts;
    struct conduct *conduct;
    struct mechanisms *mechanisms;
    bool needs_each; /* handshakes that come summed up do not tell enough */
    bool is_rolled;  /* they came so */
};

static bool gather(void *context, const struct record *record)
{
    const struct gathered *gathered = context;

    return summary_add(gathered->summary, record) &&
           (gathered->counts == NULL || host_counts_table_add(gathered->counts, record)) &&
           (gathered->conduct == NULL || conduct_add_handshake(gathered->conduct, record)) &&
           (gathered->mechanisms == NULL || mechanisms_add_handshake(gathered->mechanisms, record));
}

static bool gather_rolled(void *context, const struct query_rolled_host *host)
{
    const struct gathered *gathered = context;
    struct rolled_shape shape;
    bool done = summary_add_rolled(gathered->summary, host);

    for (size_t i = 0; done && i < host->rollup->shape_count; i++) {
        rolled_shape_of(&host->rollup->shapes[i], &shape);
        done = (gathered->counts == NULL ||
                host_counts_table_add_rolled(gathered->counts, &host->host, &shape)) &&
               (gathered->conduct == NULL ||
                conduct_add_rolled(gathered->conduct, &host->host, &shape));
    }
    return done;
}

/* *done: all are read; else they are to be read one by one. */
static bool read_rolled(struct query *query, const struct query_filter *filter,
                        struct gathered *gathered, bool *done, struct error *error)
{
    const struct rolled_taker taker = {gather_rolled, gathered};

    *done = false;
    return gathered->needs_each ||
           report_all_taken(query_rollups(query, filter, &taker, done, error), error);
}

static bool read_handshakes(struct query *query, const struct query_filter *filter,
                            struct gathered *gathered, struct error *error)
{
    if (!read_rolled(query, filter, gathered, &gathered->is_rolled, error) || gathered->is_rolled) {
        return gathered->is_rolled;
    }
    return report_all_taken(query_figures(query, filter, gather, gathered, error), error);
}

static bool read_runs(struct query *query, const struct query_filter *filter,
                      struct summary *summary, struct error *error)
{
    struct run_record run;
    enum query_result result;

    if (!query_begin_runs(query, filter, error)) {
        return false;
    }
    while ((result = query_next_run(query, &run, error)) == QUERY_ROW) {
        summary_add_run(summary, &run);
    }
    return result == QUERY_DONE;
}

static bool read_not_analysed(struct query *query, const struct query_filter *filter,
                              struct summary *summary, struct error *error)
{
    struct run_not_analysed row;
    enum query_result result;

    if (!query_begin_not_analysed(query, filter, error)) {
        return false;
    }
    while ((result = query_next_not_analysed(query, &row, error)) == QUERY_ROW) {
        summary_add_not_analysed(summary, &row);
    }
    return result == QUERY_DONE;
}

static enum report_sort sort_of(const struct report_options *options)
{
    bool is_time = options->by == REPORT_BY_HOUR || options->by == REPORT_BY_DAY;

    if (options->has_sort) {
        return options->sort;
    }
    return is_time ? REPORT_SORT_NAME : REPORT_SORT_HANDSHAKES;
}

static bool summarise(struct query *query, const struct query_filter *filter, enum report_sort sort,
                      struct gathered *gathered, struct error *error)
{
    struct summary *summary = gathered->summary;

    if (!read_handshakes(query, filter, gathered, error) ||
        !read_runs(query, filter, summary, error) ||
        !read_not_analysed(query, filter, summary, error)) {
        return false;
    }
    return summary_finish(summary, sort) || report_no_memory(error);
}

/* What a report tells, of what its format can. */
static unsigned told(const struct report_options *options)
{
    const unsigned all = formats_of(options->format)->tells;

    return options->by == REPORT_BY_HOST ? all : all & FORMATS_TELL_KEYS;
}

/* of: as below. */
static bool read_mechanisms(struct query *query, const struct query_filter *filter,
                            const struct query_hosts *of, const struct gathered *gathered,
                            struct error *error)
{
    struct mechanisms *const mechanisms = gathered->mechanisms;

    return mechanisms == NULL ||
           ((of == NULL || report_details_read(query, of, gathered->summary, mechanisms, error)) &&
            report_mechanisms_read_sessions(query, filter, of, mechanisms, error));
}

/* What handshakes do not hold; the rest is in gathered. of: only of these hosts is told what hosts
 * did; NULL: of all. */
static bool read_ledger(struct query *query, const struct report_options *options,
                        const struct query_hosts *of, const struct gathered *gathered,
                        struct error *error)
{
    const bool tells_offers = (told(options) & FORMATS_TELL_OFFERS) != 0;

    if (tells_offers &&
        !report_ledger_read_offers(query, &options->filter, of, gathered->conduct, error)) {
        return false;
    }
    if (gathered->conduct != NULL && !conduct_finish(gathered->conduct)) {
        return report_no_memory(error);
    }
    return read_mechanisms(query, &options->filter, of, gathered, error);
}

/* Where a format tells of the first groups only what each of them did, and handshakes came summed
 * up, the ledger is read of these. */
static bool read_told_ledger(struct query *query, const struct report_options *options,
                             const struct gathered *gathered, struct error *error)
{
    if (!gathered->is_rolled || gathered->mechanisms == NULL) {
        return read_ledger(query, options, NULL, gathered, error);
    }
    const size_t count = formats_detailed(gathered->summary, options);
    int64_t *const ids = report_details_hosts(gathered->summary, count);
    const struct query_hosts hosts = {ids, count};
    const bool is_read = ids != NULL ? read_ledger(query, options, &hosts, gathered, error)
                                     : report_no_memory(error);
    free(ids);
    return is_read;
}

static bool read_advice(struct query *query, const struct report_options *options,
                        const struct gathered *gathered, struct advice **out, struct error *error)
{
    *out = NULL;
    if (gathered->counts != NULL) {
        *out = advising_read(query, &options->filter, gathered->summary, gathered->counts, error);
    }
    return *out != NULL || gathered->counts == NULL;
}

static bool write_summary(struct query *query, const struct report_options *options,
                          const struct gathered *gathered, FILE *out, struct error *error)
{
    struct report_options whole = *options;
    struct report_ledger ledger = {gathered->conduct, gathered->mechanisms, {NULL, NULL, NULL}};
    struct advice *advice = NULL;

    const bool is_read = read_advice(query, options, gathered, &advice, error) &&
                         read_told_ledger(query, options, gathered, error) &&
                         ((told(options) & FORMATS_TELL_KEYS) == 0 ||
                          report_keys_read(&ledger.keys, query, &options->filter, error));
    if (is_read) {
        whole.advice = advice;
        whole.ledger = &ledger;
        formats_of(options->format)->summary(out, gathered->summary, &whole);
    }
    report_keys_clear(&ledger.keys);
    advice_free(advice);
    if (!is_read) {
        return false;
    }
    if (options->judgement != NULL) {
        thresholds_judge(gathered->summary, options->judgement);
    }
    return report_is_written(out, error);
}

/* False without memory. To be cleared either way. */
static bool gather_what(const struct report_options *options,
                        const uint8_t key[NAME_TABLE_KEY_BYTES], struct gathered *gathered)
{
    const unsigned tells = told(options);

    *gathered = (struct gathered){
        .summary = summary_new(options->by, key),
        .needs_each = options->by != REPORT_BY_HOST,
    };
    if ((tells & FORMATS_TELL_ADVICE) != 0) {
        gathered->counts = host_counts_table_new(key);
    }
    if ((tells & FORMATS_TELL_CONDUCT) != 0) {
        gathered->conduct = conduct_new(key);
    }
    if ((tells & FORMATS_TELL_DETAILS) != 0) {
        gathered->mechanisms = mechanisms_new(&options->filter, key);
    }
    return gathered->summary != NULL &&
           (gathered->mechanisms == NULL || summary_want_pictures(gathered->summary)) &&
           (gathered->counts != NULL || (tells & FORMATS_TELL_ADVICE) == 0) &&
           (gathered->conduct != NULL || (tells & FORMATS_TELL_CONDUCT) == 0) &&
           (gathered->mechanisms != NULL || (tells & FORMATS_TELL_DETAILS) == 0);
}

static void clear_gathered(struct gathered *gathered)
{
    host_counts_table_free(gathered->counts);
    conduct_free(gathered->conduct);
    mechanisms_free(gathered->mechanisms);
    summary_free(gathered->summary);
}

bool report_summary(struct query *query, const struct report_options *options, FILE *out,
                    struct error *error)
{
    uint8_t key[NAME_TABLE_KEY_BYTES];
    struct gathered gathered;

    if (!report_random_key(key, error)) {
        return false;
    }
    const bool done =
        gather_what(options, key, &gathered)
            ? summarise(query, &options->filter, sort_of(options), &gathered, error) &&
                  write_summary(query, options, &gathered, out, error)
            : report_no_memory(error);
    clear_gathered(&gathered);
    return done;
}

static bool compare_summaries(const struct summary *a, const struct summary *b,
                              const struct report_options *options, FILE *out, struct error *error)
{
    struct comparison comparison;

    if (!comparison_make(&comparison, a, b)) {
        return report_no_memory(error);
    }
    comparison_formats_of(options->format)(out, &comparison, options);
    comparison_clear(&comparison);
    return report_is_written(out, error);
}

static bool summarise_period(struct query *query, const struct report_options *options,
                             unsigned period, struct summary *summary, struct error *error)
{
    struct query_filter filter = options->periods[period];
    struct gathered gathered = {.summary = summary, .needs_each = options->by != REPORT_BY_HOST};

    filter.host_glob = options->filter.host_glob;
    return summarise(query, &filter, REPORT_SORT_NAME, &gathered, error);
}

bool report_compare(struct query *query, const struct report_options *options, FILE *out,
                    struct error *error)
{
    uint8_t key[NAME_TABLE_KEY_BYTES];
    if (!report_random_key(key, error)) {
        return false;
    }
    struct summary *a = summary_new(options->by, key);
    struct summary *b = summary_new(options->by, key);
    bool done = a != NULL && b != NULL
                    ? summarise_period(query, options, COMPARISON_A, a, error) &&
                          summarise_period(query, options, COMPARISON_B, b, error) &&
                          compare_summaries(a, b, options, out, error)
                    : report_no_memory(error);
    summary_free(a);
    summary_free(b);
    return done;
}

bool report_can_compare(enum report_format format)
{
    return comparison_formats_of(format) != NULL;
}

static bool add_baseline(void *context, const struct record *record)
{
    uint32_t number;

    return baseline_table_add(context, record, &number);
}

/* First pass: what a full handshake costs on each host, without which no saving is known. */
static bool read_baselines(struct query *query, const struct query_filter *filter,
                           struct baseline_table *baselines, struct error *error)
{
    return report_all_taken(query_figures(query, filter, add_baseline, baselines, error), error);
}

/* Second pass. A row that was not there in the first one may be of a host that was not, either. */
static bool write_handshakes(struct query *query, const struct report_options *options,
                             struct baseline_table *baselines, FILE *out, struct error *error)
{
    const struct formats_handshakes *writer = formats_of(options->format)->handshakes;
    struct formats_state state = report_state_of(options);
    struct record record;
    enum query_result result;
    uint32_t number;

    if (!query_begin_handshakes(query, &options->filter, error)) {
        return false;
    }
    writer->begin(out, &state);
    while ((result = query_next_handshake(query, &record, error)) == QUERY_ROW) {
        if (!baseline_table_number(baselines, &record, &number)) {
            return report_no_memory(error);
        }
        struct columns_row row = {
            .record = &record,
            .rtts_saved = baseline_rtts_saved(baseline_table_rtts(baselines, number),
                                              record.handshake.verdict, record.handshake.rtts_tls),
        };
        writer->row(out, &row, &state);
        if (ferror(out) != 0) {
            return report_is_written(out, error);
        }
    }
    writer->end(out, &state);
    return result == QUERY_DONE && report_is_written(out, error);
}

bool report_handshakes(struct query *query, const struct report_options *options, FILE *out,
                       struct error *error)
{
    uint8_t key[NAME_TABLE_KEY_BYTES];
    if (!report_random_key(key, error)) {
        return false;
    }
    struct baseline_table *baselines = baseline_table_new(key);
    if (baselines == NULL) {
        return report_no_memory(error);
    }
    bool done = read_baselines(query, &options->filter, baselines, error) &&
                write_handshakes(query, options, baselines, out, error);
    baseline_table_free(baselines);
    return done;
}
