#include "store/held_sessions.h"

#include "store/session_row.h"
#include "store/statements.h"
#include "store/text.h"

#include <string.h>

enum { KEY_BYTES = 24, VERSION_TLS_1_3 = 0x0304, VERSION_DTLS_1_3 = 0xfefc };
static const int64_t ns_per_s = 1000000000;

/* Of several sessions the one that is good for longest. */
struct held {
    int64_t from_ns;
    int64_t until_ns;
};

bool held_sessions_open(struct held_sessions *held, struct database *db, struct error *error)
{
    *held = (struct held_sessions){
        .db = db, .cache = cache_new(HELD_SESSIONS, KEY_BYTES, sizeof(struct held))};
    return held->cache != NULL || error_set(error, "%s: no memory to open it", db->path);
}

void held_sessions_close(struct held_sessions *held)
{
    cache_free(held->cache);
    *held = (struct held_sessions){0};
}

void held_sessions_forget(struct held_sessions *held)
{
    held->is_loaded = false;
}

static void make_key(const uint8_t address[16], int64_t host, uint8_t out[KEY_BYTES])
{
    memcpy(out, address, 16);
    memcpy(out + 16, &host, sizeof(host));
}

/* Times and hints come from a capture: any can be given. */
static int64_t later(int64_t time_ns, int64_t seconds)
{
    int64_t span_ns;
    int64_t sum_ns;

    if (__builtin_mul_overflow(seconds, ns_per_s, &span_ns) ||
        __builtin_add_overflow(time_ns, span_ns, &sum_ns)) {
        return INT64_MAX;
    }
    return sum_ns;
}

static void keep(struct held_sessions *held, const uint8_t key[KEY_BYTES], int64_t from_ns,
                 int64_t lifetime_s)
{
    const struct held new = {from_ns, later(from_ns, lifetime_s > 0 ? lifetime_s : HELD_SESSION_S)};
    const struct held *known = cache_find(held->cache, key, KEY_BYTES);

    if (known == NULL || known->until_ns < new.until_ns) {
        cache_put(held->cache, key, KEY_BYTES, &new);
    }
}

/* The newest sessions, of them those that had not expired when the last handshake was stored. */
static bool load(struct held_sessions *held, struct error *error)
{
    sqlite3_stmt *statement = held->db->statements[WRITE_LOAD_HELD];
    enum database_step step;

    cache_clear(held->cache);
    number_bind(statement, 1, HELD_SESSIONS);
    number_bind(statement, 2, HELD_SESSION_S);
    while ((step = database_step(held->db, WRITE_LOAD_HELD, error)) == DATABASE_ROW) {
        uint8_t address[16];
        uint8_t key[KEY_BYTES];
        if (session_row_read_client(statement, 0, address)) {
            make_key(address, sqlite3_column_int64(statement, 1), key);
            keep(held, key, sqlite3_column_int64(statement, 2), number_read(statement, 3));
        }
    }
    return step == DATABASE_DONE;
}

bool held_sessions_begin(struct held_sessions *held, int64_t data_version, struct error *error)
{
    if (held->is_loaded && held->data_version == data_version) {
        return true;
    }
    held->is_loaded = load(held, error);
    held->data_version = data_version;
    return held->is_loaded;
}

/* TLS 1.3 has tickets whose issue is encrypted, and cannot resume an older version's session. */
static bool could_resume(const struct handshake *handshake)
{
    return handshake->verdict == VERDICT_FULL && handshake->version != 0 &&
           handshake->version != VERSION_TLS_1_3 && handshake->version != VERSION_DTLS_1_3;
}

static enum missed missed_by(const struct held_offer *offer)
{
    if (offer->outcome == OUTCOME_REFUSED) {
        return offer->cause == REFUSAL_CAUSE_EXPIRED ? MISSED_NOT : MISSED_REFUSED;
    }
    return offer->offered == OFFER_NONE ? MISSED_NOT_OFFERED : MISSED_NOT;
}

enum missed held_sessions_missed(struct held_sessions *held, const struct handshake *handshake,
                                 int64_t host, const struct held_offer *offer)
{
    uint8_t key[KEY_BYTES];

    if (!could_resume(handshake)) {
        return MISSED_NOT;
    }
    make_key(handshake->client.address, host, key);
    const struct held *known = cache_find(held->cache, key, sizeof(key));
    const int64_t now_ns = handshake->time_ns;
    if (known == NULL || now_ns < known->from_ns || now_ns >= known->until_ns) {
        return MISSED_NOT;
    }
    return missed_by(offer);
}

/* A client has the session when its handshake is over: one that it began meanwhile had none. */
void held_sessions_note(struct held_sessions *held, const struct handshake *handshake, int64_t host)
{
    uint8_t key[KEY_BYTES];
    int64_t from_ns = handshake->time_ns;

    if (!handshake->issued_id.is_set && !handshake->issued_ticket.is_set) {
        return;
    }
    if (handshake->handshake_ns != HANDSHAKE_NULL &&
        __builtin_add_overflow(from_ns, handshake->handshake_ns, &from_ns)) {
        return;
    }
    make_key(handshake->client.address, host, key);
    keep(held, key, from_ns, handshake->lifetime_hint_s);
}
