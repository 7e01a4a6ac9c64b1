/* Any bytes as lists of offers: what can be read of them is the same when it is packed again. */
#include "store/packed_offers.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static void pack_again(const struct offer_record *offer)
{
    struct packed_offers packed = {.id = 0};
    struct packing_writer writer = {.data = NULL};
    struct packed_offers_cursor cursor;
    struct offer_record again;

    packed_offers_add(&packed, offer);
    packed_offers_end(&packed, &writer);
    packed_offers_begin(&cursor, writer.data, writer.len);
    must(packed_offers_next(&cursor, &again));
    must(again.id == offer->id && again.time_ns == offer->time_ns &&
         again.host_id == offer->host_id && again.age_s == offer->age_s &&
         again.lifetime_hint_s == offer->lifetime_hint_s && again.outcome == offer->outcome &&
         again.is_replaced == offer->is_replaced && strcmp(again.client, offer->client) == 0);
    free(packed.bytes.data);
    free(writer.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct packed_offers_cursor cursor;
    struct offer_record offer;

    packed_offers_begin(&cursor, data, size);
    while (packed_offers_next(&cursor, &offer)) {
        pack_again(&offer);
    }
    return 0;
}
