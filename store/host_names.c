#include "store/host_names.h"

#include "store/text.h"

#include <stdlib.h>
#include <string.h>

struct kept {
    bool is_used;
    int64_t id;
    struct wire_text host;
    char app[sizeof(((struct record *)NULL)->app)];
};

/* Ids count up from 1: so many hosts have a place each. */
struct host_names {
    bool is_empty; /* nothing was kept since all was forgotten */
    struct kept kept[HOST_NAMES_KEPT];
};

struct host_names *host_names_new(void)
{
    struct host_names *names = calloc(1, sizeof(*names));

    if (names != NULL) {
        names->is_empty = true;
    }
    return names;
}

void host_names_free(struct host_names *names)
{
    free(names);
}

void host_names_forget(struct host_names *names)
{
    if (names->is_empty) {
        return; /* calloc's pages stay untouched */
    }
    for (size_t i = 0; i < HOST_NAMES_KEPT; i++) {
        names->kept[i].is_used = false;
    }
    names->is_empty = true;
}

static bool read_host(struct kept *kept, struct database *db, size_t statement, int64_t id,
                      struct error *error)
{
    if (!database_ready(db, statement, error)) {
        return false;
    }
    sqlite3_stmt *const row = db->statements[statement];
    *kept = (struct kept){.is_used = true, .id = id};
    (void)sqlite3_bind_int64(row, 1, id);
    const enum database_step step = database_step(db, statement, error);
    if (step == DATABASE_ROW) {
        kept->host.len = (uint8_t)text_read(row, 0, kept->host.text, sizeof(kept->host.text));
        text_read_string(row, 1, kept->app, sizeof(kept->app));
        database_reset(db, statement);
    }
    kept->is_used = step != DATABASE_FAILED;
    return kept->is_used;
}

bool host_names_fill(struct host_names *names, struct database *db, size_t statement,
                     struct record *out, struct error *error)
{
    struct kept *const kept = &names->kept[(uint64_t)out->host_id % HOST_NAMES_KEPT];

    names->is_empty = false;
    if ((!kept->is_used || kept->id != out->host_id) &&
        !read_host(kept, db, statement, out->host_id, error)) {
        return false;
    }
    out->host.len = kept->host.len;
    memcpy(out->host.text, kept->host.text, kept->host.len);
    memcpy(out->app, kept->app, sizeof(out->app));
    return true;
}
