#include "store/time_spans.h"

#include "store/statements.h"

#include <string.h>

/* Two stretches, or two blocks, that follow each other have different places. */
static size_t place_of(int64_t slot, int64_t block)
{
    return (size_t)(((uint64_t)slot * 8 + (uint64_t)block) % TIME_SPANS_KEPT);
}

/* The same as >> in SQLite: towards minus infinity. */
static int64_t shifted(int64_t number, unsigned bits)
{
    return number < 0 ? ~(~number >> bits) : number >> bits;
}

void time_spans_forget(struct time_spans *spans)
{
    memset(spans, 0, sizeof(*spans));
}

bool time_spans_note(struct time_spans *spans, struct database *db, int64_t handshake,
                     int64_t time_ns, struct error *error)
{
    const int64_t slot = shifted(time_ns, TIME_SPANS_SLOT_BITS);
    const int64_t block = shifted(handshake, TIME_SPANS_BLOCK_BITS);
    const size_t place = place_of(slot, block);

    if (spans->kept[place].is_used && spans->kept[place].slot == slot &&
        spans->kept[place].block == block) {
        return true;
    }
    (void)sqlite3_bind_int64(db->statements[WRITE_ADD_SPAN], 1, slot);
    (void)sqlite3_bind_int64(db->statements[WRITE_ADD_SPAN], 2, block);
    if (!database_run(db, WRITE_ADD_SPAN, error)) {
        return false;
    }
    spans->kept[place].is_used = true;
    spans->kept[place].slot = slot;
    spans->kept[place].block = block;
    return true;
}
