/* What the events seen so far prove: SPEC 1's rules and rows, as pure functions of the verdict's
 * state. */
#ifndef REPRISE_DISSECT_TLS_JUDGEMENT_H
#define REPRISE_DISSECT_TLS_JUDGEMENT_H

#include "dissect/tls/verdict.h"

/* A verdict and how sure it is. */
struct judgement {
    enum verdict verdict;
    enum certainty certainty;
};

/* What the handshake is, or would have been had it not failed. */
struct judgement judgement_of_kind(const struct verdict_state *state);

/* Why it failed (rule 6), REASON_NONE if it did not; kind: what it would have been. */
enum reason judgement_of_failure(const struct verdict_state *state, enum verdict kind);

/* Why nothing is proven: the first reason that holds. */
enum reason judgement_of_unknown(const struct verdict_state *state, enum verdict_ending ending);

/* TLS <= 1.2: the server went from its hello straight to ChangeCipherSpec, in full view. */
bool judgement_is_abbreviated(const struct verdict_state *state);

/* The server selected an identity that the client offered. */
bool judgement_is_offered_psk(const struct verdict_state *state);

/* ... and that one is, or may be, an external PSK, which looks like a resumption (rule 2). */
bool judgement_is_external_psk(const struct verdict_state *state);

/* 32 zero bytes offered as session ID (row 22). */
bool judgement_is_placeholder_id(const struct verdict_offer *offer);

#endif
