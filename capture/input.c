#include "capture/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WAIT_MS = 100 };

static bool look_at(struct input *input, const char *path, struct error *error)
{
    struct stat status;

    if (fstat(input->fd, &status) != 0) {
        return error_set(error, "%s: %s", path, strerror(errno));
    }
    if (S_ISDIR(status.st_mode)) {
        return error_set(error, "%s: a directory without captures", path);
    }
    if (isatty(input->fd)) {
        return error_set(error, "%s: this is a terminal, not a capture", path);
    }
    input->is_regular = S_ISREG(status.st_mode);
    const off_t position = input->is_regular ? lseek(input->fd, 0, SEEK_CUR) : 0;
    input->begin = position > 0 ? (uint64_t)position : 0;
    input->size = input->is_regular ? (uint64_t)status.st_size : 0;
    return true;
}

bool input_open(struct input *out, const char *path, bool is_followed, const atomic_bool *stop,
                struct error *error)
{
    const bool is_stdin = strcmp(path, "-") == 0;

    *out = (struct input){.is_followed = is_followed, .stop = stop};
    out->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (out->fd < 0) {
        return error_set(error, "%s: %s", path, strerror(errno));
    }
    if (!look_at(out, path, error)) {
        input_close(out);
        return false;
    }
    return true;
}

void input_from_memory(struct input *out, const uint8_t *data, size_t len)
{
    *out = (struct input){.fd = -1, .memory = data, .memory_len = len, .is_regular = true};
}

void input_close(struct input *input)
{
    if (input->fd > STDIN_FILENO) {
        (void)close(input->fd);
    }
    input->fd = -1;
}

bool input_may_wait(const struct input *input)
{
    return !input->is_regular || input->is_followed;
}

static bool is_stopped(const struct input *input)
{
    return input->stop != NULL && atomic_load(input->stop);
}

/* Signals end the wait early, so that they are answered soon. */
static bool is_ready(const struct input *input)
{
    struct pollfd poll_fd = {.fd = input->fd, .events = POLLIN};
    const int ready = poll(&poll_fd, 1, WAIT_MS);

    return ready > 0 || (ready < 0 && errno != EINTR);
}

static enum input_result read_memory(struct input *input, uint8_t *out, size_t size, size_t *got)
{
    *got = size < input->memory_len ? size : input->memory_len;
    if (*got == 0) {
        return INPUT_END;
    }
    memcpy(out, input->memory, *got);
    input->memory += *got;
    input->memory_len -= *got;
    input->bytes += *got;
    return INPUT_BYTES;
}

/* A file that has become shorter has been begun anew: what follows is another capture. */
static enum input_result at_end(const struct input *input)
{
    struct stat status;

    if (!input->is_regular || !input->is_followed || fstat(input->fd, &status) != 0) {
        return INPUT_END;
    }
    const off_t position = (off_t)(input->begin + input->bytes);
    if (status.st_size < position) {
        return INPUT_END;
    }
    if (status.st_size == position) {
        (void)poll(NULL, 0, WAIT_MS);
    }
    return is_stopped(input) ? INPUT_END : INPUT_IDLE;
}

enum input_result input_read(struct input *input, uint8_t *out, size_t size, size_t *got,
                             struct error *error)
{
    ssize_t count;

    *got = 0;
    if (is_stopped(input)) {
        return INPUT_END;
    }
    if (input->memory != NULL) {
        return read_memory(input, out, size, got);
    }
    if (!input->is_regular && !is_ready(input)) {
        return is_stopped(input) ? INPUT_END : INPUT_IDLE;
    }
    do {
        count = input->is_regular
                    ? pread(input->fd, out, size, (off_t)(input->begin + input->bytes))
                    : read(input->fd, out, size);
    } while (count < 0 && errno == EINTR && input->is_regular);
    if (count > 0) {
        *got = (size_t)count;
        input->bytes += *got;
        return INPUT_BYTES;
    }
    if (count == 0) {
        return at_end(input);
    }
    if (errno == EAGAIN || errno == EINTR) {
        return INPUT_IDLE;
    }
    (void)error_set(error, "%s", strerror(errno));
    return INPUT_FAILED;
}
