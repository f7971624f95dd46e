// libFuzzer target over everything that a decoding worker does with a hostile file in C++: opening, reading
// elements, and decoding frames by DCMTK, OpenJPEG and CharLS. Built and run by scripts/fuzz.
#include <unistd.h>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "CCharLS.h"
#include "CDCMTK.h"
#include "COpenJPEG.h"

namespace {

const std::string path = "/dev/shm/radiologynet-fuzz-" + std::to_string(getpid());

void readElements(cdcmtk_file *file) {
  uint8_t buffer[512];
  for (const uint32_t tag : {0x00020010u, 0x00080005u, 0x00080018u, 0x00080060u, 0x00100010u, 0x0020000du, 0x00281050u,
                             0x00281053u, 0x00280030u}) {
    cdcmtk_string(file, tag, -1, buffer, sizeof buffer);
    cdcmtk_string(file, tag, 1, buffer, sizeof buffer);
  }
  uint16_t words[256];
  for (const uint32_t sequence : {0u, 0x00283000u, 0x00283010u})
    for (const uint32_t tag : {0x00283002u, 0x00283006u, 0x00281101u, 0x00281201u, 0x00281221u})
      cdcmtk_words(file, sequence, tag, 0, words, 256);
  cdcmtk_free(cdcmtk_report_text(file));
}

void decodeFrames(cdcmtk_file *file) {
  cdcmtk_pixels pixels;
  cdcmtk_describe(file, &pixels);
  const uint64_t bits = uint64_t(pixels.rows) * pixels.columns * pixels.samples * pixels.bits_allocated;
  // The limits of PixelLayout.check, with smaller frames to keep the fuzzer fast.
  if (pixels.kind == CDCMTK_PIXELS_NONE || bits == 0 || bits > (8u << 24)) return;
  if (pixels.samples != 1 && pixels.samples != 3) return;
  if (pixels.bits_allocated != 1 && pixels.bits_allocated % 8) return;
  std::vector<uint8_t> frame((bits + 7) / 8);
  for (const uint32_t index : {0u, pixels.frames / 2, pixels.frames - 1}) {
    char model[17], message[256];
    uint32_t planar = 0;
    cdcmtk_frame(file, index, frame.data(), frame.size(), model, &planar, message, sizeof message);
    if (const uint8_t *native = cdcmtk_native(file, index, frame.size())) memcpy(frame.data(), native, frame.size());
    size_t length = 0;
    if (cdcmtk_encapsulated(file, index, &length, nullptr) != CDCMTK_OK) continue;
    std::vector<uint8_t> encoded(length);
    if (cdcmtk_encapsulated(file, index, &length, encoded.data()) != CDCMTK_OK) continue;
    const uint8_t *bytes = encoded.data();
    const uint32_t width = pixels.bits_allocated / 8;
    if (width == 1 || width == 2 || width == 4) {
      uint32_t precision = 0, isSigned = 0;
      for (uint32_t reduction : {0u, 2u})
        copenjpeg_decode(bytes, length, pixels.columns, pixels.rows, pixels.samples, width, &reduction, frame.data(),
                         &precision, &isSigned);
    }
    if (width == 1 || width == 2) {
      int interleaved = 0;
      ccharls_decode(bytes, length, pixels.columns, pixels.rows, pixels.samples, width, frame.data(), frame.size(),
                     &interleaved);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int *, char ***) {
  cdcmtk_start();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  FILE *stream = fopen(path.c_str(), "wb");
  if (!stream) abort();
  fwrite(data, 1, size, stream);
  fclose(stream);
  cdcmtk_file *file = nullptr;
  char message[256];
  if (cdcmtk_open(path.c_str(), "ISO_IR 100", &file, message, sizeof message) == CDCMTK_OK) {
    readElements(file);
    decodeFrames(file);
    cdcmtk_close(file);
  }
  unlink(path.c_str());
  return 0;
}
