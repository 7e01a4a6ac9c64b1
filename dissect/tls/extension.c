#include "dissect/tls/extension.h"

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

bool extension_value_is_grease(uint16_t value)
{
    return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}
