/* Giving up root for good, once the interfaces and the database are open. */
#ifndef REPRISE_CAPTURE_PRIVILEGES_H
#define REPRISE_CAPTURE_PRIVILEGES_H

#include "base/attributes.h"
#include "base/error.h"

#include <stdbool.h>
#include <sys/types.h>

struct privileges {
    bool is_root; /* there is something to give up */
    uid_t uid;    /* whom to become */
    gid_t gid;
    char user[64]; /* the name, for its groups; "" when it has none */
};

/* Decides whom to become: `user` (name or number) if not NULL, else who called sudo (SUDO_UID,
 * SUDO_GID), else nobody. Not being root is no failure: then `is_root` is false. Naming a user
 * without being root is one. */
MUST_CHECK bool privileges_find(const char *user, struct privileges *out, struct error *error);

/* Hands a file that was made while still root over to the user. A missing file is no failure,
 * a link is not followed. */
MUST_CHECK bool privileges_give_file(const struct privileges *privileges, const char *path,
                                     struct error *error);

/* Becomes the user, without any capability, and makes sure that there is no way back. */
MUST_CHECK bool privileges_drop(const struct privileges *privileges, struct error *error);

#endif
