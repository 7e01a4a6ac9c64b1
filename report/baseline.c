#include "report/baseline.h"

#include "report/array.h"
#include "report/host_numbers.h"

#include <stdlib.h>
#include <string.h>

enum {
    RTTS_COUNTED = 16, /* more round trips than this are no flights but an accident */
    VERSION_TLS_1_3 = 0x0304,
    VERSION_DTLS_1_3 = 0xfefc,
};

struct baseline {
    uint16_t version;
    uint32_t full[RTTS_COUNTED]; /* handshakes by rtts_tls */
    uint32_t resumed[RTTS_COUNTED];
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
    struct baseline *baseline = &table->baselines[*number];
    int8_t rtts = record->handshake.rtts_tls;
    if (rtts < 0 || rtts >= RTTS_COUNTED) {
        return true;
    }
    if (record->handshake.verdict == VERDICT_FULL) {
        baseline->full[(uint8_t)rtts]++;
    } else if (verdict_is_resumed(record->handshake.verdict)) {
        baseline->resumed[(uint8_t)rtts]++;
    }
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
static int most_common(const uint32_t seen[RTTS_COUNTED])
{
    int most = 0;

    for (int rtts = 1; rtts < RTTS_COUNTED; rtts++) {
        if (seen[rtts] > seen[most]) {
            most = rtts;
        }
    }
    return seen[most] > 0 ? most : HANDSHAKE_RTTS_NULL;
}

int baseline_table_rtts(const struct baseline_table *table, uint32_t number)
{
    const struct baseline *baseline = &table->baselines[number];
    int rtts = most_common(baseline->full);

    return rtts != HANDSHAKE_RTTS_NULL ? rtts : rtts_of_protocol(baseline->version);
}

/* One round trip in every version: RFC 5246, 7.3; RFC 8446, 2.2. */
int baseline_table_resumed_rtts(const struct baseline_table *table, uint32_t number)
{
    const struct baseline *baseline = &table->baselines[number];
    int rtts = most_common(baseline->resumed);

    if (rtts == HANDSHAKE_RTTS_NULL && baseline->version != 0) {
        return 1;
    }
    return rtts;
}

int64_t baseline_rtts_saved(int full_rtts, enum verdict verdict, int resumed_rtts)
{
    if (!verdict_is_resumed(verdict) || full_rtts < 0 || resumed_rtts < 0) {
        return HANDSHAKE_NULL;
    }
    return full_rtts - resumed_rtts;
}
