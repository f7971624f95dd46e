#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct buffer {
  uint8_t *bytes;
  size_t length, capacity;
};

static void append(png_structp png, png_bytep data, png_size_t length) {
  struct buffer *buffer = png_get_io_ptr(png);
  if (buffer->length + length > buffer->capacity) {
    const size_t capacity = 2 * buffer->capacity + length;
    uint8_t *bytes = realloc(buffer->bytes, capacity);
    if (bytes == NULL) png_error(png, "no memory");
    buffer->bytes = bytes;
    buffer->capacity = capacity;
  }
  memcpy(buffer->bytes + buffer->length, data, length);
  buffer->length += length;
}

static void flush(png_structp png) {
  (void)png;
}
static void warn(png_structp png, png_const_charp text) {
  (void)png, (void)text;
}
static void fail(png_structp png, png_const_charp text) {
  (void)text;
  png_longjmp(png, 1);
}

int cpng_encode(const void *pixels, uint32_t width, uint32_t height, int bits, int quickly, uint8_t **file,
                size_t *length) {
  struct buffer *buffer = calloc(1, sizeof *buffer);
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, fail, warn);
  png_infop info = png == NULL ? NULL : png_create_info_struct(png);
  if (buffer == NULL || info == NULL || setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    if (buffer != NULL) free(buffer->bytes);
    free(buffer);
    return -1;
  }
  png_set_write_fn(png, buffer, append, flush);
  png_set_IHDR(png, info, width, height, bits, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (quickly) {
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
    png_set_compression_strategy(png, Z_RLE);
  }
  png_write_info(png, info);
  // PNG's samples are big endian.
  if (bits == 16) png_set_swap(png);
  const uint8_t *row = pixels;
  for (uint32_t index = 0; index < height; index++, row += (size_t)width * (size_t)(bits / 8)) png_write_row(png, row);
  png_write_end(png, NULL);
  png_destroy_write_struct(&png, &info);
  *file = buffer->bytes;
  *length = buffer->length;
  free(buffer);
  return 0;
}

int cpng_decode(const uint8_t *file, size_t length, uint32_t *width, uint32_t *height, uint8_t **pixels) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_memory(&image, file, length)) return -1;
  image.format = PNG_FORMAT_GRAY;
  uint8_t *bytes = image.width > 16384 || image.height > 16384 ? NULL : malloc(PNG_IMAGE_SIZE(image));
  if (bytes == NULL || !png_image_finish_read(&image, NULL, bytes, 0, NULL)) {
    png_image_free(&image);
    free(bytes);
    return -1;
  }
  *width = image.width;
  *height = image.height;
  *pixels = bytes;
  return 0;
}
