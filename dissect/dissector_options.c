#include "dissect/dissector.h"

#include <string.h>

#define DEFAULT_MEMORY_BYTES (UINT64_C(256) << 20)
#define DEFAULT_IDLE_TIMEOUT_NS (INT64_C(120) * 1000000000)

/* What one of each takes at most, with what leads to it; a test holds them against the structs. */
enum {
    CONVERSATION_BYTES = 104, /* a cell, its share of the pages, and how it began */
    HANDSHAKE_BYTES = 3200,
    DATAGRAM_FLOW_BYTES = 5500,
};

static uint32_t at_most(uint64_t value, uint32_t most)
{
    return value < most ? (uint32_t)value : most;
}

/* Of 64 parts: 32 for connections, 12 for handshakes under way, 10 for UDP flows, 8 for bytes that
 * wait, one for fragments. */
void dissector_options_set_memory(struct dissector_options *options, uint64_t bytes)
{
    const uint64_t part = bytes / 64;

    options->max_conversations = at_most(32 * part / CONVERSATION_BYTES, 1U << 30);
    options->max_handshakes = at_most(12 * part / HANDSHAKE_BYTES, 1U << 30);
    options->max_datagram_flows = at_most(10 * part / DATAGRAM_FLOW_BYTES, 1U << 30);
    options->max_buffer_bytes = at_most(8 * part, UINT32_MAX);
    options->max_fragment_bytes = at_most(part, UINT32_MAX);
}

void dissector_options_init(struct dissector_options *options)
{
    memset(options, 0, sizeof(*options));
    dissector_options_set_memory(options, DEFAULT_MEMORY_BYTES);
    options->idle_timeout_ns = DEFAULT_IDLE_TIMEOUT_NS;
}
