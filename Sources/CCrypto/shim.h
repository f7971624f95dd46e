#pragma once
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/sha.h>

// An HMAC-SHA256 context keyed with the secret; NULL if libcrypto can't make one.
static inline EVP_MAC_CTX *ccrypto_hmac(const unsigned char *secret, size_t length) {
  EVP_MAC *algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
  EVP_MAC_CTX *context = EVP_MAC_CTX_new(algorithm);
  EVP_MAC_free(algorithm);
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                   OSSL_PARAM_construct_end()};
  if (context != NULL && EVP_MAC_init(context, secret, length, parameters) == 1) return context;
  EVP_MAC_CTX_free(context);
  return NULL;
}
