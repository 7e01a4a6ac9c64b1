/* How tickets under one key were seen at one server, for one host: times and counts. PURE. */
#ifndef REPRISE_STORE_KEY_USE_H
#define REPRISE_STORE_KEY_USE_H

#include <stdint.h>

enum key_event {
    KEY_EVENT_ISSUED,
    KEY_EVENT_OFFERED, /* and neither accepted nor refused */
    KEY_EVENT_ACCEPTED,
    KEY_EVENT_REFUSED,
    KEY_EVENT_EXPIRED, /* refused, as it was older than its hint */
};

/* Times are HANDSHAKE_NULL where it did not happen. */
struct key_use {
    int64_t first_seen_ns; /* issued or offered */
    int64_t last_seen_ns;
    int64_t first_issued_ns;
    int64_t last_issued_ns;
    int64_t first_accepted_ns;
    int64_t last_accepted_ns;
    int64_t first_refused_ns; /* without those that had expired: says something of the key */
    int64_t issued_count;
    int64_t offered_count;
    int64_t accepted_count;
    int64_t refused_count;
};

void key_use_init(struct key_use *use);
void key_use_add(struct key_use *use, enum key_event event, int64_t time_ns);

/* As if everything added to `other` had been added to `use`. */
void key_use_merge(struct key_use *use, const struct key_use *other);

#endif
