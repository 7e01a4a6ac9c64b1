/* The tickets of TLS 1.3, host by host: how many were issued, as estimated from lengths of
 * encrypted records, and which of the estimates were confirmed. Arithmetic on what the store gives.
 * PURE.
 *
 * An estimate is confirmed when the same client (by its address) offers the same host an identity
 * whose length fits (dissect/tls/ticket_estimate.h), in a handshake that begins after the one with
 * the estimate was over; it does not matter in which order they come here. Another client's
 * identity confirms nothing: it tells how long the host's tickets are, not whether this one is
 * estimated rightly. docs/schema.md has the same rule for v_ticket_estimate.
 *
 * Memory: 40 bytes for each handshake with an estimate or a PSK offer, 64 for each host, 64 KiB. */
#ifndef REPRISE_REPORT_TICKET_ESTIMATES_H
#define REPRISE_REPORT_TICKET_ESTIMATES_H

#include "report/rolled.h"

#include "dissect/handshake.h"

#include "base/attributes.h"

struct ticket_estimates_host {
    uint64_t handshakes; /* of TLS 1.3 over TCP that were full or resumed */
    uint64_t known;      /* of these, with an estimate */
    uint64_t tickets;    /* issued, an estimate, after those known */
    uint64_t bytes;      /* of these tickets */
    uint64_t issuing;    /* handshakes with an estimate of at least one ticket */
    uint64_t confirmed;  /* of these */
    uint64_t offers;     /* identities that a client offered after it was issued an estimated one */
    uint64_t unfitting;  /* of these, whose length fits no such estimate: one of them is wrong, or
                            the ticket is one whose issue was not estimated */
};

struct ticket_estimates;

/* NULL without memory. */
MUST_CHECK struct ticket_estimates *ticket_estimates_new(void);
void ticket_estimates_free(struct ticket_estimates *estimates);

/* Whether a handshake has anything to tell here. */
bool ticket_estimates_want(const struct handshake *handshake);

/* host: a number, given out from 0 on. False without memory. */
MUST_CHECK bool ticket_estimates_add(struct ticket_estimates *estimates, uint32_t host,
                                     const struct handshake *handshake);

/* Only counts those of TLS 1.3 in .handshakes: what comes summed up has no estimate. */
MUST_CHECK bool ticket_estimates_add_rolled(struct ticket_estimates *estimates, uint32_t host,
                                            const struct rolled_shape *rolled);

/* Once, after the last one: finds what is confirmed. */
void ticket_estimates_settle(struct ticket_estimates *estimates);

/* All zero for a host without such handshakes. */
struct ticket_estimates_host ticket_estimates_of(const struct ticket_estimates *estimates,
                                                 uint32_t host);

#endif
