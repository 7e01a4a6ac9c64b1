#include "store/session_index.h"

#include "store/statements.h"
#include "store/text.h"

#include <stdlib.h>
#include <string.h>

/* Twice the sessions: at most half full. */
enum { SLOTS = 2 * SESSION_INDEX_RECENT };

struct recent_session {
    uint8_t hash[16];
    struct known_session session; /* id 0: the slot is empty (SQLite counts rows from 1) */
};

bool session_index_open(struct session_index *index, struct database *db,
                        struct pending_sessions *pending, struct error *error)
{
    *index = (struct session_index){
        .db = db,
        .pending = pending,
        .slots = calloc(SLOTS, sizeof(*index->slots)),
    };
    return index->slots != NULL || error_set(error, "%s: no memory to open it", db->path);
}

void session_index_close(struct session_index *index)
{
    free(index->slots);
    *index = (struct session_index){0};
}

void session_index_forget(struct session_index *index)
{
    index->is_loaded = false;
}

/* What is empty is left alone: untouched pages of calloc cost nothing. */
static void clear(struct session_index *index)
{
    if (index->count > 0) {
        memset(index->slots, 0, SLOTS * sizeof(*index->slots));
        index->count = 0;
    }
}

/* The slot of the hash, else the empty one where it would go. */
static struct recent_session *slot_for(const struct session_index *index, const uint8_t hash[16])
{
    uint64_t start;
    memcpy(&start, hash, sizeof(start));

    size_t at = start % SLOTS;
    while (index->slots[at].session.id != 0 && memcmp(index->slots[at].hash, hash, 16) != 0) {
        at = (at + 1) % SLOTS;
    }
    return &index->slots[at];
}

static void remember(struct session_index *index, const uint8_t hash[16],
                     const struct known_session *session)
{
    struct recent_session *slot = slot_for(index, hash);
    if (slot->session.id == 0) {
        memcpy(slot->hash, hash, sizeof(slot->hash));
        index->count++;
    }
    slot->session = *session;
}

/* Everything recent goes to the index on disk. */
static bool merge(struct session_index *index, struct error *error)
{
    if (!pending_sessions_flush(index->pending, error) ||
        !database_run(index->db, WRITE_INDEX_SESSIONS, error) ||
        !database_run(index->db, WRITE_SET_INDEXED, error)) {
        return false;
    }
    clear(index);
    index->has_older = true;
    return true;
}

static bool read_has_older(struct session_index *index, struct error *error)
{
    if (database_step(index->db, WRITE_ANY_INDEXED, error) != DATABASE_ROW) {
        return false;
    }
    index->has_older = sqlite3_column_int(index->db->statements[WRITE_ANY_INDEXED], 0) != 0;
    database_reset(index->db, WRITE_ANY_INDEXED);
    return true;
}

static bool load(struct session_index *index, struct error *error)
{
    sqlite3_stmt *statement = index->db->statements[WRITE_LOAD_SESSIONS];
    enum database_step step;

    clear(index);
    if (!read_has_older(index, error)) {
        return false;
    }
    while ((step = database_step(index->db, WRITE_LOAD_SESSIONS, error)) == DATABASE_ROW) {
        uint8_t hash[16] = {0};
        if (index->count == SESSION_INDEX_RECENT) {
            database_reset(index->db, WRITE_LOAD_SESSIONS);
            return merge(index, error);
        }
        (void)text_read(statement, 0, (char *)hash, sizeof(hash));
        const struct known_session session = {sqlite3_column_int64(statement, 1),
                                              number_read(statement, 2)};
        remember(index, hash, &session);
    }
    return step == DATABASE_DONE;
}

bool session_index_begin(struct session_index *index, int64_t data_version, struct error *error)
{
    if (index->is_loaded && data_version == index->data_version) {
        return true;
    }
    index->is_loaded = load(index, error);
    index->data_version = data_version;
    return index->is_loaded;
}

bool session_index_find(struct session_index *index, const struct session_hash *hash,
                        struct known_session *out, struct error *error)
{
    sqlite3_stmt *statement = index->db->statements[WRITE_FIND_SESSION];
    const struct recent_session *slot = slot_for(index, hash->bytes);

    if (slot->session.id != 0) {
        *out = slot->session;
        return true;
    }
    *out = (struct known_session){HANDSHAKE_NULL, HANDSHAKE_NULL};
    if (!index->has_older) {
        return true;
    }
    (void)sqlite3_bind_blob(statement, 1, hash->bytes, SESSION_INDEX_TAG_BYTES, SQLITE_STATIC);
    (void)sqlite3_bind_blob(statement, 2, hash->bytes, sizeof(hash->bytes), SQLITE_STATIC);
    const enum database_step step = database_step(index->db, WRITE_FIND_SESSION, error);
    if (step != DATABASE_ROW) {
        return step == DATABASE_DONE;
    }
    *out = (struct known_session){sqlite3_column_int64(statement, 0), number_read(statement, 1)};
    database_reset(index->db, WRITE_FIND_SESSION);
    return true;
}

bool session_index_put(struct session_index *index, const struct session_hash *hash,
                       const struct known_session *session, struct error *error)
{
    if (index->count == SESSION_INDEX_RECENT) {
        return merge(index, error); /* with this one, which is a row already */
    }
    remember(index, hash->bytes, session);
    return true;
}
