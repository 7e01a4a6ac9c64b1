#include "store/query_parts.h"

#include "store/database_file.h"
#include "store/ledger_row.h"
#include "store/query_share.h"
#include "store/run_row.h"
#include "store/schema.h"
#include "store/text.h"

#include <stdlib.h>

enum { BUSY_MS = 5000 };

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
    if (!schema_is_readable(&query->db, error) || !query_prepare(query, error)) {
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
    if (!database_share(&query->db, owner, error) || !query_prepare(query, error)) {
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
    query_end_rollups(query);
    query_end_offers(query);
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
        sqlite3_stmt *const statement = query->db.statements[i];
        if (statement != NULL) {
            steps += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 0);
        }
    }
    return steps;
}

bool query_begin(struct query *query, enum read_statement which, const struct query_filter *filter,
                 struct error *error)
{
    if (!database_ready(&query->db, which, error)) {
        return false;
    }
    sqlite3_stmt *const statement = query->db.statements[which];
    database_reset(&query->db, which);
    (void)sqlite3_bind_int64(statement, 1, filter->since_ns); /* HANDSHAKE_NULL: the smallest */
    (void)sqlite3_bind_int64(statement, 2,
                             filter->until_ns == HANDSHAKE_NULL ? INT64_MAX : filter->until_ns);
    if (sqlite3_bind_parameter_count(statement) >= 3 &&
        sqlite3_bind_text(statement, 3, filter->host_glob, -1, SQLITE_TRANSIENT) != SQLITE_OK) {
        return database_fail(&query->db, query_statement_name(which), error);
    }
    query->is_open[which] = true;
    return true;
}

enum query_result query_next(struct query *query, enum read_statement which, struct error *error)
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

bool query_is_of_all_times(const struct query_filter *filter)
{
    return filter->since_ns == HANDSHAKE_NULL && filter->until_ns == HANDSHAKE_NULL;
}

/* A statement that has one row: left at it, to be reset by whoever reads it. */
static bool read_one(struct query *query, enum read_statement which,
                     const struct query_filter *filter, struct error *error)
{
    return query_begin(query, which, filter, error) && query_next(query, which, error) == QUERY_ROW;
}

static bool find_outside(struct query *query, const struct query_filter *filter,
                         struct query_found *out, struct error *error)
{
    if (!read_one(query, READ_OUTSIDE, filter, error)) {
        return false;
    }
    sqlite3_stmt *const row = query->db.statements[READ_OUTSIDE];
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
    if (!read_one(query, READ_PRESENCE, filter, error)) {
        return false;
    }
    sqlite3_stmt *const row = query->db.statements[READ_PRESENCE];
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

bool query_begin_keys(struct query *query, const struct query_filter *filter, struct error *error)
{
    return query_begin(query, READ_KEYS, filter, error);
}

enum query_result query_next_key(struct query *query, struct key_use_record *out,
                                 struct error *error)
{
    const enum query_result result = query_next(query, READ_KEYS, error);
    if (result == QUERY_ROW) {
        ledger_row_read_key(query->db.statements[READ_KEYS], out);
    }
    return result;
}

bool query_begin_runs(struct query *query, const struct query_filter *filter, struct error *error)
{
    return query_begin(query, READ_RUNS, filter, error);
}

enum query_result query_next_run(struct query *query, struct run_record *out, struct error *error)
{
    const enum query_result result = query_next(query, READ_RUNS, error);
    if (result == QUERY_ROW) {
        run_row_read(query->db.statements[READ_RUNS], out);
    }
    return result;
}

bool query_begin_not_analysed(struct query *query, const struct query_filter *filter,
                              struct error *error)
{
    return query_begin(query, READ_NOT_ANALYSED, filter, error);
}

enum query_result query_next_not_analysed(struct query *query, struct run_not_analysed *out,
                                          struct error *error)
{
    const enum query_result result = query_next(query, READ_NOT_ANALYSED, error);
    if (result == QUERY_ROW) {
        sqlite3_stmt *const row = query->db.statements[READ_NOT_ANALYSED];
        text_read_string(row, 0, out->name, sizeof(out->name));
        out->packets = sqlite3_column_int64(row, 1);
    }
    return result;
}
