/* What repeats in handshakes and is stored once: hosts, server endpoints, texts. Each is
 * looked up in memory first (bounded caches), then in the database, then added to it. */
#ifndef REPRISE_STORE_DICTIONARY_H
#define REPRISE_STORE_DICTIONARY_H

#include "store/cache.h"
#include "store/database.h"

#include "dissect/handshake.h"

struct dictionary {
    struct database *db;
    struct cache *hosts;
    struct cache *servers;
    struct cache *texts;
};

/* db: borrowed. On failure there is nothing to close. */
MUST_CHECK bool dictionary_open(struct dictionary *dictionary, struct database *db,
                                struct error *error);
void dictionary_close(struct dictionary *dictionary);

/* Forgets what is in memory: rows that a rollback took away must not be found any more. */
void dictionary_forget(struct dictionary *dictionary);

/* first_seen_ns: of a host that is not known yet. */
MUST_CHECK bool dictionary_host(struct dictionary *dictionary, const struct wire_text *name,
                                int64_t first_seen_ns, int64_t *out, struct error *error);
MUST_CHECK bool dictionary_server(struct dictionary *dictionary, const struct endpoint *server,
                                  int64_t *out, struct error *error);
/* HANDSHAKE_NULL for no text (len 0). */
MUST_CHECK bool dictionary_text(struct dictionary *dictionary, const char *data, size_t len,
                                int64_t *out, struct error *error);

#endif
