/* Where finished handshakes leave the dissectors: one outlet for each, a ring between its thread
 * and the one thread that takes from all of them. They come out in the order of the frames that
 * finished them, whichever dissector that was in.
 *
 * Nothing is lost and nothing grows: who puts waits while its ring is full. Whoever takes is woken
 * when some dozens of handshakes wait, or when somebody says that they should not: a wake-up call
 * costs as much as a handshake. */
#ifndef REPRISE_APP_OUTLETS_H
#define REPRISE_APP_OUTLETS_H

#include "dissect/handshake.h"

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

struct outlets;

MUST_CHECK struct outlets *outlets_new(unsigned count);
void outlets_free(struct outlets *outlets);

/* ---- The putting sides: one thread for each outlet ---- */

/* Room for the next handshake of an outlet, to be filled before outlets_put. Waits for it. */
struct handshake *outlets_room(struct outlets *outlets, unsigned which);

/* What lies in the room goes out. sequence: of the frame that finished it, never falling. */
void outlets_put(struct outlets *outlets, unsigned which, uint64_t sequence);

/* All handshakes of this outlet up to a frame were put. */
void outlets_pass(struct outlets *outlets, unsigned which, uint64_t sequence);

/* What was put, by any outlet, should not wait for more. */
void outlets_flush(struct outlets *outlets);

/* The last word of an outlet. */
void outlets_close(struct outlets *outlets, unsigned which);

/* ---- The taking side ---- */

enum outlets_result { OUTLETS_HANDSHAKE, OUTLETS_NOTHING, OUTLETS_CLOSED };

/* Waits at most timeout_ns. OUTLETS_CLOSED: all are closed, and nothing is left. */
MUST_CHECK enum outlets_result outlets_next(struct outlets *outlets, struct handshake *out,
                                            int64_t timeout_ns);

#endif
