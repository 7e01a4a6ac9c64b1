#include "tests/report/hostile.h"

#include "tests/report/records.h"

uint32_t hostile_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

int64_t hostile_number(uint32_t *seed)
{
    static const int64_t extremes[] = {HANDSHAKE_NULL, INT64_MAX, INT64_MIN + 1,
                                       -5000000000,    0,         4294967295};
    uint32_t choice = hostile_random(seed) % 12;
    return choice < 6 ? extremes[choice] : (int64_t)hostile_random(seed) * 1000;
}

struct wire_text hostile_name(uint32_t *seed)
{
    struct wire_text name = {.len = (uint8_t)hostile_random(seed)};
    for (size_t i = 0; i < name.len; i++) {
        name.text[i] = (char)(hostile_random(seed) % 3 == 0 ? hostile_random(seed) : 'w');
    }
    return name;
}

struct record hostile_record(uint32_t *seed)
{
    struct record record = records_golden(hostile_random(seed) % records_golden_count());
    struct handshake *handshake = &record.handshake;

    record.host = hostile_name(seed);
    record.age_s = hostile_number(seed);
    handshake->time_ns = hostile_number(seed);
    handshake->handshake_ns = hostile_number(seed);
    handshake->rtt_client_ns = hostile_number(seed);
    handshake->rtt_server_ns = hostile_number(seed);
    handshake->bytes_client = hostile_number(seed);
    handshake->bytes_server = hostile_number(seed);
    handshake->lifetime_hint_s = hostile_number(seed);
    handshake->version = (uint16_t)(hostile_random(seed) % 2 == 0 ? 0xfefd : hostile_random(seed));
    handshake->verdict = (enum verdict)(hostile_random(seed) % VERDICT_COUNT);
    handshake->reason = (enum reason)(hostile_random(seed) % REASON_COUNT);
    handshake->alert = (uint8_t)hostile_random(seed);
    handshake->offered = (enum offer)(hostile_random(seed) % OFFER_COUNT);
    handshake->outcome = (enum outcome)(hostile_random(seed) % OUTCOME_COUNT);
    handshake->rtts_tcp = (int8_t)hostile_random(seed);
    handshake->rtts_tls = (int8_t)(hostile_random(seed) % 128);
    for (size_t i = 0; i < sizeof(handshake->client.address); i++) {
        handshake->client.address[i] = (uint8_t)hostile_random(seed);
    }
    return record;
}

const char *hostile_text(size_t i)
{
    static const char *const texts[] = {
        "`|<script>alert(1)</script>|`",
        "<img src=x onerror=alert(1)>",
        "&lt;b&gt;",
        "[click](javascript:alert(1))",
        "![x](https://evil.example/x.png)",
        "https://www.evil.example/",
        "www.evil.example",
        "someone@evil.example",
        "@everyone",
        "**bold** _it_ ~~gone~~ $x$",
        "a\\|b\\",
        "a\nb\r\n| c | d |",
        "# heading",
        "- item",
        " ",
        "`",
        "``` ```",
        "\\`",
        "a\"b\\n",
        "{host=\"x\"}",
        "\\",
        "\\x5c",
        "-",
        "(empty)",
        "#close",
        "a\tb\tc",
        "=HYPERLINK(\"x\")",
        "\x1b[2J",
        "\xe2\x80\xaegpj.exe",
        "\xff\xfe",
        "\xef\xbf\xbd",
        "b\xc3\xbc\x63her.example",
        "null",
        "\",\"verdict\":\"full",
        "'; DROP TABLE host; --",
    };
    return i < sizeof(texts) / sizeof(texts[0]) ? texts[i] : NULL;
}
