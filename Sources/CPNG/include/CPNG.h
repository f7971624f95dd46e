#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Grey pixels as a PNG file in memory.
/// @param bits 8 or 16; samples of 16 bits are in the machine's byte order, rows without padding.
/// @param quickly not 0 for a file a tenth larger in a third of the time.
/// @param file receives memory to be freed with free().
/// @return 0, or -1 when memory is short or a size is no size.
int cpng_encode(const void *pixels, uint32_t width, uint32_t height, int bits, int quickly, uint8_t **file,
                size_t *length);

/// Reads a grey PNG file of 8 bits.
/// @param pixels receives width * height bytes, to be freed with free().
/// @return 0, or -1 when it is none or larger than 16384 x 16384.
int cpng_decode(const uint8_t *file, size_t length, uint32_t *width, uint32_t *height, uint8_t **pixels);

#ifdef __cplusplus
}
#endif
