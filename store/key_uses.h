/* Table ticket_key_use: what was seen of each ticket key, by host and server; and the refusals that
 * a change of key explains.
 *
 * What a batch adds is summed in memory and written when the batch is committed: a busy host then
 * costs one row's update and not thousands. At the same time `key-changed` is decided, for the
 * refusals of this batch by all that is known then; and taken back where a key that was thought
 * gone is accepted after all. */
#ifndef REPRISE_STORE_KEY_USES_H
#define REPRISE_STORE_KEY_USES_H

#include "store/database.h"
#include "store/key_use.h"

#include "base/attributes.h"

#include <stdbool.h>

struct key_place {
    int64_t key; /* rows */
    int64_t host;
    int64_t server;
};

enum {
    KEY_USES_MAX = 8192, /* rows in memory */
    KEY_USES_UNKNOWN = 2048,
};

struct known_use;
struct pending;
struct unknown_refusals;

struct key_uses {
    struct database *db;
    struct pending *pending; /* rows of the running batch */
    struct known_use *known; /* in the order they came */
    size_t count;
    uint16_t *slots;   /* open addressing: 1 + the number of one; 0: an empty slot */
    uint16_t *changed; /* numbers of those that differ from their rows */
    size_t changed_count;
    struct unknown_refusals *unknown; /* to be judged when the batch is committed */
    size_t unknown_count;
    int64_t first_handshake; /* row of this batch's first handshake; 0: none yet */
    int64_t data_version;    /* of SQLite: it changes when another connection commits */
    bool is_loaded;
    bool may_have_claims; /* some refusals are put down to a change of key */
};

/* db, pending: borrowed. On failure there is nothing to close. */
MUST_CHECK bool key_uses_open(struct key_uses *uses, struct database *db, struct pending *pending,
                              struct error *error);
void key_uses_close(struct key_uses *uses);

/* To be called first in each transaction. */
MUST_CHECK bool key_uses_begin(struct key_uses *uses, int64_t data_version, struct error *error);

/* After a rollback. */
void key_uses_forget(struct key_uses *uses);

MUST_CHECK bool key_uses_add(struct key_uses *uses, const struct key_place *place,
                             const struct key_use *use, struct error *error);

/* A ticket whose key is not known; place->key does not matter. */
MUST_CHECK bool key_uses_note_unknown(struct key_uses *uses, const struct key_place *place,
                                      enum key_event event, int64_t time_ns, struct error *error);

/* A handshake was added: its row. */
void key_uses_note_row(struct key_uses *uses, int64_t handshake);

/* To be called last in each transaction. */
MUST_CHECK bool key_uses_flush(struct key_uses *uses, struct error *error);

#endif
