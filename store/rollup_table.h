/* Rows of table `rollup`, written, dropped, and put together. Private to store/rollups.c. */
#ifndef REPRISE_STORE_ROLLUP_TABLE_H
#define REPRISE_STORE_ROLLUP_TABLE_H

#include "store/database.h"
#include "store/packing.h"
#include "store/rollups.h"

enum { ROLLUP_TABLE_JOINED = 1 << ROLLUPS_JOIN_BITS };

struct rollup_place {
    int64_t first;
    int64_t ids;
    int64_t first_ns;
    int64_t last_ns;
};

struct rollup_contents {
    struct packing_writer packed; /* store/rollup_block.h */
    struct packing_writer offers; /* store/packed_offers.h */
    bool has_no_offers;           /* they are not known */
};

MUST_CHECK bool rollup_table_write(struct database *db, const struct rollup_place *row,
                                   const struct rollup_contents *contents, struct error *error);

/* Those that begin in these ids. */
MUST_CHECK bool rollup_table_drop(struct database *db, int64_t first, int64_t end,
                                  struct error *error);

/* Makes one of the ROLLUP_TABLE_JOINED rows of so many ids each that begin in the place's ids, if
 * there are as many. */
MUST_CHECK bool rollup_table_join(struct database *db, const struct rollup_place *place,
                                  int64_t ids_each, struct error *error);

#endif
