#include "store/ticket_learner.h"

#include <stdlib.h>
#include <string.h>

enum { WAYS = 4, SETS = TICKET_LEARNER_SERVERS / WAYS };

enum {
    LONG_NAME_BYTES = 16,
    SHORT_NAME_BYTES = 4,
    /* Of random bytes behind a name, so many may be alike by chance. */
    SLACK_LONG_BYTES = 3,
    SLACK_SHORT_BYTES = 1,
};

/* Layouts with a length inside that must fit: no accident. */
static const uint16_t marked_layouts = 1U << TICKET_LAYOUT_GNUTLS | 1U << TICKET_LAYOUT_MBEDTLS |
                                       1U << TICKET_LAYOUT_WOLFSSL | 1U << TICKET_LAYOUT_NSS;

/* Tickets that begin alike. */
struct candidate {
    uint64_t used; /* the learner's clock; 0: empty */
    uint8_t count;
    uint8_t name_bytes; /* 0: one ticket does not tell */
    uint16_t layouts;
    struct learner_ticket tickets[TICKET_LEARNER_TICKETS];
};

struct server_tickets {
    int64_t server;
    uint64_t used; /* 0: empty */
    struct candidate candidates[TICKET_LEARNER_CANDIDATES];
};

struct ticket_learner {
    uint64_t clock;
    struct server_tickets servers[SETS][WAYS];
};

struct ticket_learner *ticket_learner_new(void)
{
    return calloc(1, sizeof(struct ticket_learner));
}

void ticket_learner_free(struct ticket_learner *learner)
{
    free(learner);
}

void ticket_learner_clear(struct ticket_learner *learner)
{
    memset(learner, 0, sizeof(*learner));
}

uint16_t ticket_layouts_named_by(uint8_t name_bytes)
{
    uint16_t layouts = 0;

    for (unsigned layout = 0; layout < TICKET_LAYOUT_COUNT; layout++) {
        if (ticket_layout_name_bytes((enum ticket_layout)layout) == name_bytes) {
            layouts |= (uint16_t)(1U << layout);
        }
    }
    return layouts;
}

static struct server_tickets *server_for(struct ticket_learner *learner, int64_t server)
{
    struct server_tickets *set = learner->servers[(uint64_t)server % SETS];
    struct server_tickets *oldest = &set[0];

    for (size_t way = 0; way < WAYS; way++) {
        if (set[way].used > 0 && set[way].server == server) {
            return &set[way];
        }
        if (set[way].used < oldest->used) {
            oldest = &set[way];
        }
    }
    memset(oldest, 0, sizeof(*oldest));
    oldest->server = server;
    return oldest;
}

static size_t shared_bytes(const struct ticket_shape *a, const struct ticket_shape *b)
{
    size_t i = 0;

    while (i < a->len && i < b->len && a->start[i] == b->start[i]) {
        i++;
    }
    return i;
}

/* Whether the ticket may be under a key whose name has so many bytes, as all of the candidate's
 * tickets are then. */
static bool fits(const struct candidate *candidate, const struct ticket_shape *shape,
                 uint8_t name_bytes)
{
    const uint16_t layouts =
        candidate->layouts & shape->layouts & ticket_layouts_named_by(name_bytes);
    const size_t slack =
        name_bytes == LONG_NAME_BYTES ? SLACK_LONG_BYTES : (size_t)SLACK_SHORT_BYTES;
    const bool may_repeat_iv = name_bytes == LONG_NAME_BYTES && (layouts & marked_layouts) != 0;

    if (layouts == 0 || (candidate->name_bytes != 0 && candidate->name_bytes != name_bytes)) {
        return false;
    }
    for (unsigned i = 0; i < candidate->count; i++) {
        const size_t shared = shared_bytes(&candidate->tickets[i].shape, shape);
        if (shared < name_bytes || (shared > name_bytes + slack && !may_repeat_iv)) {
            return false;
        }
    }
    return true;
}

static struct candidate *find_by_name(struct server_tickets *server,
                                      const struct ticket_shape *shape, uint8_t name_bytes)
{
    for (size_t i = 0; i < TICKET_LEARNER_CANDIDATES; i++) {
        struct candidate *candidate = &server->candidates[i];
        if (candidate->used > 0 && fits(candidate, shape, name_bytes)) {
            return candidate;
        }
    }
    return NULL;
}

/* The longer name first: what shares 16 bytes shares 4 as well. */
static struct candidate *find_alike(struct server_tickets *server, const struct ticket_shape *shape,
                                    uint8_t *name_bytes)
{
    struct candidate *found = find_by_name(server, shape, LONG_NAME_BYTES);

    *name_bytes = LONG_NAME_BYTES;
    if (found == NULL) {
        found = find_by_name(server, shape, SHORT_NAME_BYTES);
        *name_bytes = SHORT_NAME_BYTES;
    }
    return found;
}

static struct learner_ticket *find_ticket(struct candidate *candidate, uint64_t tag)
{
    for (unsigned n = 0; n < candidate->count; n++) {
        if (candidate->tickets[n].tag == tag) {
            return &candidate->tickets[n];
        }
    }
    return NULL;
}

/* The ticket again: offered after it was issued, or once more. */
static bool merge_known(struct ticket_learner *learner, struct server_tickets *server,
                        const struct learner_ticket *ticket)
{
    for (size_t i = 0; i < TICKET_LEARNER_CANDIDATES; i++) {
        struct candidate *candidate = &server->candidates[i];
        struct learner_ticket *known = find_ticket(candidate, ticket->tag);
        if (known == NULL) {
            continue;
        }
        if (known->host == ticket->host) {
            key_use_merge(&known->use, &ticket->use);
        }
        candidate->used = learner->clock;
        return true;
    }
    return false;
}

static void begin_candidate(struct ticket_learner *learner, struct server_tickets *server,
                            const struct learner_ticket *ticket)
{
    struct candidate *oldest = &server->candidates[0];

    for (size_t i = 1; i < TICKET_LEARNER_CANDIDATES; i++) {
        if (server->candidates[i].used < oldest->used) {
            oldest = &server->candidates[i];
        }
    }
    oldest->used = learner->clock;
    oldest->count = 1;
    oldest->name_bytes = 0;
    oldest->layouts = ticket->shape.layouts;
    oldest->tickets[0] = *ticket;
}

static void fill_key(const struct candidate *candidate, struct learner_key *out)
{
    memset(out->name, 0, sizeof(out->name));
    memcpy(out->name, candidate->tickets[0].shape.start, candidate->name_bytes);
    out->name_bytes = candidate->name_bytes;
    out->layouts = candidate->layouts;
    memcpy(out->tickets, candidate->tickets, sizeof(out->tickets));
}

bool ticket_learner_add(struct ticket_learner *learner, int64_t server,
                        const struct learner_ticket *ticket, struct learner_key *out)
{
    uint8_t name_bytes;

    if (ticket->shape.layouts == 0) {
        return false;
    }
    struct server_tickets *tickets = server_for(learner, server);
    tickets->used = ++learner->clock;
    if (merge_known(learner, tickets, ticket)) {
        return false;
    }
    struct candidate *candidate = find_alike(tickets, &ticket->shape, &name_bytes);
    if (candidate == NULL) {
        begin_candidate(learner, tickets, ticket);
        return false;
    }
    candidate->used = learner->clock;
    candidate->name_bytes = name_bytes;
    candidate->layouts &= ticket->shape.layouts & ticket_layouts_named_by(name_bytes);
    candidate->tickets[candidate->count++] = *ticket;
    if (candidate->count < TICKET_LEARNER_TICKETS) {
        return false;
    }
    fill_key(candidate, out);
    memset(candidate, 0, sizeof(*candidate));
    return true;
}
