/* The bytes are a file. Whatever it says, its frames lie inside what was read, no more frames come
 * than there are records, and the reading ends. */
#include "capture/pcap_file.h"

#include "tests/fuzz/lent_frame.h"

enum { READ_BYTES = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(struct pcap_file *file, struct inflow *inflow, size_t size)
{
    struct frame frame;
    struct error error = {""};
    enum pcap_file_result result = PCAP_FILE_FRAME;
    size_t frames = 0;

    while (result == PCAP_FILE_FRAME) {
        result = pcap_file_next(file, &frame, &error);
        if (result == PCAP_FILE_FRAME) {
            check_frame(inflow, &frame, PCAP_FILE_RECORD_BYTES);
            frames++;
        }
    }
    check(frames <= (size - PCAP_FILE_HEADER_BYTES) / 16);
    check(result == PCAP_FILE_END || error.text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input;
    struct inflow inflow;
    struct pcap_file file;
    struct error error;

    if (size >= UNPACK_MAGIC_BYTES && unpack_find(data, size) != NULL) {
        return 0; /* another target's */
    }
    input_from_memory(&input, data, size);
    if (!inflow_init(&inflow, &input, PCAP_FILE_RECORD_BYTES, READ_BYTES, &error)) {
        return 0;
    }
    if (pcap_file_open(&file, &inflow)) {
        read_all(&file, &inflow, size);
    } else {
        check(inflow_len(&inflow) <= size);
    }
    inflow_clear(&inflow);
    return 0;
}
