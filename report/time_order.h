/* Puts things in the order of their times, which they mostly have already. PURE. */
#ifndef REPRISE_REPORT_TIME_ORDER_H
#define REPRISE_REPORT_TIME_ORDER_H

#include <stddef.h>
#include <stdint.h>

struct time_order_item {
    int64_t time_ns; /* any value */
    uint32_t index;  /* of the thing; not looked at */
};

/* Of equal times those that came first stay first. room: for as many, whatever it holds. As many
 * steps for any times: a capture cannot make it slow. */
void time_order_sort(struct time_order_item *items, size_t count, struct time_order_item *room);

#endif
