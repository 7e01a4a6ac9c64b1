/* Handshakes told event by event, for the tests of verdicts: no capture, no bytes. */
#ifndef REPRISE_TESTS_DISSECT_TLS_STORY_H
#define REPRISE_TESTS_DISSECT_TLS_STORY_H

#include "dissect/tls/verdict.h"

/* Lengths of records under the suite that story_server_hello answers TLS 1.3 with. */
enum { STORY_FINISHED_13 = 53, STORY_END_OF_EARLY_DATA = 21 };

/* Session IDs. */
extern const struct bytes story_no_id;
extern const struct bytes story_id;
extern const struct bytes story_other_id;
extern const struct bytes story_short_id;
extern const struct bytes story_zero_id;

/* Hellos of TLS 1.3, with a compatibility session ID that is echoed. */
extern const struct client_hello story_compat_hello;
extern const struct client_hello story_psk_hello;
extern const struct client_hello story_early_hello;
extern const struct server_hello story_full_13;
extern const struct server_hello story_psk_13;

/* An event of which only its kind matters. */
void story_say(struct verdict_state *state, enum tls_side from, enum tls_event_kind kind);
/* A record of type 23. */
void story_record(struct verdict_state *state, enum tls_side from, uint32_t len);
void story_alert(struct verdict_state *state, enum tls_side from, uint8_t level, uint8_t what);
/* What the hello leaves open is a hello of TLS 1.2. */
void story_client_hello(struct verdict_state *state, const struct client_hello *hello);
/* Likewise. */
void story_server_hello(struct verdict_state *state, const struct server_hello *hello);
void story_new_session_ticket(struct verdict_state *state, size_t len);
/* ChangeCipherSpec and Finished. */
void story_finish(struct verdict_state *state, enum tls_side from);
void story_server_certificate_flight(struct verdict_state *state);
void story_client_key_flight(struct verdict_state *state);
void story_rest_of_full(struct verdict_state *state);
void story_rest_of_abbreviated(struct verdict_state *state);
struct verdict_reading story_read_now(const struct verdict_state *state);
/* What the state means now. */
void story_assert_reads(const struct verdict_state *state, enum verdict verdict,
                        enum certainty certainty, enum offer offered, enum outcome outcome);
bool story_has_anomaly(const struct verdict_state *state, enum anomaly anomaly);
/* The dummy ChangeCipherSpecs of middlebox compatibility, and the encrypted flights. */
void story_rest_of_tls13(struct verdict_state *state);

#endif
