#include "tests/capture/capture_file.h"

#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void capture_file_put(struct capture_file *file, uint64_t value, size_t width)
{
    assert(file->len + width <= sizeof(file->bytes));
    for (size_t i = 0; i < width; i++) {
        const size_t shift = file->is_big_endian ? width - 1 - i : i;
        file->bytes[file->len++] = (uint8_t)(value >> (8 * shift));
    }
}

static void fill_bytes(struct capture_file *file, uint8_t fill, size_t count)
{
    assert(file->len + count <= sizeof(file->bytes));
    memset(file->bytes + file->len, fill, count);
    file->len += count;
}

/* magic, version 2.4, time zone, accuracy, snap length, link type */
void capture_file_begin(struct capture_file *file, uint32_t magic, bool is_big_endian,
                        uint32_t link_type)
{
    file->is_big_endian = is_big_endian;
    file->len = 0;
    capture_file_put(file, magic, 4);
    capture_file_put(file, 2, 2);
    capture_file_put(file, 4, 2);
    capture_file_put(file, 0, 4);
    capture_file_put(file, 0, 4);
    capture_file_put(file, 65535, 4);
    capture_file_put(file, link_type, 4);
}

/* seconds, fraction, bytes captured, bytes on the wire */
void capture_file_add(struct capture_file *file, uint32_t seconds, uint32_t fraction, uint8_t fill,
                      uint32_t len)
{
    capture_file_put(file, seconds, 4);
    capture_file_put(file, fraction, 4);
    capture_file_put(file, len, 4);
    capture_file_put(file, len + 10, 4);
    fill_bytes(file, fill, len);
}

/* type, length twice: the second one when it is known */
size_t capture_file_begin_block(struct capture_file *file, uint32_t type)
{
    const size_t start = file->len;

    capture_file_put(file, type, 4);
    capture_file_put(file, 0, 4);
    return start;
}

void capture_file_end_block(struct capture_file *file, size_t start)
{
    fill_bytes(file, 0, (4 - (file->len - start) % 4) % 4);
    const size_t len = file->len + 4 - start;
    const size_t end = file->len;
    file->len = start + 4;
    capture_file_put(file, len, 4);
    file->len = end;
    capture_file_put(file, len, 4);
}

/* Section header block: byte order, version 1.0, section length unknown. */
void capture_file_add_section(struct capture_file *file, bool is_big_endian)
{
    file->is_big_endian = is_big_endian;
    const size_t start = capture_file_begin_block(file, 0x0a0d0d0a);
    capture_file_put(file, 0x1a2b3c4d, 4);
    capture_file_put(file, 1, 2);
    capture_file_put(file, 0, 2);
    capture_file_put(file, UINT64_MAX, 8);
    capture_file_end_block(file, start);
}

/* Interface description block: link type, reserved, snap length, option if_tsresol (9) of one
 * byte, end of options. */
void capture_file_add_interface(struct capture_file *file, uint16_t link_type, uint8_t resolution)
{
    const size_t start = capture_file_begin_block(file, 1);
    capture_file_put(file, link_type, 2);
    capture_file_put(file, 0, 2);
    capture_file_put(file, 65535, 4);
    capture_file_put(file, 9, 2);
    capture_file_put(file, 1, 2);
    capture_file_put(file, resolution, 1);
    fill_bytes(file, 0, 3);
    capture_file_put(file, 0, 4);
    capture_file_end_block(file, start);
}

/* Enhanced packet block: interface, time in two halves, bytes captured, bytes on the wire, data. */
void capture_file_add_packet(struct capture_file *file, uint32_t interface, uint64_t time,
                             uint8_t fill, uint32_t len)
{
    const size_t start = capture_file_begin_block(file, 6);
    capture_file_put(file, interface, 4);
    capture_file_put(file, time >> 32, 4);
    capture_file_put(file, time & UINT32_MAX, 4);
    capture_file_put(file, len, 4);
    capture_file_put(file, len + 10, 4);
    fill_bytes(file, fill, len);
    capture_file_end_block(file, start);
}

void capture_file_begin_ng(struct capture_file *file, bool is_big_endian, uint16_t link_type)
{
    file->len = 0;
    capture_file_add_section(file, is_big_endian);
    capture_file_add_interface(file, link_type, 9);
}

void capture_file_add_ng(struct capture_file *file, uint64_t time_ns, uint8_t fill, uint32_t len)
{
    capture_file_add_packet(file, 0, time_ns, fill, len);
}

void capture_file_make_folder(char out[CAPTURE_FILE_PATH])
{
    (void)snprintf(out, CAPTURE_FILE_PATH, "/tmp/reprise-test-XXXXXX");
    if (mkdtemp(out) == NULL) {
        abort();
    }
}

void capture_file_path(const char *folder, const char *name, char out[CAPTURE_FILE_PATH])
{
    const int len = snprintf(out, CAPTURE_FILE_PATH, "%s/%s", folder, name);

    assert(len > 0 && len < CAPTURE_FILE_PATH);
}

void capture_file_remove_folder(const char *folder)
{
    char path[CAPTURE_FILE_PATH];
    DIR *directory = opendir(folder);

    if (directory == NULL) {
        return;
    }
    for (const struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory)) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name) < (int)sizeof(path)) {
            (void)remove(path);
        }
    }
    (void)closedir(directory);
    (void)rmdir(folder);
}

void capture_file_write(const struct capture_file *file, size_t len, const char *path)
{
    FILE *out = fopen(path, "wb");

    if (out == NULL || fwrite(file->bytes, 1, len, out) != len || fclose(out) != 0) {
        abort();
    }
}
