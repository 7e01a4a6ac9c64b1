/* The database that a capture writes to: which file it is, and whether it still is. */
#ifndef REPRISE_APP_ARCHIVE_H
#define REPRISE_APP_ARCHIVE_H

#include "app/labels.h"

#include "capture/privileges.h"
#include "store/store.h"

#include "base/attributes.h"
#include "base/error.h"

#include <stdbool.h>
#include <sys/types.h>

struct archive {
    const char *path; /* borrowed; NULL: in memory */
    struct store *store;
    struct labels labels;
    bool was_made; /* there was no such file before */
    dev_t device;  /* of the open file, with the next */
    ino_t inode;
};

/* path NULL: in memory. */
MUST_CHECK bool archive_open(struct archive *out, const char *path, struct error *error);

/* Hands a database that was made just now over to the user that root is given up for; what was
 * there before keeps its owner. */
MUST_CHECK bool archive_give(const struct archive *archive, const struct privileges *privileges,
                             struct error *error);

/* Looks up the applications of hosts that are new. Nothing but a file has other readers, who may
 * ask for them at any time: one in memory needs this only before a report that shows them. */
MUST_CHECK bool archive_label_hosts(struct archive *archive, struct error *error);

/* Whether its path leads to another file now, or to none: moved away, for a new one to be made. */
bool archive_was_moved(const struct archive *archive);

/* Closes, and opens what the path leads to now. On failure there is no store any more. */
MUST_CHECK bool archive_reopen(struct archive *archive, struct error *error);

/* Labels the hosts of a file, commits and closes. May be called again, and after a failed opening.
 */
MUST_CHECK bool archive_close(struct archive *archive, struct error *error);

#endif
