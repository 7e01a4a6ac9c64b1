/* A cable with a known delay: joins two TUN devices in two network namespaces and hands each
 * packet over after a fixed one-way time. Nothing is lost, the order is kept. It stands in for
 * `tc netem`, which many small kernels lack.
 *
 *   delay_link [-v VLAN -m NAMESPACE:TAP] ONE_WAY_US NAMESPACE:TUN NAMESPACE:TUN
 *
 * With -m each packet is also copied, as it passes the left end, to a TAP device as an Ethernet
 * frame with an 802.1Q tag: what a switch's mirror port shows.
 *
 * Says "ready" on standard output once the devices exist; they vanish with the process. Ends on
 * SIGTERM or SIGINT with one line: how many packets, and how late the latest of them was. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum {
    PACKET_BYTES = 2048, /* the devices' MTU is 1500 */
    LANE_PACKETS = 512,  /* a full lane is not read: the sender's device queues instead */
    SPIN_NS = 150000,    /* the last stretch before a deadline is not slept but watched */
    TAGGED_HEADER_BYTES = 18,
    ONE_SECOND_NS = 1000000000,
};

struct packet {
    int64_t due_ns;
    size_t len;
    uint8_t data[PACKET_BYTES];
};

/* One direction, 0 from left to right, 1 back: a ring of packets under way. */
struct lane {
    int from_fd;
    int to_fd;
    uint8_t from_mac; /* last byte of the mirrored frames' source address */
    uint8_t to_mac;
    size_t first;
    size_t count;
    struct packet packets[LANE_PACKETS];
};

struct link {
    struct lane lanes[2];
    int signal_fd;
    int mirror_fd; /* -1: none */
    uint16_t vlan;
    int64_t delay_ns;
    int64_t latest_ns; /* the most a packet came after its due time */
    uint64_t count;
};

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * ONE_SECOND_NS + now.tv_nsec;
}

static void give_up(const char *what)
{
    fprintf(stderr, "delay_link: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* Makes the device `NAMESPACE:NAME` and returns its descriptor. The process stays in that
 * namespace: a device belongs to the namespace it was made in, whoever holds the descriptor. */
static int open_device(const char *where, short kind)
{
    const char *colon = strchr(where, ':');
    if (colon == NULL || strlen(colon + 1) >= IFNAMSIZ) {
        errno = EINVAL;
        give_up(where);
    }
    char path[256];
    snprintf(path, sizeof(path), "/run/netns/%.*s", (int)(colon - where), where);
    int space = open(path, O_RDONLY | O_CLOEXEC);
    if (space < 0 || setns(space, CLONE_NEWNET) != 0) {
        give_up(path);
    }
    close(space);

    struct ifreq request;
    memset(&request, 0, sizeof(request));
    request.ifr_flags = (short)(kind | IFF_NO_PI);
    memcpy(request.ifr_name, colon + 1, strlen(colon + 1));
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &request) != 0) {
        give_up(where);
    }
    return fd;
}

static int open_signals(void)
{
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    int fd = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0) {
        give_up("signalfd");
    }
    return fd;
}

/* Delays are only exact if we run when they end: sleep precisely, and go before ordinary processes
 * where that is allowed. */
static void ask_for_punctuality(void)
{
    struct sched_param priority = {.sched_priority = 10};
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    (void)sched_setscheduler(0, SCHED_FIFO, &priority);
}

/* EIO means that the device is still down: the packet is lost, as on a cable not yet plugged in. */
static void write_packet(int fd, const uint8_t *data, size_t len)
{
    if (write(fd, data, len) < 0 && errno != EIO) {
        give_up("write");
    }
}

/* Ethernet with an 802.1Q tag: destination 6, source 6, 0x8100, tag 2, EtherType 2. The addresses
 * are of the block for documentation (RFC 7042, 2.1.1). */
static void mirror(const struct link *link, const struct lane *lane, const struct packet *packet)
{
    uint8_t frame[TAGGED_HEADER_BYTES + PACKET_BYTES] = {
        0x00, 0x00, 0x5e, 0x00, 0x53,           lane->to_mac, 0x00,
        0x00, 0x5e, 0x00, 0x53, lane->from_mac, 0x81,         0x00,
    };
    if (link->mirror_fd < 0) {
        return;
    }
    bool is_ipv6 = packet->data[0] >> 4 == 6;
    frame[14] = (uint8_t)(link->vlan >> 8);
    frame[15] = (uint8_t)(link->vlan & 0xff);
    frame[16] = is_ipv6 ? 0x86 : 0x08;
    frame[17] = is_ipv6 ? 0xdd : 0x00;
    memcpy(frame + TAGGED_HEADER_BYTES, packet->data, packet->len);
    write_packet(link->mirror_fd, frame, TAGGED_HEADER_BYTES + packet->len);
}

static void take_in(struct link *link, struct lane *lane)
{
    while (lane->count < LANE_PACKETS) {
        struct packet *packet = &lane->packets[(lane->first + lane->count) % LANE_PACKETS];
        ssize_t len = read(lane->from_fd, packet->data, sizeof(packet->data));
        if (len <= 0) {
            return;
        }
        packet->len = (size_t)len;
        packet->due_ns = now_ns() + link->delay_ns;
        lane->count++;
        if (lane == &link->lanes[0]) {
            mirror(link, lane, packet);
        }
    }
}

static void hand_over(struct link *link, struct lane *lane)
{
    for (int64_t now = now_ns(); lane->count > 0; now = now_ns()) {
        struct packet *packet = &lane->packets[lane->first];
        if (packet->due_ns > now) {
            return;
        }
        if (now - packet->due_ns > link->latest_ns) {
            link->latest_ns = now - packet->due_ns;
        }
        if (lane == &link->lanes[1]) {
            mirror(link, lane, packet);
        }
        write_packet(lane->to_fd, packet->data, packet->len);
        link->count++;
        lane->first = (lane->first + 1) % LANE_PACKETS;
        lane->count--;
    }
}

/* How long may be slept: until shortly before the first packet is due; -1: until one comes. */
static int64_t sleep_ns(const struct link *link)
{
    int64_t first_ns = INT64_MAX;
    for (int i = 0; i < 2; i++) {
        const struct lane *lane = &link->lanes[i];
        if (lane->count > 0 && lane->packets[lane->first].due_ns < first_ns) {
            first_ns = lane->packets[lane->first].due_ns;
        }
    }
    if (first_ns == INT64_MAX) {
        return -1;
    }
    int64_t left_ns = first_ns - now_ns() - SPIN_NS;
    return left_ns > 0 ? left_ns : 0;
}

static void run(struct link *link)
{
    for (;;) {
        int64_t rest_ns = sleep_ns(link);
        struct timespec rest = {.tv_sec = rest_ns / ONE_SECOND_NS,
                                .tv_nsec = rest_ns % ONE_SECOND_NS};
        struct pollfd ready[3] = {
            {.fd = link->signal_fd, .events = POLLIN},
            {.fd = link->lanes[0].from_fd, .events = POLLIN},
            {.fd = link->lanes[1].from_fd, .events = POLLIN},
        };
        for (int i = 0; i < 2; i++) {
            ready[i + 1].events = link->lanes[i].count < LANE_PACKETS ? POLLIN : 0;
        }
        if (ppoll(ready, 3, rest_ns < 0 ? NULL : &rest, NULL) < 0 && errno != EINTR) {
            give_up("ppoll");
        }
        if (ready[0].revents != 0) {
            return;
        }
        for (int i = 0; i < 2; i++) {
            take_in(link, &link->lanes[i]);
            hand_over(link, &link->lanes[i]);
        }
    }
}

static void join(struct link *link, const char *left, const char *right)
{
    int left_fd = open_device(left, IFF_TUN);
    int right_fd = open_device(right, IFF_TUN);
    link->lanes[0].from_fd = left_fd;
    link->lanes[0].to_fd = right_fd;
    link->lanes[1].from_fd = right_fd;
    link->lanes[1].to_fd = left_fd;
    link->lanes[0].from_mac = link->lanes[1].to_mac = 1;
    link->lanes[1].from_mac = link->lanes[0].to_mac = 2;
}

int main(int argc, char **argv)
{
    static struct link link = {.mirror_fd = -1};
    const char *mirror_to = NULL;
    for (int option = getopt(argc, argv, "m:v:"); option != -1;
         option = getopt(argc, argv, "m:v:")) {
        if (option == 'm') {
            mirror_to = optarg;
        } else if (option == 'v') {
            link.vlan = (uint16_t)(strtoul(optarg, NULL, 10) & 0x0fff);
        } else {
            return 2;
        }
    }
    if (argc - optind != 3) {
        fprintf(stderr, "usage: delay_link [-v VLAN -m NS:TAP] ONE_WAY_US NS:TUN NS:TUN\n");
        return 2;
    }
    link.delay_ns = strtol(argv[optind], NULL, 10) * 1000;
    join(&link, argv[optind + 1], argv[optind + 2]);
    link.mirror_fd = mirror_to == NULL ? -1 : open_device(mirror_to, IFF_TAP);
    link.signal_fd = open_signals();
    ask_for_punctuality();
    puts("ready");
    fflush(stdout);
    run(&link);
    printf("%llu packets, latest %lld us\n", (unsigned long long)link.count,
           (long long)(link.latest_ns / 1000));
    return 0;
}
