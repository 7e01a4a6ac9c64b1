#include "base/keyed_hash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

struct keyed_hash {
    EVP_MAC_CTX *context;
    uint8_t key[KEYED_HASH_KEY_BYTES];
};

struct keyed_hash *keyed_hash_new(const uint8_t key[KEYED_HASH_KEY_BYTES], struct error *error)
{
    size_t hash_bytes = KEYED_HASH_BYTES;
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &hash_bytes),
                               OSSL_PARAM_construct_end()};
    struct keyed_hash *hash = calloc(1, sizeof(*hash));
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "SIPHASH", NULL);

    if (hash != NULL && mac != NULL) {
        hash->context = EVP_MAC_CTX_new(mac);
        memcpy(hash->key, key, sizeof(hash->key));
    }
    EVP_MAC_free(mac); /* the context holds its own reference */
    if (hash == NULL || hash->context == NULL ||
        EVP_MAC_CTX_set_params(hash->context, parameters) != 1) {
        (void)error_set(error, "libcrypto cannot make a SipHash");
        keyed_hash_free(hash);
        return NULL;
    }
    return hash;
}

void keyed_hash_free(struct keyed_hash *hash)
{
    if (hash == NULL) {
        return;
    }
    EVP_MAC_CTX_free(hash->context);
    free(hash);
}

void keyed_hash_of(struct keyed_hash *hash, uint8_t domain, const uint8_t *data, size_t len,
                   uint8_t out[KEYED_HASH_BYTES])
{
    size_t written = 0;

    /* OpenSSL 3.0 does not start afresh without the key, so it is given each time. */
    if (EVP_MAC_init(hash->context, hash->key, sizeof(hash->key), NULL) != 1 ||
        EVP_MAC_update(hash->context, &domain, 1) != 1 ||
        (len > 0 && EVP_MAC_update(hash->context, data, len) != 1) ||
        EVP_MAC_final(hash->context, out, &written, KEYED_HASH_BYTES) != 1 ||
        written != KEYED_HASH_BYTES) {
        abort(); /* cannot fail once the context is made: a fault of ours or of the library */
    }
}

bool keyed_hash_random(uint8_t *out, size_t len)
{
    return len <= INT32_MAX && RAND_bytes(out, (int)len) == 1;
}
