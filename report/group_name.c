#include "report/group_name.h"

#include "report/format.h"

#include <string.h>

static bool add_text(struct name_table *names, const char *text, uint32_t *out)
{
    const char *name = text == NULL ? "" : text;
    return name_table_add(names, name, strlen(name), out);
}

bool group_name_add(struct name_table *names, enum report_by by, const struct record *record,
                    uint32_t *out)
{
    char text[FORMAT_BYTES];
    const struct handshake *handshake = &record->handshake;

    switch (by) {
    case REPORT_BY_HOST:
        return name_table_add(names, record->host.text, record->host.len, out);
    case REPORT_BY_CLIENT:
        return add_text(names, format_address(&handshake->client, text), out);
    case REPORT_BY_VERSION:
        return add_text(names, format_version(handshake->version, text), out);
    case REPORT_BY_APP:
        return add_text(names, record->app, out);
    case REPORT_BY_HOUR:
        return add_text(names, format_hour(handshake->time_ns, text), out);
    case REPORT_BY_DAY:
        return add_text(names, format_day(handshake->time_ns, text), out);
    }
    return false;
}
