#include "dissect/tls/prefix.h"

#include <string.h>

void prefix_init(struct prefix *prefix)
{
    prefix->len = 0;
    prefix->line_is_over = false;
    prefix->head.len = 0;
    prefix->line.len = 0;
    prefix->tail.len = 0;
}

/* As much of bytes as there is room for. */
static void append(struct prefix_part *part, struct bytes bytes)
{
    const size_t room = PREFIX_KEPT_BYTES - (size_t)part->len;
    const size_t count = bytes.len < room ? bytes.len : room;

    memcpy(part->data + part->len, bytes.data, count);
    part->len = (uint8_t)(part->len + count);
}

/* The same, but the oldest bytes give way. */
static void push(struct prefix_part *part, struct bytes bytes)
{
    if (bytes.len > PREFIX_KEPT_BYTES) {
        bytes.data += bytes.len - PREFIX_KEPT_BYTES;
        bytes.len = PREFIX_KEPT_BYTES;
    }
    const size_t room = PREFIX_KEPT_BYTES - bytes.len;
    if (part->len > room) {
        memmove(part->data, part->data + (part->len - room), room);
        part->len = (uint8_t)room;
    }
    append(part, bytes);
}

/* Where the last line of bytes begins; 0 also where it began before them. */
static size_t last_line_of(struct bytes bytes)
{
    size_t at = bytes.len - 1;

    while (at > 0 && bytes.data[at - 1] != '\n') {
        at--;
    }
    return at;
}

void prefix_add(struct prefix *prefix, struct bytes bytes)
{
    if (bytes.len == 0) {
        return;
    }
    const size_t line = last_line_of(bytes);
    const size_t room = UINT32_MAX - prefix->len;

    prefix->len += (uint32_t)(bytes.len < room ? bytes.len : room);
    append(&prefix->head, bytes);
    push(&prefix->tail, bytes);
    if (line > 0 || prefix->line_is_over) {
        prefix->line.len = 0;
    }
    append(&prefix->line, (struct bytes){bytes.data + line, bytes.len - line});
    prefix->line_is_over = bytes.data[bytes.len - 1] == '\n';
}

struct bytes prefix_head(const struct prefix *prefix)
{
    return (struct bytes){prefix->head.data, prefix->head.len};
}

struct bytes prefix_tail(const struct prefix *prefix)
{
    return (struct bytes){prefix->tail.data, prefix->tail.len};
}

struct bytes prefix_line(const struct prefix *prefix)
{
    struct bytes line = {prefix->line.data, prefix->line.len};

    while (line.len > 0 && (line.data[line.len - 1] == '\n' || line.data[line.len - 1] == '\r' ||
                            line.data[line.len - 1] == ' ')) {
        line.len--;
    }
    return line;
}
