#include "store/ticket_learner.h"

#include <string.h>

/* Layouts with a length inside that must fit: no accident. */
static const uint16_t marked_layouts = 1U << TICKET_LAYOUT_GNUTLS | 1U << TICKET_LAYOUT_MBEDTLS |
                                       1U << TICKET_LAYOUT_WOLFSSL | 1U << TICKET_LAYOUT_NSS;

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

static bool has_same_name(const struct ticket_marks *a, const struct ticket_marks *b,
                          uint8_t name_bytes)
{
    return name_bytes == TICKET_LONG_NAME_BYTES ? a->at_16 == b->at_16 : a->at_4 == b->at_4;
}

/* Of random bytes behind a name, a few may be alike by chance: three behind a long one, one behind
 * a short one. */
static bool goes_on_alike(const struct ticket_marks *a, const struct ticket_marks *b,
                          uint8_t name_bytes)
{
    return name_bytes == TICKET_LONG_NAME_BYTES ? a->at_20 == b->at_20 : a->at_6 == b->at_6;
}

/* Whether the ticket may be under a key whose name has so many bytes, as all of the candidate's
 * tickets are then. */
static bool fits(const struct learner_candidate *candidate, const struct learner_ticket *ticket,
                 uint8_t name_bytes)
{
    const uint16_t layouts =
        candidate->layouts & ticket->layouts & ticket_layouts_named_by(name_bytes);
    const bool may_repeat_iv =
        name_bytes == TICKET_LONG_NAME_BYTES && (layouts & marked_layouts) != 0;

    if (layouts == 0 || (candidate->name_bytes != 0 && candidate->name_bytes != name_bytes)) {
        return false;
    }
    for (unsigned i = 0; i < candidate->count; i++) {
        const struct ticket_marks *marks = &candidate->tickets[i].marks;
        if (!has_same_name(marks, &ticket->marks, name_bytes) ||
            (goes_on_alike(marks, &ticket->marks, name_bytes) && !may_repeat_iv)) {
            return false;
        }
    }
    return true;
}

static struct learner_candidate *
find_by_name(struct learner_server *server, const struct learner_ticket *ticket, uint8_t name_bytes)
{
    for (size_t i = 0; i < TICKET_LEARNER_CANDIDATES; i++) {
        struct learner_candidate *candidate = &server->candidates[i];
        if (candidate->used > 0 && fits(candidate, ticket, name_bytes)) {
            return candidate;
        }
    }
    return NULL;
}

/* The longer name first: what shares 16 bytes shares 4 as well. */
static struct learner_candidate *
find_alike(struct learner_server *server, const struct learner_ticket *ticket, uint8_t *name_bytes)
{
    struct learner_candidate *found = find_by_name(server, ticket, TICKET_LONG_NAME_BYTES);

    *name_bytes = TICKET_LONG_NAME_BYTES;
    if (found == NULL) {
        found = find_by_name(server, ticket, TICKET_SHORT_NAME_BYTES);
        *name_bytes = TICKET_SHORT_NAME_BYTES;
    }
    return found;
}

static struct learner_ticket *find_ticket(struct learner_candidate *candidate, int64_t session)
{
    for (unsigned n = 0; n < candidate->count; n++) {
        if (candidate->tickets[n].session == session) {
            return &candidate->tickets[n];
        }
    }
    return NULL;
}

static void touch(struct learner_candidate *candidate, uint64_t now)
{
    candidate->used = now;
    candidate->is_changed = true;
}

/* The ticket again: offered after it was issued, or once more. */
static bool merge_known(struct learner_server *server, const struct learner_ticket *ticket,
                        uint64_t now)
{
    for (size_t i = 0; i < TICKET_LEARNER_CANDIDATES; i++) {
        struct learner_candidate *candidate = &server->candidates[i];
        struct learner_ticket *known = find_ticket(candidate, ticket->session);
        if (known == NULL) {
            continue;
        }
        if (known->host == ticket->host) {
            key_use_merge(&known->use, &ticket->use);
        }
        touch(candidate, now);
        return true;
    }
    return false;
}

static void begin_candidate(struct learner_server *server, const struct learner_ticket *ticket,
                            uint64_t now)
{
    struct learner_candidate *oldest = &server->candidates[0];

    for (size_t i = 1; i < TICKET_LEARNER_CANDIDATES; i++) {
        if (server->candidates[i].used < oldest->used) {
            oldest = &server->candidates[i];
        }
    }
    oldest->count = 1;
    oldest->name_bytes = 0;
    oldest->layouts = ticket->layouts;
    oldest->tickets[0] = *ticket;
    touch(oldest, now);
}

/* The candidate's last ticket: what it was is forgotten. */
static void make_key(struct learner_candidate *candidate, const struct learner_ticket *last,
                     struct learner_key *out)
{
    out->name_bytes = candidate->name_bytes;
    out->layouts = candidate->layouts;
    memcpy(out->tickets, candidate->tickets, sizeof(candidate->tickets));
    out->tickets[TICKET_LEARNER_TICKETS - 1] = *last;
    *candidate = (struct learner_candidate){.is_changed = true};
}

void ticket_learner_add(struct learner_server *server, const struct learner_ticket *ticket,
                        uint64_t now, struct learner_key *out)
{
    uint8_t name_bytes;

    out->name_bytes = 0;
    if (ticket->layouts == 0 || merge_known(server, ticket, now)) {
        return;
    }
    struct learner_candidate *candidate = find_alike(server, ticket, &name_bytes);
    if (candidate == NULL) {
        begin_candidate(server, ticket, now);
        return;
    }
    touch(candidate, now);
    candidate->name_bytes = name_bytes;
    candidate->layouts &= ticket->layouts & ticket_layouts_named_by(name_bytes);
    if (candidate->count == TICKET_LEARNER_TICKETS - 1) {
        make_key(candidate, ticket, out);
        return;
    }
    candidate->tickets[candidate->count++] = *ticket;
}
