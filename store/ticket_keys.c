#include "store/ticket_keys.h"

#include "store/statements.h"
#include "store/text.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2 * TICKET_KEYS_MAX, RELOADED = TICKET_KEYS_MAX / 2 };

struct seen_iv {
    int64_t iv;      /* ticket_marks_iv() */
    int64_t session; /* that had it */
};

bool ticket_keys_open(struct ticket_keys *keys, struct pending_sessions *sessions,
                      struct key_uses *uses, struct error *error)
{
    struct database *const db = sessions->db;

    *keys = (struct ticket_keys){
        .db = db,
        .sessions = sessions,
        .uses = uses,
        .known = calloc(TICKET_KEYS_MAX, sizeof(*keys->known)),
        .slots = calloc(SLOTS, sizeof(*keys->slots)),
        .ivs = calloc(TICKET_KEYS_IVS, sizeof(*keys->ivs)),
        .iv_slots = calloc(TICKET_KEYS_IVS, sizeof(*keys->iv_slots)),
    };
    if (keys->known == NULL || keys->slots == NULL || keys->ivs == NULL || keys->iv_slots == NULL) {
        ticket_keys_close(keys);
        return error_set(error, "%s: no memory to open it", db->path);
    }
    if (!half_learnt_open(&keys->half, db, error)) {
        ticket_keys_close(keys);
        return false;
    }
    return true;
}

void ticket_keys_close(struct ticket_keys *keys)
{
    half_learnt_close(&keys->half);
    free(keys->known);
    free(keys->slots);
    free(keys->ivs);
    free(keys->iv_slots);
    *keys = (struct ticket_keys){0};
}

void ticket_keys_forget(struct ticket_keys *keys)
{
    keys->is_loaded = false;
    half_learnt_forget(&keys->half);
    memset(keys->iv_slots, 0, TICKET_KEYS_IVS * sizeof(*keys->iv_slots));
    keys->ivs_noted = 0;
    keys->ivs_until = 0;
    keys->has_read_ivs = false;
}

bool ticket_keys_use_key(struct ticket_keys *keys, const uint8_t session_key[16],
                         struct error *error)
{
    return ticket_marks_key(session_key, &keys->marks_key, error);
}

/* Of 4 or 16 bytes. Names made to collide only make looking them up slower. */
static uint64_t hash_of(const uint8_t *data, size_t len)
{
    const uint64_t odd = 0x9e3779b97f4a7c15U; /* 2^64 / golden ratio */
    uint64_t hash = len * odd;

    for (size_t i = 0; i < len; i += sizeof(uint32_t)) {
        uint32_t word;
        memcpy(&word, data + i, sizeof(word));
        hash = (hash ^ word) * odd;
        hash ^= hash >> 29;
    }
    return hash;
}

static bool has_name(const struct known_key *key, const uint8_t *name, uint8_t name_bytes)
{
    return key->name_bytes == name_bytes && memcmp(key->name, name, name_bytes) == 0;
}

/* The slot of a name, else the empty one where it would go. */
static uint16_t *slot_for(const struct ticket_keys *keys, const uint8_t *name, uint8_t name_bytes)
{
    size_t at = hash_of(name, name_bytes) % SLOTS;

    while (keys->slots[at] != 0 && !has_name(&keys->known[keys->slots[at] - 1], name, name_bytes)) {
        at = (at + 1) % SLOTS;
    }
    return &keys->slots[at];
}

/* Names beyond the limit are found again when their tickets are learnt anew. */
static void remember(struct ticket_keys *keys, const struct known_key *key)
{
    uint16_t *const slot = slot_for(keys, key->name, key->name_bytes);

    if (*slot == 0) {
        if (keys->count == TICKET_KEYS_MAX) {
            return;
        }
        *slot = (uint16_t)++keys->count;
    }
    keys->known[*slot - 1] = *key;
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

    if (keys->count > 0) {
        memset(keys->slots, 0, SLOTS * sizeof(*keys->slots));
        keys->count = 0;
    }
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
    half_learnt_begin(&keys->half, data_version);
    if (keys->is_loaded && keys->data_version == data_version && keys->count < TICKET_KEYS_MAX) {
        return true;
    }
    keys->has_read_ivs &= keys->data_version == data_version;
    keys->is_loaded = load(keys, error);
    keys->data_version = data_version;
    return keys->is_loaded;
}

bool ticket_keys_flush(struct ticket_keys *keys, struct error *error)
{
    return half_learnt_flush(&keys->half, error);
}

static struct known_key *find_name(const struct ticket_keys *keys, const struct ticket_shape *shape,
                                   uint8_t name_bytes)
{
    const uint16_t layouts = shape->layouts & ticket_layouts_named_by(name_bytes);

    if (layouts == 0 || shape->len < name_bytes) {
        return NULL;
    }
    const uint16_t number = *slot_for(keys, shape->start, name_bytes);
    if (number == 0) {
        return NULL;
    }
    struct known_key *key = &keys->known[number - 1];
    return (key->layouts & layouts) != 0 ? key : NULL;
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

int64_t ticket_keys_iv(const struct ticket_keys *keys, const struct known_key *key,
                       const struct ticket_shape *shape)
{
    return ticket_marks_iv(&keys->marks_key, shape, key->name_bytes);
}

static uint32_t *iv_slot_for(const struct ticket_keys *keys, int64_t iv)
{
    return &keys->iv_slots[(uint64_t)iv % TICKET_KEYS_IVS];
}

/* The session whose ticket had the IV; 0: none. */
static int64_t session_with_iv(const struct ticket_keys *keys, int64_t iv)
{
    const uint32_t place = *iv_slot_for(keys, iv);

    return place != 0 && keys->ivs[place - 1].iv == iv ? keys->ivs[place - 1].session : 0;
}

/* In place of the oldest one. */
static void keep_iv(struct ticket_keys *keys, int64_t iv, int64_t session)
{
    const size_t place = keys->ivs_noted++ % TICKET_KEYS_IVS;

    keys->ivs[place] = (struct seen_iv){iv, session};
    *iv_slot_for(keys, iv) = (uint32_t)place + 1;
}

/* Those of the newest sessions, without one that is looked for now. */
static bool read_ivs(struct ticket_keys *keys, int64_t without_session, struct error *error)
{
    sqlite3_stmt *statement = keys->db->statements[WRITE_LOAD_IVS];
    enum database_step step;

    number_bind(statement, 1, keys->ivs_until);
    number_bind(statement, 2, TICKET_KEYS_IVS);
    number_bind(statement, 3, without_session);
    while ((step = database_step(keys->db, WRITE_LOAD_IVS, error)) == DATABASE_ROW) {
        const int64_t iv = sqlite3_column_int64(statement, 0);
        keys->ivs_until = sqlite3_column_int64(statement, 1);
        keep_iv(keys, iv, keys->ivs_until);
    }
    keys->has_read_ivs = step == DATABASE_DONE;
    return keys->has_read_ivs;
}

/* A ticket on its way to its key. */
struct new_ticket {
    int64_t session;
    int64_t iv; /* ticket_marks_iv() */
    uint16_t layouts;
    uint8_t warnings;
};

/* The same IV twice under one name, in different tickets. */
static bool note_iv(struct ticket_keys *keys, struct known_key *key,
                    const struct new_ticket *ticket, struct error *error)
{
    if (ticket->iv == HANDSHAKE_NULL) {
        return true;
    }
    if (!keys->has_read_ivs && (!pending_sessions_flush(keys->sessions, error) ||
                                !read_ivs(keys, ticket->session, error))) {
        return false;
    }
    const int64_t earlier = session_with_iv(keys, ticket->iv);
    const bool is_repeated = earlier != 0 && earlier != ticket->session;

    keep_iv(keys, ticket->iv, ticket->session);
    return !is_repeated || (pending_sessions_warn(keys->sessions, ticket->session,
                                                  TICKET_WARNING_REPEATED_IV, error) &&
                            ticket_keys_warn(keys, key, 1U << TICKET_WARNING_REPEATED_IV, error));
}

/* One more ticket under the key. */
static bool note_ticket(struct ticket_keys *keys, struct known_key *key,
                        const struct new_ticket *ticket, struct error *error)
{
    const uint16_t layouts =
        key->layouts & (uint16_t)(ticket->layouts & ticket_layouts_named_by(key->name_bytes));

    if (layouts != key->layouts) {
        key->layouts = layouts;
        if (!update(keys, key, error)) {
            return false;
        }
    }
    return ticket_keys_warn(keys, key, ticket->warnings, error) &&
           note_iv(keys, key, ticket, error);
}

/* Finds or makes the row of a key. */
static bool add_row(struct ticket_keys *keys, struct known_key *key, struct error *error)
{
    sqlite3_stmt *add = keys->db->statements[WRITE_ADD_KEY];
    sqlite3_stmt *find = keys->db->statements[WRITE_FIND_KEY];
    char name[TICKET_KEY_TEXT_BYTES];

    ticket_key_text(key, name);
    (void)sqlite3_bind_text(add, 1, name, -1, SQLITE_STATIC);
    number_bind(add, 2, key->name_bytes);
    number_bind(add, 3, key->layouts);
    number_bind(add, 4, format_of(key));
    (void)sqlite3_bind_text(find, 1, name, -1, SQLITE_STATIC);
    if (!database_run(keys->db, WRITE_ADD_KEY, error) ||
        database_step(keys->db, WRITE_FIND_KEY, error) != DATABASE_ROW) {
        return false;
    }
    key->id = sqlite3_column_int64(find, 0);
    key->warnings = (uint8_t)sqlite3_column_int(find, 1);
    database_reset(keys->db, WRITE_FIND_KEY);
    return true;
}

static bool give_key(struct ticket_keys *keys, struct known_key *key, int64_t server,
                     const struct learner_ticket *ticket, struct error *error)
{
    const struct key_place place = {key->id, ticket->host, server};
    const struct new_ticket new = {
        .session = ticket->session,
        .iv = key->name_bytes == TICKET_LONG_NAME_BYTES ? ticket->marks.at_28 : ticket->marks.at_16,
        .layouts = ticket->layouts,
        .warnings = ticket->warnings,
    };

    return pending_sessions_set_key(keys->sessions, ticket->session, key->id, new.iv, error) &&
           key_uses_add(keys->uses, &place, &ticket->use, error) &&
           note_ticket(keys, key, &new, error);
}

static bool establish(struct ticket_keys *keys, const struct ticket_sighting *sighting,
                      const struct learner_key *learnt, struct error *error)
{
    struct known_key key = {.name_bytes = learnt->name_bytes, .layouts = learnt->layouts};

    memcpy(key.name, sighting->shape->start, key.name_bytes);
    if (!add_row(keys, &key, error)) {
        return false;
    }
    for (size_t i = 0; i < TICKET_LEARNER_TICKETS; i++) {
        if (!give_key(keys, &key, sighting->server, &learnt->tickets[i], error)) {
            return false;
        }
    }
    remember(keys, &key);
    return true;
}

static bool learn(struct ticket_keys *keys, const struct ticket_sighting *sighting,
                  const struct key_use *use, struct error *error)
{
    const struct key_place place = {0, sighting->host, sighting->server};
    struct learner_key learnt;
    struct learner_ticket ticket = {
        .session = sighting->session,
        .host = sighting->host,
        .layouts = sighting->shape->layouts,
        .warnings = sighting->shape->warnings,
        .use = *use,
    };

    if (ticket.layouts == 0) {
        return true;
    }
    ticket_marks_of(&keys->marks_key, sighting->shape, &ticket.marks);
    return key_uses_note_unknown(keys->uses, &place, sighting->event, sighting->time_ns, error) &&
           half_learnt_add(&keys->half, sighting->server, &ticket, &learnt, error) &&
           (learnt.name_bytes == 0 || establish(keys, sighting, &learnt, error));
}

static bool note_known(struct ticket_keys *keys, struct known_key *key,
                       const struct ticket_sighting *sighting, struct error *error)
{
    const struct new_ticket ticket = {
        .session = sighting->session,
        .iv = sighting->iv,
        .layouts = sighting->shape->layouts,
        .warnings = sighting->shape->warnings,
    };
    return note_ticket(keys, key, &ticket, error);
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
           (!sighting->is_new || note_known(keys, key, sighting, error));
}
