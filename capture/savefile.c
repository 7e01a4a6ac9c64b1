#include "capture/savefile.h"

#include "capture/record.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUFFER_BYTES = 1024 * 1024, /* stdio's own 4 KiB cost a system call for every three packets */
    STOP_CHECK_MS = 100,
};

struct savefile {
    char *path;
    int fd;
    bool may_wait; /* a pipe, terminal or socket: reading can take for ever */
    const atomic_bool *stop;
    uint64_t bytes;
    uint64_t frames;
    pcap_t *handle;
    char *buffer;
};

/* Waits for input, looking up now and then whether the wait is still wanted. */
static bool wait_for_input(const struct savefile *savefile)
{
    struct pollfd poll_fd = {.fd = savefile->fd, .events = POLLIN};

    while (!atomic_load(savefile->stop)) {
        const int ready = poll(&poll_fd, 1, STOP_CHECK_MS);
        if (ready > 0 || (ready < 0 && errno != EINTR)) {
            return true;
        }
    }
    return false;
}

/* The read function under the FILE that libpcap reads from. */
static ssize_t cookie_read(void *cookie, char *buffer, size_t size)
{
    struct savefile *savefile = cookie;
    ssize_t got = -1;

    do {
        if (savefile->may_wait && !wait_for_input(savefile)) {
            return 0;
        }
        got = read(savefile->fd, buffer, size);
    } while (got < 0 && (errno == EINTR || errno == EAGAIN));
    if (got > 0) {
        savefile->bytes += (uint64_t)got;
    }
    return got;
}

static int cookie_close(void *cookie)
{
    const struct savefile *savefile = cookie;

    return savefile->fd == STDIN_FILENO ? 0 : close(savefile->fd);
}

/* A FIFO is opened without waiting for its writer: read() then waits under our own eyes. */
static bool open_file(struct savefile *savefile, struct error *error)
{
    struct stat status;
    const bool is_stdin = strcmp(savefile->path, "-") == 0;

    savefile->fd =
        is_stdin ? STDIN_FILENO : open(savefile->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (savefile->fd < 0 || fstat(savefile->fd, &status) != 0) {
        return error_set(error, "%s: %s", savefile->path, strerror(errno));
    }
    if (S_ISDIR(status.st_mode)) {
        return error_set(error, "%s: a directory without captures", savefile->path);
    }
    if (isatty(savefile->fd)) {
        return error_set(error, "%s: this is a terminal, not a capture", savefile->path);
    }
    savefile->may_wait = !S_ISREG(status.st_mode);
    return true;
}

/* Puts a FILE over the open descriptor; from here on closing the FILE closes the descriptor. */
static FILE *open_stream(struct savefile *savefile, struct error *error)
{
    const cookie_io_functions_t functions = {.read = cookie_read, .close = cookie_close};
    FILE *stream = fopencookie(savefile, "rb", functions);

    savefile->buffer = malloc(BUFFER_BYTES);
    if (stream == NULL || savefile->buffer == NULL ||
        setvbuf(stream, savefile->buffer, _IOFBF, BUFFER_BYTES) != 0) {
        (void)error_set(error, "%s: no memory to read it", savefile->path);
        if (stream != NULL) {
            (void)fclose(stream);
            savefile->fd = -1;
        }
        return NULL;
    }
    return stream;
}

/* libpcap says in words only that the header is cut. */
static enum savefile_opening opening_of(const char *reason)
{
    return strncmp(reason, "truncated", strlen("truncated")) == 0 ? SAVEFILE_CUT
                                                                  : SAVEFILE_UNREADABLE;
}

static enum savefile_opening open_handle(struct savefile *savefile, struct error *error)
{
    char reason[PCAP_ERRBUF_SIZE] = "";

    if (!open_file(savefile, error)) {
        return SAVEFILE_UNREADABLE;
    }
    FILE *stream = open_stream(savefile, error);
    if (stream == NULL) {
        return SAVEFILE_UNREADABLE;
    }
    savefile->handle =
        pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, reason);
    if (savefile->handle == NULL) {
        (void)fclose(stream);
        savefile->fd = -1;
        (void)error_set(error, "%s: %s", savefile->path, reason);
        return opening_of(reason);
    }
    return SAVEFILE_OPENED;
}

enum savefile_opening savefile_open(const char *path, const atomic_bool *stop,
                                    struct savefile **out, struct error *error)
{
    struct savefile *savefile = calloc(1, sizeof(*savefile));

    *out = NULL;
    if (savefile != NULL) {
        savefile->path = strdup(path);
    }
    if (savefile == NULL || savefile->path == NULL) {
        free(savefile);
        (void)error_set(error, "%s: no memory to read it", path);
        return SAVEFILE_UNREADABLE;
    }
    savefile->fd = -1;
    savefile->stop = stop;
    const enum savefile_opening opening = open_handle(savefile, error);
    if (opening != SAVEFILE_OPENED) {
        savefile_close(savefile);
        return opening;
    }
    *out = savefile;
    return opening;
}

void savefile_close(struct savefile *savefile)
{
    if (savefile == NULL) {
        return;
    }
    if (savefile->handle != NULL) {
        pcap_close(savefile->handle);
    } else if (savefile->fd > STDIN_FILENO) {
        (void)close(savefile->fd);
    }
    free(savefile->buffer);
    free(savefile->path);
    free(savefile);
}

pcap_t *savefile_handle(struct savefile *savefile)
{
    return savefile->handle;
}

enum savefile_result savefile_next(struct savefile *savefile, struct frame *out,
                                   struct error *error)
{
    struct pcap_pkthdr *header;
    const u_char *data;

    const int got = pcap_next_ex(savefile->handle, &header, &data);
    if (got == 1) {
        savefile->frames++;
        record_to_frame(header, data, pcap_datalink(savefile->handle), 1, out);
        return SAVEFILE_FRAME;
    }
    if (got == PCAP_ERROR_BREAK || atomic_load(savefile->stop)) {
        return SAVEFILE_END;
    }
    (void)error_set(error, "%s: cut short or damaged after %llu packets: %s", savefile->path,
                    (unsigned long long)savefile->frames, pcap_geterr(savefile->handle));
    return SAVEFILE_DAMAGED;
}

uint64_t savefile_bytes(const struct savefile *savefile)
{
    return savefile->bytes;
}
