#include "tests/dissect/aftermath_story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MS INT64_C(1000000)

struct dissector *aftermath_start_with(uint32_t conversations, uint32_t handshakes)
{
    struct dissector_options options;
    struct error error = {""};

    dissector_options_init(&options);
    options.max_conversations = conversations;
    options.max_handshakes = handshakes;
    struct dissector *dissector = dissector_new(&options, &error);
    assert_non_null(dissector);
    return dissector;
}

int aftermath_start(void **state)
{
    *state = aftermath_start_with(64, 16);
    return 0;
}

int aftermath_stop(void **state)
{
    dissector_free(*state);
    return 0;
}

struct handshake aftermath_next(struct dissector *dissector)
{
    struct handshake handshake;

    assert_true(dissector_next(dissector, &handshake));
    return handshake;
}

void aftermath_assert_nothing(struct dissector *dissector)
{
    struct handshake handshake;

    assert_false(dissector_next(dissector, &handshake));
}

void aftermath_assert_estimate(const struct handshake *handshake, int64_t tickets, int64_t bytes)
{
    assert_int_equal(handshake->verdict, VERDICT_FULL);
    assert_int_equal(handshake->certainty, CERTAINTY_CERTAIN);
    assert_true(handshake->estimated_tickets == tickets);
    assert_true(handshake->estimated_ticket_bytes == bytes);
}

/* A connection up to the last message before the client's Finished. */
void aftermath_begin_handshake(struct wire *wire, struct dissector *dissector, uint16_t client_port)
{
    wire_init(wire, dissector, client_port);
    wire_connect(wire);
    wire_hellos_13(wire);
    wire_application_data(wire, WIRE_SERVER, 27);
    wire_application_data(wire, WIRE_SERVER, 860);
    wire_application_data(wire, WIRE_SERVER, 281);
    wire_application_data(wire, WIRE_SERVER, STORY_FINISHED);
    wire->now_ns += 10 * MS;
}

void aftermath_finish_handshake(struct wire *wire, struct dissector *dissector,
                                uint16_t client_port)
{
    aftermath_begin_handshake(wire, dissector, client_port);
    wire_application_data(wire, WIRE_CLIENT, STORY_FINISHED);
}

void aftermath_send_tickets(struct wire *wire, int count)
{
    wire->now_ns += 20 * MS;
    for (int i = 0; i < count; i++) {
        wire_application_data(wire, WIRE_SERVER, STORY_TICKET);
    }
}
