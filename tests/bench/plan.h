/* What a conversation is going to be, settled before its first packet. All of its bytes follow
 * from the plan, so that nothing of it need be kept while thousands are open. */
#ifndef REPRISE_TESTS_BENCH_PLAN_H
#define REPRISE_TESTS_BENCH_PLAN_H

#include "tests/bench/random.h"

#include <stdbool.h>
#include <stdint.h>

enum plan_kind {
    PLAN_12_FULL_TICKET,    /* TLS 1.2, a ticket is issued */
    PLAN_12_FULL_ID,        /* ..., a session ID is issued */
    PLAN_12_ID,             /* abbreviated by ID */
    PLAN_12_TICKET,         /* abbreviated by ticket */
    PLAN_12_TICKET_RENEWED, /* ..., and another is issued */
    PLAN_12_ID_REFUSED,
    PLAN_12_TICKET_REFUSED,
    PLAN_13_FULL,
    PLAN_13_PSK,
    PLAN_13_EARLY_DATA, /* a PSK and early data, both accepted */
    PLAN_13_PSK_REFUSED,
    PLAN_13_RETRY,        /* full after a HelloRetryRequest */
    PLAN_13_TICKET_OF_12, /* a TLS 1.2 ticket is offered, TLS 1.3 negotiated */
    PLAN_FAILED,          /* handshake_failure instead of a ServerHello */
    PLAN_KIND_COUNT,
};

/* What can be issued and offered later. */
enum plan_session {
    PLAN_SESSION_NONE,
    PLAN_SESSION_ID,
    PLAN_SESSION_TICKET,
    PLAN_SESSION_PSK,
    PLAN_SESSION_COUNT
};

/* What a kind is, and what a passive observer can know of it (SPEC's words). */
struct plan_traits {
    const char *name;
    uint32_t weight; /* share of the mix, in percent */
    enum plan_session offers;
    enum plan_session issues;
    enum plan_kind fallback; /* where there is no session to offer yet */
    const char *verdict;
    const char *offered;
    const char *outcome;
    const char *version;
    const char *early_data;
    int rtts_tls;  /* -1: none, it failed */
    bool gives_up; /* the session offered is not offered again */
};

const struct plan_traits *plan_traits(enum plan_kind kind);

struct plan {
    enum plan_kind kind;
    uint64_t seed;    /* of every random byte */
    uint64_t offered; /* seed of the plan that issued what is offered */
    uint32_t client;  /* number of the client and of the host */
    uint32_t host;
    uint16_t client_port;
    uint32_t data_bytes; /* of the response with its TLS records; 0: there is none */
};

/* Which random bytes of a plan are meant. */
enum plan_tag {
    PLAN_TAG_CHOICES = 1, /* coins: is the client a modern one, how long is its chain */
    PLAN_TAG_CLIENT,
    PLAN_TAG_CLIENT_ID,
    PLAN_TAG_SERVER,
    PLAN_TAG_SESSION_ID,
    PLAN_TAG_TICKET,
    PLAN_TAG_PSK,
    PLAN_TAG_TICKET_KEY,
    PLAN_TAG_PATH,
};

/* Makes plans one after another. */
struct planner;

enum { PLAN_HOSTS = 1000, PLAN_CLIENTS = 4096 };

struct planner *planner_new(uint64_t seed, uint32_t data_bytes);
void planner_free(struct planner *planner);

struct plan planner_next(struct planner *planner);

/* The conversation is over: what it issued can be offered from now on. */
void planner_done(struct planner *planner, const struct plan *plan);

#endif
