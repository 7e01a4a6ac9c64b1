#include "dissect/tls/carrier.h"

#include <string.h>

static struct bytes text(const char *words)
{
    return (struct bytes){(const uint8_t *)words, strlen(words)};
}

static bool begins(struct bytes bytes, struct bytes with)
{
    bytes.len = bytes.len < with.len ? bytes.len : with.len;
    return bytes_equal(bytes, with);
}

static bool contains(struct bytes bytes, struct bytes what)
{
    for (; bytes.len >= what.len; bytes.data++, bytes.len--) {
        if (begins(bytes, what)) {
            return true;
        }
    }
    return false;
}

/* Byte at a place; 256, which none is, behind the end. */
static unsigned at(struct bytes bytes, size_t offset)
{
    return offset < bytes.len ? bytes.data[offset] : 256;
}

/* The whole of bytes is these letters, in any case. Commands are case-insensitive everywhere. */
static bool is_command(struct bytes bytes, const char *command)
{
    if (bytes.len != strlen(command)) {
        return false;
    }
    for (size_t i = 0; i < bytes.len; i++) {
        const uint8_t c = bytes.data[i];
        if ((c >= 'a' && c <= 'z' ? c - 0x20 : c) != command[i]) {
            return false;
        }
    }
    return true;
}

static bool head_begins(const struct prefix *prefix, const char *words)
{
    return begins(prefix_head(prefix), text(words));
}

static bool line_begins(const struct prefix *prefix, const char *words)
{
    return begins(prefix_line(prefix), text(words));
}

/* ---- Text: a last command, and what its reply or the greeting looks like ---- */

static bool starttls(const struct prefix *client)
{
    return is_command(prefix_line(client), "STARTTLS");
}

/* 220 greets and agrees (RFC 3207, 4). */
static bool smtp_reply(const struct prefix *server)
{
    return line_begins(server, "220") || head_begins(server, "220");
}

/* EHLO, HELO, and LHLO of LMTP (RFC 2033, 4.1). */
static bool smtp_session(const struct prefix *client)
{
    struct bytes word = prefix_head(client);

    word.len = word.len < 4 ? word.len : 4;
    return starttls(client) &&
           (is_command(word, "EHLO") || is_command(word, "HELO") || is_command(word, "LHLO"));
}

/* tag SP "STARTTLS" (RFC 3501, 6.2.1). */
static bool imap_command(const struct prefix *client)
{
    struct bytes line = prefix_line(client);
    const uint8_t *space = line.len > 0 ? memchr(line.data, ' ', line.len) : NULL;

    if (space == NULL || space == line.data) {
        return false;
    }
    const size_t tag = (size_t)(space - line.data) + 1;
    return is_command((struct bytes){line.data + tag, line.len - tag}, "STARTTLS");
}

/* Greetings are untagged (RFC 3501, 7.1), the agreement is "tag OK". */
static bool imap_reply(const struct prefix *server)
{
    return head_begins(server, "* OK") || head_begins(server, "* PREAUTH") ||
           contains(prefix_line(server), text(" OK"));
}

/* RFC 2595, 4. */
static bool pop3_command(const struct prefix *client)
{
    return is_command(prefix_line(client), "STLS");
}

static bool pop3_reply(const struct prefix *server)
{
    return line_begins(server, "+OK") || head_begins(server, "+OK");
}

/* RFC 4217, 4; SSL and TLS-P, TLS-C are of its drafts. */
static bool ftp_command(const struct prefix *client)
{
    static const char *const commands[] = {"AUTH TLS", "AUTH SSL", "AUTH TLS-C", "AUTH TLS-P"};

    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (is_command(prefix_line(client), commands[i])) {
            return true;
        }
    }
    return false;
}

/* 234 agrees, 334 of some servers too (RFC 2228, 3). */
static bool ftp_reply(const struct prefix *server)
{
    return line_begins(server, "234") || line_begins(server, "334") || head_begins(server, "220");
}

/* 382 agrees (RFC 4642, 2.2.1); 200 and 201 greet (RFC 3977, 5.1). */
static bool nntp_reply(const struct prefix *server)
{
    return line_begins(server, "382") || head_begins(server, "200 ") || head_begins(server, "201 ");
}

/* ":server 670 nick :..." agrees, as IRCv3's tls extension says. */
static bool irc_reply(const struct prefix *server)
{
    return contains(prefix_line(server), text(" 670 ")) || head_begins(server, ":") ||
           head_begins(server, "NOTICE ");
}

/* Greets with its capabilities in quotes (RFC 5804, 1.7), agrees with OK. */
static bool sieve_reply(const struct prefix *server)
{
    return head_begins(server, "\"") || line_begins(server, "OK");
}

/* <starttls xmlns='urn:...'/>, and <proceed .../> back (RFC 6120, 5.4.2). */
static bool xmpp_tag(const struct prefix *prefix)
{
    return head_begins(prefix, "<") &&
           contains(prefix_tail(prefix), text("urn:ietf:params:xml:ns:xmpp-tls"));
}

static bool ends_with_empty_line(const struct prefix *prefix)
{
    const struct bytes tail = prefix_tail(prefix);

    return tail.len >= 2 && prefix_line(prefix).len == 0 && tail.data[tail.len - 1] == '\n';
}

/* RFC 9110, 9.3.6. */
static bool connect_request(const struct prefix *client)
{
    return head_begins(client, "CONNECT ") && ends_with_empty_line(client);
}

static bool connect_reply(const struct prefix *server)
{
    return head_begins(server, "HTTP/1.") && ends_with_empty_line(server);
}

/* ---- Binary ---- */

/* LDAPMessage { messageID, [APPLICATION 23] { [0] "1.3.6.1.4.1.1466.20037" } } (RFC 4511, 4.14.1).
 */
static bool ldap_request(const struct prefix *client)
{
    return at(prefix_head(client), 0) == 0x30 &&
           contains(prefix_tail(client), text("\x80\x16"
                                              "1.3.6.1.4.1.1466.20037"));
}

static bool ldap_reply(const struct prefix *server)
{
    return at(prefix_head(server), 0) == 0x30;
}

/* length u32 (8), code u32 (80877103); a GSSENCRequest (80877104) may come before, and be refused
 * with 'N'. 'S' agrees (PostgreSQL, 55.2.10). */
static bool postgresql_request(const struct prefix *client)
{
    static const uint8_t ssl[] = {0x00, 0x00, 0x00, 0x08, 0x04, 0xd2, 0x16, 0x2f};
    struct bytes tail = prefix_tail(client);

    if ((client->len != sizeof(ssl) && client->len != 2 * sizeof(ssl)) ||
        !bytes_skip(&tail, tail.len - sizeof(ssl))) {
        return false;
    }
    return bytes_equal(tail, (struct bytes){ssl, sizeof(ssl)});
}

static bool postgresql_reply(const struct prefix *server)
{
    return server->len <= 2 && at(prefix_tail(server), server->len - 1) == 'S';
}

/* length u24 little-endian (32; 5 before 4.1), sequence u8 (1), capabilities u16 with CLIENT_SSL.
 */
static size_t mysql_request_len(struct bytes bytes)
{
    enum { CLIENT_SSL_HIGH_BIT = 0x08 };
    const bool is_request = (at(bytes, 0) == 32 || at(bytes, 0) == 5) && at(bytes, 1) == 0 &&
                            at(bytes, 2) == 0 && at(bytes, 3) == 1;

    if (!is_request || bytes.len < 6 || (bytes.data[5] & CLIENT_SSL_HIGH_BIT) == 0) {
        return 0;
    }
    return (size_t)bytes.data[0] + 4;
}

static bool mysql_request(const struct prefix *client)
{
    const struct bytes head = prefix_head(client);

    return client->len <= PREFIX_KEPT_BYTES && head.len > 0 && mysql_request_len(head) == head.len;
}

/* length u24, sequence u8 (0), protocol version u8 (9 or 10), server version as text. */
static bool mysql_greeting(const struct prefix *server)
{
    const struct bytes head = prefix_head(server);
    const unsigned digit = at(head, 5);

    return at(head, 2) == 0 && at(head, 3) == 0 && (at(head, 4) == 10 || at(head, 4) == 9) &&
           digit >= '0' && digit <= '9';
}

/* version u8 (3), reserved u8, length u16 (RFC 1006, 6), then X.224: length u8, type u8. */
static size_t tpkt_len(struct bytes bytes, unsigned type)
{
    uint16_t len;

    if (at(bytes, 0) != 3 || at(bytes, 1) != 0 || at(bytes, 5) != type ||
        !bytes_peek_u16(&bytes, 2, &len)) {
        return 0;
    }
    return len;
}

enum { X224_REQUEST = 0xe0, X224_CONFIRM = 0xd0 };

static bool rdp_request(const struct prefix *client)
{
    const size_t len = tpkt_len(prefix_head(client), X224_REQUEST);

    return len >= 11 && len == client->len;
}

/* ... destination u16, source u16, class u8, then type u8 (2: chosen), flags u8, length u16
 * little-endian (8), protocol u32: [MS-RDPBCGR], 2.2.1.2.1. */
static bool rdp_confirm(const struct prefix *server)
{
    const struct bytes head = prefix_head(server);

    return tpkt_len(head, X224_CONFIRM) == server->len && at(head, 11) == 2 && at(head, 13) == 8;
}

/* version u8 (5), count u8, methods (RFC 1928, 3). */
static bool socks5_greeting(const struct prefix *client)
{
    const struct bytes head = prefix_head(client);
    const unsigned count = at(head, 1);

    return at(head, 0) == 5 && count > 0 && count < 256 && client->len >= 2 + count + 7;
}

/* version u8 (5), method u8, and later the reply. */
static bool socks5_reply(const struct prefix *server)
{
    const struct bytes head = prefix_head(server);

    return at(head, 0) == 5 && at(head, 1) <= 2 && server->len >= 2;
}

/* version u8 (4), command u8 (1), port u16, address u32, user, NUL; 4a: host, NUL. */
static bool socks4_request(const struct prefix *client)
{
    const struct bytes head = prefix_head(client);
    const struct bytes tail = prefix_tail(client);

    return at(head, 0) == 4 && at(head, 1) == 1 && client->len >= 9 && at(tail, tail.len - 1) == 0;
}

/* version u8 (0), granted u8 (90), port u16, address u32. */
static bool socks4_reply(const struct prefix *server)
{
    const struct bytes head = prefix_head(server);

    return server->len == 8 && at(head, 0) == 0 && at(head, 1) == 90;
}

static bool proxy_v1(const struct prefix *client)
{
    return head_begins(client, "PROXY ");
}

/* PROXY protocol, 2.2. */
static bool proxy_v2(const struct prefix *client)
{
    static const uint8_t signature[] = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
                                        0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

    return begins(prefix_head(client), (struct bytes){signature, sizeof(signature)});
}

/* ---- The table ---- */

/* Who must have said what; where one side was not heard, the other may be enough. */
enum alone { ALONE_NONE, ALONE_CLIENT, ALONE_EITHER };

/* In order: a carrier inside another comes first. */
static const struct {
    enum carrier carrier;
    enum alone alone;
    bool (*client)(const struct prefix *prefix);
    bool (*server)(const struct prefix *prefix); /* NULL: may say anything */
} rows[] = {
    {CARRIER_SMTP, ALONE_NONE, starttls, smtp_reply},
    {CARRIER_SMTP, ALONE_CLIENT, smtp_session, smtp_reply},
    {CARRIER_IMAP, ALONE_CLIENT, imap_command, imap_reply},
    {CARRIER_POP3, ALONE_CLIENT, pop3_command, pop3_reply},
    {CARRIER_FTP, ALONE_CLIENT, ftp_command, ftp_reply},
    {CARRIER_NNTP, ALONE_NONE, starttls, nntp_reply},
    {CARRIER_IRC, ALONE_NONE, starttls, irc_reply},
    {CARRIER_SIEVE, ALONE_NONE, starttls, sieve_reply},
    {CARRIER_XMPP, ALONE_EITHER, xmpp_tag, xmpp_tag},
    {CARRIER_LDAP, ALONE_CLIENT, ldap_request, ldap_reply},
    {CARRIER_POSTGRESQL, ALONE_CLIENT, postgresql_request, postgresql_reply},
    {CARRIER_MYSQL, ALONE_EITHER, mysql_request, mysql_greeting},
    {CARRIER_RDP, ALONE_EITHER, rdp_request, rdp_confirm},
    {CARRIER_SOCKS5, ALONE_CLIENT, socks5_greeting, socks5_reply},
    {CARRIER_SOCKS4, ALONE_CLIENT, socks4_request, socks4_reply},
    {CARRIER_HTTP_CONNECT, ALONE_EITHER, connect_request, connect_reply},
    {CARRIER_PROXY_V1, ALONE_CLIENT, proxy_v1, NULL},
    {CARRIER_PROXY_V2, ALONE_CLIENT, proxy_v2, NULL},
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

static bool fits(size_t row, const struct prefix *client, const struct prefix *server)
{
    if (client->len == 0) {
        return rows[row].alone == ALONE_EITHER && rows[row].server(server);
    }
    if (!rows[row].client(client)) {
        return false;
    }
    if (rows[row].server == NULL) {
        return true;
    }
    return server->len == 0 ? rows[row].alone != ALONE_NONE : rows[row].server(server);
}

enum carrier carrier_of(const struct prefix *client, const struct prefix *server)
{
    if (client->len == 0 && server->len == 0) {
        return CARRIER_NONE;
    }
    for (size_t row = 0; row < ROW_COUNT; row++) {
        if (fits(row, client, server)) {
            return rows[row].carrier;
        }
    }
    return CARRIER_OTHER;
}

bool carrier_may_end(const struct prefix *prefix)
{
    for (size_t row = 0; prefix->len > 0 && row < ROW_COUNT; row++) {
        /* What needs no answer ends as the reader knows itself. */
        if (rows[row].server != NULL && (rows[row].client(prefix) || rows[row].server(prefix))) {
            return true;
        }
    }
    return false;
}
