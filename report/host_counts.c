#include "report/host_counts.h"

#include "report/array.h"
#include "report/host_numbers.h"

#include <stdlib.h>

enum { VERSION_TLS_1_3 = 0x0304, VERSION_DTLS_1_3 = 0xfefc };

struct host_counts_table {
    struct name_table *names;
    struct host_numbers numbers;
    struct host_counts *counts; /* by number */
    size_t capacity;
};

struct host_counts_table *host_counts_table_new(const uint8_t key[NAME_TABLE_KEY_BYTES])
{
    struct host_counts_table *table = calloc(1, sizeof(*table));
    if (table == NULL) {
        return NULL;
    }
    table->names = name_table_new(key);
    if (table->names == NULL) {
        free(table);
        return NULL;
    }
    return table;
}

void host_counts_table_free(struct host_counts_table *table)
{
    if (table == NULL) {
        return;
    }
    name_table_free(table->names);
    free(table->counts);
    free(table);
}

static struct host_counts *counts_of(struct host_counts_table *table, const char *name, size_t len)
{
    const uint32_t known = name_table_count(table->names);
    uint32_t number;

    struct host_counts *moved =
        array_reserve(table->counts, &table->capacity, (size_t)known + 1, sizeof(*moved));
    if (moved == NULL) {
        return NULL;
    }
    table->counts = moved;
    if (!name_table_add(table->names, name, len, &number)) {
        return NULL;
    }
    if (number == known) {
        moved[known] = (struct host_counts){.refused_id_age_s = HANDSHAKE_NULL,
                                            .accepted_id_age_s = HANDSHAKE_NULL};
    }
    return &moved[number];
}

static struct host_counts *counts_of_record(struct host_counts_table *table,
                                            const struct record *record)
{
    uint32_t number;

    if (host_numbers_find(&table->numbers, record->host_id, 0, &number)) {
        return &table->counts[number];
    }
    struct host_counts *counts = counts_of(table, record->host.text, record->host.len);
    if (counts != NULL) {
        host_numbers_keep(&table->numbers, record->host_id, 0, (uint32_t)(counts - table->counts));
    }
    return counts;
}

/* Round trips of the path lost, as time. Times of a capture: any two can be given. */
static void add_lost(struct mean *mean, const struct handshake *handshake, int rtts)
{
    if (handshake->rtt_client_ns != HANDSHAKE_NULL && handshake->rtt_server_ns != HANDSHAKE_NULL) {
        mean_add(mean,
                 rtts * ((double)handshake->rtt_client_ns + (double)handshake->rtt_server_ns));
    }
}

static void count_full(struct host_counts *counts, const struct handshake *handshake)
{
    const bool is_1_3 =
        handshake->version == VERSION_TLS_1_3 || handshake->version == VERSION_DTLS_1_3;

    if (handshake->version != 0 && !is_1_3) {
        counts->full_in_clear++;
        counts->full_issuing += handshake->issued_id.is_set || handshake->issued_ticket.is_set;
    }
    if (handshake->rtts_stalled < 0) {
        return;
    }
    counts->full_flights++;
    if (handshake->rtts_stalled > 0) {
        counts->full_stalled++;
        add_lost(&counts->stalled_ns, handshake, handshake->rtts_stalled);
    }
}

/* DTLS sends a HelloRetryRequest for the sake of its cookie (RFC 9147, 5.1). */
static void count_retries(struct host_counts *counts, const struct handshake *handshake)
{
    if (handshake->version != VERSION_TLS_1_3) {
        return;
    }
    counts->tls13++;
    if (handshake->hello_retries > 0) {
        counts->retried++;
        add_lost(&counts->retried_ns, handshake, handshake->hello_retries);
    }
}

static void keep_youngest(int64_t *known_s, int64_t age_s)
{
    if (age_s != HANDSHAKE_NULL && (*known_s == HANDSHAKE_NULL || age_s < *known_s)) {
        *known_s = age_s;
    }
}

/* HANDSHAKE_NULL is the smallest number. */
static void count_sessions(struct host_counts *counts, const struct record *record)
{
    counts->missed[record->missed]++;
    counts->refused[record->refusal_cause]++;
    if (record->refusal_cause == REFUSAL_CAUSE_UNEXPLAINED &&
        record->handshake.offered == OFFER_ID) {
        counts->unexplained_ids++;
        keep_youngest(&counts->refused_id_age_s, record->age_s);
    }
    if (record->handshake.verdict == VERDICT_RESUMED_ID &&
        record->age_s > counts->accepted_id_age_s) {
        counts->accepted_id_age_s = record->age_s;
    }
}

bool host_counts_table_add(struct host_counts_table *table, const struct record *record)
{
    const struct handshake *handshake = &record->handshake;
    const bool is_full = handshake->verdict == VERDICT_FULL;

    if (!is_full && !verdict_is_resumed(handshake->verdict)) {
        return true;
    }
    struct host_counts *counts = counts_of_record(table, record);
    if (counts == NULL) {
        return false;
    }
    count_sessions(counts, record);
    count_retries(counts, handshake);
    if (is_full) {
        count_full(counts, handshake);
    }
    return true;
}

static void add_lost_rolled(struct mean *mean, const struct rollup_shape *shape, int rtts)
{
    mean->samples += shape->with_rtt;
    mean->sum += rtts * (double)shape->rtt_ns;
}

static void count_full_rolled(struct host_counts *counts, const struct rolled_shape *rolled)
{
    const struct rollup_shape *shape = rolled->shape;
    const struct facts *facts = &rolled->facts;
    const bool is_1_3 = shape->version == VERSION_TLS_1_3 || shape->version == VERSION_DTLS_1_3;

    if (shape->version != 0 && !is_1_3) {
        counts->full_in_clear += shape->count;
        counts->full_issuing += facts->has_issued_id || facts->has_issued_ticket ? shape->count : 0;
    }
    if (facts->rtts_stalled < 0) {
        return;
    }
    counts->full_flights += shape->count;
    if (facts->rtts_stalled > 0) {
        counts->full_stalled += shape->count;
        add_lost_rolled(&counts->stalled_ns, shape, facts->rtts_stalled);
    }
}

static void count_retries_rolled(struct host_counts *counts, const struct rolled_shape *rolled)
{
    const struct rollup_shape *shape = rolled->shape;

    if (shape->version != VERSION_TLS_1_3) {
        return;
    }
    counts->tls13 += shape->count;
    if (rolled->facts.hello_retries > 0) {
        counts->retried += shape->count;
        add_lost_rolled(&counts->retried_ns, shape, rolled->facts.hello_retries);
    }
}

static void count_sessions_rolled(struct host_counts *counts, const struct rolled_shape *rolled)
{
    const struct rollup_shape *shape = rolled->shape;

    counts->missed[rolled->facts.missed] += shape->count;
    counts->refused[shape->refusal_cause] += shape->count;
    if (shape->refusal_cause == REFUSAL_CAUSE_UNEXPLAINED && rolled->facts.offered == OFFER_ID) {
        counts->unexplained_ids += shape->count;
        keep_youngest(&counts->refused_id_age_s, shape->age_min_s);
    }
    if (rolled->facts.verdict == VERDICT_RESUMED_ID &&
        shape->age_max_s > counts->accepted_id_age_s) {
        counts->accepted_id_age_s = shape->age_max_s;
    }
}

bool host_counts_table_add_rolled(struct host_counts_table *table, const struct wire_text *host,
                                  const struct rolled_shape *rolled)
{
    const bool is_full = rolled->facts.verdict == VERDICT_FULL;

    if (!is_full && !verdict_is_resumed(rolled->facts.verdict)) {
        return true;
    }
    struct host_counts *counts = counts_of(table, host->text, host->len);
    if (counts == NULL) {
        return false;
    }
    count_sessions_rolled(counts, rolled);
    count_retries_rolled(counts, rolled);
    if (is_full) {
        count_full_rolled(counts, rolled);
    }
    return true;
}

bool host_counts_table_find(struct host_counts_table *table, const char *name, size_t len,
                            struct host_counts *out)
{
    const struct host_counts *counts = counts_of(table, name, len);
    if (counts == NULL) {
        return false;
    }
    *out = *counts;
    return true;
}
