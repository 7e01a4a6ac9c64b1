/* A reader fed in pieces chosen by the input.
 *
 * Input: options u8, count u8, that many steps of { how u8 }, then the bytes of the stream. Each
 * step takes 1 + (how & 0x3f) bytes (times 16 with 0x40); with 0x80 they are lost. When the steps
 * are used up they begin again. Options: 1 every piece begins a segment, 2 encrypted after the
 * first ServerHello, 4 the pools have no blocks, 8 records end with a MAC.
 *
 * What an event borrows lies in the piece, in a block, or in the reader; afterwards the pools are
 * full again; and without holes, where TLS comes first, one big piece tells the same kinds in the
 * same order. What is said to begin with a ClientHello tells one first, or its beginning, but for
 * what may come between its records. From the records' lengths the number of tickets is estimated,
 * as if every third record were the client's: within the bounds that the header names, whether or
 * not it was waited out. */
#include "dissect/tls/reader.h"
#include "dissect/tls/start.h"
#include "dissect/tls/ticket_estimate.h"
#include "dissect/tls/ticket_flight.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    OPTION_SEGMENTS = 1,
    OPTION_ENCRYPTED = 2,
    OPTION_NO_BLOCKS = 4,
    OPTION_MAC = 8,
    MAC_BYTES = 20,
    STORY_MAX = 4096,
};

struct run {
    struct reader_pools pools;
    struct tls_reader reader;
    uint8_t options;
    bool has_holes;
    size_t count;
    struct ticket_flight flight;
    uint32_t last_bytes; /* stream_bytes of the last event */
    uint8_t story[STORY_MAX];
};

static void must(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

/* Reads each byte: the sanitizer knows where it may lie. */
static void touch(struct bytes bytes)
{
    volatile uint8_t sum = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        sum = (uint8_t)(sum + bytes.data[i]);
    }
}

static void check_contents(const struct tls_event *event)
{
    if (!event->is_parsed) {
        return;
    }
    if (event->kind == TLS_CLIENT_HELLO) {
        touch(event->client_hello.random);
        touch(event->client_hello.session_id);
        touch(event->client_hello.sni);
        touch(event->client_hello.alpn);
        touch(event->client_hello.ticket);
        touch(event->client_hello.psk_identities);
    } else if (event->kind == TLS_NEW_SESSION_TICKET) {
        touch(event->new_session_ticket.ticket);
    } else {
        must(event->kind == TLS_SERVER_HELLO || event->kind == TLS_HELLO_RETRY_REQUEST);
        touch(event->server_hello.random);
        touch(event->server_hello.session_id);
        touch(event->server_hello.alpn);
    }
}

static void check_estimate(const struct ticket_flight *flight, bool is_waited_out)
{
    struct ticket_flight_reading reading;

    ticket_flight_read(flight, is_waited_out, &reading);
    must(reading.count >= TICKET_FLIGHT_NULL && reading.count <= TICKET_FLIGHT_RECORDS_MAX);
    if (reading.count > 0) {
        const int64_t ticket_bytes = ticket_estimate_bytes(reading.record_bytes);
        must(reading.record_bytes >= TICKET_RECORD_MIN_BYTES &&
             reading.record_bytes <= TICKET_RECORD_MAX_BYTES);
        must(ticket_estimate_fits(reading.record_bytes, ticket_bytes));
    }
}

static void estimate(struct run *run, const struct tls_event *told)
{
    struct tls_event event = {.kind = told->kind, .record_len = told->record_len};
    const bool is_client = run->count % 3 == 2;
    const struct ticket_flight_hint hint = {
        .is_client_finished =
            is_client && told->kind == TLS_APPLICATION_DATA && !run->flight.has_client_finished,
        .is_early_data_wanted = (run->options & OPTION_SEGMENTS) != 0,
        .cipher = 0x1301,
    };

    event.from = is_client ? TLS_CLIENT : TLS_SERVER;
    ticket_flight_after(&run->flight, &event, &hint);
    check_estimate(&run->flight, false);
    check_estimate(&run->flight, true);
}

static void take_down(struct run *run, const struct tls_event *event)
{
    must(event->kind < TLS_EVENT_KIND_COUNT);
    must(event->start_ns <= event->time_ns);
    must(event->stream_bytes >= run->last_bytes || event->kind == TLS_NOT_TLS);
    must(event->kind != TLS_GAP || event->missing > 0);
    run->last_bytes = event->kind == TLS_GAP ? run->last_bytes : event->stream_bytes;
    check_contents(event);
    estimate(run, event);
    if (run->count < STORY_MAX) {
        run->story[run->count++] = (uint8_t)event->kind;
    }
    if (event->kind == TLS_SERVER_HELLO && (run->options & OPTION_ENCRYPTED) != 0) {
        tls_reader_set_encrypted(&run->reader);
    }
}

/* One piece, in a block of its own size. */
static void feed(struct run *run, struct bytes piece, uint32_t missing, int64_t time_ns)
{
    uint8_t *copy = malloc(piece.len > 0 ? piece.len : 1);
    struct tls_event event;

    must(copy != NULL);
    if (piece.len > 0) {
        memcpy(copy, piece.data, piece.len);
    }
    struct reader_input input = {
        .data = {copy, piece.len},
        .missing = missing,
        .time_ns = time_ns,
        .starts_segment = time_ns == 0 || (run->options & OPTION_SEGMENTS) != 0,
    };
    while (tls_reader_next(&run->reader, &run->pools, &input, &event)) {
        take_down(run, &event);
    }
    must(input.data.len == 0 && input.missing == 0);
    free(copy);
}

static void begin(struct run *run, uint8_t options)
{
    const size_t blocks = (options & OPTION_NO_BLOCKS) != 0 ? 0 : 2;

    memset(run, 0, sizeof(*run));
    run->options = options;
    run->pools.small = pool_new(READER_SMALL_BYTES, blocks);
    run->pools.large = pool_new(READER_LARGE_BYTES, blocks);
    must(run->pools.small != NULL && run->pools.large != NULL);
    tls_reader_init(&run->reader);
    if ((options & OPTION_MAC) != 0) {
        tls_reader_expect_mac(&run->reader, MAC_BYTES);
    }
}

static void end(struct run *run)
{
    struct tls_event event;

    if (tls_reader_partial_hello(&run->reader, &event)) {
        must(event.kind == TLS_CLIENT_HELLO && !event.is_parsed);
    }
    tls_reader_clear(&run->reader, &run->pools);
    must(pool_taken(run->pools.small) == 0 && pool_taken(run->pools.large) == 0);
    pool_free(run->pools.small);
    pool_free(run->pools.large);
}

static void feed_in_steps(struct run *run, struct bytes steps, struct bytes stream)
{
    for (int64_t n = 0; stream.len > 0; n++) {
        const uint8_t how = steps.len > 0 ? steps.data[(size_t)n % steps.len] : 0x3f;
        const size_t wish = (size_t)(1 + (how & 0x3f)) * ((how & 0x40) != 0 ? 16 : 1);
        const size_t count = wish < stream.len ? wish : stream.len;
        struct bytes piece;
        must(bytes_take(&stream, count, &piece));
        if ((how & 0x80) != 0) {
            run->has_holes = true;
            feed(run, (struct bytes){NULL, 0}, (uint32_t)count, n);
        } else {
            feed(run, piece, 0, n);
        }
    }
}

/* The place of the first event that may not come between two records of one message, as alerts
 * (RFC 5246, 6.2.1) and heartbeats (RFC 6520, 3) may. */
static size_t first_but_between(const struct run *run)
{
    size_t place = 0;

    while (place < run->count &&
           (run->story[place] == TLS_ALERT || run->story[place] == TLS_ENCRYPTED_ALERT ||
            run->story[place] == TLS_HEARTBEAT)) {
        place++;
    }
    return place;
}

static void check_hello(struct run *run, struct bytes stream)
{
    struct tls_event event;
    struct hello_start start;

    if (!start_is_client_hello(stream, &start)) {
        return;
    }
    begin(run, 0);
    tls_reader_expect_mac(&run->reader, start.mac_len);
    feed(run, stream, 0, 0);
    const size_t first = first_but_between(run);
    must(first < run->count ? run->story[first] == TLS_CLIENT_HELLO
                            : tls_reader_partial_hello(&run->reader, &event));
    end(run);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct run pieces;
    static struct run whole;
    struct bytes input = {data, size};
    struct bytes steps;
    uint8_t options;

    if (!bytes_u8(&input, &options) || !bytes_vec8(&input, &steps)) {
        return 0;
    }
    begin(&pieces, options);
    feed_in_steps(&pieces, steps, input);
    /* Where segments begin, whether blocks can be had and when the reader is told of encryption
     * (a coarse piece may have read on already) rightly make a difference. So do pieces of what
     * comes before TLS: its last words are looked for inside one piece. */
    if (!pieces.has_holes && (options & ~OPTION_MAC) == 0) {
        begin(&whole, options);
        feed(&whole, input, 0, 0);
        must(whole.reader.prefix.len > 0 ||
             (pieces.count == whole.count && memcmp(pieces.story, whole.story, pieces.count) == 0));
        end(&whole);
    }
    end(&pieces);
    check_hello(&whole, input);
    return 0;
}
