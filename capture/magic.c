#include "capture/magic.h"

#include "capture/inflow.h"

enum {
    MAGIC_BYTES = 4,
    WINDOW_BYTES = 4096, /* a look, not a read */
};

/* What libpcap reads (pcap-savefile(5)): microseconds, nanoseconds and the variants that some
 * systems have written, in either byte order, and pcapng's section header, which reads the same
 * from both sides. */
static const uint32_t magics[] = {
    0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34, 0xa1b234cd, 0xa12b3c4d, 0x0a0d0d0a,
};

static uint32_t read_forwards(const uint8_t bytes[MAGIC_BYTES])
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static uint32_t read_backwards(const uint8_t bytes[MAGIC_BYTES])
{
    return (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 | bytes[0];
}

static bool is_magic(const uint8_t bytes[MAGIC_BYTES])
{
    for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
        if (read_forwards(bytes) == magics[i] || read_backwards(bytes) == magics[i]) {
            return true;
        }
    }
    return false;
}

bool magic_may_be_capture(const char *path)
{
    struct input input;
    struct inflow inflow;
    struct error reason;
    bool answer = true;

    if (!input_open(&input, path, false, NULL, &reason) ||
        !inflow_init(&inflow, &input, WINDOW_BYTES, WINDOW_BYTES, &reason)) {
        return true;
    }
    if (inflow_fill(&inflow, MAGIC_BYTES, &reason) == INFLOW_READY) {
        answer = is_magic(inflow_data(&inflow));
    }
    inflow_clear(&inflow);
    return answer;
}
