/* How one host's servers use their ticket keys, for advice. PURE. */
#ifndef REPRISE_REPORT_HOST_KEYS_H
#define REPRISE_REPORT_HOST_KEYS_H

#include "store/record.h"

/* Keys that do not follow each other but are used side by side. */
enum host_keys_split {
    HOST_KEYS_TOGETHER,
    HOST_KEYS_BY_SERVER,   /* two servers that issue at the same time have no key in common */
    HOST_KEYS_ONE_ADDRESS, /* two keys at one address, from beginning to end: several servers */
};

struct host_keys {
    uint64_t keys;
    int64_t rotation_ns; /* report/key_history.h; HANDSHAKE_NULL: no server had two keys */
    uint64_t rotations;
    uint64_t issued;  /* tickets, under all keys */
    int64_t span_ns;  /* from the first sight of any key to the last */
    uint8_t warnings; /* of any key: 1u << enum ticket_warning */
    enum host_keys_split split;
    struct endpoint servers[2]; /* by server: two such; one address: the first is it */
};

/* What a host without a known key has. */
void host_keys_init(struct host_keys *keys);

struct host_keys_gather;

/* NULL without memory. */
MUST_CHECK struct host_keys_gather *host_keys_gather_new(void);
void host_keys_gather_free(struct host_keys_gather *gather);

/* Of one host, in the order of query_next_key(). False without memory. At most 32 uses are looked
 * at for a split: with more, one may not be found. */
MUST_CHECK bool host_keys_gather_add(struct host_keys_gather *gather,
                                     const struct key_use_record *use);

/* Once, after the last one. False without memory. */
MUST_CHECK bool host_keys_gather_end(struct host_keys_gather *gather, struct host_keys *out);

#endif
