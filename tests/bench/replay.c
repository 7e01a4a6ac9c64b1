/* Sends the frames of a capture file out of an interface as fast as the machine can, or at a rate:
 * the load for what watches the other end. Says how many went out and how long that took. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char usage[] = "usage: replay [options] INTERFACE FILE\n"
                            "FILE: pcap of this machine's byte order\n"
                            "  -r, --rate N  packets/s (as fast as can be)\n"
                            "  -n, --packets N  stop after so many (all)\n";

enum { BATCH = 128, FILE_HEADER_BYTES = 24, RECORD_HEADER_BYTES = 16, CAPTURED_AT = 8 };

struct options {
    const char *interface;
    const char *path;
    uint64_t rate;    /* 0: none */
    uint64_t packets; /* 0: all */
};

struct replay {
    const struct options *options;
    int socket;
    const uint8_t *data;
    size_t len;
    size_t at; /* of the next record */
    uint64_t sent;
    int64_t begun_ns;
};

static int64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool complain(const char *what)
{
    (void)fprintf(stderr, "replay: %s: %s\n", what, strerror(errno));
    return false;
}

static bool map_file(struct replay *replay, const char *path)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;

    if (fd < 0 || fstat(fd, &status) != 0) {
        return complain(path);
    }
    replay->len = (size_t)status.st_size;
    void *const data = mmap(NULL, replay->len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    (void)close(fd);
    if (data == MAP_FAILED) {
        return complain(path);
    }
    replay->data = data;
    replay->at = FILE_HEADER_BYTES;
    return true;
}

/* Frames go to the driver at once, past any queue that could drop them unseen. */
static bool open_socket(struct replay *replay, const char *interface)
{
    const int yes = 1;
    const int buffer_bytes = 64 << 20;
    const struct sockaddr_ll address = {
        .sll_family = AF_PACKET,
        .sll_ifindex = (int)if_nametoindex(interface),
    };

    replay->socket = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (replay->socket < 0 || address.sll_ifindex == 0 ||
        bind(replay->socket, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
        setsockopt(replay->socket, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof(yes)) != 0 ||
        setsockopt(replay->socket, SOL_SOCKET, SO_SNDBUFFORCE, &buffer_bytes,
                   sizeof(buffer_bytes)) != 0) {
        return complain(interface);
    }
    return true;
}

/* The next frame of the file; false at its end. */
static bool next_frame(struct replay *replay, struct iovec *out)
{
    uint32_t captured;

    if (replay->len - replay->at < RECORD_HEADER_BYTES) {
        return false;
    }
    memcpy(&captured, replay->data + replay->at + CAPTURED_AT, sizeof(captured));
    if (captured > replay->len - replay->at - RECORD_HEADER_BYTES) {
        return false;
    }
    /* iovec knows no bytes that are only read. */
    const uint8_t *const frame = replay->data + replay->at + RECORD_HEADER_BYTES;
    memcpy(&out->iov_base, &frame, sizeof(frame));
    out->iov_len = captured;
    replay->at += RECORD_HEADER_BYTES + captured;
    return true;
}

static unsigned fill_batch(struct replay *replay, struct iovec *frames)
{
    const uint64_t most = replay->options->packets;
    unsigned count = 0;

    while (count < BATCH && (most == 0 || replay->sent + count < most) &&
           next_frame(replay, &frames[count])) {
        count++;
    }
    return count;
}

static bool send_batch(struct replay *replay, struct iovec *frames, unsigned count)
{
    struct mmsghdr messages[BATCH];
    unsigned done = 0;

    memset(messages, 0, sizeof(messages));
    for (unsigned i = 0; i < count; i++) {
        messages[i].msg_hdr.msg_iov = &frames[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    while (done < count) {
        const int sent = sendmmsg(replay->socket, messages + done, count - done, 0);
        if (sent < 0 && errno != ENOBUFS && errno != EAGAIN && errno != EINTR) {
            return complain("sending");
        }
        done += sent > 0 ? (unsigned)sent : 0;
    }
    replay->sent += count;
    return true;
}

/* Spins: a sleep is longer than most pauses between batches. */
static void wait_for_turn(const struct replay *replay)
{
    const uint64_t rate = replay->options->rate;

    if (rate > 0) {
        const int64_t due_ns = replay->begun_ns + (int64_t)(replay->sent * 1000000000 / rate);
        while (now_ns() < due_ns) {
        }
    }
}

static bool send_all(struct replay *replay)
{
    struct iovec frames[BATCH];

    replay->begun_ns = now_ns();
    for (unsigned count = fill_batch(replay, frames); count > 0;
         count = fill_batch(replay, frames)) {
        if (!send_batch(replay, frames, count)) {
            return false;
        }
        wait_for_turn(replay);
    }
    return true;
}

static bool parse_count(const char *text, uint64_t *out)
{
    char *end;

    errno = 0;
    *out = strtoull(text, &end, 10);
    return errno == 0 && *text >= '0' && *text <= '9' && *end == '\0' && *out <= UINT32_MAX;
}

static bool parse_options(int argc, char **argv, struct options *out)
{
    static const struct option table[] = {
        {"rate", required_argument, NULL, 'r'},
        {"packets", required_argument, NULL, 'n'},
        {NULL, 0, NULL, 0},
    };
    int letter;

    *out = (struct options){.rate = 0};
    while ((letter = getopt_long(argc, argv, "r:n:", table, NULL)) != -1) {
        if ((letter != 'r' && letter != 'n') ||
            !parse_count(optarg, letter == 'r' ? &out->rate : &out->packets)) {
            return false;
        }
    }
    if (argc - optind != 2) {
        return false;
    }
    out->interface = argv[optind];
    out->path = argv[optind + 1];
    return true;
}

int main(int argc, char **argv)
{
    struct options options;
    struct replay replay = {.options = &options, .socket = -1};

    if (!parse_options(argc, argv, &options)) {
        (void)fputs(usage, stderr);
        return 2;
    }
    if (!map_file(&replay, options.path) || !open_socket(&replay, options.interface) ||
        !send_all(&replay)) {
        return EXIT_FAILURE;
    }
    const double seconds = (double)(now_ns() - replay.begun_ns) / 1e9;
    (void)printf("{\"packets\": %" PRIu64 ", \"seconds\": %.6f}\n", replay.sent, seconds);
    return EXIT_SUCCESS;
}
