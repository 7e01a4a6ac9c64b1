/* The hellos of a plan, as TLS records: what its client offers and what its server answers. */
#ifndef REPRISE_TESTS_BENCH_HELLO_H
#define REPRISE_TESTS_BENCH_HELLO_H

#include "tests/bench/plan.h"
#include "tests/bench/wire.h"

/* Content and handshake types, RFC 8446, B.1 and B.3; RFC 5077, 3.3. */
enum {
    TLS_RECORD_CCS = 20,
    TLS_RECORD_ALERT = 21,
    TLS_RECORD_HANDSHAKE = 22,
    TLS_RECORD_DATA = 23,
};

/* A record that holds one handshake message: begin both, write the body, end both. */
struct hello_message {
    size_t record;
    size_t body;
};

struct hello_message hello_message_begin(struct wire *out, uint8_t type);
void hello_message_end(struct wire *out, struct hello_message message);

void hello_client(const struct plan *plan, struct wire *out);

/* The client's second one, after the HelloRetryRequest. */
void hello_client_again(const struct plan *plan, struct wire *out);

void hello_server(const struct plan *plan, struct wire *out);
void hello_retry_request(const struct plan *plan, struct wire *out);

/* The ticket, PSK identity or session ID that the plan with this seed issued for a host. */
void hello_put_ticket(struct wire *out, uint64_t seed, uint32_t host);

#endif
