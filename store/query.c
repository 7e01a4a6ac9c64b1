#include "store/query.h"

#include "store/address.h"
#include "store/database.h"
#include "store/database_file.h"
#include "store/glob.h"
#include "store/handshake_row.h"
#include "store/host_names.h"
#include "store/ledger_row.h"
#include "store/query_share.h"
#include "store/run_row.h"
#include "store/schema.h"
#include "store/text.h"
#include "store/time_spans.h"

#include <stdlib.h>
#include <string.h>

enum read_statement {
    READ_HANDSHAKES,
    READ_FIGURES,
    READ_BLOCKS_OF_HANDSHAKES,
    READ_BLOCKS_OF_FIGURES,
    READ_HOST,
    READ_SESSIONS,
    READ_SESSIONS_OF_PERIOD,
    READ_KEYS,
    READ_OFFERS,
    READ_RUNS,
    READ_NOT_ANALYSED,
    READ_PRESENCE,
    READ_OUTSIDE,
    READ_STATEMENT_COUNT
};

enum { BUSY_MS = 5000 };

/* Of the ids from ?4 up to ?5, exclusive. */
#define HANDSHAKES_ASKED_FOR                                                                       \
    " WHERE h.id >= ?4 AND h.id < ?5 AND h.time_ns >= ?1 AND h.time_ns < ?2"                       \
    " AND " HOST_IS_ASKED_FOR("h.host") " ORDER BY h.id"

#define SESSIONS                                                                                   \
    "SELECT s.hash, s.kind, host.name, server.address, server.port,"                               \
    " s.issued_ns, s.lifetime_hint_s, s.bytes, s.is_renewal, s.offered_count,"                     \
    " s.accepted_count, s.refused_count, s.largest_accepted_age_s,"                                \
    " s.smallest_refused_age_s, s.first_offered_ns, s.last_offered_ns,"                            \
    " s.client, k.name, coalesce(s.chain_length, 1), coalesce(s.warnings, 0),"                     \
    " coalesce(s.chain_start_ns, iif(s.parent IS NULL, s.issued_ns, NULL)),"                       \
    " EXISTS (SELECT 1 FROM session AS child WHERE child.parent = s.id AND child.issued_ns < ?2)"  \
    " FROM session AS s LEFT JOIN server ON server.id = s.server"                                  \
    " LEFT JOIN host ON host.id = s.host LEFT JOIN ticket_key AS k ON k.id = s.key"

#define SESSIONS_ASKED_FOR                                                                         \
    "(s.issued_ns >= ?1 AND s.issued_ns < ?2"                                                      \
    " OR s.last_offered_ns >= ?1 AND s.first_offered_ns < ?2)"                                     \
    " AND " HOST_IS_ASKED_FOR("s.host") " ORDER BY host.name, s.issued_ns, s.id"

/* Those that the period's handshakes tell of. */
#define SESSIONS_OF_PERIOD                                                                         \
    "WITH seen AS MATERIALIZED (SELECT h.session_offered, h.issued_id, h.issued_ticket"            \
    " FROM " TIME_SPANS_ROWS(                                                                      \
        "handshake") " WHERE h.time_ns >= ?1 AND h.time_ns < ?2) " SESSIONS                        \
                     " WHERE s.id IN (SELECT session_offered FROM seen UNION SELECT issued_id "    \
                     "FROM seen"                                                                   \
                     " UNION SELECT issued_ticket FROM seen) AND " SESSIONS_ASKED_FOR

#define PRESENCE                                                                                   \
    "SELECT EXISTS (SELECT 1 FROM " TIME_SPANS_ROWS(                                               \
        "handshake") " WHERE h.time_ns >= ?1"                                                      \
                     " AND h.time_ns < ?2 AND " HOST_IS_ASKED_FOR(                                 \
                         "h.host") "),"                                                            \
                                   " EXISTS (SELECT 1 FROM handshake), ?3 IS NULL"                 \
                                   " OR EXISTS (SELECT 1 FROM host WHERE host_matches(?3, name))"

#define RUN_IS_IN_PERIOD                                                                           \
    "coalesce(last_frame_ns, started_ns) >= ?1 AND coalesce(first_frame_ns, started_ns) < ?2"

/* Values: 1 since, 2 until (exclusive), 3 host pattern. Of handshakes and sessions of all times the
 * whole table is read, of a period's what store/time_spans.h finds. */
static const struct statement_text read_statements[READ_STATEMENT_COUNT] = {
    [READ_HANDSHAKES] = {"read handshakes", HANDSHAKE_ROW_SELECT HANDSHAKES_ASKED_FOR},
    [READ_FIGURES] = {"read handshakes", HANDSHAKE_ROW_SELECT_FIGURES HANDSHAKES_ASKED_FOR},
    [READ_BLOCKS_OF_HANDSHAKES] = {"read handshakes", TIME_SPANS_BLOCKS " ORDER BY block"},
    [READ_BLOCKS_OF_FIGURES] = {"read handshakes", TIME_SPANS_BLOCKS " ORDER BY block"},
    [READ_HOST] = {"read a host", HOST_NAMES_READ},
    [READ_SESSIONS] = {"read sessions", SESSIONS " WHERE " SESSIONS_ASKED_FOR},
    [READ_SESSIONS_OF_PERIOD] = {"read sessions", SESSIONS_OF_PERIOD},
    [READ_KEYS] = {"read ticket keys", QUERY_LEDGER_KEYS},
    [READ_OFFERS] = {"read offers", QUERY_LEDGER_OFFERS},
    [READ_RUNS] = {"read runs", RUN_ROW_SELECT " WHERE " RUN_IS_IN_PERIOD " ORDER BY id"},
    [READ_NOT_ANALYSED] = {"read what was not analysed",
                           "SELECT name, total(packets) FROM not_analysed WHERE run IN"
                           " (SELECT id FROM run WHERE " RUN_IS_IN_PERIOD ")"
                           " GROUP BY name ORDER BY 2 DESC, name"},
    [READ_PRESENCE] = {"look for handshakes", PRESENCE},
    [READ_OUTSIDE] = {"look for handshakes",
                      "SELECT min(h.time_ns), max(h.time_ns) FROM handshake AS h"
                      " WHERE " HOST_IS_ASKED_FOR("h.host")},
};

struct query {
    struct database db;
    struct host_names *hosts;
    enum read_statement sessions; /* which of the two was begun last */
    bool is_shared;
    bool is_open[READ_STATEMENT_COUNT]; /* begun, and not at its end */
};

static void host_matches(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *pattern = sqlite3_value_blob(values[0]);
    const char *name = sqlite3_value_blob(values[1]);

    (void)count;
    sqlite3_result_int(context, glob_matches(pattern, (size_t)sqlite3_value_bytes(values[0]), name,
                                             (size_t)sqlite3_value_bytes(values[1])));
}

static bool prepare(struct query *query, struct error *error)
{
    if (sqlite3_create_function_v2(query->db.handle, "host_matches", 2,
                                   SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
                                   host_matches, NULL, NULL, NULL) != SQLITE_OK) {
        return database_fail(&query->db, "open it", error);
    }
    return database_prepare(&query->db, read_statements, READ_STATEMENT_COUNT, error);
}

static struct query *new_query(const char *path, struct error *error)
{
    struct query *query = calloc(1, sizeof(*query));
    struct host_names *hosts = host_names_new();

    if (query == NULL || hosts == NULL) {
        free(query);
        host_names_free(hosts);
        (void)error_set(error, "%s: no memory to read it", path);
        return NULL;
    }
    query->hosts = hosts;
    query->sessions = READ_SESSIONS;
    return query;
}

struct query *query_open(const char *path, struct error *error)
{
    if (!database_file_for_reading(path, schema_version(), error)) {
        return NULL;
    }
    struct query *query = new_query(path, error);
    if (query == NULL) {
        return NULL;
    }
    if (!database_open(&query->db, path, DATABASE_READ, BUSY_MS, error)) {
        host_names_free(query->hosts);
        free(query);
        return NULL;
    }
    if (!schema_is_readable(&query->db, error) || !prepare(query, error)) {
        query_close(query);
        return NULL;
    }
    return query;
}

struct query *query_share(const struct database *owner, struct error *error)
{
    struct query *query = new_query(owner->path, error);
    if (query == NULL) {
        return NULL;
    }
    query->is_shared = true;
    if (!database_share(&query->db, owner, error) || !prepare(query, error)) {
        query_close(query);
        return NULL;
    }
    return query;
}

void query_close(struct query *query)
{
    if (query == NULL) {
        return;
    }
    if (query->is_shared) {
        database_unshare(&query->db);
    } else {
        database_close(&query->db);
    }
    host_names_free(query->hosts);
    free(query);
}

int64_t query_steps(const struct query *query)
{
    int64_t steps = 0;

    for (size_t i = 0; i < query->db.count; i++) {
        steps += sqlite3_stmt_status(query->db.statements[i], SQLITE_STMTSTATUS_VM_STEP, 0);
    }
    return steps;
}

static bool begin(struct query *query, enum read_statement which, const struct query_filter *filter,
                  struct error *error)
{
    sqlite3_stmt *statement = query->db.statements[which];

    database_reset(&query->db, which);
    (void)sqlite3_bind_int64(statement, 1, filter->since_ns); /* HANDSHAKE_NULL: the smallest */
    (void)sqlite3_bind_int64(statement, 2,
                             filter->until_ns == HANDSHAKE_NULL ? INT64_MAX : filter->until_ns);
    if (sqlite3_bind_parameter_count(statement) >= 3 &&
        sqlite3_bind_text(statement, 3, filter->host_glob, -1, SQLITE_TRANSIENT) != SQLITE_OK) {
        return database_fail(&query->db, read_statements[which].name, error);
    }
    query->is_open[which] = true;
    return true;
}

static enum query_result next(struct query *query, enum read_statement which, struct error *error)
{
    if (!query->is_open[which]) {
        return QUERY_DONE;
    }
    const enum database_step step = database_step(&query->db, which, error);
    if (step == DATABASE_ROW) {
        return QUERY_ROW;
    }
    query->is_open[which] = false;
    return step == DATABASE_DONE ? QUERY_DONE : QUERY_ERROR;
}

/* A statement that has one row: left at it, to be reset by whoever reads it. */
static bool read_one(struct query *query, enum read_statement which,
                     const struct query_filter *filter, struct error *error)
{
    return begin(query, which, filter, error) && next(query, which, error) == QUERY_ROW;
}

static bool find_outside(struct query *query, const struct query_filter *filter,
                         struct query_found *out, struct error *error)
{
    sqlite3_stmt *const row = query->db.statements[READ_OUTSIDE];

    if (!read_one(query, READ_OUTSIDE, filter, error)) {
        return false;
    }
    out->first_ns = sqlite3_column_int64(row, 0);
    out->last_ns = sqlite3_column_int64(row, 1);
    /* A host may be there without a handshake: its ticket keys outlive what was stored. */
    out->presence =
        sqlite3_column_type(row, 0) == SQLITE_NULL ? PRESENCE_NO_HOST : PRESENCE_NOT_THEN;
    database_reset(&query->db, READ_OUTSIDE);
    return true;
}

bool query_find(struct query *query, const struct query_filter *filter, struct query_found *out,
                struct error *error)
{
    sqlite3_stmt *const row = query->db.statements[READ_PRESENCE];

    if (!read_one(query, READ_PRESENCE, filter, error)) {
        return false;
    }
    const bool has_some = sqlite3_column_int(row, 0) != 0;
    const bool has_any = sqlite3_column_int(row, 1) != 0;
    const bool has_host = sqlite3_column_int(row, 2) != 0;
    database_reset(&query->db, READ_PRESENCE);
    out->presence = has_some    ? PRESENCE_SOME
                    : !has_any  ? PRESENCE_NO_HANDSHAKE
                    : !has_host ? PRESENCE_NO_HOST
                                : PRESENCE_NOT_THEN;
    return out->presence != PRESENCE_NOT_THEN || find_outside(query, filter, out, error);
}

static bool is_of_all_times(const struct query_filter *filter)
{
    return filter->since_ns == HANDSHAKE_NULL && filter->until_ns == HANDSHAKE_NULL;
}

static enum read_statement blocks_of(enum read_statement rows)
{
    return rows == READ_FIGURES ? READ_BLOCKS_OF_FIGURES : READ_BLOCKS_OF_HANDSHAKES;
}

static void set_ids(struct query *query, enum read_statement rows, int64_t first, int64_t end)
{
    (void)sqlite3_bind_int64(query->db.statements[rows], 4, first);
    (void)sqlite3_bind_int64(query->db.statements[rows], 5, end);
}

/* Of a period no row is there before next_row() has begun a block. */
static bool begin_rows(struct query *query, enum read_statement rows,
                       const struct query_filter *filter, struct error *error)
{
    const enum read_statement blocks = blocks_of(rows);

    database_reset(&query->db, blocks);
    query->is_open[blocks] = false;
    if (!begin(query, rows, filter, error)) {
        return false;
    }
    set_ids(query, rows, INT64_MIN, INT64_MAX);
    query->is_open[rows] = is_of_all_times(filter);
    return query->is_open[rows] || begin(query, blocks, filter, error);
}

/* The statement of the blocks stays open meanwhile: both see the same state. */
static enum query_result next_row(struct query *query, enum read_statement rows,
                                  struct error *error)
{
    const enum read_statement blocks = blocks_of(rows);
    enum query_result result;

    while ((result = next(query, rows, error)) == QUERY_DONE) {
        result = next(query, blocks, error);
        if (result != QUERY_ROW) {
            return result;
        }
        const uint64_t block = (uint64_t)sqlite3_column_int64(query->db.statements[blocks], 0);
        set_ids(query, rows, (int64_t)(block << TIME_SPANS_BLOCK_BITS),
                (int64_t)((block + 1) << TIME_SPANS_BLOCK_BITS));
        query->is_open[rows] = true;
    }
    return result;
}

bool query_begin_handshakes(struct query *query, const struct query_filter *filter,
                            struct error *error)
{
    return begin_rows(query, READ_HANDSHAKES, filter, error);
}

enum query_result query_next_handshake(struct query *query, struct record *out, struct error *error)
{
    const enum query_result result = next_row(query, READ_HANDSHAKES, error);
    if (result == QUERY_ROW) {
        handshake_row_read(query->db.statements[READ_HANDSHAKES], out);
    }
    return result;
}

bool query_begin_figures(struct query *query, const struct query_filter *filter,
                         struct error *error)
{
    host_names_forget(query->hosts);
    return begin_rows(query, READ_FIGURES, filter, error);
}

enum query_result query_next_figures(struct query *query, struct record *out, struct error *error)
{
    const enum query_result result = next_row(query, READ_FIGURES, error);
    if (result != QUERY_ROW) {
        return result;
    }
    handshake_row_read_figures(query->db.statements[READ_FIGURES], out);
    return host_names_fill(query->hosts, &query->db, READ_HOST, out, error) ? QUERY_ROW
                                                                            : QUERY_ERROR;
}

bool query_begin_sessions(struct query *query, const struct query_filter *filter,
                          struct error *error)
{
    const bool is_all = is_of_all_times(filter);

    query->sessions = is_all ? READ_SESSIONS : READ_SESSIONS_OF_PERIOD;
    return begin(query, query->sessions, filter, error);
}

static void read_session(sqlite3_stmt *from, struct session_record *out)
{
    char address[ADDRESS_TEXT_BYTES];

    memset(out, 0, sizeof(*out));
    out->hash.is_set = true;
    (void)text_read(from, 0, (char *)out->hash.bytes, sizeof(out->hash.bytes));
    out->kind = sqlite3_column_int(from, 1) == SESSION_ID ? SESSION_ID : SESSION_TICKET;
    out->host.len = (uint8_t)text_read(from, 2, out->host.text, sizeof(out->host.text));
    text_read_string(from, 3, address, sizeof(address));
    (void)address_parse(address, out->server.address);
    out->server.port = (uint16_t)sqlite3_column_int(from, 4);
    out->issued_ns = number_read(from, 5);
    out->lifetime_hint_s = number_read(from, 6);
    out->bytes = number_read(from, 7);
    out->is_renewal = sqlite3_column_int(from, 8) != 0;
    out->offered_count = sqlite3_column_int64(from, 9);
    out->accepted_count = sqlite3_column_int64(from, 10);
    out->refused_count = sqlite3_column_int64(from, 11);
    out->largest_accepted_age_s = number_read(from, 12);
    out->smallest_refused_age_s = number_read(from, 13);
    out->first_offered_ns = number_read(from, 14);
    out->last_offered_ns = number_read(from, 15);
    text_read_string(from, 16, out->client, sizeof(out->client));
    text_read_string(from, 17, out->key_name, sizeof(out->key_name));
    out->chain_length = sqlite3_column_int64(from, 18);
    out->warnings = (uint8_t)sqlite3_column_int(from, 19);
    out->chain_start_ns = number_read(from, 20);
    out->is_renewed = sqlite3_column_int(from, 21) != 0;
}

enum query_result query_next_session(struct query *query, struct session_record *out,
                                     struct error *error)
{
    const enum query_result result = next(query, query->sessions, error);
    if (result == QUERY_ROW) {
        read_session(query->db.statements[query->sessions], out);
    }
    return result;
}

bool query_begin_keys(struct query *query, const struct query_filter *filter, struct error *error)
{
    return begin(query, READ_KEYS, filter, error);
}

enum query_result query_next_key(struct query *query, struct key_use_record *out,
                                 struct error *error)
{
    const enum query_result result = next(query, READ_KEYS, error);
    if (result == QUERY_ROW) {
        ledger_row_read_key(query->db.statements[READ_KEYS], out);
    }
    return result;
}

bool query_begin_offers(struct query *query, const struct query_filter *filter, struct error *error)
{
    return begin(query, READ_OFFERS, filter, error);
}

enum query_result query_next_offer(struct query *query, struct offer_record *out,
                                   struct error *error)
{
    const enum query_result result = next(query, READ_OFFERS, error);
    if (result == QUERY_ROW) {
        ledger_row_read_offer(query->db.statements[READ_OFFERS], out);
    }
    return result;
}

bool query_begin_runs(struct query *query, const struct query_filter *filter, struct error *error)
{
    return begin(query, READ_RUNS, filter, error);
}

enum query_result query_next_run(struct query *query, struct run_record *out, struct error *error)
{
    const enum query_result result = next(query, READ_RUNS, error);
    if (result == QUERY_ROW) {
        run_row_read(query->db.statements[READ_RUNS], out);
    }
    return result;
}

bool query_begin_not_analysed(struct query *query, const struct query_filter *filter,
                              struct error *error)
{
    return begin(query, READ_NOT_ANALYSED, filter, error);
}

enum query_result query_next_not_analysed(struct query *query, struct run_not_analysed *out,
                                          struct error *error)
{
    const enum query_result result = next(query, READ_NOT_ANALYSED, error);
    if (result == QUERY_ROW) {
        sqlite3_stmt *const row = query->db.statements[READ_NOT_ANALYSED];
        text_read_string(row, 0, out->name, sizeof(out->name));
        out->packets = sqlite3_column_int64(row, 1);
    }
    return result;
}
