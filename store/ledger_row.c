#include "store/ledger_row.h"

#include "store/address.h"
#include "store/text.h"

#include <string.h>

static void read_host(sqlite3_stmt *from, int column, struct wire_text *out)
{
    out->len = (uint8_t)text_read(from, column, out->text, sizeof(out->text));
}

void ledger_row_read_key(sqlite3_stmt *from, struct key_use_record *out)
{
    char address[ADDRESS_TEXT_BYTES];
    const int64_t format = number_read(from, 2);

    memset(out, 0, sizeof(*out));
    out->key = sqlite3_column_int64(from, 0);
    text_read_string(from, 1, out->name, sizeof(out->name));
    out->format = format >= 0 && format < TICKET_LAYOUT_COUNT ? (int)format : -1;
    out->warnings = (uint8_t)sqlite3_column_int(from, 3);
    read_host(from, 4, &out->host);
    text_read_string(from, 5, address, sizeof(address));
    (void)address_parse(address, out->server.address);
    out->server.port = (uint16_t)sqlite3_column_int(from, 6);
    out->first_seen_ns = number_read(from, 7);
    out->last_seen_ns = number_read(from, 8);
    out->issued_count = sqlite3_column_int64(from, 9);
    out->offered_count = sqlite3_column_int64(from, 10);
    out->accepted_count = sqlite3_column_int64(from, 11);
    out->refused_count = sqlite3_column_int64(from, 12);
}

void ledger_row_read_offer(sqlite3_stmt *from, struct offer_record *out)
{
    const int64_t outcome = number_read(from, 4);

    memset(out, 0, sizeof(*out));
    out->id = sqlite3_column_int64(from, 0);
    out->host_id = sqlite3_column_int64(from, 1);
    text_read_string(from, 2, out->client, sizeof(out->client));
    out->time_ns = sqlite3_column_int64(from, 3);
    out->outcome =
        outcome >= 0 && outcome < OUTCOME_COUNT ? (enum outcome)outcome : OUTCOME_UNKNOWN;
    out->age_s = number_read(from, 5);
    out->lifetime_hint_s = number_read(from, 6);
    out->is_replaced = sqlite3_column_int(from, 7) != 0;
}
