#include "dissect/tls/record.h"

static bool record_is_plausible(const struct record_header *record)
{
    if (record->type < RECORD_CHANGE_CIPHER_SPEC || record->type > RECORD_HEARTBEAT) {
        return false;
    }
    /* Only application data may be empty (RFC 8446, 5.1; RFC 5246, 6.2.1). */
    return record->version >> 8 == 3 && record->len <= RECORD_BODY_MAX &&
           (record->len > 0 || record->type == RECORD_APPLICATION_DATA);
}

/* type u8, version u16, length u16. */
bool record_header_parse(struct bytes *b, struct record_header *out)
{
    struct bytes rest = *b;
    struct record_header record;

    if (!bytes_u8(&rest, &record.type) || !bytes_u16(&rest, &record.version) ||
        !bytes_u16(&rest, &record.len) || !record_is_plausible(&record)) {
        return false;
    }
    *b = rest;
    *out = record;
    return true;
}
