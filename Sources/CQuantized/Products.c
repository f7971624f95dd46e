#include "CQuantized.h"

// The loader picks the variant. Swift compiles for the oldest processors of an architecture; this loop is all that
// gains by more, a factor of four.
#ifdef __x86_64__
#define VARIANTS __attribute__((target_clones("avx512bw", "avx2", "default")))
#else
#define VARIANTS
#endif

VARIANTS void cquantized_products(const int8_t *rows, ptrdiff_t stride, ptrdiff_t count, int length,
                                  const int16_t *query, int32_t *products) {
  for (ptrdiff_t row = 0; row < count; row++) {
    const int8_t *x = rows + row * stride;
    int32_t sum = 0;
    for (int i = 0; i < length; i++) sum += (int32_t)x[i] * query[i];
    products[row] = sum;
  }
}
