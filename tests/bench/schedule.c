#include "tests/bench/schedule.h"

static bool is_before(struct schedule_entry a, struct schedule_entry b)
{
    return a.time_us != b.time_us ? a.time_us < b.time_us : a.slot < b.slot;
}

void schedule_add(struct schedule *schedule, int64_t time_us, uint32_t slot)
{
    const struct schedule_entry entry = {time_us, slot};
    uint32_t at = schedule->count++;

    while (at > 0 && is_before(entry, schedule->entries[(at - 1) / 2])) {
        schedule->entries[at] = schedule->entries[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    schedule->entries[at] = entry;
}

bool schedule_next(struct schedule *schedule, struct schedule_entry *out)
{
    uint32_t at = 0;

    if (schedule->count == 0) {
        return false;
    }
    *out = schedule->entries[0];
    const struct schedule_entry last = schedule->entries[--schedule->count];
    for (uint32_t child = 1; child < schedule->count; child = 2 * at + 1) {
        if (child + 1 < schedule->count &&
            is_before(schedule->entries[child + 1], schedule->entries[child])) {
            child++;
        }
        if (!is_before(schedule->entries[child], last)) {
            break;
        }
        schedule->entries[at] = schedule->entries[child];
        at = child;
    }
    schedule->entries[at] = last;
    return true;
}
