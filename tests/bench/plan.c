#include "tests/bench/plan.h"

#include <stdlib.h>

/* Sessions that wait to be offered; the oldest comes first, the newest is dropped when full. */
enum { RING_SESSIONS = 1 << 16 };

struct session {
    uint64_t seed;
    uint32_t client;
    uint32_t host;
};

struct ring {
    struct session sessions[RING_SESSIONS];
    uint32_t first;
    uint32_t count;
};

struct planner {
    struct random random;
    uint32_t data_bytes;
    uint16_t ports[PLAN_CLIENTS]; /* used so far */
    struct ring rings[PLAN_SESSION_COUNT];
};

static const struct plan_traits traits[PLAN_KIND_COUNT] = {
    [PLAN_12_FULL_TICKET] = {"tls12-full-ticket", 14, PLAN_SESSION_NONE, PLAN_SESSION_TICKET,
                             PLAN_12_FULL_TICKET, "full", "none", "none", "TLSv1.2", "none", 2,
                             false},
    [PLAN_12_FULL_ID] = {"tls12-full-id", 8, PLAN_SESSION_NONE, PLAN_SESSION_ID, PLAN_12_FULL_ID,
                         "full", "none", "none", "TLSv1.2", "none", 2, false},
    [PLAN_12_ID] = {"tls12-id", 12, PLAN_SESSION_ID, PLAN_SESSION_NONE, PLAN_12_FULL_ID,
                    "resumed-id", "id", "accepted", "TLSv1.2", "none", 1, false},
    [PLAN_12_TICKET] = {"tls12-ticket", 12, PLAN_SESSION_TICKET, PLAN_SESSION_NONE,
                        PLAN_12_FULL_TICKET, "resumed-ticket", "ticket", "accepted", "TLSv1.2",
                        "none", 1, false},
    [PLAN_12_TICKET_RENEWED] = {"tls12-ticket-renewed", 4, PLAN_SESSION_TICKET, PLAN_SESSION_TICKET,
                                PLAN_12_FULL_TICKET, "resumed-ticket", "ticket", "accepted",
                                "TLSv1.2", "none", 1, true},
    [PLAN_12_ID_REFUSED] = {"tls12-id-refused", 3, PLAN_SESSION_ID, PLAN_SESSION_ID,
                            PLAN_12_FULL_ID, "full", "id", "refused", "TLSv1.2", "none", 2, true},
    [PLAN_12_TICKET_REFUSED] = {"tls12-ticket-refused", 4, PLAN_SESSION_TICKET, PLAN_SESSION_TICKET,
                                PLAN_12_FULL_TICKET, "full", "ticket", "refused", "TLSv1.2", "none",
                                2, true},
    [PLAN_13_FULL] = {"tls13-full", 18, PLAN_SESSION_NONE, PLAN_SESSION_PSK, PLAN_13_FULL, "full",
                      "none", "none", "TLSv1.3", "none", 1, false},
    [PLAN_13_PSK] = {"tls13-psk", 15, PLAN_SESSION_PSK, PLAN_SESSION_PSK, PLAN_13_FULL,
                     "resumed-psk", "psk", "accepted", "TLSv1.3", "none", 1, true},
    [PLAN_13_EARLY_DATA] = {"tls13-early-data", 3, PLAN_SESSION_PSK, PLAN_SESSION_PSK, PLAN_13_FULL,
                            "resumed-psk", "psk", "accepted", "TLSv1.3", "accepted", 0, true},
    [PLAN_13_PSK_REFUSED] = {"tls13-psk-refused", 3, PLAN_SESSION_PSK, PLAN_SESSION_PSK,
                             PLAN_13_FULL, "full", "psk", "refused", "TLSv1.3", "none", 1, true},
    [PLAN_13_RETRY] = {"tls13-retry", 2, PLAN_SESSION_NONE, PLAN_SESSION_PSK, PLAN_13_RETRY, "full",
                       "none", "none", "TLSv1.3", "none", 2, false},
    [PLAN_13_TICKET_OF_12] = {"tls13-ticket-of-tls12", 1, PLAN_SESSION_TICKET, PLAN_SESSION_PSK,
                              PLAN_13_FULL, "full", "ticket", "not-applicable", "TLSv1.3", "none",
                              1, true},
    [PLAN_FAILED] = {"failed", 1, PLAN_SESSION_NONE, PLAN_SESSION_NONE, PLAN_FAILED, "failed",
                     "none", "none", NULL, "none", -1, false},
};

const struct plan_traits *plan_traits(enum plan_kind kind)
{
    return &traits[kind];
}

struct planner *planner_new(uint64_t seed, uint32_t data_bytes)
{
    struct planner *planner = calloc(1, sizeof(*planner));

    if (planner != NULL) {
        planner->random = random_of(seed, 0);
        planner->data_bytes = data_bytes;
    }
    return planner;
}

void planner_free(struct planner *planner)
{
    free(planner);
}

static enum plan_kind pick_kind(struct random *random)
{
    uint32_t ticket = random_below(random, 100); /* the weights add up to 100 */
    uint32_t kind = 0;

    while (ticket >= traits[kind].weight) {
        ticket -= traits[kind].weight;
        kind++;
    }
    return (enum plan_kind)kind;
}

static void ring_put(struct ring *ring, struct session session)
{
    if (ring->count < RING_SESSIONS) {
        ring->sessions[(ring->first + ring->count) % RING_SESSIONS] = session;
        ring->count++;
    }
}

static struct session ring_take(struct ring *ring)
{
    const struct session session = ring->sessions[ring->first];

    ring->first = (ring->first + 1) % RING_SESSIONS;
    ring->count--;
    return session;
}

struct plan planner_next(struct planner *planner)
{
    struct plan plan = {.kind = pick_kind(&planner->random),
                        .seed = random_next(&planner->random),
                        .client = random_below(&planner->random, PLAN_CLIENTS),
                        .host = random_below(&planner->random, PLAN_HOSTS),
                        .data_bytes = planner->data_bytes};
    struct ring *ring = &planner->rings[traits[plan.kind].offers];

    if (traits[plan.kind].offers != PLAN_SESSION_NONE && ring->count == 0) {
        plan.kind = traits[plan.kind].fallback;
    } else if (traits[plan.kind].offers != PLAN_SESSION_NONE) {
        const struct session session = ring_take(ring);
        plan.offered = session.seed;
        plan.client = session.client;
        plan.host = session.host;
        if (!traits[plan.kind].gives_up) {
            ring_put(ring, session);
        }
    }
    if (traits[plan.kind].rtts_tls < 0) {
        plan.data_bytes = 0; /* nobody answers a handshake that failed */
    }
    plan.client_port = (uint16_t)(1024 + planner->ports[plan.client]++ % 64000);
    return plan;
}

void planner_done(struct planner *planner, const struct plan *plan)
{
    const enum plan_session issues = traits[plan->kind].issues;

    if (issues != PLAN_SESSION_NONE) {
        ring_put(&planner->rings[issues], (struct session){plan->seed, plan->client, plan->host});
    }
}
