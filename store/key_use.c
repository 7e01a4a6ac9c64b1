#include "store/key_use.h"

#include "dissect/handshake.h"

void key_use_init(struct key_use *use)
{
    *use = (struct key_use){
        .first_seen_ns = HANDSHAKE_NULL,
        .last_seen_ns = HANDSHAKE_NULL,
        .first_issued_ns = HANDSHAKE_NULL,
        .last_issued_ns = HANDSHAKE_NULL,
        .first_accepted_ns = HANDSHAKE_NULL,
        .last_accepted_ns = HANDSHAKE_NULL,
        .first_refused_ns = HANDSHAKE_NULL,
    };
}

static void keep_first(int64_t *known_ns, int64_t time_ns)
{
    if (time_ns != HANDSHAKE_NULL && (*known_ns == HANDSHAKE_NULL || time_ns < *known_ns)) {
        *known_ns = time_ns;
    }
}

/* HANDSHAKE_NULL is the smallest number. */
static void keep_last(int64_t *known_ns, int64_t time_ns)
{
    *known_ns = time_ns > *known_ns ? time_ns : *known_ns;
}

void key_use_add(struct key_use *use, enum key_event event, int64_t time_ns)
{
    keep_first(&use->first_seen_ns, time_ns);
    keep_last(&use->last_seen_ns, time_ns);
    use->offered_count += event != KEY_EVENT_ISSUED;
    switch (event) {
    case KEY_EVENT_ISSUED:
        keep_first(&use->first_issued_ns, time_ns);
        keep_last(&use->last_issued_ns, time_ns);
        use->issued_count++;
        break;
    case KEY_EVENT_ACCEPTED:
        keep_first(&use->first_accepted_ns, time_ns);
        keep_last(&use->last_accepted_ns, time_ns);
        use->accepted_count++;
        break;
    case KEY_EVENT_REFUSED:
        keep_first(&use->first_refused_ns, time_ns);
        use->refused_count++;
        break;
    case KEY_EVENT_EXPIRED:
        use->refused_count++;
        break;
    case KEY_EVENT_OFFERED:
        break;
    }
}

void key_use_merge(struct key_use *use, const struct key_use *other)
{
    keep_first(&use->first_seen_ns, other->first_seen_ns);
    keep_last(&use->last_seen_ns, other->last_seen_ns);
    keep_first(&use->first_issued_ns, other->first_issued_ns);
    keep_last(&use->last_issued_ns, other->last_issued_ns);
    keep_first(&use->first_accepted_ns, other->first_accepted_ns);
    keep_last(&use->last_accepted_ns, other->last_accepted_ns);
    keep_first(&use->first_refused_ns, other->first_refused_ns);
    use->issued_count += other->issued_count;
    use->offered_count += other->offered_count;
    use->accepted_count += other->accepted_count;
    use->refused_count += other->refused_count;
}
