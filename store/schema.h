/* The tables and views of the database, and how an older one becomes the newest. What each means
 * is in docs/schema.md. */
#ifndef REPRISE_STORE_SCHEMA_H
#define REPRISE_STORE_SCHEMA_H

#include "store/database.h"

/* What leads to a version (PRAGMA user_version) from the one before it. */
struct migration {
    int64_t version;
    const char *sql;
};

/* How a database gets to the newest version: a new one at once, an older one by migrations. Both
 * ways end at the same tables and views; in memory, where no other program looks, the views are
 * left out. */
struct schema {
    int64_t version;                    /* the newest */
    const char *const *tables;          /* SQL for a new one, in this order; then NULL */
    const char *const *views;           /* the same, of what only other programs ask for */
    const struct migration *migrations; /* in order of version; version 0 ends them */
};

/* The newest version. */
int64_t schema_version(void);

/* Brings an open database to the newest version, in one transaction, and switches it to
 * write-ahead logging. Changes nothing when it fails. */
MUST_CHECK bool schema_migrate(struct database *db, struct error *error);

/* The same towards any schema, without the switch. */
MUST_CHECK bool schema_apply(struct database *db, const struct schema *schema, struct error *error);

/* Whether a database opened for reading has the version that the statements are written for. */
MUST_CHECK bool schema_is_readable(struct database *db, struct error *error);

#endif
