#include "app/output.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What mkstemp() puts in place of the Xs makes the name unique. */
static const char aside_suffix[] = ".XXXXXX";

/* Whether path names something that must not be replaced by a file: a pipe, /dev/null. */
static bool is_special(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

/* A link is followed, so that it still is one afterwards. */
static char *follow(const char *path)
{
    char *const real = realpath(path, NULL);

    return real != NULL ? real : strdup(path);
}

/* The mode that an ordinary new file would have, or that of the file to replace. */
static mode_t wanted_mode(const char *target)
{
    struct stat status;

    if (stat(target, &status) == 0) {
        return status.st_mode & 07777;
    }
    const mode_t mask = umask(0);
    (void)umask(mask);
    return 0666 & ~mask;
}

static bool open_aside(struct output *out, struct error *error)
{
    const size_t bytes = strlen(out->target) + sizeof(aside_suffix);

    out->aside = malloc(bytes);
    if (out->aside == NULL) {
        return error_set(error, "%s: no memory to write it", out->path);
    }
    (void)snprintf(out->aside, bytes, "%s%s", out->target, aside_suffix);
    const int fd = mkstemp(out->aside);
    if (fd < 0) {
        return error_set(error, "%s: %s", out->path, strerror(errno));
    }
    (void)fchmod(fd, wanted_mode(out->target));
    out->file = fdopen(fd, "w");
    if (out->file == NULL) {
        (void)close(fd);
        (void)unlink(out->aside);
        return error_set(error, "%s: %s", out->path, strerror(errno));
    }
    return true;
}

static void release(struct output *output)
{
    free(output->target);
    free(output->aside);
    *output = (struct output){NULL, NULL, NULL, NULL};
}

bool output_open(struct output *out, const char *path, struct error *error)
{
    *out = (struct output){.file = stdout, .path = path};
    if (path == NULL) {
        return true;
    }
    if (is_special(path)) {
        out->file = fopen(path, "w");
        return out->file != NULL || error_set(error, "%s: %s", path, strerror(errno));
    }
    out->target = follow(path);
    if (out->target == NULL) {
        return error_set(error, "%s: no memory to write it", path);
    }
    if (!open_aside(out, error)) {
        release(out);
        return false;
    }
    return true;
}

/* errno may be long gone when a failure is noticed; a pipe tells itself that nobody reads it. */
static bool reader_is_gone(FILE *file)
{
    struct pollfd descriptor = {.fd = fileno(file), .events = POLLOUT};

    return poll(&descriptor, 1, 0) > 0 && (descriptor.revents & POLLERR) != 0;
}

enum output_state output_flush(FILE *file, const char *name, struct error *error)
{
    errno = 0;
    if (fflush(file) == 0 && ferror(file) == 0) {
        return OUTPUT_FINE;
    }
    const int reason = errno;
    if (reason == EPIPE || reader_is_gone(file)) {
        return OUTPUT_READER_GONE;
    }
    (void)error_set(error, "%s: %s", name, strerror(reason != 0 ? reason : EIO));
    return OUTPUT_FAILED;
}

/* Everything is on disk before the name changes over: a crash leaves the old or the new. */
static bool close_file(struct output *output, struct error *error)
{
    bool ok = output_flush(output->file, output->path, error) != OUTPUT_FAILED;

    if (ok && output->aside != NULL && fsync(fileno(output->file)) != 0) {
        ok = error_set(error, "%s: %s", output->path, strerror(errno));
    }
    if (fclose(output->file) != 0 && ok && output->aside != NULL) {
        ok = error_set(error, "%s: %s", output->path, strerror(errno));
    }
    return ok;
}

bool output_close(struct output *output, bool is_complete, struct error *error)
{
    if (output->path == NULL) {
        return output_flush(stdout, "standard output", error) != OUTPUT_FAILED;
    }
    bool ok = close_file(output, error);
    if (output->aside != NULL && ok && is_complete) {
        ok = rename(output->aside, output->target) == 0 ||
             error_set(error, "%s: %s", output->path, strerror(errno));
    }
    if (output->aside != NULL && (!ok || !is_complete)) {
        (void)unlink(output->aside);
    }
    release(output);
    return ok;
}

bool output_wants_color(enum color color, FILE *file)
{
    const char *const no_color = getenv("NO_COLOR");
    const char *const terminal = getenv("TERM");

    if (color != COLOR_AUTO) {
        return color == COLOR_ALWAYS;
    }
    return (no_color == NULL || no_color[0] == '\0') && isatty(fileno(file)) != 0 &&
           terminal != NULL && strcmp(terminal, "dumb") != 0;
}
