#include "report/escape.h"
#include "report/formats.h"
#include "report/group_columns.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { SAMPLES_MAX = 6 };

enum unit { AS_IT_IS, SECONDS_OF_US };

/* One metric: what it is called behind "reprise_" (or "reprise_host_"), and its samples, each a
 * column of a group and what its label says. */
struct family {
    const char *name;
    const char *type;
    const char *help;
    const char *label; /* NULL: one sample without */
    enum unit unit;
    struct {
        const char *value; /* of the label */
        const char *column;
    } samples[SAMPLES_MAX];
};

static const struct family families[] = {
    {"handshakes_total",
     "counter",
     "TLS handshakes by verdict.",
     "verdict",
     AS_IT_IS,
     {{"full", "full"},
      {"resumed-id", "resumed_id"},
      {"resumed-ticket", "resumed_ticket"},
      {"resumed-psk", "resumed_psk"},
      {"failed", "failed"},
      {"unknown", "unknown"}}},
    {"offers_total",
     "counter",
     "Handshakes by what became of the session the client offered.",
     "outcome",
     AS_IT_IS,
     {{"none", "offers_none"},
      {"accepted", "offers_accepted"},
      {"refused", "offers_refused"},
      {"not-applicable", "offers_not_applicable"},
      {"failed", "offers_failed"},
      {"unknown", "offers_unknown"}}},
    {"early_data_total",
     "counter",
     "Handshakes with early data by what became of it.",
     "outcome",
     AS_IT_IS,
     {{"accepted", "early_data_accepted"},
      {"refused", "early_data_refused"},
      {"unknown", "early_data_unknown"}}},
    {"sessions_issued_total",
     "counter",
     "Tickets and session IDs seen issued in clear.",
     "kind",
     AS_IT_IS,
     {{"ticket", "tickets_issued"}, {"id", "ids_issued"}}},
    {"tickets_renewed_total",
     "counter",
     "Tickets issued in a resumed handshake; among those issued.",
     NULL,
     AS_IT_IS,
     {{NULL, "tickets_renewed"}}},
    {"handshakes_timed_total",
     "counter",
     "Handshakes with a known duration.",
     "handshake",
     AS_IT_IS,
     {{"full", "full_handshake_samples"}, {"resumed", "resumed_handshake_samples"}}},
    {"handshake_median_seconds",
     "gauge",
     "Median time from ClientHello to the client's first possible data.",
     "handshake",
     SECONDS_OF_US,
     {{"full", "full_handshake_us"}, {"resumed", "resumed_handshake_us"}}},
    {"tls_round_trips_mean",
     "gauge",
     "Mean round trips of TLS in a handshake.",
     "handshake",
     AS_IT_IS,
     {{"full", "full_rtts_tls"}, {"resumed", "resumed_rtts_tls"}}},
    {"handshake_mean_bytes",
     "gauge",
     "Mean bytes of a handshake, both directions.",
     "handshake",
     AS_IT_IS,
     {{"full", "full_bytes"}, {"resumed", "resumed_bytes"}}},
    {"resumption_ratio",
     "gauge",
     "Resumed handshakes by those full or resumed.",
     NULL,
     AS_IT_IS,
     {{NULL, "resumption_rate"}}},
    {"round_trips_saved_mean",
     "gauge",
     "Mean round trips saved by a resumed handshake.",
     NULL,
     AS_IT_IS,
     {{NULL, "rtts_saved"}}},
    {"saved_seconds",
     "gauge",
     "Latency saved by resumed handshakes, in all; may be negative.",
     "basis",
     SECONDS_OF_US,
     {{"measured", "measured_saved_us"}, {"modelled", "modelled_saved_us"}}},
    {"saved_mean_seconds",
     "gauge",
     "Latency saved by one resumed handshake; low and high enclose the measured mean with 95 %.",
     "statistic",
     SECONDS_OF_US,
     {{"measured", "measured_saved_each_us"},
      {"measured-low", "measured_low_us"},
      {"measured-high", "measured_high_us"},
      {"modelled", "modelled_saved_each_us"}}},
    {"bytes_saved",
     "gauge",
     "Handshake bytes saved by resumed handshakes, in all; may be negative.",
     NULL,
     AS_IT_IS,
     {{NULL, "bytes_saved"}}},
    {"resumptions_missed_total",
     "counter",
     "Full handshakes of clients that held a session, by why they did not resume.",
     "cause",
     AS_IT_IS,
     {{"refused", "missed_refused"}, {"not-offered", "missed_not_offered"}}},
    {"to_gain_seconds",
     "gauge",
     "Latency that missed resumptions could have saved, in all, as measured; may be negative.",
     "cause",
     SECONDS_OF_US,
     {{"refused", "gain_refused_us"}, {"not-offered", "gain_not_offered_us"}}},
    {"ticket_lifetime_hint_seconds",
     "gauge",
     "Smallest and largest lifetime hint of tickets; 0: left open by the server.",
     "bound",
     AS_IT_IS,
     {{"min", "hint_min_s"}, {"max", "hint_max_s"}}},
    {"session_accepted_age_max_seconds",
     "gauge",
     "Age of the oldest session accepted.",
     NULL,
     AS_IT_IS,
     {{NULL, "largest_accepted_age_s"}}},
    {"session_refused_age_min_seconds",
     "gauge",
     "Age of the youngest session refused.",
     NULL,
     AS_IT_IS,
     {{NULL, "smallest_refused_age_s"}}},
};

/* Whose figures: of everything, or of the first groups, each with its own label. */
struct scope {
    FILE *out;
    const struct summary *summary;
    const char *by; /* the group's label; NULL: everything */
    size_t groups;
    const struct figures *total;
};

static size_t column_of(const char *name)
{
    size_t column = 0;

    while (strcmp(group_columns_name(column), name) != 0) {
        column++;
        assert(column < group_columns_count()); /* our own names */
    }
    return column;
}

static void print_prefix(const struct scope *scope)
{
    fputs("reprise_", scope->out);
    if (scope->by != NULL) {
        fprintf(scope->out, "%s_", scope->by);
    }
}

/* HELP and TYPE come once, before the first sample there is. */
static void print_head(const struct scope *scope, const struct family *family, bool *has_head)
{
    if (*has_head) {
        return;
    }
    fputs("# HELP ", scope->out);
    print_prefix(scope);
    fprintf(scope->out, "%s %s\n# TYPE ", family->name, family->help);
    print_prefix(scope);
    fprintf(scope->out, "%s %s\n", family->name, family->type);
    *has_head = true;
}

static void print_value(FILE *out, enum unit unit, const struct value *value)
{
    if (unit == SECONDS_OF_US) {
        fprintf(out, " %.6f\n", (double)value->integer / 1e6);
    } else {
        fputc(' ', out);
        value_print_json(out, value);
        fputc('\n', out);
    }
}

static void print_labels(const struct scope *scope, size_t place, const char *label,
                         const char *label_value)
{
    size_t len;

    if (scope->by == NULL && label == NULL) {
        return;
    }
    fputc('{', scope->out);
    if (scope->by != NULL) {
        const char *name = summary_name(scope->summary, place, &len);
        fprintf(scope->out, "%s=", scope->by);
        escape_prometheus(scope->out, name, len);
    }
    if (label != NULL) {
        fprintf(scope->out, "%s%s=\"%s\"", scope->by != NULL ? "," : "", label, label_value);
    }
    fputc('}', scope->out);
}

/* A sample that is not known is not there. */
static void print_samples(const struct scope *scope, const struct family *family, size_t place,
                          const struct figures *figures, bool *has_head)
{
    struct value value;

    for (size_t i = 0; i < SAMPLES_MAX && family->samples[i].column != NULL; i++) {
        group_columns_value(column_of(family->samples[i].column), figures, &value);
        if (value.kind == VALUE_NULL) {
            continue;
        }
        print_head(scope, family, has_head);
        print_prefix(scope);
        fputs(family->name, scope->out);
        print_labels(scope, place, family->label, family->samples[i].value);
        print_value(scope->out, family->unit, &value);
    }
}

/* All samples of a metric stand together, so each group's figures are made once for each metric:
 * groups are few here, and nothing has to be kept. */
static void print_family(const struct scope *scope, const struct family *family)
{
    struct figures figures;
    bool has_head = false;

    if (scope->by == NULL) {
        print_samples(scope, family, 0, scope->total, &has_head);
        return;
    }
    for (size_t place = 0; place < scope->groups; place++) {
        summary_figures(scope->summary, place, &figures);
        print_samples(scope, family, place, &figures, &has_head);
    }
}

static void print_families(const struct scope *scope)
{
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
        print_family(scope, &families[i]);
    }
}

/* What was not seen: of everything only. A sum that no run knew is not there. */
static void print_coverage(FILE *out, const struct coverage *coverage)
{
    const struct coverage_runs *runs = &coverage->runs;
    const struct {
        const char *name;
        const char *help;
        int64_t sum;
    } counters[] = {
        {"packets_captured_total", "Packets captured.", runs->packets_captured},
        {"packets_dropped_kernel_total", "Packets dropped by the kernel.",
         runs->packets_dropped_kernel},
        {"packets_dropped_interface_total", "Packets dropped by the interface.",
         runs->packets_dropped_interface},
        {"packets_undecodable_total", "Packets that could not be decoded.",
         runs->packets_undecodable},
        {"not_reassembled_bytes_total", "Bytes lost, or not kept for want of room.",
         runs->not_reassembled_bytes},
        {"conversations_total", "Conversations seen.", runs->conversations},
        {"conversations_mid_stream_total", "Conversations with TLS whose beginning was not seen.",
         runs->mid_stream_tls},
        {"conversations_evicted_total", "Conversations given up for want of room.",
         runs->evicted_conversations},
        {"handshakes_evicted_total", "Handshakes given up for want of room.",
         runs->evicted_handshakes},
    };

    for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
        if (runs->count > 0 && counters[i].sum != HANDSHAKE_NULL) {
            fprintf(out, "# HELP reprise_%s %s\n# TYPE reprise_%s counter\n", counters[i].name,
                    counters[i].help, counters[i].name);
            fprintf(out, "reprise_%s %" PRId64 "\n", counters[i].name, counters[i].sum);
        }
    }
}

/* Tells a quiet network from a monitor that died. */
static void print_freshness(FILE *out, const char *name, const char *help, int64_t time_ns)
{
    if (time_ns != HANDSHAKE_NULL) {
        fprintf(out, "# HELP reprise_%s %s\n# TYPE reprise_%s gauge\n", name, help, name);
        fprintf(out, "reprise_%s %.3f\n", name, (double)time_ns / 1e9);
    }
}

void prometheus_summary(FILE *out, const struct summary *summary,
                        const struct report_options *options)
{
    const struct coverage *coverage = summary_coverage(summary);
    struct figures total;
    struct scope scope = {.out = out, .summary = summary, .total = &total};

    summary_total(summary, &total);
    print_families(&scope);
    if (options->top > 0) {
        scope.by = report_by_name(options->by);
        scope.groups = formats_shown(summary, options);
        print_families(&scope);
    }
    print_coverage(out, coverage);
    print_freshness(out, "last_handshake_timestamp_seconds", "When the last handshake began.",
                    coverage->last_ns);
    print_freshness(out, "last_packet_timestamp_seconds", "When the last packet was captured.",
                    coverage->runs.last_frame_ns);
}
