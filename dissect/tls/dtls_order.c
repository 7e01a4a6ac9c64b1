#include "dissect/tls/dtls_order.h"

enum { OVERTAKEN_MAX = 32 };

void dtls_order_add(struct dtls_order *order, uint64_t sequence)
{
    if (!order->has_base) {
        order->has_base = true;
        order->base = sequence > OVERTAKEN_MAX ? sequence - OVERTAKEN_MAX : 0;
    }
    if (sequence < order->base || sequence - order->base >= DTLS_ORDER_RECORDS) {
        return;
    }
    const uint64_t at = sequence - order->base;
    order->seen[at / DTLS_ORDER_WORD_BITS] |= UINT64_C(1) << at % DTLS_ORDER_WORD_BITS;
}

bool dtls_order_is_whole(const struct dtls_order *order, uint64_t first, uint64_t last)
{
    if (!order->has_base || first < order->base || last <= first ||
        last - order->base >= DTLS_ORDER_RECORDS) {
        return false;
    }
    for (uint64_t at = first - order->base; at <= last - order->base; at++) {
        if ((order->seen[at / DTLS_ORDER_WORD_BITS] >> at % DTLS_ORDER_WORD_BITS & 1) == 0) {
            return false;
        }
    }
    return true;
}
