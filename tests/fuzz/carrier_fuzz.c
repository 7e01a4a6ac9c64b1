/* Any bytes as what both sides say before TLS: first a byte that says how long the client's words
 * are, in pieces of a size that the next byte gives. However they are cut, the carrier is the same.
 */
#include "dissect/tls/carrier.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static struct prefix said(struct bytes words, size_t step)
{
    struct prefix prefix = {0};
    struct bytes piece;

    while (words.len > 0 && bytes_take(&words, words.len < step ? words.len : step, &piece)) {
        prefix_add(&prefix, piece);
    }
    return prefix;
}

/* Nothing is found behind the end, and TLS only where there is room for it. */
static void check_ends(struct bytes words)
{
    const size_t message = carrier_message_len(words);
    const size_t line = carrier_line_len(words);

    must(message == 0 || message < words.len);
    must(line == 0 || (line < words.len && words.data[line] == 0x16));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes server = {data, size};
    struct bytes client;
    uint8_t client_len;
    uint8_t step;

    if (!bytes_u8(&server, &client_len) || !bytes_u8(&server, &step) ||
        !bytes_take(&server, client_len, &client)) {
        return 0;
    }
    const struct prefix whole[2] = {said(client, SIZE_MAX), said(server, SIZE_MAX)};
    const struct prefix cut[2] = {said(client, (size_t)step + 1), said(server, (size_t)step + 1)};
    const enum carrier carrier = carrier_of(&whole[0], &whole[1]);

    must(carrier < CARRIER_COUNT);
    must((carrier == CARRIER_NONE) == (client.len == 0 && server.len == 0));
    must(carrier_of(&cut[0], &cut[1]) == carrier);
    must(carrier_may_end(&whole[0]) == carrier_may_end(&cut[0]));
    check_ends(client);
    check_ends(server);
    return 0;
}
