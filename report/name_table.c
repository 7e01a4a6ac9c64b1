#include "report/name_table.h"

#include "report/array.h"
#include "report/name_hash.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 64 };

struct entry {
    uint64_t hash;
    size_t start; /* of the name in text */
    size_t len;
};

struct name_table {
    uint64_t key[2];
    struct entry *entries;
    size_t entry_capacity;
    uint32_t count;
    uint32_t *slots;   /* number + 1; 0: free */
    size_t slot_count; /* a power of two, more than half of it free */
    char *text;
    size_t text_capacity;
    size_t text_len;
};

struct name_table *name_table_new(const uint8_t key[NAME_TABLE_KEY_BYTES])
{
    struct name_table *table = calloc(1, sizeof(*table));
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

void name_table_free(struct name_table *table)
{
    if (table == NULL) {
        return;
    }
    free(table->entries);
    free(table->slots);
    free(table->text);
    free(table);
}

static bool entry_is(const struct name_table *table, const struct entry *entry, const char *name,
                     size_t len)
{
    return entry->len == len && (len == 0 || memcmp(table->text + entry->start, name, len) == 0);
}

/* The slot that holds the name, or the free one it belongs in. */
static size_t slot_of(const struct name_table *table, uint64_t hash, const char *name, size_t len)
{
    size_t slot = (size_t)hash & (table->slot_count - 1);

    while (table->slots[slot] != 0) {
        const struct entry *entry = &table->entries[table->slots[slot] - 1];
        if (entry->hash == hash && entry_is(table, entry, name, len)) {
            break;
        }
        slot = (slot + 1) & (table->slot_count - 1);
    }
    return slot;
}

static bool grow_slots(struct name_table *table)
{
    size_t doubled = table->slot_count * 2;
    uint32_t *slots = calloc(doubled, sizeof(*slots));
    if (slots == NULL) {
        return false;
    }
    for (uint32_t number = 0; number < table->count; number++) {
        size_t slot = (size_t)table->entries[number].hash & (doubled - 1);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (doubled - 1);
        }
        slots[slot] = number + 1;
    }
    free(table->slots);
    table->slots = slots;
    table->slot_count = doubled;
    return true;
}

static bool make_room(struct name_table *table, size_t len)
{
    struct entry *entries = array_reserve(table->entries, &table->entry_capacity,
                                          (size_t)table->count + 1, sizeof(*entries));
    if (entries == NULL) {
        return false;
    }
    table->entries = entries;
    char *text = array_reserve(table->text, &table->text_capacity, table->text_len + len, 1);
    if (text == NULL) {
        return false;
    }
    table->text = text;
    return ((size_t)table->count + 1) * 2 <= table->slot_count || grow_slots(table);
}

bool name_table_add(struct name_table *table, const char *name, size_t len, uint32_t *out)
{
    uint64_t hash = name_hash(table->key, name, len);
    size_t slot = slot_of(table, hash, name, len);

    if (table->slots[slot] != 0) {
        *out = table->slots[slot] - 1;
        return true;
    }
    if (table->count == UINT32_MAX - 1 || !make_room(table, len)) {
        return false;
    }
    if (len > 0) {
        memcpy(table->text + table->text_len, name, len);
    }
    table->entries[table->count] = (struct entry){hash, table->text_len, len};
    table->text_len += len;
    slot = slot_of(table, hash, name, len);
    *out = table->count++;
    table->slots[slot] = table->count;
    return true;
}

bool name_table_find(const struct name_table *table, const char *name, size_t len, uint32_t *out)
{
    const size_t slot = slot_of(table, name_hash(table->key, name, len), name, len);

    if (table->slots[slot] == 0) {
        return false;
    }
    *out = table->slots[slot] - 1;
    return true;
}

uint32_t name_table_count(const struct name_table *table)
{
    return table->count;
}

const char *name_table_name(const struct name_table *table, uint32_t number, size_t *len)
{
    *len = table->entries[number].len;
    return table->text + table->entries[number].start;
}
