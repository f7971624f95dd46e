// Decoding one frame at a time.
#include "Shared.hpp"

#include <cstdlib>
#include <cstring>
#include <utility>

#include "dcmtk/dcmdata/dccodec.h"
#include "dcmtk/dcmdata/dcpixseq.h"
#include "dcmtk/dcmdata/dcpxitem.h"

namespace {

uint32_t number(const cdcmtk_file &file, const DcmTagKey &key, uint32_t otherwise) {
  Uint16 value = 0;
  DcmElement *element = file.element(key);
  return element && element->getUint16(value).good() ? value : otherwise;
}

// A hostile file may give PixelData any VR, so its class is checked.
DcmPixelData *pixelDataOf(DcmItem &dataset) {
  DcmElement *element = nullptr;
  return dataset.findAndGetElement(DCM_PixelData, element).good() ? dynamic_cast<DcmPixelData *>(element) : nullptr;
}

DcmElement *pixelElement(const cdcmtk_file &file) {
  for (const DcmTagKey &key : {DCM_PixelData, DCM_FloatPixelData, DCM_DoubleFloatPixelData})
    if (DcmElement *element = file.element(key)) return element;
  return nullptr;
}

// A frame of native pixel data, read straight from disk. 1-bit frames need not begin at a byte boundary.
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
  if (element.getPartialValue(target, static_cast<Uint32>(offset), static_cast<Uint32>(length), &file.cache).bad())
    return CDCMTK_MALFORMED;
  if (pixels.bits_allocated == 32 && element.getVR() != EVR_OF &&
      DcmXfer(file.dataset().getOriginalXfer()).getByteOrder() == EBO_BigEndian) {
    // The bytes of each word were swapped; the two words of each number are still in the wrong order.
    for (uint64_t i = 0; i + 4 <= length; i += 4) {
      std::swap(target[i], target[i + 2]);
      std::swap(target[i + 1], target[i + 3]);
    }
  }
  if (unaligned) {
    const unsigned shift = first % 8;
    for (uint64_t i = 0; i < (bits + 7) / 8; ++i) {
      const unsigned next = i + 1 < length ? target[i + 1] : 0;
      buffer[i] = static_cast<uint8_t>(target[i] >> shift | next << (8 - shift));
    }
  }
  // The rest of the buffer may hold another frame's bytes.
  memset(buffer + (bits + 7) / 8, 0, capacity - (bits + 7) / 8);
  return CDCMTK_OK;
}

DcmPixelSequence *encapsulatedSequence(cdcmtk_file &file) {
  DcmPixelData *pixelData = pixelDataOf(file.dataset());
  if (!pixelData) return nullptr;
  DcmPixelSequence *sequence = nullptr;
  const E_TransferSyntax syntax = file.dataset().getOriginalXfer();
  return pixelData->getEncapsulatedRepresentation(syntax, nullptr, sequence).good() ? sequence : nullptr;
}

// Whether a fragment is the first of a frame, whatever an offset table says.
bool beginsFrame(DcmPixelSequence &sequence, unsigned long index) {
  DcmPixelItem *item = nullptr;
  Uint8 head[8] = {};
  if (sequence.getItem(item, index).bad() || item->getLength() < sizeof head) return false;
  if (item->getPartialValue(head, 0, sizeof head).bad()) return false;
  return cdcmtk::signatureOf(head, sizeof head) != cdcmtk::Signature::none;
}

// The fragments of a frame, counted from 1 (0 is the offset table). A single frame owns all. If there are as many
// fragments as frames, each frame has one (PS3.5 A.4). Otherwise a frame begins where a codestream does.
bool fragmentsOf(DcmPixelSequence &sequence, uint32_t frame, uint32_t frames, unsigned long &first,
                 unsigned long &last) {
  const unsigned long fragments = sequence.card() - 1;
  first = 1;
  last = fragments;
  if (frames > 1 && fragments == frames) {
    first = last = frame + 1;
  } else if (frames > 1) {
    uint32_t seen = 0;
    first = last = 0;
    for (unsigned long i = 1; i <= fragments; ++i) {
      if (!beginsFrame(sequence, i)) continue;
      if (seen == frame) first = i;
      if (seen == frame + 1) last = i - 1;
      ++seen;
    }
    if (first && !last) last = fragments;
  }
  return first && last <= fragments && first <= last;
}

// Wraps one frame's codestream in a data set of its own, for codecs that require one fragment per frame.
int loneFrame(cdcmtk_file &file, uint32_t frame, DcmDataset &lone) {
  size_t length = 0;
  int code = cdcmtk_encapsulated(&file, frame, &length, nullptr);
  if (code != CDCMTK_OK) return code;
  const std::unique_ptr<uint8_t[]> bytes(new uint8_t[length]);
  code = cdcmtk_encapsulated(&file, frame, &length, bytes.get());
  if (code != CDCMTK_OK) return code;
  for (const DcmTagKey &key :
       {DCM_SOPClassUID, DCM_SamplesPerPixel, DCM_PhotometricInterpretation, DCM_PlanarConfiguration, DCM_Rows,
        DCM_Columns, DCM_BitsAllocated, DCM_BitsStored, DCM_HighBit, DCM_PixelRepresentation}) {
    DcmElement *element = nullptr;
    if (file.dataset().findAndGetElement(key, element).good() && element)
      lone.insert(OFstatic_cast(DcmElement *, element->clone()));
  }
  auto sequence = std::make_unique<DcmPixelSequence>(DCM_PixelSequenceTag);
  sequence->insert(new DcmPixelItem(DCM_PixelItemTag));
  DcmOffsetList offsets;
  const OFCondition stored = sequence->storeCompressedFrame(offsets, bytes.get(), static_cast<Uint32>(length), 0);
  auto pixelData = std::make_unique<DcmPixelData>(DCM_PixelData);
  pixelData->putOriginalRepresentation(file.dataset().getOriginalXfer(), nullptr, sequence.release());
  const OFCondition inserted = lone.insert(pixelData.release(), OFTrue);
  return stored.good() && inserted.good() ? CDCMTK_OK : CDCMTK_MALFORMED;
}

}  // namespace

extern "C" void cdcmtk_describe(cdcmtk_file *file, cdcmtk_pixels *pixels) {
  if (file->pixels) {
    *pixels = *file->pixels;
    return;
  }
  memset(pixels, 0, sizeof *pixels);
  cdcmtk::guarded(nullptr, 0, [&] {
    DcmElement *element = pixelElement(*file);
    if (!element) return 0;
    const DcmTagKey key = element->getTag().getXTag();
    pixels->kind = key == DCM_PixelData        ? CDCMTK_PIXELS_INTEGER
                   : key == DCM_FloatPixelData ? CDCMTK_PIXELS_FLOAT
                                               : CDCMTK_PIXELS_DOUBLE;
    pixels->rows = number(*file, DCM_Rows, 0);
    pixels->columns = number(*file, DCM_Columns, 0);
    pixels->samples = number(*file, DCM_SamplesPerPixel, 1);
    const uint32_t assumed = pixels->kind == CDCMTK_PIXELS_FLOAT ? 32 : pixels->kind == CDCMTK_PIXELS_DOUBLE ? 64 : 8;
    pixels->bits_allocated = number(*file, DCM_BitsAllocated, assumed);
    pixels->bits_stored = number(*file, DCM_BitsStored, pixels->bits_allocated);
    pixels->high_bit = number(*file, DCM_HighBit, pixels->bits_stored ? pixels->bits_stored - 1 : 0);
    pixels->is_signed = number(*file, DCM_PixelRepresentation, 0);
    pixels->planar = number(*file, DCM_PlanarConfiguration, 0);
    Sint32 frames = 1;
    DcmElement *said = file->element(DCM_NumberOfFrames);
    if (!said || said->getSint32(frames).bad() || frames < 1) frames = 1;
    pixels->frames = static_cast<uint32_t>(frames);
    pixels->encapsulated = DcmXfer(file->dataset().getOriginalXfer()).isEncapsulated();
    file->pixels = *pixels;
    return 0;
  });
}

extern "C" int cdcmtk_frame(cdcmtk_file *file, uint32_t frame, uint8_t *buffer, size_t capacity, char model[17],
                            uint32_t *planar, char *message, size_t message_capacity) {
  return cdcmtk::guarded(message, message_capacity, [&] {
    DcmElement *element = pixelElement(*file);
    if (!element) return static_cast<int>(CDCMTK_MALFORMED);
    cdcmtk_pixels pixels;
    cdcmtk_describe(file, &pixels);
    OFString photometric;
    file->dataset().findAndGetOFString(DCM_PhotometricInterpretation, photometric);
    snprintf(model, 17, "%s", photometric.c_str());
    // A syntax that DCMTK doesn't know was read as if it were explicit little endian.
    if (DcmXfer(file->transferSyntax.c_str()).getXfer() == EXS_Unknown) {
      cdcmtk::say(message, message_capacity, cdcmtk_transfer_syntax(file));
      return static_cast<int>(CDCMTK_UNSUPPORTED);
    }
    if (!pixels.encapsulated) return nativeFrame(*file, *element, pixels, frame, photometric, buffer, capacity);

    const E_TransferSyntax syntax = file->dataset().getOriginalXfer();
    if (!DcmCodecList::canChangeCoding(syntax, EXS_LittleEndianExplicit)) {
      cdcmtk::say(message, message_capacity, cdcmtk_transfer_syntax(file));
      return static_cast<int>(CDCMTK_UNSUPPORTED);
    }
    OFString decoded;
    Uint32 fragment = 0;
    OFCondition done = EC_Normal;
    DcmPixelSequence *sequence = encapsulatedSequence(*file);
    if (sequence && sequence->card() == pixels.frames + 1) {
      done = pixelDataOf(file->dataset())
                 ->getUncompressedFrame(&file->dataset(), frame, fragment, buffer, static_cast<Uint32>(capacity),
                                        decoded, &file->cache);
    } else {
      DcmDataset lone;
      const int made = loneFrame(*file, frame, lone);
      if (made != CDCMTK_OK) return made;
      DcmPixelData *single = pixelDataOf(lone);
      if (!single) return static_cast<int>(CDCMTK_INTERNAL);
      done = single->getUncompressedFrame(&lone, 0, fragment, buffer, static_cast<Uint32>(capacity), decoded);
    }
    if (done.bad()) {
      cdcmtk::say(message, message_capacity, done.text());
      return static_cast<int>(CDCMTK_MALFORMED);
    }
    snprintf(model, 17, "%s", decoded.c_str());
    // The codecs are registered with colour by pixel.
    *planar = 0;
    return static_cast<int>(CDCMTK_OK);
  });
}

extern "C" const uint8_t *cdcmtk_native(cdcmtk_file *file, uint32_t frame, size_t length) {
  const E_TransferSyntax syntax = file->dataset().getOriginalXfer();
  const DcmElement *element = file->element(DCM_PixelData);
  // Parsing ends after the pixels, so they are the last value.
  if (!file->lastValue || !element || element != file->elements.back().second ||
      element->getLengthField() <= cdcmtk_file::maximumReadLength ||
      // Fragments, whatever the header says.
      element->getLengthField() == DCM_UndefinedLength ||
      (syntax != EXS_LittleEndianImplicit && syntax != EXS_LittleEndianExplicit) ||
      syntax != DcmXfer(file->transferSyntax.c_str()).getXfer())
    return nullptr;
  const uint64_t at = uint64_t(length) * frame, start = static_cast<uint64_t>(file->lastValue) + at;
  if (at + length > element->getLengthField() || start + length > file->content->length) return nullptr;
  return file->content->bytes.get() + start;
}

extern "C" int cdcmtk_encapsulated(cdcmtk_file *file, uint32_t frame, size_t *length, uint8_t *bytes) {
  return cdcmtk::guarded(nullptr, 0, [&] {
    cdcmtk_pixels pixels;
    cdcmtk_describe(file, &pixels);
    DcmPixelSequence *sequence = encapsulatedSequence(*file);
    if (!sequence || sequence->card() < 2) return static_cast<int>(CDCMTK_TRUNCATED);
    unsigned long first = 0, last = 0;
    if (!fragmentsOf(*sequence, frame, pixels.frames, first, last)) return static_cast<int>(CDCMTK_TRUNCATED);
    *length = 0;
    for (unsigned long i = first; i <= last; ++i) {
      DcmPixelItem *item = nullptr;
      if (sequence->getItem(item, i).bad()) return static_cast<int>(CDCMTK_MALFORMED);
      const Uint32 own = item->getLength();
      if (bytes && own && item->getPartialValue(bytes + *length, 0, own).bad())
        return static_cast<int>(CDCMTK_MALFORMED);
      *length += own;
      // A truncated file may declare more than memory can hold.
      if (*length > static_cast<uint64_t>(file->content->size)) return static_cast<int>(CDCMTK_TRUNCATED);
    }
    return static_cast<int>(CDCMTK_OK);
  });
}
