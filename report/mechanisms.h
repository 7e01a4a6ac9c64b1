/* Session IDs, tickets and PSKs side by side, host by host: how offers of each fare, and what they
 * cost: memory at the server, bytes on the wire, sessions that clients hold; and what can be known
 * of the tickets of TLS 1.3. Arithmetic on what the store gives. PURE.
 *
 * Memory: about 700 bytes for each host and what its name takes; what live_sessions.h and
 * ticket_estimates.h say. */
#ifndef REPRISE_REPORT_MECHANISMS_H
#define REPRISE_REPORT_MECHANISMS_H

#include "report/name_table.h"
#include "report/rolled.h"
#include "report/ticket_estimates.h"

#include "store/query.h"

enum {
    /* How long a session is good for where nobody says (OpenSSL's default), in seconds. */
    MECHANISMS_LIFETIME_S = 300,
    /* What a session takes in a server's cache. An assumption: servers do not tell. */
    MECHANISMS_SESSION_BYTES = 1024,
};

enum mechanism { MECHANISM_ID, MECHANISM_TICKET, MECHANISM_PSK, MECHANISM_COUNT };

struct mechanisms_offers {
    uint64_t accepted;
    uint64_t refused;
};

/* Of the values of several clients; 0 without one. */
struct mechanisms_held {
    uint64_t most;
    uint64_t median; /* of two in the middle, halfway, rounded down */
};

struct mechanisms_host {
    struct wire_text host;
    struct mechanisms_offers offers[MECHANISM_COUNT]; /* in the period's handshakes */

    /* IDs that were live at once, at most: each from its issue until the lifetime is over. */
    uint64_t ids_at_once;
    int64_t id_lifetime_s; /* MECHANISMS_LIFETIME_S, or the largest age accepted if that is more */

    /* On the wire in the period. TLS 1.3 issues tickets encrypted: these are not among them. */
    uint64_t issued_bytes;  /* of tickets issued in clear */
    uint64_t offered_bytes; /* of tickets and PSK identities offered */

    /* Clients, by address, that a session was seen issued to; what each held at most at one moment:
     * a ticket from its issue until its hint is over, MECHANISMS_LIFETIME_S where it is 0 or not
     * known, an ID as above; bytes of tickets only. */
    uint64_t clients;
    struct mechanisms_held sessions;
    struct mechanisms_held bytes;

    struct ticket_estimates_host tls13;
    bool has_session; /* issued or offered in the period; else there are no IDs, tickets, clients */
};

/* The words of output: "id", "ticket", "psk". */
const char *mechanism_name(enum mechanism mechanism);

struct mechanisms;

/* NULL without memory. filter: whose period it is; key: any unpredictable bytes. */
MUST_CHECK struct mechanisms *mechanisms_new(const struct query_filter *filter,
                                             const uint8_t key[NAME_TABLE_KEY_BYTES]);
void mechanisms_free(struct mechanisms *mechanisms);

/* All handshakes, then all sessions, then the names of their hosts: in the order in which they are
 * to be told. What has no session is passed over, and a host's second name; all hosts without a
 * name are one. False without memory. */
MUST_CHECK bool mechanisms_add_handshake(struct mechanisms *mechanisms,
                                         const struct record *record);
/* All of these of a host, without the estimates of tickets. */
MUST_CHECK bool mechanisms_add_rolled(struct mechanisms *mechanisms, const struct wire_text *host,
                                      const struct rolled_shape *rolled);
MUST_CHECK bool mechanisms_add_session(struct mechanisms *mechanisms,
                                       const struct session_figures *session);
MUST_CHECK bool mechanisms_name_host(struct mechanisms *mechanisms, const struct host_record *host);

/* Once, after the last one. The functions below are for afterwards. */
MUST_CHECK bool mechanisms_finish(struct mechanisms *mechanisms);

/* Hosts with a session, in the order they came; then those with handshakes of TLS 1.3 only, in the
 * order of those. */
size_t mechanisms_hosts(const struct mechanisms *mechanisms);
const struct mechanisms_host *mechanisms_host(const struct mechanisms *mechanisms, size_t place);

/* Whether there is any host with a session; with handshakes of TLS 1.3. */
bool mechanisms_has_sessions(const struct mechanisms *mechanisms);
bool mechanisms_has_tls13(const struct mechanisms *mechanisms);

#endif
