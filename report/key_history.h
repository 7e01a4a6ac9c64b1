/* Ticket keys over time: what one key was seen to do in all, and how the keys of a host follow each
 * other. Arithmetic on what the store gives, by host and server. PURE.
 *
 * Memory: 64 bytes for each key, host and server that were seen together, 100 for each key, and
 * what a host's name takes for each host. */
#ifndef REPRISE_REPORT_KEY_HISTORY_H
#define REPRISE_REPORT_KEY_HISTORY_H

#include "store/record.h"

struct key_history;

/* NULL without memory. */
MUST_CHECK struct key_history *key_history_new(void);
void key_history_free(struct key_history *history);

/* In the order of query_next_key(): by host, server, then first seen. False without memory. */
MUST_CHECK bool key_history_add(struct key_history *history, const struct key_use_record *use);

/* Once, after the last one. The functions below are for afterwards. */
MUST_CHECK bool key_history_finish(struct key_history *history);

struct key_history_key {
    char name[33];
    int format; /* enum ticket_layout; -1: several fit alike */
    uint8_t warnings;
    uint64_t hosts;
    uint64_t servers;
    int64_t first_seen_ns;
    int64_t last_seen_ns;
    int64_t issued_count;
    int64_t offered_count;
    int64_t accepted_count;
    int64_t refused_count;
};

/* Keys in the order they were first seen. */
size_t key_history_keys(const struct key_history *history);
const struct key_history_key *key_history_key(const struct key_history *history, size_t place);

struct key_history_host {
    struct wire_text host;
    uint64_t keys;
    uint64_t shared; /* of these keys, those that other hosts have, too */
    /* The most keys seen at one moment, each from its first to its last sight at any server. */
    uint64_t at_once;
    /* Median of the times from one key's first sight to the next one's, at each server, of keys
     * that it issued or accepted tickets under; of two in the middle the earlier. HANDSHAKE_NULL:
     * no server had two. */
    int64_t rotation_ns;
    uint64_t rotations; /* how many such times there are */
};

/* Hosts in the order they came. */
size_t key_history_hosts(const struct key_history *history);
const struct key_history_host *key_history_host(const struct key_history *history, size_t place);

#endif
