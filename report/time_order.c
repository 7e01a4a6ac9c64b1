#include "report/time_order.h"

#include <stdbool.h>
#include <string.h>

enum { DIGIT_BITS = 8, DIGITS = 256, ROUNDS = 64 / DIGIT_BITS };

static bool is_in_order(const struct time_order_item *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (items[i - 1].time_ns > items[i].time_ns) {
            return false;
        }
    }
    return true;
}

/* Negative times come first. */
static size_t digit_of(const struct time_order_item *item, unsigned round)
{
    const uint64_t time = (uint64_t)item->time_ns ^ (uint64_t)1 << 63;
    return time >> (round * DIGIT_BITS) & (DIGITS - 1);
}

/* One round of a radix sort. False, and nothing done: all have the same digit. */
static bool sort_by_digit(const struct time_order_item *from, size_t count, unsigned round,
                          struct time_order_item *to)
{
    size_t next[DIGITS] = {0};
    size_t before = 0;

    for (size_t i = 0; i < count; i++) {
        next[digit_of(&from[i], round)]++;
    }
    if (next[digit_of(&from[0], round)] == count) {
        return false;
    }
    for (size_t digit = 0; digit < DIGITS; digit++) {
        const size_t of_digit = next[digit];
        next[digit] = before;
        before += of_digit;
    }
    for (size_t i = 0; i < count; i++) {
        to[next[digit_of(&from[i], round)]++] = from[i];
    }
    return true;
}

void time_order_sort(struct time_order_item *items, size_t count, struct time_order_item *room)
{
    struct time_order_item *from = items;
    struct time_order_item *to = room;

    if (is_in_order(items, count)) {
        return;
    }
    for (unsigned round = 0; round < ROUNDS; round++) {
        if (sort_by_digit(from, count, round, to)) {
            struct time_order_item *const sorted = to;
            to = from;
            from = sorted;
        }
    }
    if (from != items) {
        memcpy(items, from, count * sizeof(*items));
    }
}
