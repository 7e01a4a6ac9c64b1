/* What the handshakes of each host tell beside their figures, for advice: why offers were refused,
 * which resumptions were missed, what costs round trips. PURE.
 *
 * Memory: 256 bytes for each host, and what its name takes, beside report/host_numbers.h. */
#ifndef REPRISE_REPORT_HOST_COUNTS_H
#define REPRISE_REPORT_HOST_COUNTS_H

#include "report/name_table.h"
#include "report/rolled.h"
#include "report/statistics.h"

#include "store/record.h"

/* Of full and resumed handshakes. */
struct host_counts {
    uint64_t refused[REFUSAL_CAUSE_COUNT];
    uint64_t unexplained_ids;  /* of refused[REFUSAL_CAUSE_UNEXPLAINED] */
    int64_t refused_id_age_s;  /* of these the youngest's; HANDSHAKE_NULL: none, as the next */
    int64_t accepted_id_age_s; /* the oldest session that was resumed by its ID */
    uint64_t missed[MISSED_COUNT];
    /* Full ones of TLS 1.2 and before, where what is issued is in clear; those that issued. */
    uint64_t full_in_clear;
    uint64_t full_issuing;
    uint64_t full_flights;  /* full ones whose round trips inside flights are known */
    uint64_t full_stalled;  /* those that lost any: rtts_stalled */
    struct mean stalled_ns; /* what these lost, where the path's round trip is known */
    uint64_t tls13;         /* TLS 1.3 over TCP; those with a HelloRetryRequest, as above */
    uint64_t retried;
    struct mean retried_ns;
};

struct host_counts_table;

/* NULL without memory. key: any unpredictable bytes (report/name_table.h). */
MUST_CHECK struct host_counts_table *host_counts_table_new(const uint8_t key[NAME_TABLE_KEY_BYTES]);
void host_counts_table_free(struct host_counts_table *table);

/* False without memory: the record is not counted. */
MUST_CHECK bool host_counts_table_add(struct host_counts_table *table, const struct record *record);

/* All of these of a host. */
MUST_CHECK bool host_counts_table_add_rolled(struct host_counts_table *table,
                                             const struct wire_text *host,
                                             const struct rolled_shape *rolled);

/* Of a host that was never added all are zero, and ages HANDSHAKE_NULL. False without memory. */
MUST_CHECK bool host_counts_table_find(struct host_counts_table *table, const char *name,
                                       size_t len, struct host_counts *out);

#endif
