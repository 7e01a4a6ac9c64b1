/* What a full and a resumed handshake cost in round trips, by host and version: the most common
 * rtts_tls of those seen, else what the protocol asks for (SPEC 5). */
#ifndef REPRISE_REPORT_BASELINE_H
#define REPRISE_REPORT_BASELINE_H

#include "report/name_table.h"

#include "store/record.h"

enum { BASELINE_RTTS = 16 }; /* more round trips than that are no flights but an accident */

/* Handshakes of a host and version by rtts_tls. All zero to begin with. */
struct baseline_counts {
    uint32_t full[BASELINE_RTTS];
    uint32_t resumed[BASELINE_RTTS];
};

/* So many alike; those of other verdicts, and without a number of round trips, are not counted. */
void baseline_count(struct baseline_counts *counts, enum verdict verdict, int rtts_tls,
                    uint64_t handshakes);

/* Round trips of a full handshake; the smaller of two that are equally common. HANDSHAKE_RTTS_NULL
 * for a version that is not known. */
int baseline_full_rtts(const struct baseline_counts *counts, uint16_t version);

/* The same of a resumed one. */
int baseline_resumed_rtts(const struct baseline_counts *counts, uint16_t version);

struct baseline_table;

MUST_CHECK struct baseline_table *baseline_table_new(const uint8_t key[NAME_TABLE_KEY_BYTES]);
void baseline_table_free(struct baseline_table *table);

/* The number of a handshake's host and version, given now if they are new. False without memory. */
MUST_CHECK bool baseline_table_number(struct baseline_table *table, const struct record *record,
                                      uint32_t *number);

/* The same, and counts the handshake's round trips if it was full or resumed. */
MUST_CHECK bool baseline_table_add(struct baseline_table *table, const struct record *record,
                                   uint32_t *number);

uint32_t baseline_table_count(const struct baseline_table *table);

/* baseline_full_rtts() of it. */
int baseline_table_rtts(const struct baseline_table *table, uint32_t number);

/* baseline_resumed_rtts() of it. */
int baseline_table_resumed_rtts(const struct baseline_table *table, uint32_t number);

/* rtts_saved of one handshake: HANDSHAKE_NULL unless it was resumed and both figures are known.
 * May be negative. */
int64_t baseline_rtts_saved(int full_rtts, enum verdict verdict, int resumed_rtts);

#endif
