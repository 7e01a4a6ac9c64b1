/* The flight in which a TLS 1.3 server sends its tickets (RFC 8446, 4.6.1): a pure fold over TLS
 * events that estimates from the lengths of encrypted records how many it sent, and how long.
 *
 *     for each event of TLS 1.3, from the ServerHello on:
 *         ticket_flight_after(&flight, &event, &hint);
 *     ticket_flight_read(&flight, is_waited_out, &reading);
 *
 * Tickets lead what the server says after its own Finished: most servers send them when they have
 * the client's, some at once. So records of one length that lead are tickets; one alone may be
 * an answer, and is a ticket only if the client had not said anything yet. What follows another
 * record is never taken for one. */
#ifndef REPRISE_DISSECT_TLS_TICKET_FLIGHT_H
#define REPRISE_DISSECT_TLS_TICKET_FLIGHT_H

#include "dissect/tls/event.h"

enum {
    TICKET_FLIGHT_RECORDS_MAX = 4, /* more of one length are an answer */
    /* What is taken for a ticket without a second one: shorter is a greeting or HTTP/2's SETTINGS,
     * longer may be a certificate's flight. */
    TICKET_FLIGHT_LONE_MIN_BYTES = 128,
    TICKET_FLIGHT_LONE_MAX_BYTES = 1024,
};

/* What the verdict has understood of the event. */
struct ticket_flight_hint {
    bool is_client_finished;   /* it is (or ends with) the client's Finished */
    bool is_early_data_wanted; /* the client may have said something before the handshake */
    uint16_t cipher;
};

/* Zero-initialised. */
struct ticket_flight {
    bool has_server_finished; /* a record of a Finished's length, and nothing unlikely behind it */
    bool has_client_finished;
    bool has_client_spoken; /* or may have: application data, or bytes lost */
    bool is_over;           /* nothing that comes could change the estimate */
    bool is_spoilt;         /* something else has led, or the server may be answering already */
    bool has_gap;           /* bytes of the server are lost */
    bool has_alert_length;  /* the server's latest record may be its close_notify */
    bool has_end;           /* what leads has ended: another record came, or a FIN */
    bool has_server_fin;
    bool is_first_unasked; /* the first came while the client had said nothing */
    uint8_t count;         /* records that lead */
    uint32_t record_len;   /* of each */
    uint16_t cipher;
};

void ticket_flight_after(struct ticket_flight *flight, const struct tls_event *event,
                         const struct ticket_flight_hint *hint);

/* The client has finished, and what comes could still change the estimate. */
bool ticket_flight_is_awaited(const struct ticket_flight *flight);

enum { TICKET_FLIGHT_NULL = -1 };

struct ticket_flight_reading {
    int count;            /* 0: certain that none came; TICKET_FLIGHT_NULL: not known */
    int64_t record_bytes; /* of each, as ticket_estimate.h counts: if a record had two, as it would
                             be with one; meaningful when count > 0 */
};

/* is_waited_out: the flight was heard for as long as tickets may take to come. */
void ticket_flight_read(const struct ticket_flight *flight, bool is_waited_out,
                        struct ticket_flight_reading *out);

#endif
