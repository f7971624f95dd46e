#include "CCharLS.h"

#include <new>
#include <vector>

#include <charls/charls.h>

namespace {

int decode(const uint8_t *bytes, size_t length, uint32_t columns, uint32_t rows, uint32_t components, uint32_t width,
           uint8_t *samples, size_t capacity, int *planar) {
  charls::jpegls_decoder decoder;
  decoder.source(bytes, length);
  decoder.read_header();
  const charls::frame_info &frame = decoder.frame_info();
  if (frame.width != columns || frame.height != rows || static_cast<uint32_t>(frame.component_count) != components)
    return CCHARLS_MALFORMED;
  *planar = decoder.interleave_mode() == charls::interleave_mode::none;
  const uint32_t decodedWidth = frame.bits_per_sample > 8 ? 2 : 1;
  const size_t count = size_t(columns) * rows * components;
  if (decodedWidth > width || count * width > capacity) return CCHARLS_MALFORMED;
  if (decodedWidth == width) {
    decoder.decode(samples, count * width);
    return CCHARLS_OK;
  }
  // Eight bits or fewer, stored in sixteen.
  std::vector<uint8_t> narrow(count);
  decoder.decode(narrow);
  auto *words = reinterpret_cast<uint16_t *>(samples);
  for (size_t i = 0; i < count; ++i) words[i] = narrow[i];
  return CCHARLS_OK;
}

}  // namespace

extern "C" int ccharls_decode(const uint8_t *bytes, size_t length, uint32_t columns, uint32_t rows, uint32_t components,
                              uint32_t width, uint8_t *samples, size_t capacity, int *planar) {
  try {
    return decode(bytes, length, columns, rows, components, width, samples, capacity, planar);
  } catch (const std::bad_alloc &) {
    return CCHARLS_NO_MEMORY;
  } catch (...) {
    return CCHARLS_MALFORMED;
  }
}
