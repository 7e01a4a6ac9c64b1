#include "store/ticket_keys.h"

#include "store/statements.h"
#include "store/text.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2 * TICKET_KEYS_MAX, RELOADED = TICKET_KEYS_MAX / 2 };

/* What is compared of an IV: the shortest that is in use (AEAD). */
enum { IV_BYTES = 12 };

struct seen_iv {
    uint64_t hash;   /* of key and IV; 0: an empty slot */
    int64_t session; /* that had it */
};

bool ticket_keys_open(struct ticket_keys *keys, struct database *db, struct key_uses *uses,
                      struct error *error)
{
    *keys = (struct ticket_keys){
        .db = db,
        .uses = uses,
        .learner = ticket_learner_new(),
        .slots = calloc(SLOTS, sizeof(*keys->slots)),
        .ivs = calloc(TICKET_KEYS_IVS, sizeof(*keys->ivs)),
    };
    if (keys->learner == NULL || keys->slots == NULL || keys->ivs == NULL) {
        ticket_keys_close(keys);
        return error_set(error, "%s: no memory to open it", db->path);
    }
    return true;
}

void ticket_keys_close(struct ticket_keys *keys)
{
    ticket_learner_free(keys->learner);
    free(keys->slots);
    free(keys->ivs);
    *keys = (struct ticket_keys){0};
}

void ticket_keys_forget(struct ticket_keys *keys)
{
    keys->is_loaded = false;
    ticket_learner_clear(keys->learner);
    memset(keys->ivs, 0, TICKET_KEYS_IVS * sizeof(*keys->ivs));
}

/* Of 4, 12 or 16 bytes. Names made to collide only make looking them up slower. */
static uint64_t hash_of(const uint8_t *data, size_t len, uint64_t seed)
{
    const uint64_t odd = 0x9e3779b97f4a7c15U; /* 2^64 / golden ratio */
    uint64_t hash = (seed + len) * odd;

    for (size_t i = 0; i < len; i += sizeof(uint32_t)) {
        uint32_t word;
        memcpy(&word, data + i, sizeof(word));
        hash = (hash ^ word) * odd;
        hash ^= hash >> 29;
    }
    return hash;
}

/* The slot of a name, else the empty one where it would go. */
static struct known_key *slot_for(const struct ticket_keys *keys, const uint8_t *name,
                                  uint8_t name_bytes)
{
    size_t at = hash_of(name, name_bytes, 0) % SLOTS;

    while (keys->slots[at].id != 0 && (keys->slots[at].name_bytes != name_bytes ||
                                       memcmp(keys->slots[at].name, name, name_bytes) != 0)) {
        at = (at + 1) % SLOTS;
    }
    return &keys->slots[at];
}

/* Names beyond the limit are found again when their tickets are learnt anew. */
static void remember(struct ticket_keys *keys, const struct known_key *key)
{
    struct known_key *slot = slot_for(keys, key->name, key->name_bytes);

    if (slot->id == 0) {
        if (keys->count == TICKET_KEYS_MAX) {
            return;
        }
        keys->count++;
    }
    *slot = *key;
}

static int digit_of(char c)
{
    return c >= 'a' ? c - 'a' + 10 : c - '0';
}

static bool read_name(const char *text, struct known_key *out)
{
    const size_t len = strnlen(text, TICKET_KEY_TEXT_BYTES);

    if (len > (size_t)2 * TICKET_KEY_NAME_BYTES || strspn(text, "0123456789abcdef") != len) {
        return false;
    }
    out->name_bytes = (uint8_t)(len / 2);
    for (size_t i = 0; i < out->name_bytes; i++) {
        out->name[i] = (uint8_t)(digit_of(text[2 * i]) << 4 | digit_of(text[2 * i + 1]));
    }
    return true;
}

void ticket_key_text(const struct known_key *key, char out[TICKET_KEY_TEXT_BYTES])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < key->name_bytes; i++) {
        out[2 * i] = digits[key->name[i] >> 4];
        out[2 * i + 1] = digits[key->name[i] & 15];
    }
    out[(size_t)2 * key->name_bytes] = '\0';
}

/* The newest ones; room is left for more. */
static bool load(struct ticket_keys *keys, struct error *error)
{
    sqlite3_stmt *statement = keys->db->statements[WRITE_LOAD_KEYS];
    enum database_step step;

    memset(keys->slots, 0, SLOTS * sizeof(*keys->slots));
    keys->count = 0;
    number_bind(statement, 1, RELOADED);
    while ((step = database_step(keys->db, WRITE_LOAD_KEYS, error)) == DATABASE_ROW) {
        struct known_key key = {.id = sqlite3_column_int64(statement, 0)};
        char name[TICKET_KEY_TEXT_BYTES];
        text_read_string(statement, 1, name, sizeof(name));
        key.layouts = (uint16_t)sqlite3_column_int(statement, 2);
        key.warnings = (uint8_t)sqlite3_column_int(statement, 3);
        if (read_name(name, &key)) {
            remember(keys, &key);
        }
    }
    return step == DATABASE_DONE;
}

bool ticket_keys_begin(struct ticket_keys *keys, int64_t data_version, struct error *error)
{
    if (keys->is_loaded && keys->data_version == data_version && keys->count < TICKET_KEYS_MAX) {
        return true;
    }
    keys->is_loaded = load(keys, error);
    keys->data_version = data_version;
    return keys->is_loaded;
}

static struct known_key *find_name(const struct ticket_keys *keys, const struct ticket_shape *shape,
                                   uint8_t name_bytes)
{
    const uint16_t layouts = shape->layouts & ticket_layouts_named_by(name_bytes);

    if (layouts == 0 || shape->len < name_bytes) {
        return NULL;
    }
    struct known_key *key = slot_for(keys, shape->start, name_bytes);
    return key->id != 0 && (key->layouts & layouts) != 0 ? key : NULL;
}

struct known_key *ticket_keys_find(const struct ticket_keys *keys, const struct ticket_shape *shape)
{
    struct known_key *key = find_name(keys, shape, TICKET_KEY_NAME_BYTES);
    return key != NULL ? key : find_name(keys, shape, 4);
}

static bool is_text(const struct known_key *key)
{
    size_t i = 0;

    while (i < key->name_bytes && key->name[i] >= 0x20 && key->name[i] < 0x7f) {
        i++;
    }
    return i >= 8;
}

/* The program that tickets of such layouts come from; HANDSHAKE_NULL where several are as good.
 * Layouts with an inner length first, then the arithmetic of whole blocks. */
static int64_t format_of(const struct known_key *key)
{
    static const enum ticket_layout by_proof[] = {
        TICKET_LAYOUT_NSS, TICKET_LAYOUT_GNUTLS,  TICKET_LAYOUT_WOLFSSL, TICKET_LAYOUT_MBEDTLS,
        TICKET_LAYOUT_S2N, TICKET_LAYOUT_OPENSSL, TICKET_LAYOUT_JAVA,
    };

    for (size_t i = 0; i < sizeof(by_proof) / sizeof(by_proof[0]); i++) {
        const bool is_possible = (key->layouts >> by_proof[i] & 1) != 0;
        if (is_possible && (by_proof[i] != TICKET_LAYOUT_S2N || is_text(key))) {
            return by_proof[i];
        }
    }
    return HANDSHAKE_NULL;
}

static bool update(struct ticket_keys *keys, const struct known_key *key, struct error *error)
{
    sqlite3_stmt *statement = keys->db->statements[WRITE_UPDATE_KEY];

    number_bind(statement, 1, key->id);
    number_bind(statement, 2, key->layouts);
    number_bind(statement, 3, format_of(key));
    number_bind(statement, 4, key->warnings);
    return database_run(keys->db, WRITE_UPDATE_KEY, error);
}

bool ticket_keys_warn(struct ticket_keys *keys, struct known_key *key, uint8_t warnings,
                      struct error *error)
{
    if ((key->warnings | warnings) == key->warnings) {
        return true;
    }
    key->warnings |= warnings;
    return update(keys, key, error);
}

static bool warn_session(struct ticket_keys *keys, int64_t session, enum ticket_warning warning,
                         struct error *error)
{
    sqlite3_stmt *statement = keys->db->statements[WRITE_WARN_SESSION];

    number_bind(statement, 1, session);
    number_bind(statement, 2, INT64_C(1) << warning);
    return database_run(keys->db, WRITE_WARN_SESSION, error);
}

/* The same IV twice under one name, in different tickets. */
static bool note_iv(struct ticket_keys *keys, struct known_key *key,
                    const struct ticket_shape *shape, int64_t session, struct error *error)
{
    if (shape->len < key->name_bytes + IV_BYTES) {
        return true;
    }
    const uint64_t hash = hash_of(shape->start + key->name_bytes, IV_BYTES, (uint64_t)key->id);
    struct seen_iv *seen = &keys->ivs[hash % TICKET_KEYS_IVS];
    const bool is_repeated = seen->hash == hash && seen->session != session;

    *seen = (struct seen_iv){hash, session};
    return !is_repeated || (warn_session(keys, session, TICKET_WARNING_REPEATED_IV, error) &&
                            ticket_keys_warn(keys, key, 1U << TICKET_WARNING_REPEATED_IV, error));
}

/* One more ticket under the key. */
static bool note_ticket(struct ticket_keys *keys, struct known_key *key,
                        const struct ticket_shape *shape, int64_t session, struct error *error)
{
    const uint16_t layouts =
        key->layouts & (uint16_t)(shape->layouts & ticket_layouts_named_by(key->name_bytes));

    if (layouts != key->layouts) {
        key->layouts = layouts;
        if (!update(keys, key, error)) {
            return false;
        }
    }
    return ticket_keys_warn(keys, key, shape->warnings, error) &&
           note_iv(keys, key, shape, session, error);
}

/* Finds or makes the row of a key. */
static bool add_row(struct ticket_keys *keys, struct known_key *key, struct error *error)
{
    sqlite3_stmt *statement = keys->db->statements[WRITE_ADD_KEY];
    char name[TICKET_KEY_TEXT_BYTES];

    ticket_key_text(key, name);
    (void)sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    number_bind(statement, 2, key->name_bytes);
    number_bind(statement, 3, key->layouts);
    number_bind(statement, 4, format_of(key));
    if (database_step(keys->db, WRITE_ADD_KEY, error) != DATABASE_ROW) {
        return false;
    }
    key->id = sqlite3_column_int64(statement, 0);
    key->warnings = (uint8_t)sqlite3_column_int(statement, 1);
    database_reset(keys->db, WRITE_ADD_KEY);
    return true;
}

static bool give_key(struct ticket_keys *keys, struct known_key *key, int64_t server,
                     const struct learner_ticket *ticket, struct error *error)
{
    sqlite3_stmt *statement = keys->db->statements[WRITE_KEY_SESSION];
    const struct key_place place = {key->id, ticket->host, server};

    number_bind(statement, 1, ticket->session);
    number_bind(statement, 2, key->id);
    return database_run(keys->db, WRITE_KEY_SESSION, error) &&
           key_uses_add(keys->uses, &place, &ticket->use, error) &&
           note_ticket(keys, key, &ticket->shape, ticket->session, error);
}

static bool establish(struct ticket_keys *keys, int64_t server, const struct learner_key *learnt,
                      struct error *error)
{
    struct known_key key = {.name_bytes = learnt->name_bytes, .layouts = learnt->layouts};

    memcpy(key.name, learnt->name, sizeof(key.name));
    if (!add_row(keys, &key, error)) {
        return false;
    }
    for (size_t i = 0; i < TICKET_LEARNER_TICKETS; i++) {
        if (!give_key(keys, &key, server, &learnt->tickets[i], error)) {
            return false;
        }
    }
    remember(keys, &key);
    return true;
}

static bool learn(struct ticket_keys *keys, const struct ticket_sighting *sighting,
                  const struct key_use *use, struct error *error)
{
    struct learner_key learnt;
    struct learner_ticket ticket = {
        .session = sighting->session,
        .host = sighting->host,
        .shape = *sighting->shape,
        .use = *use,
    };

    memcpy(&ticket.tag, sighting->hash->bytes, sizeof(ticket.tag));
    return !ticket_learner_add(keys->learner, sighting->server, &ticket, &learnt) ||
           establish(keys, sighting->server, &learnt, error);
}

bool ticket_keys_note(struct ticket_keys *keys, const struct ticket_sighting *sighting,
                      struct error *error)
{
    struct known_key *key = ticket_keys_find(keys, sighting->shape);
    struct key_use use;

    key_use_init(&use);
    key_use_add(&use, sighting->event, sighting->time_ns);
    if (key == NULL) {
        return learn(keys, sighting, &use, error);
    }
    const struct key_place place = {key->id, sighting->host, sighting->server};
    return key_uses_add(keys->uses, &place, &use, error) &&
           (!sighting->is_new || note_ticket(keys, key, sighting->shape, sighting->session, error));
}
