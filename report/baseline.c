#include "report/baseline.h"

#include "report/array.h"
#include "report/host_numbers.h"

#include <stdlib.h>
#include <string.h>

enum {
    VERSION_TLS_1_3 = 0x0304,
    VERSION_DTLS_1_3 = 0xfefc,
};

struct baseline {
    uint16_t version;
    struct baseline_counts counts;
};

struct baseline_table {
    struct name_table *names; /* version in two bytes, then the host */
    struct host_numbers numbers;
    struct baseline *baselines;
    size_t capacity;
};

struct baseline_table *baseline_table_new(const uint8_t key[NAME_TABLE_KEY_BYTES])
{
    struct baseline_table *table = calloc(1, sizeof(*table));
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

void baseline_table_free(struct baseline_table *table)
{
    if (table == NULL) {
        return;
    }
    name_table_free(table->names);
    free(table->baselines);
    free(table);
}

static bool number_by_name(struct baseline_table *table, const struct record *record,
                           uint32_t *number)
{
    char name[2 + sizeof(record->host.text)];
    uint16_t version = record->handshake.version;
    uint32_t known = name_table_count(table->names);

    struct baseline *moved =
        array_reserve(table->baselines, &table->capacity, (size_t)known + 1, sizeof(*moved));
    if (moved == NULL) {
        return false;
    }
    table->baselines = moved;
    memcpy(name, &version, 2);
    memcpy(name + 2, record->host.text, record->host.len);
    if (!name_table_add(table->names, name, 2 + (size_t)record->host.len, number)) {
        return false;
    }
    if (*number == known) {
        table->baselines[known] = (struct baseline){.version = version};
    }
    return true;
}

bool baseline_table_number(struct baseline_table *table, const struct record *record,
                           uint32_t *number)
{
    const uint16_t version = record->handshake.version;

    if (host_numbers_find(&table->numbers, record->host_id, version, number)) {
        return true;
    }
    if (!number_by_name(table, record, number)) {
        return false;
    }
    host_numbers_keep(&table->numbers, record->host_id, version, *number);
    return true;
}

bool baseline_table_add(struct baseline_table *table, const struct record *record, uint32_t *number)
{
    if (!baseline_table_number(table, record, number)) {
        return false;
    }
    baseline_count(&table->baselines[*number].counts, record->handshake.verdict,
                   record->handshake.rtts_tls, 1);
    return true;
}

uint32_t baseline_table_count(const struct baseline_table *table)
{
    return name_table_count(table->names);
}

/* RFC 5246, 7.3: two round trips; RFC 8446, 2: one. */
static int rtts_of_protocol(uint16_t version)
{
    if (version == 0) {
        return HANDSHAKE_RTTS_NULL;
    }
    return version == VERSION_TLS_1_3 || version == VERSION_DTLS_1_3 ? 1 : 2;
}

/* HANDSHAKE_RTTS_NULL if none was counted. */
static int most_common(const uint32_t seen[BASELINE_RTTS])
{
    int most = 0;

    for (int rtts = 1; rtts < BASELINE_RTTS; rtts++) {
        if (seen[rtts] > seen[most]) {
            most = rtts;
        }
    }
    return seen[most] > 0 ? most : HANDSHAKE_RTTS_NULL;
}

static void count_up(uint32_t *seen, uint64_t handshakes)
{
    *seen = handshakes > UINT32_MAX - *seen ? UINT32_MAX : *seen + (uint32_t)handshakes;
}

void baseline_count(struct baseline_counts *counts, enum verdict verdict, int rtts_tls,
                    uint64_t handshakes)
{
    if (rtts_tls < 0 || rtts_tls >= BASELINE_RTTS) {
        return;
    }
    if (verdict == VERDICT_FULL) {
        count_up(&counts->full[rtts_tls], handshakes);
    } else if (verdict_is_resumed(verdict)) {
        count_up(&counts->resumed[rtts_tls], handshakes);
    }
}

int baseline_full_rtts(const struct baseline_counts *counts, uint16_t version)
{
    int rtts = most_common(counts->full);

    return rtts != HANDSHAKE_RTTS_NULL ? rtts : rtts_of_protocol(version);
}

/* One round trip in every version: RFC 5246, 7.3; RFC 8446, 2.2. */
int baseline_resumed_rtts(const struct baseline_counts *counts, uint16_t version)
{
    int rtts = most_common(counts->resumed);

    if (rtts == HANDSHAKE_RTTS_NULL && version != 0) {
        return 1;
    }
    return rtts;
}

int baseline_table_rtts(const struct baseline_table *table, uint32_t number)
{
    const struct baseline *baseline = &table->baselines[number];
    return baseline_full_rtts(&baseline->counts, baseline->version);
}

int baseline_table_resumed_rtts(const struct baseline_table *table, uint32_t number)
{
    const struct baseline *baseline = &table->baselines[number];
    return baseline_resumed_rtts(&baseline->counts, baseline->version);
}

int64_t baseline_rtts_saved(int full_rtts, enum verdict verdict, int resumed_rtts)
{
    if (!verdict_is_resumed(verdict) || full_rtts < 0 || resumed_rtts < 0) {
        return HANDSHAKE_NULL;
    }
    return full_rtts - resumed_rtts;
}
