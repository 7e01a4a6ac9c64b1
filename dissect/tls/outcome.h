/* What the client offered and what became of it (SPEC 2), as pure functions of the verdict's
 * state. */
#ifndef REPRISE_DISSECT_TLS_OUTCOME_H
#define REPRISE_DISSECT_TLS_OUTCOME_H

#include "dissect/tls/verdict.h"

/* The strongest offer; kind: what the handshake is, failed or not. */
enum offer outcome_offered(const struct verdict_state *state, enum verdict kind);

enum outcome outcome_of(const struct verdict_state *state, enum verdict verdict,
                        enum offer offered);

enum early_data outcome_of_early_data(const struct verdict_state *state);

#endif
