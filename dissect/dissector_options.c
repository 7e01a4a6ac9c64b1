#include "dissect/dissector.h"

#include <string.h>

enum {
    DEFAULT_MAX_CONVERSATIONS = 1 << 18,
    DEFAULT_MAX_HANDSHAKES = 16 * 1024,
    DEFAULT_MAX_BUFFER_BYTES = 32 << 20,
    DEFAULT_MAX_FRAGMENT_BYTES = 4 << 20,
};

#define DEFAULT_IDLE_TIMEOUT_NS (INT64_C(120) * 1000000000)

void dissector_options_init(struct dissector_options *options)
{
    memset(options, 0, sizeof(*options));
    options->max_conversations = DEFAULT_MAX_CONVERSATIONS;
    options->max_handshakes = DEFAULT_MAX_HANDSHAKES;
    options->max_buffer_bytes = DEFAULT_MAX_BUFFER_BYTES;
    options->max_fragment_bytes = DEFAULT_MAX_FRAGMENT_BYTES;
    options->idle_timeout_ns = DEFAULT_IDLE_TIMEOUT_NS;
}
