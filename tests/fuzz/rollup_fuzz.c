/* Any bytes as blocks of rollups: what can be read of them is in order, and packed again it is the
 * same. The first byte says where the second block begins. */
#include "store/rollup_block.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static void check_order(const struct rollup *rollup)
{
    for (size_t i = 1; i < rollup->tally_count; i++) {
        must(rollup->tallies[i - 1].head <= rollup->tallies[i].head);
    }
    for (size_t i = 1; i < rollup->shape_count; i++) {
        must(rollup->shapes[i - 1].version <= rollup->shapes[i].version);
    }
}

static void check_same(const struct rollup *a, const struct rollup *b)
{
    must(a->shape_count == b->shape_count && a->tally_count == b->tally_count);
    for (size_t i = 0; i < a->tally_count; i++) {
        must(a->tallies[i].code == b->tallies[i].code &&
             a->tallies[i].count == b->tallies[i].count);
    }
    for (size_t i = 0; i < a->shape_count; i++) {
        must(a->shapes[i].facts == b->shapes[i].facts && a->shapes[i].bytes == b->shapes[i].bytes);
    }
}

/* Sums of counts that do not fit are cut off, and cannot be packed again. */
static bool is_packable(const struct rollup *rollup)
{
    for (size_t i = 0; i < rollup->shape_count; i++) {
        if (rollup->shapes[i].count > UINT32_MAX) {
            return false;
        }
    }
    return true;
}

static void pack_again(const struct rollup *rollup, int64_t slot_s)
{
    const struct rollup_units units = {.slot_s = slot_s};
    struct packing_writer packed = {.data = NULL};
    struct rollup again = {.first_ns = 0};

    rollup_pack(rollup, &units, &packed);
    const struct packing_reader reader = {packed.data, packed.len};
    must(rollup_unpack(reader, &units, &again));
    check_same(rollup, &again);
    rollup_free(&again);
    free(packed.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rollup_cursor cursors[2];
    struct rollup_merge merge = {.cursors = cursors};
    struct rollup rollup = {.first_ns = 0};
    int64_t host;

    if (size == 0) {
        return 0;
    }
    const size_t first = data[0] < size - 1 ? data[0] : size - 1;
    merge.count += rollup_cursor_begin(&cursors[merge.count], data + 1, first);
    merge.count += rollup_cursor_begin(&cursors[merge.count], data + 1 + first, size - 1 - first);
    rollup_merge_begin(&merge);
    while (rollup_merge_next(&merge, &host, &rollup)) {
        check_order(&rollup);
        if (is_packable(&rollup)) {
            pack_again(&rollup, merge.slot_s);
        }
    }
    rollup_free(&rollup);
    return 0;
}
