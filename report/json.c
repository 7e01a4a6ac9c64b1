#include "report/escape.h"
#include "report/formats.h"
#include "report/group_columns.h"
#include "report/json_advice.h"
#include "report/json_conduct.h"
#include "report/json_ledger.h"

#include "dissect/tls/names.h"

#include <inttypes.h>

static void print_key(FILE *out, const char *key)
{
    fprintf(out, "\"%s\": ", key);
}

static void print_integer(FILE *out, const char *key, int64_t integer)
{
    struct value value;

    print_key(out, key);
    value_set_integer(&value, integer);
    value_print_json(out, &value);
}

static void print_time(FILE *out, const char *key, int64_t time_ns)
{
    struct value value;

    print_key(out, key);
    value_set_time(&value, time_ns);
    value_print_json(out, &value);
}

static void print_text(FILE *out, const char *key, const char *text, size_t len)
{
    struct value value;

    print_key(out, key);
    value_set_text(&value, text, len);
    value_print_json(out, &value);
}

static void print_words(FILE *out, const char *key, const char *words)
{
    struct value value;

    print_key(out, key);
    value_set_words(&value, words);
    value_print_json(out, &value);
}

/* The members of one group, without braces. */
static void print_figures(FILE *out, const struct figures *figures)
{
    struct value value;

    for (size_t column = 0; column < group_columns_count(); column++) {
        fputs(column > 0 ? ", " : "", out);
        print_key(out, group_columns_name(column));
        group_columns_value(column, figures, &value);
        value_print_json(out, &value);
    }
}

static void print_filter(FILE *out, const struct query_filter *filter)
{
    fputs("  \"filter\": {", out);
    print_time(out, "since", filter->since_ns);
    fputs(", ", out);
    print_time(out, "until", filter->until_ns);
    fputs(", ", out);
    print_words(out, "host", filter->host_glob);
    fputs("},\n", out);
}

static void print_period(FILE *out, const struct coverage *coverage)
{
    fputs("  \"period\": {", out);
    print_time(out, "first_handshake", coverage->first_ns);
    fputs(", ", out);
    print_time(out, "last_handshake", coverage->last_ns);
    fputs(", ", out);
    print_time(out, "first_frame", coverage->runs.first_frame_ns);
    fputs(", ", out);
    print_time(out, "last_frame", coverage->runs.last_frame_ns);
    fputs("},\n", out);
}

static void print_groups(FILE *out, const struct summary *summary,
                         const struct report_options *options, size_t shown)
{
    const bool is_by_host = options->by == REPORT_BY_HOST && options->ledger != NULL;
    struct figures figures;
    size_t len;

    fputs("  \"groups\": [", out);
    for (size_t place = 0; place < shown; place++) {
        const char *name = summary_name(summary, place, &len);
        summary_figures(summary, place, &figures);
        fputs(place > 0 ? ",\n    {" : "\n    {", out);
        print_text(out, "name", name, len);
        fputs(", ", out);
        print_figures(out, &figures);
        if (is_by_host) {
            json_host_ledger(out, options->ledger, name, len);
        }
        fputs("}", out);
    }
    fprintf(out, "%s],\n", shown > 0 ? "\n  " : "");
    fprintf(out, "  \"groups_not_shown\": %zu,\n", summary_groups(summary) - shown);
}

static void print_side(FILE *out, const char *when, const struct proportion *side)
{
    struct value value;

    fprintf(out,
            ", \"%s\": {\"evaluated\": %" PRIu64 ", \"resumed\": %" PRIu64
            ", \"resumption_rate\": ",
            when, side->of, side->part);
    value_set_fraction(&value, proportion_rate(side));
    value_print_json(out, &value);
    fputs("}", out);
}

static void print_drift(FILE *out, const struct summary *summary, size_t shown)
{
    bool is_first = true;
    size_t len;

    fputs("  \"drift\": [", out);
    for (size_t i = 0; i < summary_changes(summary); i++) {
        const struct summary_change *at = summary_change(summary, i);
        if (at->place >= shown) {
            continue;
        }
        const char *name = summary_name(summary, at->place, &len);
        fputs(is_first ? "\n    {" : ",\n    {", out);
        print_text(out, "name", name, len);
        fputs(", ", out);
        print_time(out, "since", at->change.time_ns);
        fputs(", ", out);
        print_time(out, "last_before", at->change.before_ns);
        print_side(out, "before", &at->change.before);
        print_side(out, "after", &at->change.after);
        fputs("}", out);
        is_first = false;
    }
    fprintf(out, "%s],\n", is_first ? "" : "\n  ");
}

static void print_reasons(FILE *out, const char *key, const uint64_t counts[REASON_COUNT])
{
    bool is_first = true;

    fprintf(out, "    \"%s\": [", key);
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        if (counts[reason] == 0) {
            continue;
        }
        fputs(is_first ? "{" : ", {", out);
        print_words(out, "reason", reason_name((enum reason)reason));
        fprintf(out, ", \"handshakes\": %" PRIu64 "}", counts[reason]);
        is_first = false;
    }
    fputs("],\n", out);
}

static void print_alerts(FILE *out, const uint64_t counts[COVERAGE_ALERTS])
{
    bool is_first = true;

    fputs("    \"alerts\": [", out);
    for (int alert = 0; alert < COVERAGE_ALERTS; alert++) {
        if (counts[alert] == 0) {
            continue;
        }
        fprintf(out, "%s{\"alert\": %d, ", is_first ? "" : ", ", alert);
        print_words(out, "name", tls_alert_name((uint8_t)alert));
        fprintf(out, ", \"handshakes\": %" PRIu64 "}", counts[alert]);
        is_first = false;
    }
    fputs("],\n", out);
}

/* No unknown one is among them. */
static void print_likely(FILE *out, const struct coverage *coverage)
{
    bool is_first = true;

    fputs("    \"likely\": [", out);
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        if (coverage->likely[verdict] == 0) {
            continue;
        }
        fprintf(out, "%s{\"verdict\": \"%s\", \"handshakes\": %" PRIu64 "}", is_first ? "" : ", ",
                verdict_name((enum verdict)verdict), coverage->likely[verdict]);
        is_first = false;
    }
    fprintf(out, "],\n    \"encrypted_client_hellos\": %" PRIu64 ",\n", coverage->outer_hellos);
}

static void print_runs(FILE *out, const struct coverage_runs *runs)
{
    const struct {
        const char *key;
        int64_t sum;
    } sums[] = {
        {"packets_captured", runs->packets_captured},
        {"packets_received", runs->packets_received},
        {"packets_dropped_kernel", runs->packets_dropped_kernel},
        {"packets_dropped_interface", runs->packets_dropped_interface},
        {"packets_not_tcp", runs->packets_not_tcp},
        {"packets_undecodable", runs->packets_undecodable},
        {"bytes", runs->bytes},
        {"conversations", runs->conversations},
        {"not_tls", runs->not_tls},
        {"mid_stream_tls", runs->mid_stream_tls},
        {"evicted_handshakes", runs->evicted_handshakes},
        {"evicted_conversations", runs->evicted_conversations},
        {"not_reassembled_bytes", runs->not_reassembled_bytes},
        {"damaged_files", runs->damaged_files},
        {"unreadable_files", runs->unreadable_files},
    };

    fprintf(out, "    \"runs\": %" PRIu64, runs->count);
    for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
        fputs(", ", out);
        print_integer(out, sums[i].key, sums[i].sum);
    }
}

static void print_not_analysed(FILE *out, const struct coverage *coverage)
{
    fputs("    \"not_analysed\": [", out);
    for (size_t i = 0; i < coverage->not_analysed_count; i++) {
        fputs(i > 0 ? ", {" : "{", out);
        print_words(out, "name", coverage->not_analysed[i].name);
        fprintf(out, ", \"packets\": %" PRId64 "}", coverage->not_analysed[i].packets);
    }
    fputs("],\n", out);
}

void json_summary(FILE *out, const struct summary *summary, const struct report_options *options)
{
    const struct coverage *coverage = summary_coverage(summary);
    struct figures total;

    summary_total(summary, &total);
    fputs("{\n  \"schema\": \"reprise-report/1\",\n  ", out);
    print_words(out, "by", report_by_name(options->by));
    fputs(",\n", out);
    print_filter(out, &options->filter);
    print_period(out, coverage);
    fputs("  \"total\": {", out);
    print_figures(out, &total);
    fputs("},\n", out);
    print_groups(out, summary, options, formats_shown(summary, options));
    print_drift(out, summary, formats_shown(summary, options));
    json_refusals(out, &coverage->refusals);
    json_advice(out, summary, options);
    fputs("  \"coverage\": {\n", out);
    print_reasons(out, "unknown", coverage->unknown);
    print_reasons(out, "failed", coverage->failed);
    print_alerts(out, coverage->alerts);
    print_likely(out, coverage);
    print_not_analysed(out, coverage);
    print_runs(out, &coverage->runs);
    fputs("\n  }\n}\n", out);
}

/* JSON lines have no frame. */
static void frame_nothing(FILE *out, struct formats_state *state)
{
    (void)out;
    (void)state;
}

void json_handshake_object(FILE *out, const struct columns_row *row)
{
    struct value value;

    for (size_t column = 0; column < columns_count(); column++) {
        fputs(column > 0 ? ",\"" : "{\"", out);
        fputs(columns_name(column), out);
        fputs("\":", out);
        columns_value(column, row, &value);
        value_print_json(out, &value);
    }
    fputc('}', out);
}

static void print_handshake(FILE *out, const struct columns_row *row, struct formats_state *state)
{
    (void)state;
    json_handshake_object(out, row);
    fputc('\n', out);
}

const struct formats_handshakes json_handshakes = {frame_nothing, print_handshake, frame_nothing};

static void begin_sessions(FILE *out, struct formats_state *state)
{
    (void)state;
    fputs("{\n  \"schema\": \"reprise-tickets/1\",\n  \"hosts\": [", out);
}

/* A host's sessions come first and its figures after them: nothing has to be kept. */
static void print_session(FILE *out, const struct session_record *session, bool is_first_of_host)
{
    struct value value;

    fputs(is_first_of_host ? "\n      {" : ",\n      {", out);
    for (size_t column = 0; column < host_sessions_columns(); column++) {
        fputs(column > 0 ? ", " : "", out);
        print_key(out, host_sessions_column_name(column));
        host_sessions_column_value(column, session, &value);
        value_print_json(out, &value);
    }
    fputs("}", out);
}

static void begin_host(FILE *out, const struct wire_text *host, struct formats_state *state)
{
    fputs(state->rows > 0 ? ",\n    {" : "\n    {", out);
    print_text(out, "host", host->text, host->len);
    fputs(", \"sessions\": [", out);
    state->rows++;
}

static void end_host(FILE *out, const struct host_sessions *host, struct formats_state *state)
{
    struct value value;

    (void)state;
    fputs("]", out);
    for (size_t figure = 0; figure < host_sessions_figures(); figure++) {
        fputs(", ", out);
        print_key(out, host_sessions_figure_name(figure));
        host_sessions_figure_value(figure, host, &value);
        value_print_json(out, &value);
    }
    fputs("}", out);
}

static void print_conduct(FILE *out, const struct conduct *conduct, struct formats_state *state)
{
    fputs(state->rows > 0 ? "\n  ],\n" : "],\n", out);
    json_conduct(out, conduct);
}

static void print_keys(FILE *out, const struct report_keys *keys, struct formats_state *state)
{
    (void)state;
    json_key_history(out, keys);
}

static void print_mechanisms(FILE *out, const struct mechanisms *mechanisms,
                             struct formats_state *state)
{
    (void)state;
    fputs(",\n", out);
    json_mechanisms(out, mechanisms);
}

static void end_sessions(FILE *out, struct formats_state *state)
{
    (void)state;
    fputs("\n}\n", out);
}

const struct formats_sessions json_sessions = {
    .begin = begin_sessions,
    .begin_host = begin_host,
    .session = print_session,
    .end_host = end_host,
    .conduct = print_conduct,
    .keys = print_keys,
    .mechanisms = print_mechanisms,
    .end = end_sessions,
};
