/* The numbers in the database have one meaning for ever. */
#include "tests/store/fixture.h"

#include "dissect/tls/names.h"

#include <stdio.h>
#include <string.h>

/* A number may get a better word; a word may never get another number, for old files keep
 * theirs. New ones go to the end. */
static const struct {
    const char *kind;
    const char *words; /* from number 0 on; "-": no word */
} vocabularies[] = {
    {"transport", "tcp dtls quic"},
    {"verdict", "unknown full resumed-id resumed-ticket resumed-psk failed"},
    {"certainty", "certain likely"},
    {"offered", "- none id ticket psk"},
    {"outcome", "unknown none accepted refused not-applicable failed"},
    {"early_data", "none accepted refused unknown"},
    {"session_kind", "- id ticket"},
    {"anomaly", "echo-without-resumption abbreviated-without-offer placeholder-id ticketbleed "
                "no-forward-secrecy external-psk psk-not-offered encrypted-client-hello "
                "encrypted-renegotiation several-retry-requests false-start empty-ticket overlap "
                "damaged-extension time-went-back sslv2-hello"},
};

static const char *word_of(const char *path, const char *kind, int number)
{
    char sql[128];

    (void)snprintf(sql, sizeof(sql), "SELECT word FROM word WHERE kind = '%s' AND number = %d",
                   kind, number);
    return fixture_sql(path, sql);
}

static void check(const char *path, const char *kind, const char *words)
{
    char copy[512];
    char *rest = NULL;
    int number = 0;

    (void)snprintf(copy, sizeof(copy), "%s", words);
    for (char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        const bool has_word = strcmp(word, "-") != 0;
        assert_string_equal(word_of(path, kind, number), has_word ? word : "(none)");
        number++;
    }
}

static void every_number_keeps_its_word(void **state)
{
    const struct fixture *fixture = *state;

    fixture_close(fixture_open(fixture->path));
    for (size_t i = 0; i < sizeof(vocabularies) / sizeof(vocabularies[0]); i++) {
        check(fixture->path, vocabularies[i].kind, vocabularies[i].words);
    }
    assert_string_equal(word_of(fixture->path, "version", 0x0303), "TLSv1.2");
    assert_string_equal(word_of(fixture->path, "version", 0xfefd), "DTLSv1.2");
    assert_string_equal(word_of(fixture->path, "alert", 40), "handshake_failure");
}

/* Reasons have sentences for words: their numbers are named here. */
static void every_reason_keeps_its_number(void **state)
{
    const struct fixture *fixture = *state;
    const enum reason reasons[] = {
        REASON_NONE,          REASON_NO_SERVER_HELLO,
        REASON_CLIENT_ONLY,   REASON_SERVER_ONLY,
        REASON_GAP,           REASON_CUT,
        REASON_ENDED,         REASON_EVICTED,
        REASON_DAMAGED_HELLO, REASON_MID_STREAM,
        REASON_NOT_OFFERED,   REASON_NOT_TLS,
        REASON_ALERT,         REASON_ENCRYPTED_ALERT,
        REASON_RESET,
    };

    fixture_close(fixture_open(fixture->path));
    for (int number = 0; number < (int)(sizeof(reasons) / sizeof(reasons[0])); number++) {
        const char *word = reason_name((enum reason)number);
        assert_int_equal(reasons[number], number);
        assert_string_equal(word_of(fixture->path, "reason", number),
                            word == NULL ? "(none)" : word);
    }
}

static void a_better_word_replaces_the_old_one(void **state)
{
    const struct fixture *fixture = *state;

    fixture_close(fixture_open(fixture->path));
    assert_string_equal(
        fixture_sql_error(fixture->path, "UPDATE word SET word = 'old' WHERE kind = 'verdict'"),
        "");
    fixture_close(fixture_open(fixture->path));
    assert_string_equal(word_of(fixture->path, "verdict", 1), "full");
}

static void a_cipher_gets_its_word_when_it_is_seen(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake handshake = fixture_handshake(0);

    assert_string_equal(word_of(fixture->path, "cipher", 0xc02f), "(none)");
    (void)fixture_add(store, &handshake);
    (void)fixture_add(store, &handshake);
    handshake.cipher = 0x1301;
    (void)fixture_add(store, &handshake);
    fixture_close(store);
    assert_string_equal(word_of(fixture->path, "cipher", 0xc02f), tls_cipher_name(0xc02f));
    assert_string_equal(word_of(fixture->path, "cipher", 0x1301), "TLS_AES_128_GCM_SHA256");
    assert_string_equal(
        fixture_sql(fixture->path, "SELECT count(*) FROM word WHERE kind = 'cipher'"), "2");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(every_number_keeps_its_word),
        IN_DIRECTORY(every_reason_keeps_its_number),
        IN_DIRECTORY(a_better_word_replaces_the_old_one),
        IN_DIRECTORY(a_cipher_gets_its_word_when_it_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
