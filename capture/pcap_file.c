#include "capture/pcap_file.h"

enum { MOST_CAPTURED = 262144 }; /* libpcap's bound for these link types */

_Static_assert((int)PCAP_FILE_RECORD_BYTES == 16 + (int)MOST_CAPTURED, "header and frame");

/* pcap-savefile(5), draft-ietf-opsawg-pcap: u32 magic, u16 major, u16 minor, i32 time zone, u32
 * accuracy, u32 snaplen, u32 link type; then records: u32 seconds, u32 fraction of a second, u32
 * captured length, u32 length on the wire, the captured bytes. */
enum header_offset { MAJOR = 4, MINOR = 6, SNAPLEN = 16, LINK_TYPE = 20 };
enum record_offset { SECONDS = 0, FRACTION = 4, CAPTURED = 8, WIRE = 12, RECORD_HEADER = 16 };

static const int64_t second_ns = 1000000000;
static const uint32_t magic_microseconds = 0xa1b2c3d4;
static const uint32_t magic_nanoseconds = 0xa1b23c4d;

/* LINKTYPE_ values whose frames libpcap neither swaps nor allows to be longer than others, and
 * whose number here is that of the file. */
static const uint32_t plain_link_types[] = {
    0,   /* NULL */
    1,   /* ETHERNET */
    9,   /* PPP */
    50,  /* PPP_HDLC */
    51,  /* PPP_ETHER */
    101, /* RAW */
    104, /* C_HDLC */
    105, /* IEEE802_11 */
    108, /* LOOP */
    113, /* LINUX_SLL */
    127, /* IEEE802_11_RADIOTAP */
    228, /* IPV4 */
    229, /* IPV6 */
    276, /* LINUX_SLL2 */
};

static inline uint32_t u32_at(const uint8_t *bytes, bool is_big_endian)
{
    return is_big_endian ? (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
                               (uint32_t)bytes[2] << 8 | bytes[3]
                         : (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 |
                               (uint32_t)bytes[1] << 8 | bytes[0];
}

static unsigned u16_at(const uint8_t *bytes, bool is_big_endian)
{
    return is_big_endian ? (unsigned)bytes[0] << 8 | bytes[1] : (unsigned)bytes[1] << 8 | bytes[0];
}

static bool is_plain(uint32_t link_type)
{
    for (size_t i = 0; i < sizeof(plain_link_types) / sizeof(plain_link_types[0]); i++) {
        if (plain_link_types[i] == link_type) {
            return true;
        }
    }
    return false;
}

/* The magic, and with it the byte order and the unit of time. */
static bool see_magic(struct pcap_file *out, const uint8_t *header)
{
    for (int order = 0; order < 2; order++) {
        const uint32_t magic = u32_at(header, order != 0);
        if (magic == magic_microseconds || magic == magic_nanoseconds) {
            out->is_big_endian = order != 0;
            out->fraction_ns = magic == magic_microseconds ? 1000 : 1;
            return true;
        }
    }
    return false;
}

/* A snaplen of 0, or beyond what a signed number holds, is none. */
static uint32_t most_kept(uint32_t snaplen)
{
    return snaplen == 0 || snaplen > INT32_MAX || snaplen > MOST_CAPTURED ? MOST_CAPTURED : snaplen;
}

static bool parse_header(struct pcap_file *out, const uint8_t *header)
{
    if (!see_magic(out, header)) {
        return false;
    }
    const bool is_big = out->is_big_endian;
    const uint32_t link_type = u32_at(header + LINK_TYPE, is_big);
    out->link_type = (int)link_type;
    out->snaplen = most_kept(u32_at(header + SNAPLEN, is_big));
    return u16_at(header + MAJOR, is_big) == 2 && u16_at(header + MINOR, is_big) == 4 &&
           is_plain(link_type);
}

bool pcap_file_open(struct pcap_file *out, struct inflow *inflow)
{
    struct error error; /* whoever reads next says it again */
    enum inflow_result filled;

    *out = (struct pcap_file){.inflow = inflow};
    do {
        filled = inflow_fill(inflow, PCAP_FILE_HEADER_BYTES, &error);
    } while (filled == INFLOW_IDLE);
    if (filled != INFLOW_READY || !parse_header(out, inflow_data(inflow))) {
        return false;
    }
    inflow_take(inflow, PCAP_FILE_HEADER_BYTES);
    return true;
}

static enum pcap_file_result cut(const struct pcap_file *file, size_t wanted, const char *what,
                                 struct error *error)
{
    (void)error_set(error, "truncated dump file; tried to read %zu %s bytes, only got %zu", wanted,
                    what, inflow_len(file->inflow));
    return PCAP_FILE_DAMAGED;
}

/* What a fill that is not INFLOW_READY means inside a record. */
static enum pcap_file_result missing(enum inflow_result filled)
{
    return filled == INFLOW_IDLE ? PCAP_FILE_IDLE : PCAP_FILE_DAMAGED;
}

static enum pcap_file_result see_header(const struct pcap_file *file, struct error *error)
{
    const enum inflow_result filled = inflow_fill(file->inflow, RECORD_HEADER, error);

    if (filled == INFLOW_READY) {
        return PCAP_FILE_FRAME;
    }
    if (filled != INFLOW_END) {
        return missing(filled);
    }
    return inflow_len(file->inflow) == 0 ? PCAP_FILE_END
                                         : cut(file, RECORD_HEADER, "header", error);
}

/* Its header is visible; makes the frame visible, too. */
static enum pcap_file_result see_frame(const struct pcap_file *file, uint32_t captured,
                                       struct error *error)
{
    if (captured > MOST_CAPTURED) {
        (void)error_set(error, "invalid packet capture length %u, bigger than maximum of %d",
                        captured, MOST_CAPTURED);
        return PCAP_FILE_DAMAGED;
    }
    const enum inflow_result filled = inflow_fill(file->inflow, RECORD_HEADER + captured, error);
    if (filled == INFLOW_READY) {
        return PCAP_FILE_FRAME;
    }
    if (filled != INFLOW_END) {
        return missing(filled);
    }
    inflow_take(file->inflow, RECORD_HEADER);
    return cut(file, captured, "captured", error);
}

/* As libpcap has it: both numbers of the time have a sign, a fraction of more than a second is
 * taken at its word, and what a record keeps beyond the snaplen of its file is not shown. */
static inline void hand_out(const struct pcap_file *file, const uint8_t *record, bool is_big,
                            struct frame *out)
{
    const uint32_t captured = u32_at(record + CAPTURED, is_big);
    const uint32_t wire = u32_at(record + WIRE, is_big);
    const uint32_t shown = captured < file->snaplen ? captured : file->snaplen;

    out->time_ns = (int32_t)u32_at(record + SECONDS, is_big) * second_ns +
                   (int32_t)u32_at(record + FRACTION, is_big) * (int64_t)file->fraction_ns;
    out->captured_len = shown;
    out->wire_len = wire > shown ? wire : shown;
    out->link_type = file->link_type;
    out->data = record + RECORD_HEADER;
}

void pcap_file_settle(struct pcap_file *file)
{
    inflow_take(file->inflow, file->taken);
    file->taken = 0;
}

enum pcap_file_result pcap_file_next(struct pcap_file *file, struct frame *out, struct error *error)
{
    pcap_file_settle(file);
    enum pcap_file_result result = see_header(file, error);
    if (result != PCAP_FILE_FRAME) {
        return result;
    }
    const uint32_t captured = u32_at(inflow_data(file->inflow) + CAPTURED, file->is_big_endian);
    result = see_frame(file, captured, error);
    if (result == PCAP_FILE_FRAME) {
        hand_out(file, inflow_data(file->inflow), file->is_big_endian, out);
        file->taken = RECORD_HEADER + captured;
    }
    return result;
}

/* A record that is damaged or not there as a whole is left to pcap_file_next. */
static inline size_t add_records(const struct pcap_file *file, bool is_big, const uint8_t *at,
                                 size_t len, struct frame_batch *out)
{
    const uint8_t *const begin = at;
    const uint8_t *const end = at + len;
    size_t count = out->count;

    while (count < out->capacity && end - at >= RECORD_HEADER) {
        const uint32_t captured = u32_at(at + CAPTURED, is_big);
        if (captured > MOST_CAPTURED || captured > end - at - RECORD_HEADER) {
            break;
        }
        hand_out(file, at, is_big, &out->frames[count++]);
        at += RECORD_HEADER + captured;
    }
    out->count = count;
    return (size_t)(at - begin);
}

void pcap_file_add_visible(struct pcap_file *file, struct frame_batch *out)
{
    const uint8_t *const at = inflow_data(file->inflow) + file->taken;
    const size_t len = inflow_len(file->inflow) - file->taken;

    /* Twice the code, so that nothing is asked of each record. */
    file->taken += file->is_big_endian ? add_records(file, true, at, len, out)
                                       : add_records(file, false, at, len, out);
}
