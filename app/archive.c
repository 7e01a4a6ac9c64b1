#include "app/archive.h"

#include <stdio.h>
#include <sys/stat.h>

static bool open_store(struct archive *archive, struct error *error)
{
    struct stat status;
    const bool is_file = archive->path != NULL;
    const bool was_there = is_file && stat(archive->path, &status) == 0;

    archive->store = store_open(is_file ? archive->path : ":memory:", error);
    if (archive->store == NULL) {
        return false;
    }
    archive->was_made = is_file && !was_there;
    if (is_file && stat(archive->path, &status) == 0) {
        archive->device = status.st_dev;
        archive->inode = status.st_ino;
    }
    return true;
}

bool archive_open(struct archive *out, const char *path, struct error *error)
{
    *out = (struct archive){.path = path};
    return open_store(out, error);
}

bool archive_give(const struct archive *archive, const struct privileges *privileges,
                  struct error *error)
{
    static const char *const parts[] = {"", "-wal", "-shm", "-journal"}; /* SQLite's names */
    char path[4096];

    if (!archive->was_made) {
        return true;
    }
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        const int len = snprintf(path, sizeof(path), "%s%s", archive->path, parts[i]);
        if (len < 0 || (size_t)len >= sizeof(path)) {
            return error_set(error, "%s: this name is too long", archive->path);
        }
        if (!privileges_give_file(privileges, path, error)) {
            return false;
        }
    }
    return true;
}

bool archive_label_hosts(struct archive *archive, struct error *error)
{
    return labels_hosts(&archive->labels, archive->store, error);
}

bool archive_was_moved(const struct archive *archive)
{
    struct stat status;

    if (archive->path == NULL) {
        return false;
    }
    return stat(archive->path, &status) != 0 || status.st_dev != archive->device ||
           status.st_ino != archive->inode;
}

bool archive_reopen(struct archive *archive, struct error *error)
{
    return archive_close(archive, error) && open_store(archive, error);
}

bool archive_close(struct archive *archive, struct error *error)
{
    struct store *const store = archive->store;
    struct error reason;

    if (store == NULL) {
        return true;
    }
    const bool is_labelled = archive->path == NULL || archive_label_hosts(archive, error);
    archive->store = NULL;
    labels_clear(&archive->labels);
    return store_close(store, is_labelled ? error : &reason) && is_labelled;
}
