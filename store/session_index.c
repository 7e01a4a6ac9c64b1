#include "store/session_index.h"

#include "store/statements.h"
#include "store/text.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_AT_FIRST = 4096 };

struct recent_session {
    uint8_t hash[16];
    struct known_session session;
};

int64_t session_index_tag(const uint8_t hash[16])
{
    uint32_t number;

    memcpy(&number, hash, sizeof(number));
    return (int64_t)be32toh(number) - (INT64_C(1) << 31);
}

static const struct recent_session *recent_of(const void *row)
{
    return row;
}

static void give_merged(const void *row, int column, sqlite3_context *out)
{
    const struct recent_session *const recent = recent_of(row);

    sqlite3_result_int64(out, column == 0 ? session_index_tag(recent->hash) : recent->session.id);
}

bool session_index_open(struct session_index *index, struct database *db,
                        struct pending_sessions *pending, struct error *error)
{
    *index = (struct session_index){
        .db = db,
        .pending = pending,
        .recent = calloc(SLOTS_AT_FIRST / 2, sizeof(*index->recent)),
        .slots = calloc(SLOTS_AT_FIRST, sizeof(*index->slots)),
        .slot_count = SLOTS_AT_FIRST,
        .merged = {.name = SESSION_INDEX_MERGED,
                   .columns = "tag, session",
                   .row_bytes = sizeof(*index->recent),
                   .others = 1U << 0 | 1U << 1,
                   .value = give_merged},
    };
    if (index->recent == NULL || index->slots == NULL) {
        session_index_close(index);
        return error_set(error, "%s: no memory to open it", db->path);
    }
    if (!row_table_add(&index->merged, db, error)) {
        session_index_close(index);
        return false;
    }
    return true;
}

void session_index_close(struct session_index *index)
{
    free(index->recent);
    free(index->slots);
    session_filter_clear(&index->filter);
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
        memset(index->slots, 0, index->slot_count * sizeof(*index->slots));
        index->count = 0;
    }
}

/* The slot of the hash, else the empty one where it would go. */
static uint32_t *slot_for(const struct session_index *index, const uint8_t hash[16])
{
    uint64_t start;
    memcpy(&start, hash, sizeof(start));

    const size_t last = index->slot_count - 1;
    size_t at = start & last;
    while (index->slots[at] != 0 &&
           memcmp(index->recent[index->slots[at] - 1].hash, hash, 16) != 0) {
        at = (at + 1) & last;
    }
    return &index->slots[at];
}

static bool grow(struct session_index *index, struct error *error)
{
    const size_t slot_count = 2 * index->slot_count;

    assert(slot_count > 0);
    struct recent_session *const recent =
        realloc(index->recent, slot_count / 2 * sizeof(*index->recent));
    uint32_t *const slots = calloc(slot_count, sizeof(*index->slots));

    index->recent = recent != NULL ? recent : index->recent;
    if (recent == NULL || slots == NULL) {
        free(slots);
        return error_set(error, "%s: no memory for more sessions", index->db->path);
    }
    free(index->slots);
    index->slots = slots;
    index->slot_count = slot_count;
    for (size_t i = 0; i < index->count; i++) {
        *slot_for(index, recent[i].hash) = (uint32_t)i + 1;
    }
    return true;
}

static bool remember(struct session_index *index, const uint8_t hash[16],
                     const struct known_session *session, struct error *error)
{
    if (2 * index->count == index->slot_count && !grow(index, error)) {
        return false;
    }
    uint32_t *const slot = slot_for(index, hash);
    if (*slot == 0) {
        *slot = (uint32_t)++index->count;
        memcpy(index->recent[*slot - 1].hash, hash, sizeof(index->recent->hash));
    }
    index->recent[*slot - 1].session = *session;
    return true;
}

/* As the index on disk is: by their tags. */
static int compare(const void *a, const void *b)
{
    const int64_t tag_a = session_index_tag(recent_of(a)->hash);
    const int64_t tag_b = session_index_tag(recent_of(b)->hash);

    if (tag_a != tag_b) {
        return tag_a < tag_b ? -1 : 1;
    }
    return (recent_of(a)->session.id > recent_of(b)->session.id) -
           (recent_of(a)->session.id < recent_of(b)->session.id);
}

/* Those that are not on disk, in its order, at the front: the slots do not lead to them any more.
 */
static void gather(struct session_index *index)
{
    int64_t last = index->indexed;
    size_t count = 0;

    for (size_t i = 0; i < index->count; i++) {
        const struct recent_session recent = index->recent[i];
        if (recent.session.id > index->indexed) {
            last = recent.session.id > last ? recent.session.id : last;
            session_filter_add(&index->filter, session_index_tag(recent.hash));
            index->recent[count++] = recent;
        }
    }
    qsort(index->recent, count, sizeof(*index->recent), compare);
    index->merged.rows = index->recent;
    index->merged.count = count;
    index->indexed = last;
}

/* Everything recent goes to the index on disk, and its rows to the table that it points to. */
static bool merge(struct session_index *index, struct error *error)
{
    gather(index);
    number_bind(index->db->statements[WRITE_SET_INDEXED], 1, index->indexed);
    if (!pending_sessions_flush(index->pending, error) ||
        !database_run(index->db, WRITE_INDEX_SESSIONS, error) ||
        !database_run(index->db, WRITE_SET_INDEXED, error)) {
        return false;
    }
    clear(index);
    return true;
}

static bool read_indexed(struct session_index *index, struct error *error)
{
    if (database_step(index->db, WRITE_READ_INDEXED, error) != DATABASE_ROW) {
        return false;
    }
    index->indexed = sqlite3_column_int64(index->db->statements[WRITE_READ_INDEXED], 0);
    database_reset(index->db, WRITE_READ_INDEXED);
    return true;
}

static bool load_next(struct session_index *index, sqlite3_stmt *statement, struct error *error)
{
    const struct known_session session = {sqlite3_column_int64(statement, 1),
                                          number_read(statement, 2)};
    uint8_t hash[16] = {0};

    (void)text_read(statement, 0, (char *)hash, sizeof(hash));
    return (index->count < SESSION_INDEX_RECENT || merge(index, error)) &&
           remember(index, hash, &session, error);
}

static bool load(struct session_index *index, struct error *error)
{
    sqlite3_stmt *statement = index->db->statements[WRITE_LOAD_SESSIONS];
    enum database_step step;

    clear(index);
    if (!read_indexed(index, error)) {
        return false;
    }
    number_bind(statement, 1, index->indexed);
    while ((step = database_step(index->db, WRITE_LOAD_SESSIONS, error)) == DATABASE_ROW) {
        if (!load_next(index, statement, error)) {
            database_reset(index->db, WRITE_LOAD_SESSIONS);
            return false;
        }
    }
    return step == DATABASE_DONE;
}

bool session_index_begin(struct session_index *index, int64_t data_version, struct error *error)
{
    if (index->is_loaded && data_version == index->data_version) {
        return true;
    }
    session_filter_clear(&index->filter); /* others may have added to the index */
    index->is_loaded = load(index, error);
    index->data_version = data_version;
    return index->is_loaded;
}

bool session_index_flush(struct session_index *index, struct error *error)
{
    return index->indexed == 0 || session_filter_read(&index->filter, index->db, error);
}

bool session_index_find(struct session_index *index, const struct session_hash *hash,
                        struct known_session *out, struct error *error)
{
    sqlite3_stmt *statement = index->db->statements[WRITE_FIND_SESSION];
    const uint32_t number = *slot_for(index, hash->bytes);

    if (number != 0) {
        *out = index->recent[number - 1].session;
        return true;
    }
    *out = (struct known_session){HANDSHAKE_NULL, HANDSHAKE_NULL};
    const int64_t tag = session_index_tag(hash->bytes);
    if (index->indexed == 0 || session_filter_excludes(&index->filter, tag)) {
        return true;
    }
    (void)sqlite3_bind_int64(statement, 1, tag);
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
    return (index->count < SESSION_INDEX_RECENT || merge(index, error)) &&
           remember(index, hash->bytes, session, error);
}
