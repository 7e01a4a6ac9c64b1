/* What is odd about a handshake, as bits (1u << enum anomaly): those that events show. */
#ifndef REPRISE_DISSECT_TLS_ANOMALIES_H
#define REPRISE_DISSECT_TLS_ANOMALIES_H

#include "dissect/tls/verdict.h"

uint32_t anomalies_of(const struct verdict_state *state, enum verdict kind);

#endif
