/* What libndpi is asked: which applications hosts belong to, what unknown carriers are. Making it
 * takes some 15 ms, so it is made when a name that it could know, or such a carrier, comes first.
 */
#ifndef REPRISE_APP_LABELS_H
#define REPRISE_APP_LABELS_H

#include "dissect/label/label.h"
#include "store/store.h"

#include "base/attributes.h"
#include "base/error.h"

#include <stdbool.h>

struct labels {
    struct label *library; /* NULL: not made yet */
    bool is_missing;       /* there was no memory to make it: then there are no labels */
};

/* Zeroed is empty. */
void labels_clear(struct labels *labels);

/* Names a carrier that our own table does not know, if libndpi does. */
void labels_carrier(struct labels *labels, struct handshake *handshake);

/* Looks up all hosts of a store that were not looked up yet. */
MUST_CHECK bool labels_hosts(struct labels *labels, struct store *store, struct error *error);

#endif
