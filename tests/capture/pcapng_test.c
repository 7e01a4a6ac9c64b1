/* pcapng files as a whole: sections, interfaces, each kind of block, each kind of damage. */
#include "capture/pcapng.h"

#include "tests/capture/capture_file.h"
#include "tests/capture/exact_inflow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LINK_ETHERNET = 1, LINK_RAW = 101, MICROSECONDS = 6, NANOSECONDS = 9, BINARY = 0x80 };
enum { READ_BYTES = 4096 };

/* A reader of the first `len` bytes of a file, which are copied to a block of that size. */
struct reader {
    uint8_t *exact;
    struct inflow inflow;
    struct pcapng pcapng;
};

static void open_cut(struct reader *reader, const struct capture_file *file, size_t len)
{
    reader->exact = exact_inflow_init(&reader->inflow, file->bytes, len, PCAPNG_BLOCK_BYTES);
    pcapng_init(&reader->pcapng, &reader->inflow);
}

static void open_file(struct reader *reader, const struct capture_file *file)
{
    open_cut(reader, file, file->len);
}

static void close_reader(struct reader *reader)
{
    pcapng_clear(&reader->pcapng);
    inflow_clear(&reader->inflow);
    free(reader->exact);
}

static void expect_frame(struct reader *reader, int link_type, int64_t time_ns, uint8_t fill)
{
    struct frame frame;
    struct error error;

    assert_int_equal(pcapng_next(&reader->pcapng, &frame, &error), PCAPNG_FRAME);
    assert_int_equal(frame.link_type, link_type);
    assert_int_equal(frame.time_ns, time_ns);
    assert_int_equal(frame.data[0], fill);
    assert_int_equal(frame.data[frame.captured_len - 1], fill);
}

static void expect(struct reader *reader, enum pcapng_result result, const char *words)
{
    struct frame frame;
    struct error error = {""};

    assert_int_equal(pcapng_next(&reader->pcapng, &frame, &error), result);
    assert_non_null(strstr(error.text, words));
}

static void expect_end(struct reader *reader)
{
    expect(reader, PCAPNG_END, "");
    close_reader(reader);
}

/* Opens a file of which nothing can be read but the complaint. */
static void expect_damage(const struct capture_file *file, const char *words)
{
    struct reader reader;

    open_file(&reader, file);
    expect(&reader, PCAPNG_DAMAGED, words);
    close_reader(&reader);
}

static void begin(struct capture_file *file)
{
    file->len = 0;
    capture_file_add_section(file, false);
}

static void each_interface_has_its_own_link_type_and_resolution(void **state)
{
    struct capture_file file;
    struct reader reader;

    (void)state;
    begin(&file);
    capture_file_add_interface(&file, LINK_ETHERNET, MICROSECONDS);
    capture_file_add_interface(&file, LINK_RAW, NANOSECONDS);
    capture_file_add_interface(&file, LINK_ETHERNET, BINARY | 10);
    capture_file_add_packet(&file, 1, 1000000007, 0xaa, 40);
    capture_file_add_packet(&file, 0, 1000008, 0xbb, 41);
    capture_file_add_packet(&file, 2, 1024 + 512, 0xcc, 42);
    open_file(&reader, &file);
    expect_frame(&reader, LINK_RAW, 1000000007, 0xaa);
    expect_frame(&reader, LINK_ETHERNET, 1000008000, 0xbb);
    expect_frame(&reader, LINK_ETHERNET, 1500000000, 0xcc);
    expect_end(&reader);
}

static void each_section_has_its_own_byte_order_and_interfaces(void **state)
{
    struct capture_file file;
    struct reader reader;

    (void)state;
    begin(&file);
    capture_file_add_interface(&file, LINK_ETHERNET, NANOSECONDS);
    capture_file_add_packet(&file, 0, 1, 0xaa, 40);
    capture_file_add_section(&file, true);
    capture_file_add_interface(&file, LINK_RAW, MICROSECONDS);
    capture_file_add_packet(&file, 0, 2, 0xbb, 40);
    open_file(&reader, &file);
    expect_frame(&reader, LINK_ETHERNET, 1, 0xaa);
    expect_frame(&reader, LINK_RAW, 2000, 0xbb);
    expect_end(&reader);
}

static void an_interface_of_an_earlier_section_is_gone(void **state)
{
    struct capture_file file;
    struct reader reader;

    (void)state;
    begin(&file);
    capture_file_add_interface(&file, LINK_ETHERNET, NANOSECONDS);
    capture_file_add_section(&file, false);
    capture_file_add_packet(&file, 0, 1, 0xaa, 40);
    open_file(&reader, &file);
    expect(&reader, PCAPNG_DAMAGED, "an interface that was not described");
    close_reader(&reader);
}

static void unknown_blocks_are_passed_over_however_long(void **state)
{
    enum { LONG_BLOCK = 3 * PCAPNG_BLOCK_BYTES };
    struct capture_file file;
    struct capture_file rest = {.len = 0};
    struct reader reader;
    struct input input;
    struct error error;

    (void)state;
    begin(&file);
    capture_file_add_interface(&file, LINK_ETHERNET, NANOSECONDS);
    capture_file_put(&rest, LONG_BLOCK, 4);
    capture_file_add_packet(&rest, 0, 1, 0xaa, 40);
    const size_t len = file.len + LONG_BLOCK - 4 + rest.len;
    reader.exact = calloc(1, len);
    assert_non_null(reader.exact);
    memcpy(reader.exact, file.bytes, file.len);
    reader.exact[file.len] = 10; /* type: decryption secrets */
    reader.exact[file.len + 4 + 2] = LONG_BLOCK >> 16;
    memcpy(reader.exact + file.len + LONG_BLOCK - 4, rest.bytes, rest.len);
    input_from_memory(&input, reader.exact, len);
    assert_true(inflow_init(&reader.inflow, &input, PCAPNG_BLOCK_BYTES, READ_BYTES, &error));
    pcapng_init(&reader.pcapng, &reader.inflow);
    expect_frame(&reader, LINK_ETHERNET, 1, 0xaa);
    expect_end(&reader);
}

static void a_simple_packet_is_of_the_first_interface_and_without_time(void **state)
{
    struct capture_file file;
    struct reader reader;

    (void)state;
    begin(&file);
    capture_file_add_interface(&file, LINK_RAW, NANOSECONDS);
    const size_t start = capture_file_begin_block(&file, PCAPNG_SIMPLE_PACKET);
    capture_file_put(&file, 4, 4);
    capture_file_put(&file, 0xaaaaaaaa, 4);
    capture_file_end_block(&file, start);
    open_file(&reader, &file);
    expect_frame(&reader, LINK_RAW, 0, 0xaa);
    expect_end(&reader);
}

static void an_obsolete_packet_is_read_like_an_enhanced_one(void **state)
{
    struct capture_file file;
    struct reader reader;

    (void)state;
    begin(&file);
    capture_file_add_interface(&file, LINK_ETHERNET, NANOSECONDS);
    capture_file_add_interface(&file, LINK_RAW, MICROSECONDS);
    const size_t start = capture_file_begin_block(&file, PCAPNG_PACKET);
    capture_file_put(&file, 1, 2); /* interface */
    capture_file_put(&file, 9, 2); /* drops */
    capture_file_put(&file, 0, 4);
    capture_file_put(&file, 5, 4);
    capture_file_put(&file, 4, 4);
    capture_file_put(&file, 60, 4);
    capture_file_put(&file, 0xbbbbbbbb, 4);
    capture_file_end_block(&file, start);
    open_file(&reader, &file);
    expect_frame(&reader, LINK_RAW, 5000, 0xbb);
    expect_end(&reader);
}

static void what_comes_before_every_cut_is_kept(void **state)
{
    struct capture_file file;
    size_t ends[3];

    (void)state;
    begin(&file);
    ends[0] = file.len;
    capture_file_add_interface(&file, LINK_ETHERNET, NANOSECONDS);
    ends[1] = file.len;
    capture_file_add_packet(&file, 0, 1, 0xaa, 39);
    ends[2] = file.len;
    capture_file_add_packet(&file, 0, 2, 0xbb, 39);
    for (size_t len = 0; len < file.len; len++) {
        struct reader reader;
        const bool is_boundary = len == 0 || len == ends[0] || len == ends[1] || len == ends[2];
        open_cut(&reader, &file, len);
        if (len >= ends[2]) {
            expect_frame(&reader, LINK_ETHERNET, 1, 0xaa);
        }
        expect(&reader, is_boundary ? PCAPNG_END : PCAPNG_CUT, is_boundary ? "" : "truncated");
        close_reader(&reader);
    }
}

/* The block that begins at `start` gets these two lengths. */
static void lie(struct capture_file *file, size_t start, uint32_t first, uint32_t second)
{
    const size_t len = file->len;

    file->len = len - 4;
    capture_file_put(file, second, 4);
    file->len = start + 4;
    capture_file_put(file, first, 4);
    file->len = len;
}

static void lengths_that_lie_end_the_reading(void **state)
{
    struct capture_file file;

    (void)state;
    static const struct {
        uint32_t type;
        uint32_t first;
        uint32_t second;
        const char *words;
    } lies[] = {
        {6, 0, 0, "a pcapng block of 0 bytes"},
        {6, 8, 8, "a pcapng block of 8 bytes"},
        {6, 13, 13, "a pcapng block of 13 bytes"},
        {6, PCAPNG_BLOCK_BYTES + 4, 12, "more than"},
        {6, 12, 12, "enhanced packet"},
        {1, 12, 12, "interface description"},
        {2, 12, 12, "packet block"},
        {3, 12, 12, "simple packet"},
        {0x0a0d0d0a, 12, 12, "without a byte order"},
        {6, 12, 16, "two lengths"},
        {5, 12, 16, "two lengths"},
    };
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        begin(&file);
        const size_t start = capture_file_begin_block(&file, lies[i].type);
        capture_file_end_block(&file, start);
        lie(&file, start, lies[i].first, lies[i].second);
        expect_damage(&file, lies[i].words);
    }
}

static void sections_of_other_versions_or_without_byte_order_are_refused(void **state)
{
    struct capture_file file;

    (void)state;
    begin(&file);
    file.bytes[12] = 2;
    expect_damage(&file, "version 2");
    begin(&file);
    file.bytes[8] ^= 1;
    expect_damage(&file, "without a byte order");
}

static void nothing_is_read_outside_of_a_section(void **state)
{
    struct capture_file file = {.len = 0};

    (void)state;
    capture_file_add_interface(&file, LINK_ETHERNET, NANOSECONDS);
    expect_damage(&file, "outside of any section");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_interface_has_its_own_link_type_and_resolution),
        cmocka_unit_test(each_section_has_its_own_byte_order_and_interfaces),
        cmocka_unit_test(an_interface_of_an_earlier_section_is_gone),
        cmocka_unit_test(unknown_blocks_are_passed_over_however_long),
        cmocka_unit_test(a_simple_packet_is_of_the_first_interface_and_without_time),
        cmocka_unit_test(an_obsolete_packet_is_read_like_an_enhanced_one),
        cmocka_unit_test(what_comes_before_every_cut_is_kept),
        cmocka_unit_test(lengths_that_lie_end_the_reading),
        cmocka_unit_test(sections_of_other_versions_or_without_byte_order_are_refused),
        cmocka_unit_test(nothing_is_read_outside_of_a_section),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
