#include "dissect/tls/ticket_flight.h"

#include "dissect/tls/ticket_estimate.h"
#include "dissect/tls/verdict.h"

enum {
    TAG_BYTES = 16,
    TAIL_BYTES = 1 + TAG_BYTES, /* content type u8, tag */
    PAIRED_TICKET_MIN_BYTES = 96,
};

static void spoil(struct ticket_flight *flight)
{
    flight->is_spoilt = true;
    flight->is_over = true;
}

static void end(struct ticket_flight *flight)
{
    flight->has_end = true;
    flight->is_over = true;
}

/* A record's length as it were under a tag of 16 bytes. */
static uint32_t record_bytes(const struct ticket_flight *flight)
{
    const uint32_t tag_bytes = tls13_alert_len(flight->cipher) - 2 - 1;

    return flight->record_len + TAG_BYTES - tag_bytes;
}

static bool is_plausible(uint32_t record_len)
{
    return record_len >= TICKET_RECORD_MIN_BYTES && record_len <= TICKET_RECORD_MAX_BYTES;
}

/* The next record behind the server's Finished. */
static void after_leading_record(struct ticket_flight *flight, uint32_t record_len)
{
    if (flight->is_over) {
        return;
    }
    if (flight->count == 0 && record_len == tls13_alert_len(flight->cipher) &&
        !flight->has_alert_length) {
        flight->has_alert_length = true;
        return;
    }
    if (flight->has_alert_length || (flight->count == 0 && !is_plausible(record_len))) {
        spoil(flight);
        return;
    }
    if (flight->count == 0) {
        flight->record_len = record_len;
        flight->is_first_unasked = !flight->has_client_spoken;
    } else if (record_len != flight->record_len) {
        end(flight);
        return;
    }
    flight->count++;
    if (flight->count == TICKET_FLIGHT_RECORDS_MAX) {
        flight->is_over = true;
    }
}

/* Before the client's Finished only what follows the server's can be tickets: the latest record of
 * its length is taken for it. A server that has early data may answer it there. */
static void after_early_record(struct ticket_flight *flight, uint32_t record_len,
                               bool is_early_data_wanted)
{
    if (record_len == tls13_finished_len(flight->cipher)) {
        *flight = (struct ticket_flight){.has_server_finished = true,
                                         .has_gap = flight->has_gap,
                                         .has_client_spoken = flight->has_client_spoken,
                                         .cipher = flight->cipher};
    } else if (flight->has_server_finished && is_early_data_wanted) {
        flight->is_spoilt = true;
    } else if (flight->has_server_finished) {
        after_leading_record(flight, record_len);
    }
}

static void after_record(struct ticket_flight *flight, const struct tls_event *event,
                         const struct ticket_flight_hint *hint)
{
    if (event->from == TLS_SERVER && flight->has_client_finished) {
        after_leading_record(flight, event->record_len);
    } else if (event->from == TLS_SERVER) {
        after_early_record(flight, event->record_len, hint->is_early_data_wanted);
    } else if (hint->is_client_finished) {
        flight->has_client_finished = true;
        /* Where its Finished cannot be told, the server may be answering early data. */
        flight->is_spoilt =
            flight->is_spoilt || (hint->is_early_data_wanted && !flight->has_server_finished);
    } else if (flight->has_client_finished) {
        flight->has_client_spoken = true;
    }
}

/* Where bytes of the client are lost, it may have spoken. */
static void after_gap(struct ticket_flight *flight, enum tls_side from)
{
    if (from == TLS_SERVER) {
        flight->has_gap = true;
    } else {
        flight->has_client_spoken = true;
    }
}

bool ticket_flight_is_awaited(const struct ticket_flight *flight)
{
    return flight->has_client_finished && !flight->is_over && !flight->is_spoilt &&
           !flight->has_gap;
}

void ticket_flight_after(struct ticket_flight *flight, const struct tls_event *event,
                         const struct ticket_flight_hint *hint)
{
    flight->cipher = hint->cipher;
    flight->has_client_spoken = flight->has_client_spoken || hint->is_early_data_wanted;
    if (flight->has_client_finished && !ticket_flight_is_awaited(flight)) {
        return;
    }
    switch (event->kind) {
    case TLS_APPLICATION_DATA:
        after_record(flight, event, hint);
        break;
    case TLS_GAP:
        after_gap(flight, event->from);
        break;
    case TLS_FIN:
        flight->has_server_fin = event->from == TLS_SERVER;
        end(flight);
        break;
    case TLS_RESET:
        flight->is_over = true;
        break;
    case TLS_NOT_TLS:
        spoil(flight);
        break;
    case TLS_ENCRYPTED_HANDSHAKE: /* of drafts, which do not say what it is */
    case TLS_ALERT:
    case TLS_ENCRYPTED_ALERT:
    case TLS_HEARTBEAT:
        if (event->from == TLS_SERVER) {
            spoil(flight);
        }
        break;
    case TLS_CLIENT_HELLO:
    case TLS_SERVER_HELLO:
    case TLS_HELLO_RETRY_REQUEST:
    case TLS_HELLO_VERIFY_REQUEST:
    case TLS_HELLO_REQUEST:
    case TLS_NEW_SESSION_TICKET:
    case TLS_CERTIFICATE:
    case TLS_SERVER_KEY_EXCHANGE:
    case TLS_CERTIFICATE_REQUEST:
    case TLS_SERVER_HELLO_DONE:
    case TLS_CERTIFICATE_VERIFY:
    case TLS_CLIENT_KEY_EXCHANGE:
    case TLS_CERTIFICATE_STATUS:
    case TLS_OTHER_MESSAGE:
    case TLS_CHANGE_CIPHER_SPEC: /* a dummy (RFC 8446, 5) */
    case TLS_EVENT_KIND_COUNT:
        break;
    }
}

static bool is_lone_ticket(const struct ticket_flight *flight, bool is_waited_out)
{
    return flight->is_first_unasked && (flight->has_end || is_waited_out) &&
           flight->record_len >= TICKET_FLIGHT_LONE_MIN_BYTES &&
           flight->record_len <= TICKET_FLIGHT_LONE_MAX_BYTES;
}

static bool is_known(const struct ticket_flight *flight, bool is_waited_out)
{
    if (!flight->has_client_finished || flight->is_spoilt || flight->has_gap) {
        return false;
    }
    if (flight->count == 0) {
        return flight->has_server_finished && flight->has_server_fin;
    }
    if (flight->count == 1) {
        return is_lone_ticket(flight, is_waited_out);
    }
    return flight->count < TICKET_FLIGHT_RECORDS_MAX || !flight->has_client_spoken;
}

/* A server that packs its handshake messages, so that its Finished cannot be told, packs its
 * tickets too, and such servers send two. Halves that no ticket of its own contents fits are none:
 * there is one ticket, then. */
static bool is_pair(const struct ticket_flight *flight)
{
    const uint32_t messages = record_bytes(flight) - TAIL_BYTES;

    return flight->count == 1 && !flight->has_server_finished && messages % 2 == 0 &&
           ticket_estimate_bytes(messages / 2 + TAIL_BYTES) >= PAIRED_TICKET_MIN_BYTES;
}

void ticket_flight_read(const struct ticket_flight *flight, bool is_waited_out,
                        struct ticket_flight_reading *out)
{
    out->count = is_known(flight, is_waited_out) ? flight->count : TICKET_FLIGHT_NULL;
    out->record_bytes = record_bytes(flight);
    if (out->count == 1 && is_pair(flight)) {
        out->count = 2;
        out->record_bytes = (record_bytes(flight) - TAIL_BYTES) / 2 + TAIL_BYTES;
    }
}
