/* Any rows as table ticket_beginning: what is learnt from them is well formed, and can be written.
 * A row is 23 values, each a byte that says how long it is (0 to 8) and then so many bytes. */
#include "store/half_learnt.h"
#include "store/pending.h"
#include "store/schema.h"
#include "store/session_index.h"
#include "store/statements.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { VALUES = 23, SERVER = 1, TICKETS = 6 };

static void must(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static struct database db;
static struct pending pending;
static struct session_index session_index;
static struct half_learnt half;

static void open_once(void)
{
    struct error error;

    if (db.handle == NULL) {
        must(database_open(&db, ":memory:", DATABASE_WRITE, 0, &error));
        must(schema_migrate(&db, &error));
        must(pending_open(&pending, &db, &error));
        must(session_index_open(&session_index, &db, &pending.sessions, &error));
        must(database_prepare(&db, write_statements, WRITE_STATEMENT_COUNT, &error));
        must(half_learnt_open(&half, &db, &error));
    }
}

static int64_t take(const uint8_t **data, size_t *size)
{
    const size_t wanted = **data % 9;
    const size_t bytes = wanted < *size - 1 ? wanted : *size - 1;
    uint64_t value = 0;

    for (size_t i = 1; i <= bytes; i++) {
        value = value << 8 | (*data)[i];
    }
    *data += 1 + bytes;
    *size -= 1 + bytes;
    return (int64_t)value;
}

static void insert_rows(const uint8_t *data, size_t size)
{
    sqlite3_stmt *keep = db.statements[WRITE_KEEP_BEGINNING];
    struct error error;

    while (size > 0) {
        for (int i = 1; i <= VALUES; i++) {
            (void)sqlite3_bind_int64(keep, i, size > 0 ? take(&data, &size) : i);
        }
        must(database_run(&db, WRITE_KEEP_BEGINNING, &error));
    }
}

static void check_key(const struct learner_key *key)
{
    must(key->name_bytes == TICKET_LONG_NAME_BYTES || key->name_bytes == TICKET_SHORT_NAME_BYTES);
    must(key->layouts != 0 &&
         (key->layouts & ticket_layouts_named_by(key->name_bytes)) == key->layouts);
    for (size_t i = 0; i < TICKET_LEARNER_TICKETS; i++) {
        must(key->tickets[i].session > 0 && key->tickets[i].host > 0);
        must(key->tickets[i].use.issued_count >= 0 && key->tickets[i].marks.at_28 >= 0);
    }
}

/* With marks that rows of small numbers can match. */
static void learn(uint32_t from)
{
    struct error error;

    for (uint32_t n = from; n < from + TICKETS; n++) {
        struct learner_ticket ticket = {
            .session = n,
            .host = 1,
            .layouts = (1U << TICKET_LAYOUT_COUNT) - 1,
            .marks = {.at_4 = 5, .at_16 = 5, .at_20 = (uint16_t)(1000 + n % 999)}};
        struct learner_key key;
        key_use_init(&ticket.use);
        key_use_add(&ticket.use, KEY_EVENT_ISSUED, n);
        must(half_learnt_add(&half, SERVER, &ticket, &key, &error));
        if (key.name_bytes != 0) {
            check_key(&key);
        }
    }
    must(half_learnt_flush(&half, &error));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error;

    open_once();
    must(database_execute(&db, "DELETE FROM ticket_beginning", &error));
    half_learnt_forget(&half);
    insert_rows(data, size);
    learn(1);
    half_learnt_forget(&half);
    learn(5000);
    return 0;
}
