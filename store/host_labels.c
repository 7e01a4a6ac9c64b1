#include "store/host_labels.h"

#include "store/statements.h"
#include "store/text.h"

#include <string.h>

static bool load(struct host_labels *labels, struct error *error)
{
    sqlite3_stmt *const find = labels->db->statements[WRITE_FIND_META];

    (void)sqlite3_bind_text(find, 1, "hosts_labelled", -1, SQLITE_STATIC);
    const enum database_step step = database_step(labels->db, WRITE_FIND_META, error);
    labels->last = 0;
    if (step == DATABASE_ROW) {
        labels->last = sqlite3_column_int64(find, 0);
        database_reset(labels->db, WRITE_FIND_META);
    }
    labels->is_loaded = step != DATABASE_FAILED;
    return labels->is_loaded;
}

bool host_labels_next(struct host_labels *labels, struct host_record *out, struct error *error)
{
    sqlite3_stmt *const next = labels->db->statements[WRITE_NEXT_UNLABELLED];

    out->id = 0;
    if (!labels->is_loaded && !load(labels, error)) {
        return false;
    }
    number_bind(next, 1, labels->last);
    const enum database_step step = database_step(labels->db, WRITE_NEXT_UNLABELLED, error);
    if (step == DATABASE_ROW) {
        out->id = sqlite3_column_int64(next, 0);
        out->name.len = (uint8_t)text_read(next, 1, out->name.text, sizeof(out->name.text));
        database_reset(labels->db, WRITE_NEXT_UNLABELLED);
    }
    return step != DATABASE_FAILED;
}

bool host_labels_set(struct host_labels *labels, const struct host_record *host, const char *app,
                     struct error *error)
{
    sqlite3_stmt *const set = labels->db->statements[WRITE_LABEL_HOST];

    labels->last = host->id;
    labels->is_changed = true;
    if (app == NULL || app[0] == '\0') {
        return true;
    }
    number_bind(set, 1, host->id);
    (void)sqlite3_bind_text(set, 2, app, -1, SQLITE_STATIC);
    return database_run(labels->db, WRITE_LABEL_HOST, error);
}

bool host_labels_flush(struct host_labels *labels, struct error *error)
{
    if (!labels->is_changed) {
        return true;
    }
    number_bind(labels->db->statements[WRITE_SET_LABELLED], 1, labels->last);
    labels->is_changed = !database_run(labels->db, WRITE_SET_LABELLED, error);
    return !labels->is_changed;
}

void host_labels_forget(struct host_labels *labels)
{
    labels->is_loaded = false;
    labels->is_changed = false;
}
