/* The bytes are a file. Whatever it says, its frames lie inside what was read, no more frames come
 * than there are blocks, and the reading ends. */
#include "capture/pcapng.h"

#include "tests/fuzz/lent_frame.h"

enum { READ_BYTES = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(struct pcapng *pcapng, struct inflow *inflow, size_t size)
{
    struct frame frame;
    struct error error = {""};
    enum pcapng_result result = PCAPNG_FRAME;
    size_t frames = 0;

    while (result == PCAPNG_FRAME) {
        result = pcapng_next(pcapng, &frame, &error);
        if (result == PCAPNG_FRAME) {
            check_frame(inflow, &frame, PCAPNG_SNAPLEN);
            frames++;
        }
    }
    check(frames <= size / 16);
    check(result == PCAPNG_END || error.text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input;
    struct inflow inflow;
    struct pcapng pcapng;
    struct error error;

    if (size >= UNPACK_MAGIC_BYTES && unpack_find(data, size) != NULL) {
        return 0; /* the other target's */
    }
    input_from_memory(&input, data, size);
    if (!inflow_init(&inflow, &input, PCAPNG_BLOCK_BYTES, READ_BYTES, &error)) {
        return 0;
    }
    pcapng_init(&pcapng, &inflow);
    read_all(&pcapng, &inflow, size);
    pcapng_clear(&pcapng);
    inflow_clear(&inflow);
    return 0;
}
