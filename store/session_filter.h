/* Which sessions are certainly not in the index on disk: nearly every new one, and each lookup
 * there touches a page of its own. A Bloom filter of fixed size, made by reading the index once, a
 * piece with each batch, and only when it pays: a process that looks up few sessions does without.
 */
#ifndef REPRISE_STORE_SESSION_FILTER_H
#define REPRISE_STORE_SESSION_FILTER_H

#include "store/database.h"

enum {
    SESSION_FILTER_LINES = 131072, /* of 64 bytes: 8 MiB */
    SESSION_FILTER_LOOKUPS = 8192, /* that go by before it is made */
    SESSION_FILTER_PIECE = 131072, /* tags read with a batch */
};

struct session_filter {
    uint64_t *words; /* NULL: not begun */
    size_t lookups;
    bool is_whole;
    bool has_read; /* any piece */
    int64_t read;  /* the last tag of the last piece */
};

/* All zero is an empty one. */
void session_filter_clear(struct session_filter *filter);

/* A tag that the index on disk has got. */
void session_filter_add(struct session_filter *filter, int64_t tag);

/* True: the index on disk has not got it. */
MUST_CHECK bool session_filter_excludes(struct session_filter *filter, int64_t tag);

/* Once a batch: reads a piece of the index, if there is need. */
MUST_CHECK bool session_filter_read(struct session_filter *filter, struct database *db,
                                    struct error *error);

#endif
