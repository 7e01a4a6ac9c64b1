/* Which key a ticket is under: names that are known, and the learning of new ones. A name that is
 * known is known at every server at once, and in TLS 1.3, where PSK identities begin as tickets
 * do. */
#ifndef REPRISE_STORE_TICKET_KEYS_H
#define REPRISE_STORE_TICKET_KEYS_H

#include "store/key_uses.h"
#include "store/ticket_learner.h"

enum {
    TICKET_KEYS_MAX = 32768, /* names in memory */
    TICKET_KEYS_IVS = 65536, /* IVs remembered */
    TICKET_KEY_TEXT_BYTES = 2 * TICKET_KEY_NAME_BYTES + 1,
};

struct known_key {
    int64_t id; /* its row; 0: an empty slot */
    uint8_t name[TICKET_KEY_NAME_BYTES];
    uint8_t name_bytes;
    uint8_t warnings; /* 1u << enum ticket_warning */
    uint16_t layouts;
};

struct seen_iv;

struct ticket_keys {
    struct database *db;
    struct key_uses *uses;
    struct ticket_learner *learner;
    struct known_key *slots; /* open addressing */
    struct seen_iv *ivs;
    size_t count;
    bool is_loaded;
    int64_t data_version; /* of SQLite: it changes when another connection commits */
};

/* db, uses: borrowed. On failure there is nothing to close. */
MUST_CHECK bool ticket_keys_open(struct ticket_keys *keys, struct database *db,
                                 struct key_uses *uses, struct error *error);
void ticket_keys_close(struct ticket_keys *keys);

/* To be called first in each transaction. */
MUST_CHECK bool ticket_keys_begin(struct ticket_keys *keys, int64_t data_version,
                                  struct error *error);

/* After a rollback: neither keys nor sessions may be in the database. */
void ticket_keys_forget(struct ticket_keys *keys);

/* NULL: no known name. Valid until ticket_keys_note(). */
struct known_key *ticket_keys_find(const struct ticket_keys *keys,
                                   const struct ticket_shape *shape);

/* A ticket issued or offered, whose session has its row now. */
struct ticket_sighting {
    const struct ticket_shape *shape;
    const struct session_hash *hash;
    int64_t session;
    int64_t host;
    int64_t server;
    bool is_new; /* the row did not exist before */
    enum key_event event;
    int64_t time_ns;
};

/* Keeps it: under its key, or with the learner; gives sessions the key that becomes known. */
MUST_CHECK bool ticket_keys_note(struct ticket_keys *keys, const struct ticket_sighting *sighting,
                                 struct error *error);

/* One more thing is wrong with a key. */
MUST_CHECK bool ticket_keys_warn(struct ticket_keys *keys, struct known_key *key, uint8_t warnings,
                                 struct error *error);

/* The name in lower-case hex. */
void ticket_key_text(const struct known_key *key, char out[TICKET_KEY_TEXT_BYTES]);

#endif
