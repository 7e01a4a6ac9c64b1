/* The applications of hosts: looked up after their handshakes are stored, once for each host. How
 * far that came is kept in the database, so that a run which ended early leaves nothing behind. */
#ifndef REPRISE_STORE_HOST_LABELS_H
#define REPRISE_STORE_HOST_LABELS_H

#include "store/database.h"
#include "store/record.h"

struct host_labels {
    struct database *db; /* borrowed; with write_statements */
    int64_t last;        /* the row of the last host that was looked up */
    bool is_loaded;
    bool is_changed; /* `last` is newer than the database's */
};

/* The first host after the last one that was looked up; id 0: there is none. */
MUST_CHECK bool host_labels_next(struct host_labels *labels, struct host_record *out,
                                 struct error *error);
/* That host was looked up. app: NULL or "": it has none. */
MUST_CHECK bool host_labels_set(struct host_labels *labels, const struct host_record *host,
                                const char *app, struct error *error);

/* Before a commit. */
MUST_CHECK bool host_labels_flush(struct host_labels *labels, struct error *error);
/* After a rollback. */
void host_labels_forget(struct host_labels *labels);

#endif
