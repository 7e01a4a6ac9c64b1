#include "store/dictionary.h"

#include "store/address.h"
#include "store/statements.h"
#include "store/text.h"

#include <string.h>

/* About 10 MB in all. Texts are few (message orders, ALPN), hosts and servers can be many. */
enum { HOST_SLOTS = 16384, SERVER_SLOTS = 32768, TEXT_SLOTS = 4096 };
enum { TEXT_MAX = 255, SERVER_KEY_BYTES = 18 };

bool dictionary_open(struct dictionary *dictionary, struct database *db, struct error *error)
{
    *dictionary = (struct dictionary){
        .db = db,
        .hosts = cache_new(HOST_SLOTS, TEXT_MAX, sizeof(int64_t)),
        .servers = cache_new(SERVER_SLOTS, SERVER_KEY_BYTES, sizeof(int64_t)),
        .texts = cache_new(TEXT_SLOTS, TEXT_MAX, sizeof(int64_t)),
    };
    if (dictionary->hosts == NULL || dictionary->servers == NULL || dictionary->texts == NULL) {
        dictionary_close(dictionary);
        return error_set(error, "%s: no memory to open it", db->path);
    }
    return true;
}

void dictionary_close(struct dictionary *dictionary)
{
    cache_free(dictionary->hosts);
    cache_free(dictionary->servers);
    cache_free(dictionary->texts);
    *dictionary = (struct dictionary){0};
}

void dictionary_forget(struct dictionary *dictionary)
{
    cache_clear(dictionary->hosts);
    cache_clear(dictionary->servers);
    cache_clear(dictionary->texts);
}

/* Runs a statement that finds an id, whose key is bound already. */
static enum database_step find_id(struct database *db, size_t statement, int64_t *out,
                                  struct error *error)
{
    const enum database_step step = database_step(db, statement, error);
    if (step == DATABASE_ROW) {
        *out = sqlite3_column_int64(db->statements[statement], 0);
        database_reset(db, statement);
    }
    return step;
}

/* The same for one that adds a row. */
static bool add_row(struct database *db, size_t statement, int64_t *out, struct error *error)
{
    if (!database_run(db, statement, error)) {
        return false;
    }
    *out = sqlite3_last_insert_rowid(db->handle);
    return true;
}

static bool find_or_add_host(struct database *db, const struct wire_text *name,
                             int64_t first_seen_ns, int64_t *out, struct error *error)
{
    text_bind(db->statements[WRITE_FIND_HOST], 1, name->text, name->len);
    const enum database_step step = find_id(db, WRITE_FIND_HOST, out, error);
    if (step != DATABASE_DONE) {
        return step == DATABASE_ROW;
    }
    text_bind(db->statements[WRITE_ADD_HOST], 1, name->text, name->len);
    number_bind(db->statements[WRITE_ADD_HOST], 2, first_seen_ns);
    return add_row(db, WRITE_ADD_HOST, out, error);
}

bool dictionary_host(struct dictionary *dictionary, const struct wire_text *name,
                     int64_t first_seen_ns, int64_t *out, struct error *error)
{
    const int64_t *known = cache_find(dictionary->hosts, name->text, name->len);

    if (known != NULL) {
        *out = *known;
        return true;
    }
    if (!find_or_add_host(dictionary->db, name, first_seen_ns, out, error)) {
        return false;
    }
    cache_put(dictionary->hosts, name->text, name->len, out);
    return true;
}

static void bind_server(sqlite3_stmt *statement, const char *address, size_t len, uint16_t port)
{
    (void)sqlite3_bind_text(statement, 1, address, (int)len, SQLITE_STATIC);
    (void)sqlite3_bind_int(statement, 2, port);
}

static bool find_or_add_server(struct database *db, const struct endpoint *server, int64_t *out,
                               struct error *error)
{
    char address[ADDRESS_TEXT_BYTES];
    const size_t len = address_format(server->address, address);

    bind_server(db->statements[WRITE_FIND_SERVER], address, len, server->port);
    const enum database_step step = find_id(db, WRITE_FIND_SERVER, out, error);
    if (step != DATABASE_DONE) {
        return step == DATABASE_ROW;
    }
    bind_server(db->statements[WRITE_ADD_SERVER], address, len, server->port);
    return add_row(db, WRITE_ADD_SERVER, out, error);
}

bool dictionary_server(struct dictionary *dictionary, const struct endpoint *server, int64_t *out,
                       struct error *error)
{
    uint8_t key[SERVER_KEY_BYTES];

    memcpy(key, server->address, sizeof(server->address));
    memcpy(key + sizeof(server->address), &server->port, sizeof(server->port));
    const int64_t *known = cache_find(dictionary->servers, key, sizeof(key));
    if (known != NULL) {
        *out = *known;
        return true;
    }
    if (!find_or_add_server(dictionary->db, server, out, error)) {
        return false;
    }
    cache_put(dictionary->servers, key, sizeof(key), out);
    return true;
}

static bool find_or_add_text(struct database *db, const char *data, size_t len, int64_t *out,
                             struct error *error)
{
    text_bind(db->statements[WRITE_FIND_TEXT], 1, data, len);
    const enum database_step step = find_id(db, WRITE_FIND_TEXT, out, error);
    if (step != DATABASE_DONE) {
        return step == DATABASE_ROW;
    }
    text_bind(db->statements[WRITE_ADD_TEXT], 1, data, len);
    return add_row(db, WRITE_ADD_TEXT, out, error);
}

bool dictionary_text(struct dictionary *dictionary, const char *data, size_t len, int64_t *out,
                     struct error *error)
{
    if (len == 0) {
        *out = HANDSHAKE_NULL;
        return true;
    }
    const int64_t *known = cache_find(dictionary->texts, data, len);
    if (known != NULL) {
        *out = *known;
        return true;
    }
    if (!find_or_add_text(dictionary->db, data, len, out, error)) {
        return false;
    }
    cache_put(dictionary->texts, data, len, out);
    return true;
}
