#include "COpenJPEG.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include <openjpeg-2.5/openjpeg.h>

namespace {

struct Memory {
  const uint8_t *bytes;
  size_t length, at;
};

OPJ_SIZE_T readMemory(void *target, OPJ_SIZE_T wanted, void *user) {
  auto &memory = *static_cast<Memory *>(user);
  if (memory.at >= memory.length) return static_cast<OPJ_SIZE_T>(-1);
  const size_t count = std::min<size_t>(wanted, memory.length - memory.at);
  memcpy(target, memory.bytes + memory.at, count);
  memory.at += count;
  return count;
}

OPJ_OFF_T skipMemory(OPJ_OFF_T count, void *user) {
  auto &memory = *static_cast<Memory *>(user);
  if (count < 0) return -1;
  const size_t step = std::min<size_t>(static_cast<size_t>(count), memory.length - memory.at);
  memory.at += step;
  return static_cast<OPJ_OFF_T>(step);
}

OPJ_BOOL seekMemory(OPJ_OFF_T position, void *user) {
  auto &memory = *static_cast<Memory *>(user);
  if (position < 0 || static_cast<size_t>(position) > memory.length) return OPJ_FALSE;
  memory.at = static_cast<size_t>(position);
  return OPJ_TRUE;
}

template <typename Word>
void interleave(const opj_image_t &image, uint32_t columns, uint32_t rows, uint32_t components, uint8_t *samples) {
  auto *words = reinterpret_cast<Word *>(samples);
  for (uint32_t c = 0; c < components; ++c) {
    const opj_image_comp_t &plane = image.comps[c];
    const bool whole = plane.dx == 1 && plane.w >= columns;
    for (uint32_t y = 0; y < rows; ++y) {
      const uint32_t sourceRow = std::min(y / plane.dy, plane.h - 1);
      const OPJ_INT32 *source = plane.data + size_t(sourceRow) * plane.w;
      Word *target = words + size_t(y) * columns * components + c;
      if (whole) {
        for (uint32_t x = 0; x < columns; ++x) target[size_t(x) * components] = static_cast<Word>(source[x]);
        continue;
      }
      for (uint32_t x = 0; x < columns; ++x) {
        const uint32_t sourceColumn = std::min(x / plane.dx, plane.w - 1);
        target[size_t(x) * components] = static_cast<Word>(source[sourceColumn]);
      }
    }
  }
}

// The number of resolutions above the lowest that every component has, by the main header.
uint32_t levelsOf(opj_codec_t *codec, uint32_t components) {
  opj_codestream_info_v2_t *info = opj_get_cstr_info(codec);
  if (!info) return 0;
  uint32_t levels = OPJ_J2K_MAXRLVLS;
  for (uint32_t c = 0; c < std::min(components, info->nbcomps); ++c)
    levels = std::min(levels, info->m_default_tile_info.tccp_info[c].numresolutions);
  opj_destroy_cstr_info(&info);
  return levels > 0 ? levels - 1 : 0;
}

int decode(const uint8_t *bytes, size_t length, uint32_t columns, uint32_t rows, uint32_t components, uint32_t width,
           uint32_t *reduction, uint8_t *samples, uint32_t *precision, uint32_t *is_signed) {
  static const uint8_t box[] = {0, 0, 0, 0x0c, 0x6a, 0x50};
  const bool boxed = length > sizeof box && memcmp(bytes, box, sizeof box) == 0;

  const std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)> codec(
      opj_create_decompress(boxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K), opj_destroy_codec);
  const std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)> stream(opj_stream_create(1 << 16, OPJ_TRUE),
                                                                            opj_stream_destroy);
  if (!codec || !stream) return COPENJPEG_NO_MEMORY;
  Memory memory{bytes, length, 0};
  opj_stream_set_user_data(stream.get(), &memory, nullptr);
  opj_stream_set_user_data_length(stream.get(), length);
  opj_stream_set_read_function(stream.get(), readMemory);
  opj_stream_set_skip_function(stream.get(), skipMemory);
  opj_stream_set_seek_function(stream.get(), seekMemory);

  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  opj_image_t *header = nullptr;
  if (!opj_setup_decoder(codec.get(), &parameters)) return COPENJPEG_MALFORMED;
  const bool read = opj_read_header(stream.get(), codec.get(), &header);
  const std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)> image(header, opj_image_destroy);
  if (!read || !image) return COPENJPEG_MALFORMED;
  if (image->x1 - image->x0 != columns || image->y1 - image->y0 != rows || image->numcomps < components)
    return COPENJPEG_MALFORMED;
  *reduction = *reduction ? std::min(*reduction, levelsOf(codec.get(), image->numcomps)) : 0;
  if (*reduction && !opj_set_decoded_resolution_factor(codec.get(), *reduction)) return COPENJPEG_MALFORMED;
  if (!opj_decode(codec.get(), stream.get(), image.get())) return COPENJPEG_MALFORMED;
  for (uint32_t c = 0; c < components; ++c) {
    const opj_image_comp_t &plane = image->comps[c];
    if (!plane.data || plane.w == 0 || plane.h == 0 || plane.dx == 0 || plane.dy == 0) return COPENJPEG_MALFORMED;
  }
  const uint32_t step = 1u << *reduction;
  columns = (columns - 1) / step + 1;
  rows = (rows - 1) / step + 1;
  *precision = image->comps[0].prec;
  *is_signed = image->comps[0].sgnd;
  if (width == 1)
    interleave<uint8_t>(*image, columns, rows, components, samples);
  else if (width == 2)
    interleave<uint16_t>(*image, columns, rows, components, samples);
  else
    interleave<uint32_t>(*image, columns, rows, components, samples);
  return COPENJPEG_OK;
}

}  // namespace

extern "C" int copenjpeg_decode(const uint8_t *bytes, size_t length, uint32_t columns, uint32_t rows,
                                uint32_t components, uint32_t width, uint32_t *reduction, uint8_t *samples,
                                uint32_t *precision, uint32_t *is_signed) {
  try {
    return decode(bytes, length, columns, rows, components, width, reduction, samples, precision, is_signed);
  } catch (const std::bad_alloc &) {
    return COPENJPEG_NO_MEMORY;
  } catch (...) {
    return COPENJPEG_MALFORMED;
  }
}
