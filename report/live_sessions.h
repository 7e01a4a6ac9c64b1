/* Sessions that are live at once: at the server, and with its clients, host by host. Arithmetic on
 * when each was issued and how long it lasts. PURE. Memory: 28 bytes for each session, 72 for each
 * of the host that has the most, and for each client about 90 and what its address takes. */
#ifndef REPRISE_REPORT_LIVE_SESSIONS_H
#define REPRISE_REPORT_LIVE_SESSIONS_H

#include "report/mechanisms.h"

/* A session that was seen issued. */
struct live_session {
    int64_t issued_ns;
    uint32_t lifetime_s; /* of a ticket; that of IDs is known in the end */
    uint32_t client;     /* live_sessions_client() */
    uint32_t host;       /* any number, such as can be an index */
    uint16_t bytes;
    bool is_id;
};

struct live_sessions;

/* NULL without memory. key: any unpredictable bytes. */
MUST_CHECK struct live_sessions *live_sessions_new(const uint8_t key[NAME_TABLE_KEY_BYTES]);
void live_sessions_free(struct live_sessions *live);

/* The number of a session's client. False without memory, as the next ones. */
MUST_CHECK bool live_sessions_client(struct live_sessions *live,
                                     const struct session_figures *session, uint32_t *out);

MUST_CHECK bool live_sessions_add(struct live_sessions *live, const struct live_session *session);

/* Once, after the last one: places[i] is where host i stands, below place_count. Borrowed for the
 * call. */
MUST_CHECK bool live_sessions_group(struct live_sessions *live, const uint32_t *places,
                                    uint32_t place_count);

/* After that: fills issued_bytes (of the period), ids_at_once, clients, sessions and bytes of the
 * host at this place, which are 0, by its id_lifetime_s. */
MUST_CHECK bool live_sessions_measure(struct live_sessions *live, uint32_t place,
                                      const struct query_filter *period,
                                      struct mechanisms_host *host);

#endif
