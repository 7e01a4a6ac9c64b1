/* What a direction said before TLS began in it: enough of it to tell which protocol that was.
 * Of any length; keeps its first bytes, its last, and the beginning of its last line. */
#ifndef REPRISE_DISSECT_TLS_PREFIX_H
#define REPRISE_DISSECT_TLS_PREFIX_H

#include "dissect/bytes.h"

enum { PREFIX_KEPT_BYTES = 48 };

/* Bytes kept; the rest of `data` means nothing. */
struct prefix_part {
    uint8_t len;
    uint8_t data[PREFIX_KEPT_BYTES];
};

struct prefix {
    uint32_t len; /* of all bytes; stays at its maximum */
    bool line_is_over;
    struct prefix_part head;
    struct prefix_part line; /* of the last line, with its line feed if that fits */
    struct prefix_part tail;
};

/* Nothing was said. */
void prefix_init(struct prefix *prefix);

void prefix_add(struct prefix *prefix, struct bytes bytes);

/* Borrowed until the next prefix_add. */
struct bytes prefix_head(const struct prefix *prefix);
struct bytes prefix_tail(const struct prefix *prefix);

/* The last line, without the spaces, CR and LF at its end; cut to what is kept. */
struct bytes prefix_line(const struct prefix *prefix);

#endif
