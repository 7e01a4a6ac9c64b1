/* Which hosts have a ticket key, and which keys a host has: an index of a finished timeline. PURE.
 *
 * Memory: 16 bytes for each key, host and server that were seen together, 8 for each host. */
#ifndef REPRISE_REPORT_KEY_OWNERS_H
#define REPRISE_REPORT_KEY_OWNERS_H

#include "report/key_timeline.h"

struct key_owners;

/* NULL without memory. The timeline is borrowed, and must not grow any more. */
MUST_CHECK struct key_owners *key_owners_new(const struct key_timeline *timeline);
void key_owners_free(struct key_owners *owners);

/* The place of a host in the timeline, and in a history of the same keys. False: it has no key. */
bool key_owners_find(const struct key_owners *owners, const char *name, size_t len, size_t *out);

/* The hosts that have a key of this name: their places, each once, in their order. Writes at most
 * `most` of them; returns how many there are. */
size_t key_owners_of(const struct key_owners *owners, const char *key_name, size_t most,
                     size_t *out);

enum { KEY_OWNERS_NAMED = 5 };

/* The other hosts that have any key of the host at this place, each once: writes at most
 * KEY_OWNERS_NAMED of them, and returns more than that if there are more. */
size_t key_owners_sharing(const struct key_owners *owners, size_t place,
                          size_t out[KEY_OWNERS_NAMED]);

#endif
