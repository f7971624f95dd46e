#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Encodes grey pixels as a PNG file in memory.
/// @param bits 8 or 16; samples of 16 bits are in the machine's byte order, rows without padding.
/// @param quickly not 0 to take a third of the time for a file a tenth larger.
/// @param file receives memory to be freed with free().
/// @return 0, or -1 if memory is short or a size is invalid.
int cpng_encode(const void *pixels, uint32_t width, uint32_t height, int bits, int quickly, uint8_t **file,
                size_t *length);

/// Reads a grey PNG file of 8 bits.
/// @param pixels receives width * height bytes, to be freed with free().
/// @return 0, or -1 if it isn't a PNG file or is larger than 16384 x 16384.
int cpng_decode(const uint8_t *file, size_t length, uint32_t *width, uint32_t *height, uint8_t **pixels);

#ifdef __cplusplus
}
#endif
