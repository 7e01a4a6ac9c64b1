#include "report/number_table.h"

#include "report/name_hash.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64 };

struct slot {
    int64_t key;
    uint32_t number; /* and 1; 0: free */
};

struct number_table {
    uint64_t key[2];
    struct slot *slots;
    size_t slot_count; /* a power of two, at least half of it free */
    uint32_t count;
};

struct number_table *number_table_new(const uint8_t key[NAME_TABLE_KEY_BYTES])
{
    struct number_table *table = calloc(1, sizeof(*table));
    if (table == NULL) {
        return NULL;
    }
    memcpy(table->key, key, sizeof(table->key));
    table->slot_count = FIRST_SLOTS;
    table->slots = calloc(FIRST_SLOTS, sizeof(*table->slots));
    if (table->slots == NULL) {
        free(table);
        return NULL;
    }
    return table;
}

void number_table_free(struct number_table *table)
{
    if (table != NULL) {
        free(table->slots);
        free(table);
    }
}

/* The slot that holds the key, or the free one it belongs in. */
static struct slot *slot_of(const struct number_table *table, int64_t wanted)
{
    const size_t last = table->slot_count - 1;
    size_t at = (size_t)name_hash(table->key, (const char *)&wanted, sizeof(wanted)) & last;

    while (table->slots[at].number != 0 && table->slots[at].key != wanted) {
        at = (at + 1) & last;
    }
    return &table->slots[at];
}

static bool grow(struct number_table *table)
{
    struct slot *const old = table->slots;
    const size_t old_count = table->slot_count;
    struct slot *slots = calloc(old_count * 2, sizeof(*slots));
    if (slots == NULL) {
        return false;
    }
    table->slots = slots;
    table->slot_count = old_count * 2;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].number != 0) {
            *slot_of(table, old[i].key) = old[i];
        }
    }
    free(old);
    return true;
}

bool number_table_add(struct number_table *table, int64_t wanted, uint32_t *out)
{
    struct slot *slot = slot_of(table, wanted);

    if (slot->number == 0) {
        if (table->count == UINT32_MAX - 1 ||
            (((size_t)table->count + 1) * 2 > table->slot_count && !grow(table))) {
            return false;
        }
        slot = slot_of(table, wanted);
        *slot = (struct slot){wanted, ++table->count};
    }
    *out = slot->number - 1;
    return true;
}

bool number_table_find(const struct number_table *table, int64_t wanted, uint32_t *out)
{
    const struct slot *slot = slot_of(table, wanted);

    if (slot->number == 0) {
        return false;
    }
    *out = slot->number - 1;
    return true;
}

uint32_t number_table_count(const struct number_table *table)
{
    return table->count;
}
