/* Sessions of one host that are live at once: at the server, and with its clients. Arithmetic on
 * when each was issued and how long it lasts. PURE. Memory: about 130 bytes for each session. */
#ifndef REPRISE_REPORT_LIVE_SESSIONS_H
#define REPRISE_REPORT_LIVE_SESSIONS_H

#include "report/mechanisms.h"

/* A session that was seen issued. */
struct live_session {
    char client[46];
    bool is_id;
    int64_t issued_ns;
    int64_t lifetime_s; /* of a ticket; that of IDs is known in the end */
    uint64_t bytes;
};

struct live_event;

/* Zero-initialised. */
struct live_sessions {
    struct live_session *sessions;
    size_t count;
    size_t capacity;
    struct live_event *events; /* room for two of each session */
    size_t event_capacity;
    int64_t *values; /* of clients: room for two of each session */
    size_t value_capacity;
};

/* False without memory, as the next. */
MUST_CHECK bool live_sessions_add(struct live_sessions *live, const struct live_session *session);

/* Fills ids_at_once, clients, sessions and bytes of the host, which are 0, by its id_lifetime_s;
 * there are no sessions then. */
MUST_CHECK bool live_sessions_measure(struct live_sessions *live, struct mechanisms_host *host);

void live_sessions_clear(struct live_sessions *live);

#endif
