#include "store/handshake_kinds.h"

#include "store/statements.h"
#include "store/text.h"

#include <string.h>

/* A network's kinds are some thousands at most. One with longer texts is looked up each time. */
enum { KINDS_KEPT = 8192, KEY_BYTES_KEPT = 200 };

/* The numbers, then the texts without their ends: their lengths are among the numbers. */
struct key {
    int64_t facts;
    uint32_t anomalies;
    uint16_t version;
    uint16_t cipher;
    uint8_t has_cipher;
    uint8_t alpn_bytes;
    uint8_t carrier_bytes;
    uint8_t messages_bytes;
    char texts[sizeof(((struct wire_text *)NULL)->text) + CARRIER_GUESS_BYTES +
               HANDSHAKE_MESSAGES_BYTES];
};

enum { TEXTS_AT = offsetof(struct key, texts) };

_Static_assert(TEXTS_AT == 20, "no byte of it is left unset");

bool handshake_kinds_open(struct handshake_kinds *kinds, struct dictionary *dictionary,
                          struct words *words, struct error *error)
{
    *kinds = (struct handshake_kinds){
        .db = dictionary->db,
        .dictionary = dictionary,
        .words = words,
        .cache = cache_new(KINDS_KEPT, KEY_BYTES_KEPT, sizeof(int64_t)),
    };
    return kinds->cache != NULL || error_set(error, "%s: no memory to open it", kinds->db->path);
}

void handshake_kinds_close(struct handshake_kinds *kinds)
{
    cache_free(kinds->cache);
    *kinds = (struct handshake_kinds){0};
}

void handshake_kinds_forget(struct handshake_kinds *kinds)
{
    cache_clear(kinds->cache);
}

static size_t add_text(struct key *key, size_t at, const char *text, uint8_t len)
{
    memcpy(key->texts + at, text, len);
    return at + len;
}

/* Returns its length. */
static size_t make_key(const struct handshake_kind *kind, struct key *out)
{
    const struct handshake *const handshake = kind->handshake;
    const char *const carrier = kind->carrier != NULL ? kind->carrier : "";

    out->facts = kind->facts;
    out->anomalies = handshake->anomalies;
    out->version = handshake->version;
    out->cipher = handshake->has_cipher ? handshake->cipher : 0;
    out->has_cipher = handshake->has_cipher;
    out->alpn_bytes = handshake->alpn.len;
    out->carrier_bytes = (uint8_t)strnlen(carrier, CARRIER_GUESS_BYTES);
    out->messages_bytes = (uint8_t)strnlen(handshake->messages, sizeof(handshake->messages));
    size_t len = add_text(out, 0, handshake->alpn.text, out->alpn_bytes);
    len = add_text(out, len, carrier, out->carrier_bytes);
    len = add_text(out, len, handshake->messages, out->messages_bytes);
    return TEXTS_AT + len;
}

/* A row's id; 0: no text. */
static bool find_text(struct handshake_kinds *kinds, const char *text, size_t len, int64_t *out,
                      struct error *error)
{
    if (!dictionary_text(kinds->dictionary, text, len, out, error)) {
        return false;
    }
    if (*out == HANDSHAKE_NULL) {
        *out = 0;
    }
    return true;
}

enum { ALPN, CARRIER, MESSAGES, TEXTS };

static bool find_texts(struct handshake_kinds *kinds, const struct key *key, int64_t out[TEXTS],
                       struct error *error)
{
    const char *const carrier = key->texts + key->alpn_bytes;
    const char *const messages = carrier + key->carrier_bytes;

    return find_text(kinds, key->texts, key->alpn_bytes, &out[ALPN], error) &&
           find_text(kinds, carrier, key->carrier_bytes, &out[CARRIER], error) &&
           find_text(kinds, messages, key->messages_bytes, &out[MESSAGES], error);
}

static void bind(sqlite3_stmt *statement, const struct key *key, const int64_t texts[TEXTS])
{
    number_bind(statement, 1, key->facts);
    number_bind(statement, 2, key->version);
    number_bind(statement, 3, key->has_cipher != 0 ? key->cipher : -1);
    number_bind(statement, 4, key->anomalies);
    number_bind(statement, 5, texts[ALPN]);
    number_bind(statement, 6, texts[CARRIER]);
    number_bind(statement, 7, texts[MESSAGES]);
}

static bool find_or_add(struct handshake_kinds *kinds, const struct key *key, int64_t *out,
                        struct error *error)
{
    struct database *const db = kinds->db;
    int64_t texts[TEXTS];

    if (!find_texts(kinds, key, texts, error) ||
        (key->has_cipher != 0 && !words_add_cipher(kinds->words, db, key->cipher, error))) {
        return false;
    }
    bind(db->statements[WRITE_FIND_KIND], key, texts);
    const enum database_step step = database_step(db, WRITE_FIND_KIND, error);
    if (step == DATABASE_ROW) {
        *out = sqlite3_column_int64(db->statements[WRITE_FIND_KIND], 0);
        database_reset(db, WRITE_FIND_KIND);
    }
    if (step != DATABASE_DONE) {
        return step == DATABASE_ROW;
    }
    bind(db->statements[WRITE_ADD_KIND], key, texts);
    if (!database_run(db, WRITE_ADD_KIND, error)) {
        return false;
    }
    *out = sqlite3_last_insert_rowid(db->handle);
    return true;
}

bool handshake_kinds_find(struct handshake_kinds *kinds, const struct handshake_kind *kind,
                          int64_t *out, struct error *error)
{
    struct key key;
    const size_t len = make_key(kind, &key);
    const int64_t *known = cache_find(kinds->cache, &key, len);

    if (known != NULL) {
        *out = *known;
        return true;
    }
    if (!find_or_add(kinds, &key, out, error)) {
        return false;
    }
    cache_put(kinds->cache, &key, len, out);
    return true;
}
