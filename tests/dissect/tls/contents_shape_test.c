/* What hellos and tickets leave in the record for the ledger. */
#include "dissect/tls/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[KEYED_HASH_KEY_BYTES] = {1, 2, 3};

static const struct bytes no_id = {key, 0};

struct story {
    struct keyed_hash *hash;
    struct contents contents;
    struct verdict_state verdict;
    struct handshake handshake;
};

static struct story begin(void)
{
    struct story story;
    struct error error = {""};

    memset(&story, 0, sizeof(story));
    story.hash = keyed_hash_new(key, &error);
    assert_non_null(story.hash);
    verdict_init(&story.verdict);
    handshake_init(&story.handshake);
    return story;
}

static void tell(struct story *story, struct tls_event event)
{
    event.is_parsed = true;
    verdict_after(&story->verdict, &event);
    contents_after(&story->contents, story->hash, &event, &story->handshake);
}

static void end(struct story *story, enum offer offered)
{
    story->handshake.offered = offered;
    contents_settle(&story->contents, story->hash, &story->verdict, false, &story->handshake);
    keyed_hash_free(story->hash);
}

static void tell_answer(struct story *story, uint16_t version, bool has_extended_master_secret)
{
    tell(story, (struct tls_event){
                    .kind = TLS_SERVER_HELLO,
                    .server_hello = {.legacy_version = 0x0303,
                                     .version = version,
                                     .has_extended_master_secret = has_extended_master_secret},
                });
}

static void a_ticket_offered_and_one_issued_show_how_they_begin(void **state)
{
    (void)state;
    struct story story = begin();
    uint8_t offered[96];
    uint8_t issued[112];

    memset(offered, 0xd1, sizeof(offered));
    memset(issued, 0xd2, sizeof(issued));
    tell(&story, (struct tls_event){
                     .kind = TLS_CLIENT_HELLO,
                     .client_hello = {.session_id = no_id, .ticket = {offered, sizeof(offered)}}});
    tell_answer(&story, TLS_1_2, false);
    tell(&story, (struct tls_event){.kind = TLS_NEW_SESSION_TICKET,
                                    .new_session_ticket = {.ticket = {issued, sizeof(issued)}}});
    end(&story, OFFER_TICKET);
    assert_int_equal(story.handshake.offered_shape.len, TICKET_START_BYTES);
    assert_int_equal(story.handshake.offered_shape.start[31], 0xd1);
    assert_int_equal(story.handshake.offered_shape.layouts >> TICKET_LAYOUT_OPENSSL & 1, 1);
    assert_int_equal(story.handshake.issued_shape.start[0], 0xd2);
    assert_int_equal(story.handshake.issued_shape.warnings, 1U << TICKET_WARNING_PLAINTEXT);
}

/* identities: two of 40 bytes, each with its obfuscated age. */
static void the_identity_that_was_selected_shows_how_it_begins(void **state)
{
    (void)state;
    struct story story = begin();
    uint8_t identities[2 * (2 + 40 + 4)];

    memset(identities, 0xe2, sizeof(identities));
    memset(identities + 2, 0xe1, 40);
    identities[0] = identities[46] = 0;
    identities[1] = identities[47] = 40;
    tell(&story, (struct tls_event){
                     .kind = TLS_CLIENT_HELLO,
                     .client_hello = {.session_id = no_id,
                                      .has_psk = true,
                                      .psk_count = 2,
                                      .psk_identities = {identities, sizeof(identities)}},
                 });
    tell(&story, (struct tls_event){
                     .kind = TLS_SERVER_HELLO,
                     .server_hello = {.version = TLS_1_3, .has_psk = true, .selected_identity = 1},
                 });
    end(&story, OFFER_PSK);
    assert_int_equal(story.handshake.offered_shape.start[0], 0xe2);
    assert_int_equal(story.handshake.offered_bytes, 40);
}

static void a_session_id_has_no_shape(void **state)
{
    (void)state;
    struct story story = begin();
    uint8_t id[32];

    memset(id, 0xc1, sizeof(id));
    tell(&story, (struct tls_event){.kind = TLS_CLIENT_HELLO,
                                    .client_hello = {.session_id = {id, sizeof(id)}}});
    tell_answer(&story, TLS_1_2, false);
    end(&story, OFFER_ID);
    assert_true(story.handshake.session_offered.is_set);
    assert_int_equal(story.handshake.offered_shape.len, 0);
    assert_int_equal(story.handshake.offered_shape.layouts, 0);
}

static void the_server_s_answer_tells_of_extended_master_secret(void **state)
{
    (void)state;
    const struct {
        uint16_t version;
        bool has_extension;
        enum extended_master_secret expected;
    } cases[] = {
        {TLS_1_2, true, EXTENDED_MASTER_SECRET_YES},
        {TLS_1_0, false, EXTENDED_MASTER_SECRET_NO},
        {DTLS_1_2, true, EXTENDED_MASTER_SECRET_YES},
        {TLS_1_3, false, EXTENDED_MASTER_SECRET_UNKNOWN},
        {DTLS_1_3, true, EXTENDED_MASTER_SECRET_UNKNOWN},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct story story = begin();
        assert_int_equal(story.handshake.extended_master_secret, EXTENDED_MASTER_SECRET_UNKNOWN);
        tell_answer(&story, cases[i].version, cases[i].has_extension);
        end(&story, OFFER_NONE);
        assert_int_equal(story.handshake.extended_master_secret, cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_offered_and_one_issued_show_how_they_begin),
        cmocka_unit_test(the_identity_that_was_selected_shows_how_it_begins),
        cmocka_unit_test(a_session_id_has_no_shape),
        cmocka_unit_test(the_server_s_answer_tells_of_extended_master_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
