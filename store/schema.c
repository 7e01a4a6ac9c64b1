#include "store/schema.h"

#include "store/database_file.h"
#include "store/schema_sql.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const tables[] = {
    schema_tables,           schema_tables_session, schema_not_analysed,    schema_tables_ledger,
    schema_tables_handshake, schema_rollup,         schema_handshake_plain, NULL,
};

static const char *const views[] = {
    schema_v_not_analysed,
    schema_v_run,
    schema_v_handshake_ledger,
    schema_v_session_ledger,
    schema_v_host_ledger,
    schema_v_ticket_key,
    schema_v_ticket_key_use,
    schema_v_refusal,
    schema_v_missed,
    schema_v_ticket_estimate,
    NULL,
};

static const struct migration migrations[] = {
    {2, schema_leave_1},           {2, schema_not_analysed},
    {2, schema_v_not_analysed},    {2, schema_tables_ledger},
    {2, schema_tables_session},    {2, schema_session_from_1},
    {2, schema_tables_handshake},  {2, schema_kind_from_1},
    {2, schema_handshake_from_1},  {2, schema_rollup},
    {2, schema_handshake_plain},   {2, schema_v_handshake_ledger},
    {2, schema_v_session_ledger},  {2, schema_v_host_ledger},
    {2, schema_v_ticket_key},      {2, schema_v_ticket_key_use},
    {2, schema_v_refusal},         {2, schema_v_missed},
    {2, schema_v_ticket_estimate}, {.version = 0},
};

static const struct schema ours = {2, tables, views, migrations};

int64_t schema_version(void)
{
    return ours.version;
}

static bool read_marks(struct database *db, int64_t *application_id, int64_t *version,
                       struct error *error)
{
    return database_pragma(db, "PRAGMA application_id", application_id, error) &&
           database_pragma(db, "PRAGMA user_version", version, error);
}

static bool is_ours(struct database *db, int64_t newest, int64_t *version, struct error *error)
{
    int64_t application_id;
    int64_t objects;

    if (!read_marks(db, &application_id, version, error) ||
        !database_pragma(db, "SELECT count(*) FROM sqlite_schema", &objects, error)) {
        return false;
    }
    if (application_id != DATABASE_APPLICATION_ID &&
        (application_id != 0 || *version != 0 || objects != 0)) {
        return error_set(error, "%s: a database of another program; it is left as it is", db->path);
    }
    return *version <= newest || database_file_too_new(db->path, *version, newest, error);
}

static bool set_marks(struct database *db, int64_t version, struct error *error)
{
    char sql[96];

    (void)snprintf(sql, sizeof(sql), "PRAGMA application_id = %d; PRAGMA user_version = %" PRId64,
                   DATABASE_APPLICATION_ID, version);
    return database_execute(db, sql, error);
}

static bool execute_all(struct database *db, const char *const *parts, struct error *error)
{
    while (*parts != NULL && database_execute(db, *parts, error)) {
        parts++;
    }
    return *parts == NULL;
}

static bool make(struct database *db, const struct schema *schema, struct error *error)
{
    return execute_all(db, schema->tables, error) &&
           (database_file_is_memory(db->path) || execute_all(db, schema->views, error));
}

static bool migrate(struct database *db, const struct schema *schema, int64_t version,
                    struct error *error)
{
    for (const struct migration *step = schema->migrations; step->version != 0; step++) {
        if (step->version > version && !database_execute(db, step->sql, error)) {
            return false;
        }
    }
    return true;
}

/* Version 0: a new database, or one of ours that got no further. */
static bool apply(struct database *db, const struct schema *schema, struct error *error)
{
    int64_t version;

    if (!is_ours(db, schema->version, &version, error)) {
        return false;
    }
    if (version == schema->version) {
        return true;
    }
    return (version == 0 ? make(db, schema, error) : migrate(db, schema, version, error)) &&
           set_marks(db, schema->version, error);
}

bool schema_apply(struct database *db, const struct schema *schema, struct error *error)
{
    /* Immediate: of two programs that open a new file, the second waits and then finds it made. */
    if (!database_execute(db, "BEGIN IMMEDIATE", error)) {
        return false;
    }
    if (apply(db, schema, error) && database_execute(db, "COMMIT", error)) {
        return true;
    }
    (void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

bool schema_migrate(struct database *db, struct error *error)
{
    return schema_apply(db, &ours, error) &&
           database_execute(db, "PRAGMA journal_mode = WAL", error);
}

bool schema_is_readable(struct database *db, struct error *error)
{
    int64_t version;

    if (!is_ours(db, schema_version(), &version, error)) {
        return false;
    }
    return version == schema_version() ||
           error_set(error,
                     "%s: of an older schema (%" PRId64 ", this reprise reads %" PRId64
                     "); opening it for writing brings it up to date",
                     db->path, version, schema_version());
}
