#include "report/report.h"

#include "report/advising.h"
#include "report/baseline.h"
#include "report/comparison_formats.h"
#include "report/formats.h"
#include "report/report_mechanisms.h"
#include "report/thresholds.h"

#include "base/keyed_hash.h"

#include <errno.h>
#include <string.h>

static bool no_memory(struct error *error)
{
    return error_set(error, "not enough memory for the report");
}

static bool random_key(uint8_t key[NAME_TABLE_KEY_BYTES], struct error *error)
{
    return keyed_hash_random(key, NAME_TABLE_KEY_BYTES) ||
           error_set(error, "the system has no random numbers to give");
}

/* What was written has arrived. */
static bool is_written(FILE *out, struct error *error)
{
    if (fflush(out) != 0 || ferror(out) != 0) {
        return error_set(error, "the report could not be written: %s", strerror(errno));
    }
    return true;
}

/* What handshakes are added to. */
struct gathered {
    struct summary *summary;
    struct host_counts_table *counts; /* NULL: nothing is advised */
};

static bool read_handshakes(struct query *query, const struct query_filter *filter,
                            struct gathered *gathered, struct error *error)
{
    struct record record;
    enum query_result result;

    if (!query_begin_figures(query, filter, error)) {
        return false;
    }
    while ((result = query_next_figures(query, &record, error)) == QUERY_ROW) {
        if (!summary_add(gathered->summary, &record) ||
            (gathered->counts != NULL && !host_counts_table_add(gathered->counts, &record))) {
            return no_memory(error);
        }
    }
    return result == QUERY_DONE;
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
    return summary_finish(summary, sort) || no_memory(error);
}

/* The pages that show keys over time need them too. */
static bool write_format(struct query *query, const struct report_options *options,
                         const struct summary *summary, FILE *out, struct error *error)
{
    const struct formats_entry *format = formats_of(options->format);
    struct report_keys keys;

    if (format->summary_with_keys == NULL) {
        format->summary(out, summary, options);
        return true;
    }
    if (!report_keys_read(&keys, query, &options->filter, error)) {
        return false;
    }
    format->summary_with_keys(out, summary, &keys, options);
    report_keys_clear(&keys);
    return true;
}

static bool write_summary(struct query *query, const struct report_options *options,
                          const struct gathered *gathered, FILE *out, struct error *error)
{
    struct report_options advised = *options;
    struct advice *advice = NULL;

    if (gathered->counts != NULL) {
        advice = advising_read(query, &options->filter, gathered->summary, gathered->counts, error);
        if (advice == NULL) {
            return false;
        }
    }
    advised.advice = advice;
    const bool is_done = write_format(query, &advised, gathered->summary, out, error);
    advice_free(advice);
    if (!is_done) {
        return false;
    }
    if (options->judgement != NULL) {
        thresholds_judge(gathered->summary, options->judgement);
    }
    return is_written(out, error);
}

bool report_summary(struct query *query, const struct report_options *options, FILE *out,
                    struct error *error)
{
    uint8_t key[NAME_TABLE_KEY_BYTES];
    if (!random_key(key, error)) {
        return false;
    }
    const bool is_advised =
        options->by == REPORT_BY_HOST && formats_of(options->format)->is_advised;
    struct gathered gathered = {
        .summary = summary_new(options->by, key),
        .counts = is_advised ? host_counts_table_new(key) : NULL,
    };
    const bool done =
        gathered.summary != NULL && (gathered.counts != NULL || !is_advised)
            ? summarise(query, &options->filter, sort_of(options), &gathered, error) &&
                  write_summary(query, options, &gathered, out, error)
            : no_memory(error);
    host_counts_table_free(gathered.counts);
    summary_free(gathered.summary);
    return done;
}

static bool compare_summaries(const struct summary *a, const struct summary *b,
                              const struct report_options *options, FILE *out, struct error *error)
{
    struct comparison comparison;

    if (!comparison_make(&comparison, a, b)) {
        return no_memory(error);
    }
    comparison_formats_of(options->format)(out, &comparison, options);
    comparison_clear(&comparison);
    return is_written(out, error);
}

static bool summarise_period(struct query *query, const struct report_options *options,
                             unsigned period, struct summary *summary, struct error *error)
{
    struct query_filter filter = options->periods[period];
    struct gathered gathered = {.summary = summary};

    filter.host_glob = options->filter.host_glob;
    return summarise(query, &filter, REPORT_SORT_NAME, &gathered, error);
}

bool report_compare(struct query *query, const struct report_options *options, FILE *out,
                    struct error *error)
{
    uint8_t key[NAME_TABLE_KEY_BYTES];
    if (!random_key(key, error)) {
        return false;
    }
    struct summary *a = summary_new(options->by, key);
    struct summary *b = summary_new(options->by, key);
    bool done = a != NULL && b != NULL
                    ? summarise_period(query, options, COMPARISON_A, a, error) &&
                          summarise_period(query, options, COMPARISON_B, b, error) &&
                          compare_summaries(a, b, options, out, error)
                    : no_memory(error);
    summary_free(a);
    summary_free(b);
    return done;
}

bool report_can_compare(enum report_format format)
{
    return comparison_formats_of(format) != NULL;
}

/* First pass: what a full handshake costs on each host, without which no saving is known. */
static bool read_baselines(struct query *query, const struct query_filter *filter,
                           struct baseline_table *baselines, struct error *error)
{
    struct record record;
    enum query_result result;
    uint32_t number;

    if (!query_begin_figures(query, filter, error)) {
        return false;
    }
    while ((result = query_next_figures(query, &record, error)) == QUERY_ROW) {
        if (!baseline_table_add(baselines, &record, &number)) {
            return no_memory(error);
        }
    }
    return result == QUERY_DONE;
}

static struct formats_state state_of(const struct report_options *options)
{
    return (struct formats_state){
        .use_color = options->use_color, .columns = options->columns, .now_ns = options->now_ns};
}

/* Second pass. A row that was not there in the first one may be of a host that was not, either. */
static bool write_handshakes(struct query *query, const struct report_options *options,
                             struct baseline_table *baselines, FILE *out, struct error *error)
{
    const struct formats_handshakes *writer = formats_of(options->format)->handshakes;
    struct formats_state state = state_of(options);
    struct record record;
    enum query_result result;
    uint32_t number;

    if (!query_begin_handshakes(query, &options->filter, error)) {
        return false;
    }
    writer->begin(out, &state);
    while ((result = query_next_handshake(query, &record, error)) == QUERY_ROW) {
        if (!baseline_table_number(baselines, &record, &number)) {
            return no_memory(error);
        }
        struct columns_row row = {
            .record = &record,
            .rtts_saved = baseline_rtts_saved(baseline_table_rtts(baselines, number),
                                              record.handshake.verdict, record.handshake.rtts_tls),
        };
        writer->row(out, &row, &state);
        if (ferror(out) != 0) {
            return is_written(out, error);
        }
    }
    writer->end(out, &state);
    return result == QUERY_DONE && is_written(out, error);
}

bool report_handshakes(struct query *query, const struct report_options *options, FILE *out,
                       struct error *error)
{
    uint8_t key[NAME_TABLE_KEY_BYTES];
    if (!random_key(key, error)) {
        return false;
    }
    struct baseline_table *baselines = baseline_table_new(key);
    if (baselines == NULL) {
        return no_memory(error);
    }
    bool done = read_baselines(query, &options->filter, baselines, error) &&
                write_handshakes(query, options, baselines, out, error);
    baseline_table_free(baselines);
    return done;
}

/* Sessions come by host: figures are kept for one host at a time. */
static bool is_same_host(const struct wire_text *a, const struct wire_text *b)
{
    return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

static enum query_result write_sessions(struct query *query, const struct formats_sessions *writer,
                                        FILE *out, struct formats_state *state, struct error *error)
{
    struct session_record session;
    struct host_sessions host;
    enum query_result result;
    bool has_host = false;

    while ((result = query_next_session(query, &session, error)) == QUERY_ROW) {
        bool is_new = !has_host || !is_same_host(&host.host, &session.host);
        if (is_new && has_host) {
            writer->end_host(out, &host, state);
        }
        if (is_new) {
            host_sessions_init(&host, &session.host);
            writer->begin_host(out, &session.host, state);
            has_host = true;
        }
        host_sessions_add(&host, &session);
        writer->session(out, &session, is_new);
    }
    if (has_host) {
        writer->end_host(out, &host, state);
    }
    return result;
}

static bool read_keys(struct query *query, const struct query_filter *filter,
                      struct key_history *history, struct error *error)
{
    struct key_use_record use;
    enum query_result result;

    if (!query_begin_keys(query, filter, error)) {
        return false;
    }
    while ((result = query_next_key(query, &use, error)) == QUERY_ROW) {
        if (!key_history_add(history, &use)) {
            return no_memory(error);
        }
    }
    return result == QUERY_DONE && (key_history_finish(history) || no_memory(error));
}

static bool write_keys(struct query *query, const struct report_options *options, FILE *out,
                       struct formats_state *state, struct error *error)
{
    struct key_history *history = key_history_new();
    if (history == NULL) {
        return no_memory(error);
    }
    const bool done = read_keys(query, &options->filter, history, error);
    if (done) {
        formats_of(options->format)->sessions->keys(out, history, state);
    }
    key_history_free(history);
    return done;
}

static bool write_mechanisms(struct query *query, const struct report_options *options, FILE *out,
                             struct formats_state *state, struct error *error)
{
    const struct formats_sessions *writer = formats_of(options->format)->sessions;
    if (writer->mechanisms == NULL) {
        return true;
    }
    struct mechanisms *mechanisms = report_mechanisms_read(query, &options->filter, error);
    if (mechanisms == NULL) {
        return false;
    }
    writer->mechanisms(out, mechanisms, state);
    mechanisms_free(mechanisms);
    return true;
}

bool report_tickets(struct query *query, const struct report_options *options, FILE *out,
                    struct error *error)
{
    const struct formats_sessions *writer = formats_of(options->format)->sessions;
    struct formats_state state = state_of(options);

    if (!query_begin_sessions(query, &options->filter, error)) {
        return false;
    }
    writer->begin(out, &state);
    if (write_sessions(query, writer, out, &state, error) != QUERY_DONE ||
        !write_keys(query, options, out, &state, error) ||
        !write_mechanisms(query, options, out, &state, error)) {
        return false;
    }
    writer->end(out, &state);
    return is_written(out, error);
}
