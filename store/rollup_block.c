#include "store/rollup_block.h"

#include <stdlib.h>

void rollup_merge_begin(struct rollup_merge *merge)
{
    merge->slot_s = 1;
    merge->is_damaged = false;
    merge->has_no_memory = false;
    for (size_t i = 0; i < merge->count; i++) {
        const int64_t slot_s = merge->cursors[i].units.slot_s;
        merge->slot_s = slot_s > merge->slot_s ? slot_s : merge->slot_s;
    }
}

/* ---- Reading ---- */

enum { SLOT_S_MAX = 1 << 30 };

bool rollup_cursor_begin(struct rollup_cursor *cursor, const uint8_t *data, size_t len)
{
    uint64_t base;
    uint64_t slot_s;

    *cursor = (struct rollup_cursor){.rest = {data, len}};
    if (!packing_read(&cursor->rest, &base) || !packing_read(&cursor->rest, &slot_s) ||
        slot_s == 0 || slot_s > SLOT_S_MAX) {
        return false;
    }
    cursor->units = (struct rollup_units){packing_unsigned(base), (int64_t)slot_s};
    if (cursor->rest.len == 0) {
        cursor->is_at_end = true;
        return true;
    }
    uint64_t host;
    uint64_t bytes;
    if (!packing_read(&cursor->rest, &host) || !packing_read(&cursor->rest, &bytes)) {
        return false;
    }
    cursor->host = host;
    return packing_split(&cursor->rest, bytes, &cursor->body);
}

bool rollup_cursor_next(struct rollup_cursor *cursor)
{
    uint64_t more;
    uint64_t bytes;

    if (cursor->rest.len == 0) {
        cursor->is_at_end = true;
        return true;
    }
    if (!packing_read(&cursor->rest, &more) || more == 0 || more > UINT64_MAX - cursor->host ||
        !packing_read(&cursor->rest, &bytes)) {
        return false;
    }
    cursor->host += more;
    return packing_split(&cursor->rest, bytes, &cursor->body);
}

/* False: all are at their end. */
static bool find_next_host(const struct rollup_merge *merge, uint64_t *out)
{
    bool is_found = false;

    for (size_t i = 0; i < merge->count; i++) {
        const struct rollup_cursor *cursor = &merge->cursors[i];
        if (!cursor->is_at_end && (!is_found || cursor->host < *out)) {
            *out = cursor->host;
            is_found = true;
        }
    }
    return is_found;
}

/* All of one length, as only those can be told from each other and counted together. */
static bool take_host(struct rollup_merge *merge, struct rollup_cursor *cursor, struct rollup *out)
{
    const struct rollup_cursor at = *cursor;

    if (!rollup_unpack(at.body, &at.units, out) || !rollup_cursor_next(cursor)) {
        merge->is_damaged = true;
    }
    return !merge->is_damaged;
}

/* Of the cursors that are at this host. */
static bool take_all(struct rollup_merge *merge, uint64_t host, struct rollup *out)
{
    rollup_clear(out);
    for (size_t i = 0; i < merge->count; i++) {
        struct rollup_cursor *cursor = &merge->cursors[i];
        if (!cursor->is_at_end && cursor->host == host && !take_host(merge, cursor, out)) {
            return false;
        }
    }
    rollup_widen_slots(out, merge->slot_s);
    merge->has_no_memory = !rollup_settle(out);
    return !merge->has_no_memory;
}

bool rollup_merge_next(struct rollup_merge *merge, int64_t *host, struct rollup *out)
{
    uint64_t next = 0;

    if (!find_next_host(merge, &next)) {
        return false;
    }
    *host = (int64_t)next;
    return take_all(merge, next, out);
}

static bool skip_to(struct rollup_cursor *cursor, uint64_t host)
{
    bool is_whole = true;

    while (is_whole && !cursor->is_at_end && cursor->host < host) {
        is_whole = rollup_cursor_next(cursor);
    }
    return is_whole;
}

bool rollup_merge_find(struct rollup_merge *merge, int64_t host, struct rollup *out)
{
    for (size_t i = 0; i < merge->count; i++) {
        if (!skip_to(&merge->cursors[i], (uint64_t)host)) {
            merge->is_damaged = true;
            return false;
        }
    }
    return take_all(merge, (uint64_t)host, out);
}

/* ---- Writing ---- */

void rollup_block_begin(const struct rollup_units *units, struct packing_writer *out)
{
    packing_write(out, packing_signed(units->base_ns));
    packing_write(out, (uint64_t)units->slot_s);
}

void rollup_block_add(uint64_t host, uint64_t before, const struct packing_writer *body,
                      struct packing_writer *out)
{
    packing_write(out, host - before);
    packing_write(out, body->len);
    packing_write_bytes(out, body->data, body->len);
    out->has_failed = out->has_failed || body->has_failed;
}

bool rollup_block_join(struct rollup_merge *merge, int64_t slot_s, struct packing_writer *out)
{
    struct packing_writer body = {.data = NULL};
    struct rollup rollup = {.first_ns = 0};
    uint64_t before = 0;
    int64_t host;

    rollup_merge_begin(merge);
    merge->slot_s = slot_s > merge->slot_s ? slot_s : merge->slot_s;
    const struct rollup_units units = {
        .base_ns = merge->count > 0 ? merge->cursors[0].units.base_ns : 0,
        .slot_s = merge->slot_s,
    };
    rollup_block_begin(&units, out);
    while (rollup_merge_next(merge, &host, &rollup)) {
        body.len = 0;
        rollup_pack(&rollup, &units, &body);
        rollup_block_add((uint64_t)host, before, &body, out);
        before = (uint64_t)host;
    }
    rollup_free(&rollup);
    free(body.data);
    return !merge->is_damaged && !merge->has_no_memory && !out->has_failed;
}
