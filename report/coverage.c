#include "report/coverage.h"

#include <stdio.h>

void coverage_init(struct coverage *coverage)
{
    *coverage = (struct coverage){.first_ns = HANDSHAKE_NULL, .last_ns = HANDSHAKE_NULL};
    refusals_init(&coverage->refusals);
    coverage->runs = (struct coverage_runs){
        .first_frame_ns = HANDSHAKE_NULL,
        .last_frame_ns = HANDSHAKE_NULL,
        .packets_captured = HANDSHAKE_NULL,
        .packets_received = HANDSHAKE_NULL,
        .packets_dropped_kernel = HANDSHAKE_NULL,
        .packets_dropped_interface = HANDSHAKE_NULL,
        .packets_not_tcp = HANDSHAKE_NULL,
        .packets_undecodable = HANDSHAKE_NULL,
        .bytes = HANDSHAKE_NULL,
        .conversations = HANDSHAKE_NULL,
        .not_tls = HANDSHAKE_NULL,
        .mid_stream_tls = HANDSHAKE_NULL,
        .evicted_handshakes = HANDSHAKE_NULL,
        .evicted_conversations = HANDSHAKE_NULL,
        .not_reassembled_bytes = HANDSHAKE_NULL,
        .damaged_files = HANDSHAKE_NULL,
        .unreadable_files = HANDSHAKE_NULL,
    };
}

static void widen(int64_t *first, int64_t *last, int64_t from, int64_t to)
{
    if (from != HANDSHAKE_NULL && (*first == HANDSHAKE_NULL || from < *first)) {
        *first = from;
    }
    if (to != HANDSHAKE_NULL && (*last == HANDSHAKE_NULL || to > *last)) {
        *last = to;
    }
}

void coverage_add(struct coverage *coverage, const struct handshake *handshake)
{
    widen(&coverage->first_ns, &coverage->last_ns, handshake->time_ns, handshake->time_ns);
    if ((handshake->anomalies & UINT32_C(1) << ANOMALY_ENCRYPTED_CLIENT_HELLO) != 0) {
        coverage->outer_hellos++;
    }
    if (handshake->certainty == CERTAINTY_LIKELY && handshake->verdict != VERDICT_UNKNOWN) {
        coverage->likely[handshake->verdict]++;
    }
    if (handshake->verdict == VERDICT_UNKNOWN) {
        coverage->unknown[handshake->reason]++;
    } else if (handshake->verdict == VERDICT_FAILED) {
        coverage->failed[handshake->reason]++;
        if (handshake->reason == REASON_ALERT) {
            coverage->alerts[handshake->alert]++;
        }
    }
}

void coverage_add_times(struct coverage *coverage, int64_t first_ns, int64_t last_ns)
{
    widen(&coverage->first_ns, &coverage->last_ns, first_ns, last_ns);
}

void coverage_add_rolled(struct coverage *coverage, const struct rolled_shape *rolled)
{
    const struct facts *facts = &rolled->facts;
    const uint64_t count = rolled->shape->count;

    if ((rolled->shape->anomalies & UINT32_C(1) << ANOMALY_ENCRYPTED_CLIENT_HELLO) != 0) {
        coverage->outer_hellos += count;
    }
    if (facts->certainty == CERTAINTY_LIKELY && facts->verdict != VERDICT_UNKNOWN) {
        coverage->likely[facts->verdict] += count;
    }
    if (facts->verdict == VERDICT_UNKNOWN) {
        coverage->unknown[facts->reason] += count;
    } else if (facts->verdict == VERDICT_FAILED) {
        coverage->failed[facts->reason] += count;
        if (facts->reason == REASON_ALERT) {
            coverage->alerts[facts->alert] += count;
        }
    }
    refusals_add_rolled(&coverage->refusals, rolled);
}

int64_t coverage_sum(int64_t sum, int64_t value)
{
    if (value == HANDSHAKE_NULL || value < 0) {
        return sum;
    }
    const int64_t before = sum == HANDSHAKE_NULL ? 0 : sum;
    return value > INT64_MAX - before ? INT64_MAX : before + value;
}

static void add(int64_t *sum, int64_t value)
{
    *sum = coverage_sum(*sum, value);
}

void coverage_add_run(struct coverage *coverage, const struct run_record *run)
{
    struct coverage_runs *runs = &coverage->runs;

    runs->count++;
    widen(&runs->first_frame_ns, &runs->last_frame_ns, run->first_frame_ns, run->last_frame_ns);
    add(&runs->packets_captured, run->packets_captured);
    add(&runs->packets_received, run->packets_received);
    add(&runs->packets_dropped_kernel, run->packets_dropped_kernel);
    add(&runs->packets_dropped_interface, run->packets_dropped_interface);
    add(&runs->packets_not_tcp, run->packets_not_tcp);
    add(&runs->packets_undecodable, run->packets_undecodable);
    add(&runs->bytes, run->bytes);
    add(&runs->conversations, run->conversations);
    add(&runs->not_tls, run->not_tls);
    add(&runs->mid_stream_tls, run->mid_stream_tls);
    add(&runs->evicted_handshakes, run->evicted_handshakes);
    add(&runs->evicted_conversations, run->evicted_conversations);
    add(&runs->not_reassembled_bytes, run->not_reassembled_bytes);
    add(&runs->damaged_files, run->damaged_files);
    add(&runs->unreadable_files, run->unreadable_files);
}

static void make_printable(char *name)
{
    for (; *name != '\0'; name++) {
        if (*name < ' ' || *name > '~') {
            *name = '?';
        }
    }
}

void coverage_add_not_analysed(struct coverage *coverage, const struct run_not_analysed *row)
{
    struct run_not_analysed *rows = coverage->not_analysed;

    if (coverage->not_analysed_count < COVERAGE_NOT_ANALYSED) {
        rows[coverage->not_analysed_count] = *row;
        make_printable(rows[coverage->not_analysed_count].name);
        coverage->not_analysed_count++;
        return;
    }
    (void)snprintf(rows[COVERAGE_NOT_ANALYSED - 1].name, RUN_NOT_ANALYSED_NAME_BYTES, "other");
    add(&rows[COVERAGE_NOT_ANALYSED - 1].packets, row->packets);
}

uint64_t coverage_likely(const struct coverage *coverage)
{
    uint64_t sum = 0;

    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        sum += coverage->likely[verdict];
    }
    return sum;
}
