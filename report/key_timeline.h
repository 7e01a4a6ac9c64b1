/* Ticket keys as they were seen, key by key for each host and server: what a picture of them over
 * time is made of. PURE.
 *
 * Memory: 120 bytes for each key, host and server that were seen together, and what a host's name
 * takes for each host. */
#ifndef REPRISE_REPORT_KEY_TIMELINE_H
#define REPRISE_REPORT_KEY_TIMELINE_H

#include "store/record.h"

struct key_timeline;

/* NULL without memory. */
MUST_CHECK struct key_timeline *key_timeline_new(void);
void key_timeline_free(struct key_timeline *timeline);

/* In the order of query_next_key(): by host, server, then first seen. False without memory. */
MUST_CHECK bool key_timeline_add(struct key_timeline *timeline, const struct key_use_record *use);

/* A key at one server of one host; counts and times as in struct key_use_record. */
struct key_timeline_use {
    char name[33];
    uint8_t warnings;
    int format; /* enum ticket_layout; -1: several fit alike */
    struct endpoint server;
    int64_t first_seen_ns;
    int64_t last_seen_ns;
    int64_t issued_count;
    int64_t offered_count;
    int64_t accepted_count;
    int64_t refused_count;
};

struct key_timeline_host {
    struct wire_text host;
    size_t first; /* its uses: from here on */
    size_t count;
};

/* Hosts in the order they came, as key_history_host() has them. */
size_t key_timeline_hosts(const struct key_timeline *timeline);
const struct key_timeline_host *key_timeline_host(const struct key_timeline *timeline,
                                                  size_t place);
const struct key_timeline_use *key_timeline_use(const struct key_timeline *timeline, size_t use);

bool key_timeline_is_same_server(const struct key_timeline_use *a,
                                 const struct key_timeline_use *b);

/* The places of the hosts with the most uses, most first and otherwise in their order: at most
 * `most` of them. Returns how many. */
size_t key_timeline_busiest(const struct key_timeline *timeline, size_t most, size_t *out);

#endif
