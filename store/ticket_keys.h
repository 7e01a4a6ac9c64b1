/* Which key a ticket is under: names that are known, and the learning of new ones. A name that is
 * known is known at every server at once, and in TLS 1.3, where PSK identities begin as tickets
 * do. */
#ifndef REPRISE_STORE_TICKET_KEYS_H
#define REPRISE_STORE_TICKET_KEYS_H

#include "store/half_learnt.h"
#include "store/key_uses.h"
#include "store/pending_sessions.h"

enum {
    TICKET_KEYS_MAX = 32768, /* names in memory */
    TICKET_KEYS_IVS = 65536, /* IVs remembered */
    TICKET_KEY_TEXT_BYTES = 2 * TICKET_KEY_NAME_BYTES + 1,
};

struct known_key {
    int64_t id; /* its row */
    uint8_t name[TICKET_KEY_NAME_BYTES];
    uint8_t name_bytes;
    uint8_t warnings; /* 1u << enum ticket_warning */
    uint16_t layouts;
};

struct seen_iv;

struct ticket_keys {
    struct database *db;
    struct pending_sessions *sessions; /* rows of the running batch */
    struct key_uses *uses;
    struct half_learnt half;
    struct siphash_key marks_key;
    struct known_key *known; /* in the order they came */
    size_t count;
    uint16_t *slots; /* open addressing: 1 + the number of one; 0: an empty slot */
    bool is_loaded;
    struct seen_iv *ivs; /* a ring */
    size_t ivs_noted;
    uint32_t *iv_slots; /* by the IV: 1 + where the last of those that belong here is; 0: none */
    int64_t ivs_until;  /* the last session whose IV was read from the database */
    bool has_read_ivs;
    int64_t data_version; /* of SQLite: it changes when another connection commits */
};

/* sessions, uses: borrowed. On failure there is nothing to close. */
MUST_CHECK bool ticket_keys_open(struct ticket_keys *keys, struct pending_sessions *sessions,
                                 struct key_uses *uses, struct error *error);
void ticket_keys_close(struct ticket_keys *keys);

/* The key of the database's hashes: before the first ticket is noted. */
MUST_CHECK bool ticket_keys_use_key(struct ticket_keys *keys, const uint8_t session_key[16],
                                    struct error *error);

/* To be called first in each transaction, and last before its commit. */
MUST_CHECK bool ticket_keys_begin(struct ticket_keys *keys, int64_t data_version,
                                  struct error *error);
MUST_CHECK bool ticket_keys_flush(struct ticket_keys *keys, struct error *error);

/* After a rollback: neither keys nor sessions may be in the database. */
void ticket_keys_forget(struct ticket_keys *keys);

/* NULL: no known name. Valid until ticket_keys_note(). */
struct known_key *ticket_keys_find(const struct ticket_keys *keys,
                                   const struct ticket_shape *shape);

/* Of a ticket under the key: session.iv. */
int64_t ticket_keys_iv(const struct ticket_keys *keys, const struct known_key *key,
                       const struct ticket_shape *shape);

/* A ticket issued or offered, whose session has its row now. */
struct ticket_sighting {
    const struct ticket_shape *shape;
    int64_t session;
    int64_t host;
    int64_t server;
    bool is_new; /* the row did not exist before */
    int64_t iv;  /* of a new row whose key is known */
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
