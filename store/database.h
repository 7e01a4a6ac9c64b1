/* One connection to a database file: opened with care, its statements prepared once, its errors
 * put into one sentence. Knows no table. */
#ifndef REPRISE_STORE_DATABASE_H
#define REPRISE_STORE_DATABASE_H

#include "base/error.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

/* A row of a side's table of SQL. The name completes the sentence "cannot ...". */
struct statement_text {
    const char *name;
    const char *sql;
    bool is_rare; /* prepared by whoever needs it, with database_ready() */
};

enum { DATABASE_STATEMENTS_MAX = 80 };

struct database {
    sqlite3 *handle;
    char *path;
    const struct statement_text *texts;
    size_t count;
    sqlite3_stmt *statements[DATABASE_STATEMENTS_MAX];
};

enum database_mode { DATABASE_READ, DATABASE_WRITE };

/* Opens a file that database_file_for_writing() or _for_reading() has let through. On failure
 * there is nothing to close. */
MUST_CHECK bool database_open(struct database *db, const char *path, enum database_mode mode,
                              int busy_ms, struct error *error);
void database_close(struct database *db);

/* A second user of an open connection, with statements of its own. */
MUST_CHECK bool database_share(struct database *db, const struct database *owner,
                               struct error *error);
/* Ends a shared use: the connection stays open. */
void database_unshare(struct database *db);

/* One statement for each text, to be had as db->statements[index] once it is ready. */
void database_expect(struct database *db, const struct statement_text *texts, size_t count);
/* Prepares one of them, if it is not yet. */
MUST_CHECK bool database_ready(struct database *db, size_t statement, struct error *error);
/* Expects all, and prepares all now but the rare ones. */
MUST_CHECK bool database_prepare(struct database *db, const struct statement_text *texts,
                                 size_t count, struct error *error);

/* Runs SQL that has no values and gives no rows that matter: pragmas, migrations. */
MUST_CHECK bool database_execute(struct database *db, const char *sql, struct error *error);
/* The number that a pragma gives. */
MUST_CHECK bool database_pragma(struct database *db, const char *sql, int64_t *out,
                                struct error *error);

enum database_step { DATABASE_ROW, DATABASE_DONE, DATABASE_FAILED };

/* One step of a prepared statement. DATABASE_ROW: its columns can be read until
 * database_reset(); otherwise it is reset already. */
MUST_CHECK enum database_step database_step(struct database *db, size_t statement,
                                            struct error *error);
void database_reset(struct database *db, size_t statement);
/* Runs a prepared statement that gives no row. */
MUST_CHECK bool database_run(struct database *db, size_t statement, struct error *error);

/* Runs a prepared statement that gives the largest id of a table, if it has any: *out is the next
 * one.
 */
MUST_CHECK bool database_next_id(struct database *db, size_t statement, int64_t *out,
                                 struct error *error);

/* Says what SQLite's last error means for the user, who wanted to `what`; returns false. */
bool database_fail(const struct database *db, const char *what, struct error *error);

#endif
