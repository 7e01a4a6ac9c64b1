/* Shares of several dissectors: of the limits, and of the flows. */
#ifndef REPRISE_APP_SHARE_H
#define REPRISE_APP_SHARE_H

#include "dissect/dissector.h"

/* All dissectors together have what one would have, but that of several none looks inside frames:
 * that is done before they are shared out. */
struct dissector_options share_of_options(const struct dissector_options *whole, unsigned jobs);

/* Which of `count` a segment belongs to: the same for both directions of a conversation. The key is
 * unpredictable: who sends packets must not choose. */
unsigned share_of_segment(const struct segment *segment, uint64_t key, unsigned count);

#endif
