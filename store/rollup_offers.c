#include "store/rollup_offers.h"

#include "store/statements.h"

#include <stdlib.h>

static enum query_result add_offers(struct query *query, struct packed_offers *offers,
                                    struct error *error)
{
    struct offer_record offer;
    enum query_result result;

    while ((result = query_next_offer(query, &offer, error)) == QUERY_ROW) {
        packed_offers_add(offers, &offer);
    }
    return result;
}

bool rollup_offers_pack(struct query *query, const struct id_range *ids, struct packing_writer *out,
                        struct error *error)
{
    struct packed_offers offers = {.id = 0};

    const bool is_read = query_begin_offers_of_ids(query, ids, error) &&
                         add_offers(query, &offers, error) == QUERY_DONE;
    packed_offers_end(&offers, out);
    free(offers.bytes.data);
    query_end_offers(query);
    return is_read;
}

int64_t rollup_offers_last_session(struct database *db)
{
    struct error error;
    int64_t last;

    if (database_step(db, WRITE_LAST_SESSION, &error) != DATABASE_ROW) {
        return -1;
    }
    last = sqlite3_column_int64(db->statements[WRITE_LAST_SESSION], 0);
    database_reset(db, WRITE_LAST_SESSION);
    return last;
}

void rollup_offers_begin_replaced(struct database *db, int64_t since)
{
    (void)sqlite3_bind_int64(db->statements[WRITE_FIND_REPLACED], 1, since);
}

enum database_step rollup_offers_next_replaced(struct database *db, int64_t *handshake,
                                               struct error *error)
{
    const enum database_step step = database_step(db, WRITE_FIND_REPLACED, error);

    if (step == DATABASE_ROW) {
        *handshake = sqlite3_column_int64(db->statements[WRITE_FIND_REPLACED], 0);
    }
    return step;
}
