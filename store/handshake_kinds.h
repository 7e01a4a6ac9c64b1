/* What many handshakes have in common, stored once: table `handshake_kind`. A kind is looked up in
 * memory first (bounded), then in the database, then added to it. */
#ifndef REPRISE_STORE_HANDSHAKE_KINDS_H
#define REPRISE_STORE_HANDSHAKE_KINDS_H

#include "store/dictionary.h"
#include "store/words.h"

struct handshake_kinds {
    struct database *db;
    struct dictionary *dictionary;
    struct words *words;
    struct cache *cache;
};

/* Columns besides the id. */
#define HANDSHAKE_KIND_COLUMNS "facts, version, cipher, anomalies, alpn, carrier, messages"

/* All borrowed. On failure there is nothing to close. */
MUST_CHECK bool handshake_kinds_open(struct handshake_kinds *kinds, struct dictionary *dictionary,
                                     struct words *words, struct error *error);
void handshake_kinds_close(struct handshake_kinds *kinds);

/* After a rollback. */
void handshake_kinds_forget(struct handshake_kinds *kinds);

struct handshake_kind {
    const struct handshake *handshake;
    int64_t facts;       /* handshake_row_facts() */
    const char *carrier; /* NULL: none */
};

/* The row; its texts and the word of its cipher are stored, too. */
MUST_CHECK bool handshake_kinds_find(struct handshake_kinds *kinds,
                                     const struct handshake_kind *kind, int64_t *out,
                                     struct error *error);

#endif
