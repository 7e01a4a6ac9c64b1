#include "store/database_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The header's fields that tell: magic at 0, user_version at 60, application_id at 68, both
 * big-endian. Both are final in the file itself, not in a log beside it: a new database gets
 * its schema before it is switched to write-ahead logging. */
enum { HEADER_BYTES = 100, USER_VERSION_AT = 60, APPLICATION_ID_AT = 68 };

static const char magic[16] = "SQLite format 3";

static uint32_t big_endian(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

bool database_file_too_new(const char *path, int64_t found, int64_t newest, struct error *error)
{
    return error_set(error,
                     "%s: written by a newer reprise (schema %" PRId64
                     ", this one knows up to %" PRId64 "); it is left as it is",
                     path, found, newest);
}

static bool header_is_ours(const char *path, const uint8_t header[HEADER_BYTES], int64_t newest,
                           struct error *error)
{
    if (memcmp(header, magic, sizeof(magic)) != 0) {
        return error_set(error, "%s: not a database; it is left as it is", path);
    }
    if (big_endian(header + APPLICATION_ID_AT) != DATABASE_APPLICATION_ID) {
        return error_set(error, "%s: a database of another program; it is left as it is", path);
    }
    const int64_t version = big_endian(header + USER_VERSION_AT);
    if (version > newest) {
        return database_file_too_new(path, version, newest, error);
    }
    return true;
}

static bool find_size(const char *path, int64_t *out, struct error *error)
{
    struct stat status;

    if (stat(path, &status) != 0) {
        return error_set(error, "%s: %s", path, strerror(errno));
    }
    if (S_ISDIR(status.st_mode)) {
        return error_set(error, "%s: a directory, not a database", path);
    }
    if (!S_ISREG(status.st_mode)) {
        return error_set(error, "%s: not a regular file, so not a database", path);
    }
    *out = status.st_size;
    return true;
}

/* Through SQLite's file layer: a close() of our own would drop the locks that another connection
 * of this process has on the file (fcntl(2): any close releases them). */
static int read_header(const char *path, uint8_t header[HEADER_BYTES])
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    sqlite3_filename name = sqlite3_create_filename(path, "", "", 0, NULL);
    sqlite3_file *file = calloc(1, (size_t)vfs->szOsFile);
    int code = SQLITE_NOMEM;

    if (name != NULL && file != NULL) {
        code = vfs->xOpen(vfs, name, file, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, NULL);
    }
    if (code == SQLITE_OK) {
        code = file->pMethods->xRead(file, header, HEADER_BYTES, 0);
    }
    if (file != NULL && file->pMethods != NULL) {
        (void)file->pMethods->xClose(file);
    }
    free(file);
    sqlite3_free_filename(name);
    return code == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : code; /* the rest is zero then */
}

/* *size tells whether there was anything to look at. */
static bool check(const char *path, int64_t newest, int64_t *size, struct error *error)
{
    uint8_t header[HEADER_BYTES] = {0};

    *size = 0;
    if (!find_size(path, size, error)) {
        return false;
    }
    if (*size == 0) {
        return true;
    }
    const int code = read_header(path, header);
    if (code != SQLITE_OK) {
        return error_set(error, "%s: cannot be read: %s", path, sqlite3_errstr(code));
    }
    return header_is_ours(path, header, newest, error);
}

bool database_file_is_memory(const char *path)
{
    return strcmp(path, ":memory:") == 0;
}

/* An empty file where there is none. True also where there is one. */
static bool make_file(const char *path, struct error *error)
{
    const int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    const int reason = errno;

    if (file >= 0) {
        (void)close(file);
        return true;
    }
    /* A read-only directory says so even of a file that exists. */
    return reason == EEXIST || access(path, F_OK) == 0 ||
           error_set(error, "%s: cannot be made: %s", path, strerror(reason));
}

bool database_file_for_writing(const char *path, int64_t newest, struct error *error)
{
    int64_t size;
    if (database_file_is_memory(path)) {
        return true;
    }
    return make_file(path, error) && check(path, newest, &size, error);
}

bool database_file_for_reading(const char *path, int64_t newest, struct error *error)
{
    int64_t size = 0;
    if (!check(path, newest, &size, error)) {
        return false;
    }
    return size > 0 || error_set(error, "%s: empty, not a database", path);
}
