#include "tests/store/fixture.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int fixture_make(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    if (fixture == NULL) {
        return -1;
    }
    (void)strcpy(fixture->directory, "/tmp/reprise-store-XXXXXX");
    if (mkdtemp(fixture->directory) == NULL) {
        free(fixture);
        return -1;
    }
    (void)snprintf(fixture->path, sizeof(fixture->path), "%s/test.db", fixture->directory);
    *state = fixture;
    return 0;
}

int fixture_remove(void **state)
{
    struct fixture *fixture = *state;
    DIR *directory = opendir(fixture->directory);
    struct dirent *entry;
    char path[400];

    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        (void)snprintf(path, sizeof(path), "%s/%s", fixture->directory, entry->d_name);
        if (unlink(path) != 0) {
            (void)rmdir(path);
        }
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
    (void)rmdir(fixture->directory);
    free(fixture);
    return 0;
}

static void set_text(struct wire_text *out, const char *text)
{
    out->len = (uint8_t)strlen(text);
    memcpy(out->text, text, out->len);
}

static void set_ipv4(struct endpoint *out, uint8_t last, uint16_t port)
{
    const uint8_t address[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, last};

    memcpy(out->address, address, sizeof(address));
    out->port = port;
}

struct handshake fixture_handshake(int64_t n)
{
    struct handshake handshake;

    memset(&handshake, 0, sizeof(handshake)); /* texts beyond their length are compared too */
    handshake_init(&handshake);
    handshake.time_ns = FIXTURE_TIME_NS + n * 1000000000;
    set_ipv4(&handshake.client, 77, 50000);
    set_ipv4(&handshake.server, 1, 443);
    set_text(&handshake.sni, "www.example.com");
    set_text(&handshake.alpn, "h2");
    handshake.version = 0x0303;
    handshake.has_cipher = true;
    handshake.cipher = 0xc02f;
    handshake.verdict = VERDICT_FULL;
    handshake.offered = OFFER_NONE;
    handshake.outcome = OUTCOME_NONE;
    (void)strcpy(handshake.messages, ">CH <SH <CERT <SKE <SHD >CKE >CCS >FIN <CCS <FIN");
    handshake.rtts_tcp = 1;
    handshake.rtts_tls = 2;
    handshake.rtts_stalled = 0;
    handshake.rtt_client_ns = 300000;
    handshake.rtt_server_ns = 20000999;
    handshake.handshake_ns = 45000000;
    handshake.setup_ns = 65000000;
    handshake.server_think_ns = 1000000;
    handshake.bytes_client = 643;
    handshake.bytes_server = 4100;
    return handshake;
}

struct session_hash fixture_hash(uint8_t n)
{
    struct session_hash hash = {.is_set = true};

    memset(hash.bytes, n, sizeof(hash.bytes));
    hash.bytes[15] = 0xee;
    return hash;
}

struct store *fixture_open(const char *path)
{
    const struct run_record run = {.started_ns = FIXTURE_TIME_NS, .ended_ns = HANDSHAKE_NULL};
    struct error error = {""};
    struct store *store = store_open(path, &error);

    assert_string_equal(error.text, "");
    assert_non_null(store);
    assert_true(store_begin_run(store, &run, &error));
    return store;
}

void fixture_close(struct store *store)
{
    struct error error = {""};

    assert_true(store_close(store, &error));
    assert_string_equal(error.text, "");
}

struct record fixture_add(struct store *store, const struct handshake *handshake)
{
    struct error error = {""};
    struct record record;

    memset(&record, 0, sizeof(record));
    assert_true(store_add(store, handshake, &record, &error));
    return record;
}

struct session_record fixture_session(struct store *store, const struct session_hash *hash)
{
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    struct error error = {""};
    struct session_record session;
    struct session_record found = {.kind = 0};
    struct query *query = store_query(store, &error);

    assert_non_null(query);
    assert_true(query_begin_sessions(query, &all, &error));
    while (query_next_session(query, &session, &error) == QUERY_ROW) {
        if (memcmp(session.hash.bytes, hash->bytes, sizeof(hash->bytes)) == 0) {
            assert_int_equal(found.kind, 0); /* a hash has one row */
            found = session;
        }
    }
    query_close(query);
    assert_int_not_equal(found.kind, 0);
    return found;
}

static char answer[4096];

const char *fixture_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }
    (void)strcpy(answer, "(none)");
    if (sqlite3_step(statement) == SQLITE_ROW) {
        const unsigned char *text = sqlite3_column_text(statement, 0);
        (void)snprintf(answer, sizeof(answer), "%s", text == NULL ? "(null)" : (const char *)text);
    }
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(db);
    return answer;
}

const char *fixture_sql_error(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    char *message = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    (void)sqlite3_exec(db, sql, NULL, NULL, &message);
    (void)snprintf(answer, sizeof(answer), "%s", message == NULL ? "" : message);
    sqlite3_free(message);
    (void)sqlite3_close(db);
    return answer;
}

char *fixture_read_file(const char *path, size_t *size)
{
    struct stat status;
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &status), 0);
    *size = (size_t)status.st_size;
    char *data = malloc(*size + 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, *size, file), *size);
    (void)fclose(file);
    return data;
}

void fixture_write_file(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}
