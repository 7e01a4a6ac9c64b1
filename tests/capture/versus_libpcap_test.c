/* Our reader against libpcap's own, on every capture of the project and, where it is there, of the
 * corpus beside it: the same frames with the same times, lengths and bytes. */
#include "capture/capture.h"
#include "capture/record.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pcap.h>

enum { PATH_BYTES = 512, MOST_TOGETHER = 256, PAGE = 4096 };

/* What a reader made of a file. */
struct reading {
    uint64_t frames;
    uint64_t checksum;
    bool is_whole; /* it came to the end without a complaint */
};

static void add_bytes(struct reading *reading, const void *data, size_t len)
{
    const uint8_t *const bytes = data;

    for (size_t i = 0; i < len; i++) {
        reading->checksum = (reading->checksum ^ bytes[i]) * 0x100000001b3; /* FNV-1a */
    }
}

static void add_frame(struct reading *reading, const struct frame *frame)
{
    reading->frames++;
    add_bytes(reading, &frame->time_ns, sizeof(frame->time_ns));
    add_bytes(reading, &frame->captured_len, sizeof(frame->captured_len));
    add_bytes(reading, &frame->wire_len, sizeof(frame->wire_len));
    add_bytes(reading, &frame->link_type, sizeof(frame->link_type));
    add_bytes(reading, frame->data, frame->captured_len);
}

static struct reading by_libpcap(const char *path)
{
    char reason[PCAP_ERRBUF_SIZE];
    struct pcap_pkthdr *header;
    const u_char *data;
    struct frame frame;
    struct reading reading = {0};
    int got;
    pcap_t *handle =
        pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, reason);

    if (handle == NULL) {
        return reading;
    }
    while ((got = pcap_next_ex(handle, &header, &data)) == 1) {
        record_to_frame(header, data, pcap_datalink(handle), 1, &frame);
        add_frame(&reading, &frame);
    }
    reading.is_whole = got == PCAP_ERROR_BREAK;
    pcap_close(handle);
    return reading;
}

/* At most so many frames: where libpcap gives up, ours goes on. */
static struct reading by_us(const char *path, uint64_t most, size_t together)
{
    struct capture_options options;
    struct capture *capture = NULL;
    struct error error;
    struct frame frames[MOST_TOGETHER];
    struct frame_batch batch = {.frames = frames, .capacity = together};
    struct reading reading = {0};
    enum capture_result result = CAPTURE_FRAME;

    capture_options_init(&options);
    options.sources = &path;
    options.source_count = 1;
    assert_int_equal(capture_open_files(&options, &capture, &error), CAPTURE_OPENED);
    while (reading.frames < most && result == CAPTURE_FRAME) {
        result = capture_next_batch(capture, &batch, &error);
        for (size_t i = 0; result == CAPTURE_FRAME && i < batch.count && reading.frames < most;
             i++) {
            assert_int_equal(batch.frames[i].link_type, batch.frames[0].link_type);
            add_frame(&reading, &batch.frames[i]);
        }
    }
    reading.is_whole = result == CAPTURE_END;
    capture_close(capture);
    return reading;
}

/* The frames of all that can be read in parts, and of a few batches in between. */
static bool read_in_parts(struct capture *capture, struct file_part *part, struct reading *reading,
                          uint64_t most)
{
    struct frame_batch batch = {.capacity = capture_frames_of_part(part)};
    struct file_offer offer = capture_offer(capture);
    bool is_next = true;

    batch.frames = malloc(batch.capacity * sizeof(*batch.frames));
    assert_non_null(batch.frames);
    while (is_next && offer.number != 0 && offer.from < offer.to && reading->frames < most) {
        file_part_read(part, offer.fd, offer.number, offer.from);
        offer.from += file_part_bytes(part);
        is_next = capture_next_of_part(capture, part, &batch);
        for (size_t i = 0; i < batch.count && reading->frames < most; i++) {
            add_frame(reading, &batch.frames[i]);
        }
    }
    free(batch.frames);
    return is_next;
}

static struct reading by_parts(const char *path, uint64_t most, size_t read_bytes, uint64_t *parts)
{
    struct capture_options options;
    struct capture *capture = NULL;
    struct error error;
    struct frame frame;
    struct file_part part;
    struct reading reading = {0};
    enum capture_result result = CAPTURE_FRAME;

    capture_options_init(&options);
    options.sources = &path;
    options.source_count = 1;
    options.read_bytes = read_bytes;
    assert_int_equal(capture_open_files(&options, &capture, &error), CAPTURE_OPENED);
    assert_true(capture_part_init(capture, &part));
    while (reading.frames < most && result == CAPTURE_FRAME) {
        result = capture_next(capture, &frame, &error);
        if (result == CAPTURE_FRAME) {
            add_frame(&reading, &frame);
            *parts += read_in_parts(capture, &part, &reading, most);
        }
    }
    reading.is_whole = result == CAPTURE_END;
    file_part_clear(&part);
    capture_close(capture);
    return reading;
}

static void expect_same(const char *path, const struct reading *theirs, const struct reading *ours)
{
    if (ours->frames != theirs->frames || ours->checksum != theirs->checksum ||
        (theirs->is_whole && !ours->is_whole)) {
        fail_msg("%s: %llu frames instead of %llu, or other ones", path,
                 (unsigned long long)ours->frames, (unsigned long long)theirs->frames);
    }
}

static void compare_file(const char *path)
{
    static const size_t together[] = {1, 7, MOST_TOGETHER};
    const struct reading theirs = by_libpcap(path);
    const uint64_t most = theirs.is_whole ? UINT64_MAX : theirs.frames;

    for (size_t i = 0; i < sizeof(together) / sizeof(together[0]); i++) {
        const struct reading ours = by_us(path, most, together[i]);
        expect_same(path, &theirs, &ours);
    }
    for (size_t pages = 1; pages <= 3; pages++) {
        uint64_t parts = 0;
        const struct reading ours = by_parts(path, most, pages * PAGE, &parts);
        expect_same(path, &theirs, &ours);
    }
}

static bool is_capture(const char *name)
{
    const size_t len = strlen(name);

    return (len > 5 && strcmp(name + len - 5, ".pcap") == 0) ||
           (len > 7 && strcmp(name + len - 7, ".pcapng") == 0);
}

static unsigned compare_folder(const char *folder)
{
    DIR *directory = opendir(folder);
    unsigned count = 0;

    while (directory != NULL) {
        char path[PATH_BYTES];
        const struct dirent *entry = readdir(directory);
        if (entry == NULL) {
            break;
        }
        if (is_capture(entry->d_name) &&
            snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name) < (int)sizeof(path)) {
            compare_file(path);
            count++;
        }
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
    return count;
}

static void our_own_captures_read_as_by_libpcap(void **state)
{
    (void)state;
    assert_true(compare_folder("pcaps") > 20);
}

static void the_corpus_reads_as_by_libpcap(void **state)
{
    (void)state;
    if (compare_folder("../shared/corpus") == 0) {
        skip();
    }
    (void)compare_folder("../shared/hostile");
}

static void the_endpoints_truth_reads_as_by_libpcap(void **state)
{
    (void)state;
    if (compare_folder("../shared/truth") == 0) {
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_captures_read_as_by_libpcap),
        cmocka_unit_test(the_corpus_reads_as_by_libpcap),
        cmocka_unit_test(the_endpoints_truth_reads_as_by_libpcap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
