#include "store/store.h"

#include "store/address.h"
#include "store/database.h"
#include "store/database_file.h"
#include "store/dictionary.h"
#include "store/ftp_sessions.h"
#include "store/handshake_kinds.h"
#include "store/host_labels.h"
#include "store/pending.h"
#include "store/query_share.h"
#include "store/rollups.h"
#include "store/run_row.h"
#include "store/schema.h"
#include "store/sessions.h"
#include "store/statements.h"
#include "store/time_spans.h"
#include "store/words.h"

#include "base/keyed_hash.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct store {
    struct database db;
    struct dictionary dictionary;
    struct words words;
    struct handshake_kinds kinds;
    struct host_labels labels;
    struct pending pending;
    struct sessions sessions;
    struct ftp_sessions ftp_sessions;
    struct time_spans spans;
    struct rollups rollups;
    uint8_t session_key[KEYED_HASH_KEY_BYTES];
    int64_t run;   /* HANDSHAKE_NULL: none begun */
    unsigned rows; /* handshakes added since the last commit */
};

/* A batch is on disk when COMMIT returns (synchronous FULL). The log is folded into the file
 * about every 32 MB: folding costs two more waits for the disk, and pages that several batches
 * changed are then written once. */
static const char settings[] = "PRAGMA synchronous = FULL;"
                               "PRAGMA cache_size = -16000;"
                               "PRAGMA wal_autocheckpoint = 8000;"
                               "PRAGMA journal_size_limit = 67108864;";

static bool is_in_batch(const struct store *store)
{
    return sqlite3_get_autocommit(store->db.handle) == 0;
}

static bool read_data_version(struct store *store, int64_t *out, struct error *error)
{
    if (database_step(&store->db, WRITE_DATA_VERSION, error) != DATABASE_ROW) {
        return false;
    }
    *out = sqlite3_column_int64(store->db.statements[WRITE_DATA_VERSION], 0);
    database_reset(&store->db, WRITE_DATA_VERSION);
    return true;
}

static bool begin_batch(struct store *store, struct error *error)
{
    int64_t data_version;

    return is_in_batch(store) || (database_run(&store->db, WRITE_BEGIN, error) &&
                                  read_data_version(store, &data_version, error) &&
                                  pending_begin(&store->pending, data_version, error) &&
                                  sessions_begin(&store->sessions, data_version, error));
}

/* Takes back what was not committed, and says in the sentence how much that was. */
static bool give_up_batch(struct store *store, struct error *error)
{
    const unsigned lost = store->rows;
    struct error ignored;

    /* A full disk makes SQLite roll back by itself. */
    if (is_in_batch(store)) {
        (void)!database_run(&store->db, WRITE_ROLLBACK, &ignored);
    }
    dictionary_forget(&store->dictionary);
    words_forget(&store->words);
    handshake_kinds_forget(&store->kinds);
    host_labels_forget(&store->labels);
    pending_forget(&store->pending);
    sessions_forget(&store->sessions);
    ftp_sessions_forget(&store->ftp_sessions);
    time_spans_forget(&store->spans);
    rollups_forget(&store->rollups);
    store->rows = 0;
    if (lost > 0) {
        const struct error reason = *error;
        (void)error_set(error, "%.400s; handshakes lost since the last commit: %u", reason.text,
                        lost);
    }
    return false;
}

bool store_commit(struct store *store, struct error *error)
{
    if (is_in_batch(store) &&
        (!sessions_flush(&store->sessions, error) || !host_labels_flush(&store->labels, error) ||
         !rollups_flush(&store->rollups, error) ||
         !database_run(&store->db, WRITE_COMMIT, error))) {
        return give_up_batch(store, error);
    }
    store->rows = 0;
    return true;
}

static enum database_step find_session_key(struct store *store, struct error *error)
{
    sqlite3_stmt *find = store->db.statements[WRITE_FIND_META];

    (void)sqlite3_bind_text(find, 1, "session_key", -1, SQLITE_STATIC);
    const enum database_step step = database_step(&store->db, WRITE_FIND_META, error);
    if (step != DATABASE_ROW) {
        return step;
    }
    const bool is_key = sqlite3_column_bytes(find, 0) == KEYED_HASH_KEY_BYTES;
    if (is_key) {
        memcpy(store->session_key, sqlite3_column_blob(find, 0), KEYED_HASH_KEY_BYTES);
    }
    database_reset(&store->db, WRITE_FIND_META);
    if (!is_key) {
        (void)error_set(error, "%s: the database is damaged (its key has another length)",
                        store->db.path);
        return DATABASE_FAILED;
    }
    return DATABASE_ROW;
}

static bool make_session_key(struct store *store, struct error *error)
{
    sqlite3_stmt *add = store->db.statements[WRITE_ADD_META];

    if (!keyed_hash_random(store->session_key, sizeof(store->session_key))) {
        return error_set(error, "%s: the system has no random bytes for its key", store->db.path);
    }
    (void)sqlite3_bind_text(add, 1, "session_key", -1, SQLITE_STATIC);
    (void)sqlite3_bind_blob(add, 2, store->session_key, sizeof(store->session_key), SQLITE_STATIC);
    return database_run(&store->db, WRITE_ADD_META, error);
}

/* What every database of ours holds besides its schema. */
static bool complete(struct store *store, struct error *error)
{
    if (!begin_batch(store, error) || !words_refresh(&store->db, error)) {
        return false;
    }
    const enum database_step step = find_session_key(store, error);
    if (step == DATABASE_FAILED || (step == DATABASE_DONE && !make_session_key(store, error))) {
        return false;
    }
    return sessions_use_key(&store->sessions, store->session_key, error) &&
           store_commit(store, error);
}

static void release(struct store *store)
{
    rollups_close(&store->rollups);
    sessions_close(&store->sessions);
    handshake_kinds_close(&store->kinds);
    dictionary_close(&store->dictionary);
    database_close(&store->db);
    pending_close(&store->pending);
    free(store);
}

static bool prepare(struct store *store, struct error *error)
{
    store->labels.db = &store->db;
    return schema_migrate(&store->db, error) && database_execute(&store->db, settings, error) &&
           pending_open(&store->pending, &store->db, error) &&
           sessions_open(&store->sessions, &store->pending, error) &&
           database_prepare(&store->db, write_statements, WRITE_STATEMENT_COUNT, error) &&
           dictionary_open(&store->dictionary, &store->db, error) &&
           handshake_kinds_open(&store->kinds, &store->dictionary, &store->words, error) &&
           complete(store, error);
}

struct store *store_open_within(const char *path, int busy_ms, struct error *error)
{
    if (!database_file_for_writing(path, schema_version(), error)) {
        return NULL;
    }
    struct store *store = calloc(1, sizeof(*store));
    if (store == NULL) {
        (void)error_set(error, "%s: no memory to open it", path);
        return NULL;
    }
    store->run = HANDSHAKE_NULL;
    if (!database_open(&store->db, path, DATABASE_WRITE, busy_ms, error)) {
        free(store);
        return NULL;
    }
    rollups_open(&store->rollups, &store->db);
    if (!prepare(store, error)) {
        release(store);
        return NULL;
    }
    return store;
}

struct store *store_open(const char *path, struct error *error)
{
    return store_open_within(path, STORE_BUSY_MS, error);
}

bool store_close(struct store *store, struct error *error)
{
    if (store == NULL) {
        return true;
    }
    const bool is_committed = store_commit(store, error);
    release(store);
    return is_committed;
}

const uint8_t *store_session_key(const struct store *store)
{
    return store->session_key;
}

void store_sum_up_by(struct store *store, unsigned block_bits)
{
    store->rollups.block_bits = block_bits;
}

bool store_begin_run(struct store *store, const struct run_record *run, struct error *error)
{
    run_row_bind(store->db.statements[WRITE_ADD_RUN], run);
    if (!begin_batch(store, error) || !database_run(&store->db, WRITE_ADD_RUN, error)) {
        return give_up_batch(store, error);
    }
    const int64_t id = sqlite3_last_insert_rowid(store->db.handle);
    /* Committed at once: no batch that is lost may take away the run of the next one. */
    if (!store_commit(store, error)) {
        return false;
    }
    store->run = id;
    return true;
}

static bool write_not_analysed(struct store *store, const struct run_record *run,
                               struct error *error)
{
    sqlite3_stmt *set = store->db.statements[WRITE_SET_NOT_ANALYSED];

    for (size_t i = 0; i < run->not_analysed_count; i++) {
        const struct run_not_analysed *row = &run->not_analysed[i];
        (void)sqlite3_bind_int64(set, 1, store->run);
        (void)sqlite3_bind_text(set, 2, row->name, (int)strnlen(row->name, sizeof(row->name)),
                                SQLITE_STATIC);
        (void)sqlite3_bind_int64(set, 3, row->packets);
        if (!database_run(&store->db, WRITE_SET_NOT_ANALYSED, error)) {
            return false;
        }
    }
    return true;
}

bool store_update_run(struct store *store, const struct run_record *run, struct error *error)
{
    sqlite3_stmt *update = store->db.statements[WRITE_UPDATE_RUN];

    assert(store->run != HANDSHAKE_NULL);
    run_row_bind(update, run);
    (void)sqlite3_bind_int64(update, RUN_ROW_VALUES + 1, store->run);
    if (!begin_batch(store, error) || !database_run(&store->db, WRITE_UPDATE_RUN, error) ||
        !write_not_analysed(store, run, error)) {
        return give_up_batch(store, error);
    }
    return true;
}

static char lower(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (char)(c - 'A' + 'a');
    }
    return c;
}

void store_host_name(const struct handshake *handshake, struct wire_text *out)
{
    const struct wire_text *sni = &handshake->sni;

    memset(out, 0, sizeof(*out));
    if (sni->len == 0) {
        char name[ENDPOINT_TEXT_BYTES];
        out->len = (uint8_t)endpoint_format(&handshake->server, name);
        memcpy(out->text, name, out->len);
        return;
    }
    out->len = sni->len;
    for (size_t i = 0; i < sni->len; i++) {
        out->text[i] = lower(sni->text[i]);
    }
}

/* The row of handshake.sni: 0 where the host's name is the same. */
static bool find_sni(struct store *store, const struct wire_text *sni, const struct wire_text *host,
                     int64_t *out, struct error *error)
{
    if (sni->len > 0 && memcmp(sni->text, host->text, sni->len) == 0) {
        *out = 0;
        return true;
    }
    return dictionary_text(&store->dictionary, sni->text, sni->len, out, error);
}

/* What of other tables the row needs, but for its kind; they get what they did not have. */
static bool find_rows(struct store *store, const struct wire_text *host, struct handshake_row *row,
                      struct error *error)
{
    struct dictionary *dictionary = &store->dictionary;
    const struct handshake *handshake = row->handshake;

    row->run = store->run;
    return dictionary_host(dictionary, host, handshake->time_ns, &row->host, error) &&
           dictionary_server(dictionary, &handshake->server, &row->server, error) &&
           find_sni(store, &handshake->sni, host, &row->sni, error);
}

/* The record as a query would give it back. */
static void fill_record(const struct handshake_row *row, const struct wire_text *host,
                        struct record *out)
{
    const struct session_links *links = row->links;

    out->run = row->run;
    out->handshake = *row->handshake;
    out->handshake.offered = links->offered;
    out->handshake.outcome = links->outcome;
    out->handshake.offered_bytes = links->offered_bytes;
    if (links->session_offered == HANDSHAKE_NULL) {
        out->handshake.session_offered = (struct session_hash){0};
    }
    out->handshake.id_needs_sighting = false;
    out->host = *host;
    out->host_id = row->host;
    memset(out->app, 0, sizeof(out->app));
    out->age_s = links->age_s;
    out->refusal_cause = links->refusal_cause;
    out->missed = links->missed;
    memcpy(out->key_name, links->key_name, sizeof(out->key_name));
}

bool store_add(struct store *store, const struct handshake *handshake, struct record *out,
               struct error *error)
{
    struct wire_text host;
    struct session_links links;
    struct handshake_row row = {.handshake = handshake, .links = &links};
    int64_t id;

    assert(store->run != HANDSHAKE_NULL);
    store_host_name(handshake, &host);
    if (!begin_batch(store, error) || !find_rows(store, &host, &row, error)) {
        return give_up_batch(store, error);
    }
    const struct session_place place = {row.host, row.server, handshake->client.address};
    if (!sessions_link(&store->sessions, handshake, &place, &links, error)) {
        return give_up_batch(store, error);
    }
    const enum carrier carrier = ftp_sessions_carrier(&store->ftp_sessions, handshake, &links);
    row.facts = handshake_row_facts(handshake, &links);
    const struct handshake_kind kind = {handshake, row.facts,
                                        carrier_shown(carrier, handshake->carrier_guess)};
    if (!handshake_kinds_find(&store->kinds, &kind, &row.kind, error) ||
        !pending_handshakes_add(&store->pending.handshakes, &row, &id, error) ||
        !time_spans_note(&store->spans, &store->db, id, handshake->time_ns, error)) {
        return give_up_batch(store, error);
    }
    sessions_note_row(&store->sessions, id);
    rollups_note(&store->rollups, &row, id);
    if (out != NULL) {
        fill_record(&row, &host, out);
        out->id = id;
        out->handshake.carrier = carrier;
    }
    store->rows++;
    return store->rows < STORE_BATCH_ROWS || store_commit(store, error);
}

bool store_next_unlabelled(struct store *store, struct host_record *out, struct error *error)
{
    return host_labels_next(&store->labels, out, error);
}

bool store_label(struct store *store, const struct host_record *host, const char *app,
                 struct error *error)
{
    return (begin_batch(store, error) && host_labels_set(&store->labels, host, app, error)) ||
           give_up_batch(store, error);
}

struct query *store_query(struct store *store, struct error *error)
{
    return store_commit(store, error) ? query_share(&store->db, error) : NULL;
}

const char *store_library_version(void)
{
    return sqlite3_libversion();
}
