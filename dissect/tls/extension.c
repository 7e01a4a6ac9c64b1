#include "dissect/tls/extension.h"

#include <assert.h>

/* type u16, body<u16>. */
bool extension_next(struct bytes *list, struct extension *out)
{
    struct bytes rest = *list;
    struct extension extension;

    if (!bytes_u16(&rest, &extension.type) || !bytes_vec16(&rest, &extension.body)) {
        return false;
    }
    *list = rest;
    *out = extension;
    return true;
}

enum { ROWS = EXTENSION_LOW_TYPES + EXTENSION_HIGH_ROWS, SEEN_BITS = 64 };

static_assert(ROWS <= 2 * SEEN_BITS, "each row has a bit");

/* A low type's row has its number; the high ones follow. ROWS: there is none. */
static size_t row_of(const struct extension_table *table, uint16_t type)
{
    size_t row = type;

    if (type >= EXTENSION_LOW_TYPES) {
        row = EXTENSION_LOW_TYPES;
        while (row < ROWS && table->high[row - EXTENSION_LOW_TYPES].type != type) {
            row++;
        }
    }
    return row;
}

static extension_parser *parser_of(const struct extension_table *table, size_t row)
{
    if (row < EXTENSION_LOW_TYPES) {
        return table->low[row];
    }
    return row < ROWS ? table->high[row - EXTENSION_LOW_TYPES].parse : NULL;
}

/* Whether it is the first of its row; `seen` has a bit for each. */
static bool is_first(uint64_t seen[2], size_t row)
{
    const uint64_t bit = UINT64_C(1) << row % SEEN_BITS;
    uint64_t *const word = &seen[row / SEEN_BITS];
    const bool is_new = (*word & bit) == 0;

    *word |= bit;
    return is_new;
}

/* Reads one extension. False: it is broken. */
static bool parse_one(const struct extension *extension, const struct extension_table *table,
                      uint64_t seen[2], union extension_target out)
{
    const size_t row = row_of(table, extension->type);
    extension_parser *const parse = parser_of(table, row);

    return parse == NULL || !is_first(seen, row) || parse(extension->body, out);
}

bool extension_list_parse(struct bytes body, const struct extension_table *table,
                          union extension_target out, bool *is_damaged)
{
    struct bytes list;
    struct extension extension;
    uint64_t seen[2] = {0, 0};

    if (body.len == 0) {
        return true;
    }
    if (!bytes_vec16(&body, &list)) {
        return false;
    }
    while (list.len > 0) {
        if (!extension_next(&list, &extension)) {
            return false;
        }
        *is_damaged = !parse_one(&extension, table, seen, out) || *is_damaged;
    }
    return true;
}

bool extension_value_is_grease(uint16_t value)
{
    return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}
