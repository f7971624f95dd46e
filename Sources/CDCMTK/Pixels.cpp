// Decoding one frame at a time.
#include "Shared.hpp"

#include <cstdlib>
#include <cstring>

#include "dcmtk/dcmdata/dccodec.h"
#include "dcmtk/dcmdata/dcpixseq.h"
#include "dcmtk/dcmdata/dcpxitem.h"

namespace {

uint32_t number(DcmItem &item, const DcmTagKey &key, uint32_t otherwise) {
  Uint16 value = 0;
  return item.findAndGetUint16(key, value).good() ? value : otherwise;
}

DcmElement *pixelElement(cdcmtk_file &file) {
  for (const DcmTagKey &key : {DCM_PixelData, DCM_FloatPixelData, DCM_DoubleFloatPixelData}) {
    DcmElement *element = nullptr;
    if (file.dataset().findAndGetElement(key, element).good() && element) return element;
  }
  return nullptr;
}

// A frame of native pixel data, read straight from disk. 1-bit frames need not begin on a byte.
int nativeFrame(cdcmtk_file &file, DcmElement &element, const cdcmtk_pixels &pixels, uint32_t frame,
                const OFString &model, uint8_t *buffer, size_t capacity) {
  uint64_t bits = uint64_t(pixels.rows) * pixels.columns * pixels.bits_allocated;
  bits *= model == "YBR_FULL_422" ? 2 : pixels.samples;
  const uint64_t first = bits * frame, last = first + bits;
  const uint64_t offset = first / 8, length = (last + 7) / 8 - offset;
  if ((bits + 7) / 8 > capacity) return CDCMTK_NO_MEMORY;
  const uint64_t available = element.getLength();
  if (offset + length > available) return CDCMTK_TRUNCATED;
  std::unique_ptr<uint8_t[]> unaligned;
  uint8_t *target = buffer;
  if (first % 8) {
    unaligned = std::make_unique<uint8_t[]>(length);
    target = unaligned.get();
  }
  // getPartialValue swaps bytes by the element's VR, so 8-bit samples kept as OW in a big-endian file
  // come out as they lie on a little-endian disk.
  if (element.getPartialValue(target, static_cast<Uint32>(offset), static_cast<Uint32>(length), &file.cache)
          .bad())
    return CDCMTK_MALFORMED;
  if (unaligned) {
    const unsigned shift = first % 8;
    for (uint64_t i = 0; i < (bits + 7) / 8; ++i) {
      const unsigned next = i + 1 < length ? target[i + 1] : 0;
      buffer[i] = static_cast<uint8_t>(target[i] >> shift | next << (8 - shift));
    }
  }
  return CDCMTK_OK;
}

DcmPixelSequence *encapsulatedSequence(cdcmtk_file &file) {
  DcmElement *element = nullptr;
  if (file.dataset().findAndGetElement(DCM_PixelData, element).bad()) return nullptr;
  auto *pixelData = OFstatic_cast(DcmPixelData *, element);
  DcmPixelSequence *sequence = nullptr;
  const E_TransferSyntax syntax = file.dataset().getOriginalXfer();
  return pixelData->getEncapsulatedRepresentation(syntax, nullptr, sequence).good() ? sequence : nullptr;
}

// JPEG 2000 codestreams begin with SOC and SIZ, JP2 files with their signature box.
bool beginsCodestream(DcmPixelSequence &sequence, unsigned long index) {
  DcmPixelItem *item = nullptr;
  Uint8 head[4] = {};
  if (sequence.getItem(item, index).bad() || item->getLength() < sizeof head) return false;
  if (item->getPartialValue(head, 0, sizeof head).bad()) return false;
  static const Uint8 codestream[] = {0xff, 0x4f, 0xff, 0x51}, box[] = {0, 0, 0, 0x0c};
  return memcmp(head, codestream, sizeof head) == 0 || memcmp(head, box, sizeof head) == 0;
}

}  // namespace

extern "C" void cdcmtk_describe(cdcmtk_file *file, cdcmtk_pixels *pixels) {
  memset(pixels, 0, sizeof *pixels);
  cdcmtk::guarded(nullptr, 0, [&] {
    DcmElement *element = pixelElement(*file);
    if (!element) return 0;
    DcmItem &dataset = file->dataset();
    const DcmTagKey key = element->getTag().getXTag();
    pixels->kind = key == DCM_PixelData        ? CDCMTK_PIXELS_INTEGER
                   : key == DCM_FloatPixelData ? CDCMTK_PIXELS_FLOAT
                                               : CDCMTK_PIXELS_DOUBLE;
    pixels->rows = number(dataset, DCM_Rows, 0);
    pixels->columns = number(dataset, DCM_Columns, 0);
    pixels->samples = number(dataset, DCM_SamplesPerPixel, 1);
    const uint32_t assumed = pixels->kind == CDCMTK_PIXELS_FLOAT    ? 32
                             : pixels->kind == CDCMTK_PIXELS_DOUBLE ? 64
                                                                    : 8;
    pixels->bits_allocated = number(dataset, DCM_BitsAllocated, assumed);
    pixels->bits_stored = number(dataset, DCM_BitsStored, pixels->bits_allocated);
    pixels->high_bit = number(dataset, DCM_HighBit, pixels->bits_stored ? pixels->bits_stored - 1 : 0);
    pixels->is_signed = number(dataset, DCM_PixelRepresentation, 0);
    pixels->planar = number(dataset, DCM_PlanarConfiguration, 0);
    Sint32 frames = 1;
    if (dataset.findAndGetSint32(DCM_NumberOfFrames, frames).bad() || frames < 1) frames = 1;
    pixels->frames = static_cast<uint32_t>(frames);
    pixels->encapsulated = DcmXfer(file->dataset().getOriginalXfer()).isEncapsulated();
    return 0;
  });
}

extern "C" int cdcmtk_frame(cdcmtk_file *file, uint32_t frame, uint8_t *buffer, size_t capacity,
                            char model[17], uint32_t *planar, char *message, size_t message_capacity) {
  return cdcmtk::guarded(message, message_capacity, [&] {
    DcmElement *element = pixelElement(*file);
    if (!element) return static_cast<int>(CDCMTK_MALFORMED);
    cdcmtk_pixels pixels;
    cdcmtk_describe(file, &pixels);
    OFString photometric;
    file->dataset().findAndGetOFString(DCM_PhotometricInterpretation, photometric);
    snprintf(model, 17, "%s", photometric.c_str());
    if (!pixels.encapsulated)
      return nativeFrame(*file, *element, pixels, frame, photometric, buffer, capacity);

    const E_TransferSyntax syntax = file->dataset().getOriginalXfer();
    if (!DcmCodecList::canChangeCoding(syntax, EXS_LittleEndianExplicit)) {
      cdcmtk::say(message, message_capacity, cdcmtk_transfer_syntax(file));
      return static_cast<int>(CDCMTK_UNSUPPORTED);
    }
    auto *pixelData = OFstatic_cast(DcmPixelData *, element);
    OFString decoded;
    Uint32 fragment = 0;
    const OFCondition done = pixelData->getUncompressedFrame(
        &file->dataset(), frame, fragment, buffer, static_cast<Uint32>(capacity), decoded, &file->cache);
    if (done.bad()) {
      cdcmtk::say(message, message_capacity, done.text());
      return static_cast<int>(CDCMTK_MALFORMED);
    }
    snprintf(model, 17, "%s", decoded.c_str());
    // JPEG and JPEG-LS were registered to give colour by pixel; RLE keeps what the data set says.
    if (syntax != EXS_RLELossless) *planar = 0;
    return static_cast<int>(CDCMTK_OK);
  });
}

extern "C" int cdcmtk_encapsulated(cdcmtk_file *file, uint32_t frame, uint8_t **bytes, size_t *length) {
  *bytes = nullptr;
  *length = 0;
  return cdcmtk::guarded(nullptr, 0, [&] {
    cdcmtk_pixels pixels;
    cdcmtk_describe(file, &pixels);
    DcmPixelSequence *sequence = encapsulatedSequence(*file);
    if (!sequence || sequence->card() < 2) return static_cast<int>(CDCMTK_TRUNCATED);
    const unsigned long fragments = sequence->card() - 1;
    // One frame owns all fragments; otherwise a fragment a frame (PS3.5 A.4). Where there are more, each
    // frame begins at a fragment with a start-of-codestream marker: offset tables are often wrong or empty.
    unsigned long first = 1, last = fragments;
    if (pixels.frames > 1 && fragments == pixels.frames) {
      first = last = frame + 1;
    } else if (pixels.frames > 1) {
      uint32_t seen = 0;
      first = last = 0;
      for (unsigned long i = 1; i <= fragments; ++i) {
        if (!beginsCodestream(*sequence, i)) continue;
        if (seen == frame) first = i;
        if (seen == frame + 1) last = i - 1;
        ++seen;
      }
      if (first && !last) last = fragments;
    }
    if (!first || last > fragments || first > last) return static_cast<int>(CDCMTK_TRUNCATED);
    size_t total = 0;
    for (unsigned long i = first; i <= last; ++i) {
      DcmPixelItem *item = nullptr;
      if (sequence->getItem(item, i).bad()) return static_cast<int>(CDCMTK_MALFORMED);
      total += item->getLength();
    }
    auto *joined = static_cast<uint8_t *>(malloc(total ? total : 1));
    if (!joined) return static_cast<int>(CDCMTK_NO_MEMORY);
    size_t at = 0;
    for (unsigned long i = first; i <= last; ++i) {
      DcmPixelItem *item = nullptr;
      Uint8 *values = nullptr;
      if (sequence->getItem(item, i).bad() || item->getUint8Array(values).bad() || !values) {
        free(joined);
        return static_cast<int>(CDCMTK_MALFORMED);
      }
      memcpy(joined + at, values, item->getLength());
      at += item->getLength();
    }
    *bytes = joined;
    *length = total;
    return static_cast<int>(CDCMTK_OK);
  });
}
