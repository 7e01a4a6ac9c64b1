/* Floods of connections that come to nothing, with a few real handshakes among them: memory stays
 * within its bounds, and the real ones get through. */
#include "dissect/dissector.h"

#include "tests/dissect/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define US INT64_C(1000)

enum {
    CONVERSATIONS = 2000,
    HANDSHAKES = 400,
    REAL_AT_ONCE = 10,
    FLOOD_BETWEEN_STEPS = 8, /* of all real ones together */
    STEPS = 12,
};

/* One more of the flood. */
typedef void flood_step(struct dissector *dissector, uint32_t n, int64_t now_ns);

struct scene {
    struct dissector *dissector;
    struct wire real[REAL_AT_ONCE];
    unsigned step[REAL_AT_ONCE];
    uint16_t next_port;
    uint32_t flood;
    int64_t now_ns;
    unsigned begun;
    unsigned full;
    unsigned other;
};

static struct dissector *new_dissector(void)
{
    struct dissector_options options;
    struct error error = {""};

    dissector_options_init(&options);
    options.max_conversations = CONVERSATIONS;
    options.max_handshakes = HANDSHAKES;
    memset(options.flow_key, 0x5a, sizeof(options.flow_key));
    struct dissector *dissector = dissector_new(&options, &error);
    assert_non_null(dissector);
    return dissector;
}

static struct wire stranger(struct dissector *dissector, uint32_t n, int64_t now_ns)
{
    struct wire wire;

    wire_init(&wire, dissector, (uint16_t)(n & 0xffff));
    memcpy(wire.client, &n, sizeof(n));
    wire.client[3] |= 0x80; /* no address of a real one */
    wire.now_ns = now_ns;
    return wire;
}

static void lone_syn(struct dissector *dissector, uint32_t n, int64_t now_ns)
{
    struct wire wire = stranger(dissector, n, now_ns);

    wire_send(&wire, WIRE_CLIENT, TCP_SYN, NULL, 0);
}

static void answered_syn(struct dissector *dissector, uint32_t n, int64_t now_ns)
{
    struct wire wire = stranger(dissector, n, now_ns);

    wire_send(&wire, WIRE_CLIENT, TCP_SYN, NULL, 0);
    wire_send(&wire, WIRE_SERVER, TCP_SYN | TCP_ACK, NULL, 0);
}

static void half_hello(struct dissector *dissector, uint32_t n, int64_t now_ns)
{
    /* A record of 100 bytes, a ClientHello of 96, of which 20 come. */
    const uint8_t half[] = {22, 3, 1, 0, 100, 1, 0, 0, 96, 3, 3, 9, 9, 9, 9, 9, 9, 9, 9, 9};
    struct wire wire = stranger(dissector, n, now_ns);

    wire_send(&wire, WIRE_CLIENT, TCP_ACK | TCP_PSH, half, sizeof(half));
}

static void step_real(struct scene *scene, unsigned which)
{
    struct wire *wire = &scene->real[which];

    if (wire->dissector == NULL && scene->step[which] % STEPS != 0) {
        scene->step[which]++; /* it waits for its turn to begin */
        return;
    }
    wire->now_ns = scene->now_ns;
    switch (scene->step[which]++ % STEPS) {
    case 0:
        wire_init(wire, scene->dissector, scene->next_port++);
        wire->now_ns = scene->now_ns;
        wire_send(wire, WIRE_CLIENT, TCP_SYN, NULL, 0);
        scene->begun++;
        break;
    case 1:
        wire_send(wire, WIRE_SERVER, TCP_SYN | TCP_ACK, NULL, 0);
        break;
    case 2:
        wire_send(wire, WIRE_CLIENT, TCP_ACK, NULL, 0);
        break;
    case 3:
        wire_client_hello(wire, 0, 0);
        break;
    case 5:
        wire_server_hello(wire, 7, 32);
        break;
    case 6:
        wire_server_flight(wire);
        break;
    case 8:
        wire_client_key_exchange(wire);
        break;
    case 9:
        wire_finished(wire, WIRE_CLIENT);
        break;
    case 10:
        wire_finished(wire, WIRE_SERVER);
        break;
    default: /* nothing is said for a while */
        break;
    }
}

static void take_records(struct scene *scene)
{
    struct handshake handshake;

    while (dissector_next(scene->dissector, &handshake)) {
        const bool is_whole = handshake.verdict == VERDICT_FULL && handshake.rtts_tcp == 1 &&
                              handshake.rtt_server_ns > 0;
        scene->full += is_whole;
        scene->other += !is_whole;
    }
}

static void go_on_with_one(struct scene *scene, uint32_t strangers)
{
    const unsigned which = scene->flood / FLOOD_BETWEEN_STEPS % REAL_AT_ONCE;

    if (scene->step[which] % STEPS != 0 || scene->flood < strangers * 9 / 10) {
        step_real(scene, which);
    }
}

/* A hundred strangers to one real handshake. */
static struct scene play(flood_step *step, uint32_t strangers)
{
    struct scene scene = {.dissector = new_dissector(), .next_port = 1000, .now_ns = US};

    for (unsigned i = 0; i < REAL_AT_ONCE; i++) {
        scene.step[i] = i;
    }
    while (scene.flood < strangers) {
        step(scene.dissector, scene.flood++, scene.now_ns);
        scene.now_ns += US;
        if (scene.flood % FLOOD_BETWEEN_STEPS == 0) {
            go_on_with_one(&scene, strangers);
        }
        take_records(&scene);
    }
    return scene;
}

/* Those whose beginning was not seen are not among the begun. */
static void assert_all_got_through(const struct scene *scene)
{
    assert_true(scene->begun > 300);
    assert_true(scene->full * 100 >= scene->begun * 99);
    assert_true(scene->full <= scene->begun);
}

static void real_handshakes_get_through_a_flood_of_syns(void **state)
{
    (void)state;
    const struct scene scene = play(lone_syn, 40000);

    assert_all_got_through(&scene);
    assert_true(dissector_counters(scene.dissector)->evicted_conversations > 30000);
    assert_int_equal(dissector_counters(scene.dissector)->evicted_handshakes, 0);
    dissector_free(scene.dissector);
}

static void real_handshakes_get_through_a_flood_of_answered_syns(void **state)
{
    (void)state;
    const struct scene scene = play(answered_syn, 40000);

    assert_all_got_through(&scene);
    dissector_free(scene.dissector);
}

/* Each of them takes the place of a handshake, until the oldest is given up for it. */
static void real_handshakes_get_through_a_flood_of_half_hellos(void **state)
{
    (void)state;
    const struct scene scene = play(half_hello, 40000);

    assert_all_got_through(&scene);
    assert_true(dissector_counters(scene.dissector)->evicted_handshakes > 30000);
    dissector_free(scene.dissector);
}

/* Flows that are over make room for new ones, and are forgotten without harm. */
static void done(struct dissector *dissector, uint32_t n, int64_t now_ns)
{
    static const uint8_t text[] = "220 ready\r\n";
    struct wire wire = stranger(dissector, n, now_ns);

    wire_send(&wire, WIRE_CLIENT, TCP_SYN, NULL, 0);
    wire_send(&wire, WIRE_SERVER, TCP_ACK | TCP_PSH, text, sizeof(text) - 1);
    wire_send(&wire, WIRE_SERVER, TCP_ACK | TCP_FIN, NULL, 0);
    wire_send(&wire, WIRE_CLIENT, TCP_ACK | TCP_FIN, NULL, 0);
}

static void real_handshakes_get_through_many_short_connections(void **state)
{
    (void)state;
    const struct scene scene = play(done, 40000);

    assert_all_got_through(&scene);
    assert_int_equal(scene.other, 0);
    assert_int_equal(dissector_counters(scene.dissector)->evicted_handshakes, 0);
    dissector_free(scene.dissector);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_handshakes_get_through_a_flood_of_syns),
        cmocka_unit_test(real_handshakes_get_through_a_flood_of_answered_syns),
        cmocka_unit_test(real_handshakes_get_through_a_flood_of_half_hellos),
        cmocka_unit_test(real_handshakes_get_through_many_short_connections),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
