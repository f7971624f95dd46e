// Some writers drop the header of a sequence and leave its items in the middle of the data set (fo-dicom met such a
// file in a hospital); others write text where the dictionary has a sequence. DCMTK stops there. This code drops such
// items and attributes and reads the rest from memory.
#include "Shared.hpp"

#include <algorithm>
#include <vector>

#include "dcmtk/dcmdata/dcistrmb.h"

namespace {

const uint32_t undefined = 0xffffffff;
const uint32_t item = 0xfffee000, itemEnd = 0xfffee00d, sequenceEnd = 0xfffee0dd, pixels = 0x7fe00010;

struct Head {
  uint32_t tag;
  uint32_t valueLength;
  size_t length;
  bool isSequence = false;
};

// Elements in little endian, with explicit VR, as in every compressed transfer syntax, or implicit VR.
class Elements {
 public:
  explicit Elements(const std::vector<char> &file) : bytes(file) {}

  bool head(size_t at, Head &head) const {
    if (at + 8 > bytes.size()) return false;
    head.tag = word(at) << 16 | word(at + 2);
    head.isSequence = false;
    if (head.tag >> 16 == 0xfffe) {
      head.valueLength = word(at + 4) | word(at + 6) << 16;
      head.length = 8;
      return true;
    }
    const DcmVR vr(std::string(&bytes[at + 4], 2).c_str());
    if (!vr.isStandard()) {
      // Implicit VR, which the meta header never has.
      if (head.tag >> 16 == 2) return false;
      head.length = 8;
      head.valueLength = word(at + 4) | word(at + 6) << 16;
      head.isSequence = DcmTag(static_cast<Uint16>(head.tag >> 16), static_cast<Uint16>(head.tag)).getEVR() == EVR_SQ;
      return true;
    }
    head.isSequence = vr.getEVR() == EVR_SQ;
    head.length = vr.usesExtendedLengthEncoding() ? 12 : 8;
    if (at + head.length > bytes.size()) return false;
    head.valueLength = head.length == 8 ? word(at + 6) : word(at + 8) | word(at + 10) << 16;
    return true;
  }

  // A sequence of defined length that holds no items, or an item with such a sequence.
  bool holdsText(size_t at, const Head &value, int depth = 0) const {
    if (!value.isSequence || value.valueLength == undefined || value.valueLength == 0 || depth > 32) return false;
    at += value.length;
    const size_t last = at + std::min<size_t>(value.valueLength, bytes.size() - at);
    if (at + 8 > last || (word(at) << 16 | word(at + 2)) != item) return true;
    for (Head inner; at < last && head(at, inner);) {
      if (holdsText(at, inner, depth + 1)) return true;
      // Enter items, skip the elements in them.
      const bool isFrame = inner.tag == item || inner.tag == itemEnd || inner.tag == sequenceEnd;
      at = isFrame ? at + inner.length : end(at, inner);
      if (at == 0) return true;
    }
    return false;
  }

  // The offset after the value, or 0 if it extends beyond the file. Values of undefined length end with a delimiter,
  // whether they hold items or elements.
  size_t end(size_t at, const Head &value, int depth = 0) const {
    at += value.length;
    if (value.valueLength != undefined) return value.valueLength <= bytes.size() - at ? at + value.valueLength : 0;
    for (Head inner; depth < 32 && head(at, inner);) {
      if (inner.tag == itemEnd || inner.tag == sequenceEnd) return at + inner.length;
      at = end(at, inner, depth + 1);
      if (at == 0) return 0;
    }
    return 0;
  }

 private:
  const std::vector<char> &bytes;

  uint32_t word(size_t at) const {
    return static_cast<unsigned char>(bytes[at]) | static_cast<unsigned char>(bytes[at + 1]) << 8;
  }
};

bool readWhole(const char *path, std::vector<char> &bytes) {
  const std::unique_ptr<FILE, int (*)(FILE *)> file(fopen(path, "rb"), fclose);
  if (!file || fseeko(file.get(), 0, SEEK_END) != 0) return false;
  const off_t size = ftello(file.get());
  if (size < 132 || size > cdcmtk::largestRepaired) return false;
  bytes.resize(static_cast<size_t>(size));
  rewind(file.get());
  return fread(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
}

// Copies everything except items outside any sequence and sequences that hold text. False if there are none, or if the
// elements don't add up to the file.
bool withoutStrays(const std::vector<char> &bytes, std::vector<char> &kept) {
  const Elements elements(bytes);
  bool found = false;
  Head head;
  size_t at = 132;
  kept.assign(bytes.begin(), bytes.begin() + 132);
  while (elements.head(at, head) && head.tag != pixels) {
    const bool stray =
        head.tag == item || head.tag == itemEnd || head.tag == sequenceEnd || elements.holdsText(at, head);
    const size_t end = elements.end(at, head);
    if (end == 0) return false;
    if (!stray) kept.insert(kept.end(), bytes.begin() + at, bytes.begin() + end);
    found = found || stray;
    at = end;
  }
  // Without pixels the elements must end with the file; otherwise it was truncated.
  if (!found || at > bytes.size() || (at < bytes.size() && head.tag != pixels)) return false;
  kept.insert(kept.end(), bytes.begin() + at, bytes.end());
  return true;
}

}  // namespace

OFCondition cdcmtk_file::loadRepaired(const char *path) {
  std::vector<char> bytes, kept;
  if (!readWhole(path, bytes) || !withoutStrays(bytes, kept)) return EC_InvalidStream;
  for (size_t i = 0; content->groupLength && i < 4; ++i)
    kept[cdcmtk::Content::groupLengthAt + i] = static_cast<char>(content->groupLength >> 8 * i);
  DcmInputBufferStream stream;
  stream.setBuffer(kept.data(), static_cast<offile_off_t>(kept.size()));
  stream.setEos();
  return parse(stream);
}
