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

/* Reads one extension; `seen` has a bit for each row of the table that came before. */
static void parse_one(const struct extension *extension, const struct extension_table *table,
                      uint32_t *seen, union extension_target out, bool *is_damaged)
{
    for (size_t row = 0; row < table->count; row++) {
        if (table->rows[row].type != extension->type) {
            continue;
        }
        if ((*seen >> row & 1) == 0 && !table->rows[row].parse(extension->body, out)) {
            *is_damaged = true;
        }
        *seen |= UINT32_C(1) << row;
        return;
    }
}

bool extension_list_parse(struct bytes body, const struct extension_table *table,
                          union extension_target out, bool *is_damaged)
{
    struct bytes list;
    struct extension extension;
    uint32_t seen = 0;

    assert(table->count <= EXTENSION_ROWS_MAX);
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
        parse_one(&extension, table, &seen, out, is_damaged);
    }
    return true;
}

bool extension_value_is_grease(uint16_t value)
{
    return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}
