#include "dissect/tls/carrier.h"

#include "tests/dissect/tls/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What a side says, in one piece or byte by byte: text, or hex digits where it begins with '#'. */
static struct prefix said(const char *words, bool byte_by_byte)
{
    struct prefix prefix = {0};
    struct wire *wire = wire_new();

    if (words[0] == '#') {
        wire_hex(wire, words + 1);
    } else {
        memcpy(wire->data, words, strlen(words));
        wire->len = strlen(words);
    }
    const struct bytes whole = wire_exact(wire->data, wire->len);
    for (size_t i = 0; byte_by_byte && i < whole.len; i++) {
        prefix_add(&prefix, (struct bytes){whole.data + i, 1});
    }
    if (!byte_by_byte) {
        prefix_add(&prefix, whole);
    }
    wire_free_exact(whole);
    free(wire);
    return prefix;
}

/* However it is cut into segments. */
static const char *word_of(const char *client, const char *server)
{
    const struct prefix client_whole = said(client, false);
    const struct prefix server_whole = said(server, false);
    const struct prefix client_cut = said(client, true);
    const struct prefix server_cut = said(server, true);
    const enum carrier carrier = carrier_of(&client_whole, &server_whole);

    assert_int_equal(carrier_of(&client_cut, &server_cut), carrier);
    return carrier == CARRIER_NONE ? "" : carrier_name(carrier);
}

static const struct {
    const char *word;
    const char *client;
    const char *server;
} stories[] = {
    {"smtp", "EHLO client.example\r\nSTARTTLS\r\n",
     "220 mail.example ESMTP\r\n250-mail.example\r\n250 STARTTLS\r\n220 2.0.0 Ready\r\n"},
    {"smtp", "starttls\r\n", "220 2.0.0 Ready to start TLS, after a line that is quite long\r\n"},
    {"smtp", "LHLO client.example\r\nSTARTTLS\r\n", ""},
    {"imap", "a001 STARTTLS\r\n",
     "* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\na001 OK Begin\r\n"},
    {"imap", "a CAPABILITY\r\nb starttls\r\n", "b OK Begin TLS negotiation now\r\n"},
    {"pop3", "CAPA\r\nSTLS\r\n", "+OK ready\r\n+OK\r\nSTLS\r\n.\r\n+OK Begin TLS\r\n"},
    {"ftp", "FEAT\r\nAUTH TLS\r\n", "220 ready\r\n211 End\r\n234 Proceed with negotiation\r\n"},
    {"ftp", "AUTH SSL\r\n", "220 ready\r\n334 SSLv23/TLSv1\r\n"},
    {"xmpp",
     "<?xml version='1.0'?><stream:stream xmlns='jabber:client' to='a.example' version='1.0'>"
     "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
     "<?xml version='1.0'?><stream:stream><stream:features><starttls "
     "xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
     "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'></proceed>"},
    {"irc", "CAP LS 302\r\nNICK joe\r\nSTARTTLS\r\n",
     ":irc.example NOTICE * :Looking up\r\n:irc.example 670 joe :STARTTLS successful\r\n"},
    /* LDAPMessage { 1, extendedRequest { "1.3.6.1.4.1.1466.20037" } }, and its success. */
    {"ldap", "#30 1d 020101 77 18 8016 312e332e362e312e342e312e313436362e3230303337",
     "#30 0c 020101 78 07 0a0100 0400 0400"},
    {"nntp", "CAPABILITIES\r\nSTARTTLS\r\n", "200 ready\r\n101 list:\r\n.\r\n382 Continue\r\n"},
    {"sieve", "STARTTLS\r\n", "\"IMPLEMENTATION\" \"x\"\r\n\"STARTTLS\"\r\nOK\r\nOK \"Begin\"\r\n"},
    /* SSLRequest; and behind a GSSENCRequest that is refused. */
    {"postgresql", "#00000008 04d2162f", "S"},
    {"postgresql", "#00000008 04d21630 00000008 04d2162f", "NS"},
    /* SSLRequest with CLIENT_SSL; the greeting of protocol 10. */
    {"mysql", "#200000 01 8faa3a00 ffffff00 21 0000000000000000000000000000000000000000000000",
     "#4a0000 00 0a 352e372e313600 4d682000"},
    /* X.224 connection request with a cookie and RDP_NEG_REQ; without; RDP_NEG_RSP. */
    {"rdp", "#0300 0013 0e e0 0000 0000 00 01000800 0b000000",
     "#0300 0013 0e d0 0000 1234 00 021f0800 08000000"},
    {"rdp",
     "#0300 002f 2a e0 0000 0000 00 436f6f6b69653a206d737473686173683d757365726e616d650d0a"
     "01000800 03000000 00",
     "#0300 0013 0e d0 0000 1234 00 021f0800 01000000"},
    {"http-connect", "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n",
     "HTTP/1.0 200 Connection established\r\nProxy-Agent: x\r\n\r\n"},
    /* SOCKS 4; 4a, with a host name. */
    {"socks4", "#04 01 01bb c6336401 6d6500", "#00 5a 01bb c6336401"},
    {"socks4", "#04 01 01bb 00000001 00 612e6578616d706c6500", "#00 5a 0000 00000000"},
    {"socks5", "#05 01 00 05 01 00 03 09 612e6578616d706c65 01bb",
     "#05 00 05 00 00 01 00000000 01bb"},
    {"socks5", "#05 02 00 01 05 01 00 01 c6336401 01bb", "#05 00 05 00 00 01 00000000 01bb"},
    {"proxy-v1", "PROXY TCP4 192.0.2.1 198.51.100.1 40000 443\r\n", ""},
    {"proxy-v2", "#0d0a0d0a000d0a515549540a 21 11 000c c0000201 c6336401 9c40 01bb", ""},
    {"smtp", "PROXY TCP4 192.0.2.1 198.51.100.1 40000 25\r\nEHLO a\r\nSTARTTLS\r\n", "220 ok\r\n"},
    {"smtp", "CONNECT a.example:25 HTTP/1.1\r\n\r\nEHLO a\r\nSTARTTLS\r\n",
     "HTTP/1.1 200 OK\r\n\r\n220 a.example\r\n250 STARTTLS\r\n220 go\r\n"},
    {"other", "SSH-2.0-x\r\n", "SSH-2.0-y\r\n"},
    {"other", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 101 Switching\r\n\r\n"},
    {"other", "STARTTLS\r\n", ""},
    {"other", "#05", "#05 ff"},
    {"other", "#00", ""},
    {"other", "", "\n"},
    {"", "", ""},
};

static void what_was_said_names_the_carrier(void **state)
{
    (void)state;
    bool is_named[CARRIER_COUNT] = {false};

    for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
        assert_string_equal(word_of(stories[i].client, stories[i].server), stories[i].word);
        is_named[carrier_parse(stories[i].word)] = true;
    }
    for (int carrier = 0; carrier < CARRIER_COUNT; carrier++) {
        /* Nothing is said before TLS on FTP's data connections: that is told by their session. */
        assert_int_equal(is_named[carrier], carrier != CARRIER_FTP_DATA);
    }
}

static void one_side_alone_is_enough_where_it_is_unmistakable(void **state)
{
    (void)state;
    assert_string_equal(word_of("a1 STARTTLS\r\n", ""), "imap");
    assert_string_equal(word_of("STLS\r\n", ""), "pop3");
    assert_string_equal(word_of("AUTH TLS\r\n", ""), "ftp");
    assert_string_equal(word_of("#00000008 04d2162f", ""), "postgresql");
    assert_string_equal(word_of("CONNECT a:1 HTTP/1.1\r\n\r\n", ""), "http-connect");
    assert_string_equal(word_of("", "HTTP/1.1 200 OK\r\n\r\n"), "http-connect");
    assert_string_equal(word_of("", "#0300 0013 0e d0 0000 1234 00 021f0800 08000000"), "rdp");
    assert_string_equal(word_of("", "S"), "other");
    assert_string_equal(word_of("", "220 go\r\n"), "other");
}

/* Nothing of what a side kept may be read beyond its end, and no cut may be taken for another. */
static void a_cut_command_is_not_the_command(void **state)
{
    (void)state;
    assert_string_equal(word_of("STARTTL\r\n", "220 go\r\n"), "other");
    assert_string_equal(word_of("STARTTLSX\r\n", "220 go\r\n"), "other");
    assert_string_equal(word_of(" STARTTLS\r\n", "* OK\r\n"), "other");
    assert_string_equal(word_of("#00000008 04d216", "S"), "other");
    assert_string_equal(word_of("#00000008 04d2162f 00", "S"), "other");
    assert_string_equal(word_of("#00000008 04d2162f", "N"), "other");
    assert_string_equal(word_of("#200000 01 85a6ff19", "#4a0000 00 0a 38"), "other");
    assert_string_equal(word_of("#04 01 01bb c6336401", "#00 5a 01bb c6336401"), "other");
    assert_string_equal(word_of("CONNECT a:1 HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\n\r\n"), "other");
}

/* A capture that keeps the line, whatever came before it: greetings of any length. */
static void long_talk_is_forgotten_but_for_its_ends(void **state)
{
    (void)state;
    struct prefix client = said("EHLO a.example\r\n", false);
    struct prefix server = said("220 a.example\r\n", false);
    const struct prefix noise = said("250-"
                                     "0123456789012345678901234567890123456789\r\n",
                                     false);

    for (int i = 0; i < 1000; i++) {
        prefix_add(&server, prefix_head(&noise));
        prefix_add(&client, prefix_head(&noise));
    }
    const struct prefix last = said("STARTTLS\r\n", false);
    prefix_add(&client, prefix_head(&last));
    assert_int_equal(carrier_of(&client, &server), CARRIER_SMTP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_said_names_the_carrier),
        cmocka_unit_test(one_side_alone_is_enough_where_it_is_unmistakable),
        cmocka_unit_test(a_cut_command_is_not_the_command),
        cmocka_unit_test(long_talk_is_forgotten_but_for_its_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
