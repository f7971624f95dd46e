#pragma once
// C interface to OpenJPEG: decodes one JPEG 2000 or HTJ2K codestream in memory.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  COPENJPEG_OK = 0,
  COPENJPEG_MALFORMED = 1,  // not a codestream, or one that contradicts the data set
  COPENJPEG_NO_MEMORY = 2,
};

// Decodes into `samples`: `columns` × `rows` pixels, `components` interleaved values each, every value `width` (1, 2 or
// 4) bytes in host order, two's complement when signed. The codestream's size must match the declared one, which is
// checked before the picture is allocated. `*precision` and `*is_signed` are the codestream's, which need not be the
// data set's. Skips up to `*reduction` of the highest resolutions, as many as the codestream has, and sets `*reduction`
// to the number skipped: each halves columns and rows, rounded up.
int copenjpeg_decode(const uint8_t *bytes, size_t length, uint32_t columns, uint32_t rows, uint32_t components,
                     uint32_t width, uint32_t *reduction, uint8_t *samples, uint32_t *precision, uint32_t *is_signed);

#ifdef __cplusplus
}
#endif
