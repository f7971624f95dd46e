#pragma once
// C interface to CharLS: decodes one JPEG-LS codestream in memory.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { CCHARLS_OK = 0, CCHARLS_MALFORMED = 1, CCHARLS_NO_MEMORY = 2 };

// Decodes into `samples`: `columns` × `rows` pixels of `components` values, each `width` (1 or 2) bytes in host order.
// The codestream's size must match the declared one, which is checked before decoding. `*planar` is 1 if the components
// are stored one after the other, 0 if they are interleaved.
int ccharls_decode(const uint8_t *bytes, size_t length, uint32_t columns, uint32_t rows, uint32_t components,
                   uint32_t width, uint8_t *samples, size_t capacity, int *planar);

#ifdef __cplusplus
}
#endif
