/* Capture files for tests, written byte by byte, in a folder of their own. */
#ifndef REPRISE_TESTS_CAPTURE_CAPTURE_FILE_H
#define REPRISE_TESTS_CAPTURE_CAPTURE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CAPTURE_FILE_BYTES = 4096, CAPTURE_FILE_PATH = 128 };

struct capture_file {
    bool is_big_endian;
    size_t len;
    uint8_t bytes[CAPTURE_FILE_BYTES];
};

/* pcap: magic 0xa1b2c3d4 (microseconds) or 0xa1b23c4d (nanoseconds). */
void capture_file_begin(struct capture_file *file, uint32_t magic, bool is_big_endian,
                        uint32_t link_type);

/* A record of `len` bytes, all of them `fill`; fraction in the file's unit. */
void capture_file_add(struct capture_file *file, uint32_t seconds, uint32_t fraction, uint8_t fill,
                      uint32_t len);

/* pcapng: a section of one interface with nanosecond times, and records of it. */
void capture_file_begin_ng(struct capture_file *file, bool is_big_endian, uint16_t link_type);
void capture_file_add_ng(struct capture_file *file, uint64_t time_ns, uint8_t fill, uint32_t len);

/* The pieces of other pcapng files: a number in the file's byte order; a block around what is put
 * between the two calls, its lengths filled in at the end. */
void capture_file_put(struct capture_file *file, uint64_t value, size_t width);
size_t capture_file_begin_block(struct capture_file *file, uint32_t type);
void capture_file_end_block(struct capture_file *file, size_t start);

/* A section without interfaces, appended; an interface, its time resolution as in if_tsresol. */
void capture_file_add_section(struct capture_file *file, bool is_big_endian);
void capture_file_add_interface(struct capture_file *file, uint16_t link_type, uint8_t resolution);

/* An enhanced packet block with the time as it is in the file. */
void capture_file_add_packet(struct capture_file *file, uint32_t interface, uint64_t time,
                             uint8_t fill, uint32_t len);

/* A new folder below /tmp. */
void capture_file_make_folder(char out[CAPTURE_FILE_PATH]);

/* Removes a folder and the files in it. */
void capture_file_remove_folder(const char *folder);

/* folder/name */
void capture_file_path(const char *folder, const char *name, char out[CAPTURE_FILE_PATH]);

/* Writes the first `len` bytes of a file. */
void capture_file_write(const struct capture_file *file, size_t len, const char *path);

#endif
