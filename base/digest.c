#include "base/digest.h"

#include <openssl/evp.h>
#include <stdlib.h>

enum { SHA256_BYTES = 32 };

void digest_sha256(const void *data, size_t len, char out[DIGEST_TEXT_BYTES])
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned int hash_bytes = 0;

    if (EVP_Digest(data, len, hash, &hash_bytes, EVP_sha256(), NULL) != 1 ||
        hash_bytes != SHA256_BYTES ||
        EVP_EncodeBlock((unsigned char *)out, hash, SHA256_BYTES) != DIGEST_TEXT_BYTES - 1) {
        abort(); /* SHA-256 is always there: a fault of ours or of the library */
    }
}
