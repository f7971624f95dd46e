#pragma once
// What the shim's C++ files share: the handle, and the wall that no exception passes.
#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"
#include "dcmtk/dcmdata/dcfcache.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "CDCMTK.h"
#include "Content.hpp"

namespace cdcmtk {
// What texts are converted from.
class Charset;
}  // namespace cdcmtk

struct cdcmtk_file {
  // Outlives the elements, whose values are read from it.
  const std::shared_ptr<const cdcmtk::Content> content;
  DcmFileFormat format;
  DcmFileCache cache;
  OFString transferSyntax;
  // The character set of texts that nothing else tells, and what converts them, once there is one.
  OFString fallbackName;
  std::shared_ptr<cdcmtk::Charset> fallback;
  bool hasFrameGroups = false;
  // Once they were asked for.
  std::optional<cdcmtk_pixels> pixels;
  // The data set's own elements in the order of their tags: DCMTK looks through its list from the start for each.
  std::vector<std::pair<uint32_t, DcmElement *>> elements;
  // Where the last value lies that stayed there, 0 if it isn't known.
  offile_off_t lastValue = 0;
  // Elements longer than this stay in the file until they are asked for.
  static constexpr Uint32 maximumReadLength = 4096;

  explicit cdcmtk_file(std::shared_ptr<const cdcmtk::Content> content) : content(std::move(content)) {}

  OFCondition load(const char *path) {
    return content->isWhole ? loadHeld()
                            : format.loadFile(path, EXS_Unknown, EGL_noChange, maximumReadLength, ERM_autoDetect);
  }
  // Loads a file that is held. What is loaded refers to its content.
  OFCondition loadHeld(E_TransferSyntax syntax = EXS_Unknown);
  // Loads a file whose data set has another transfer syntax than its header names.
  OFCondition loadAs(const char *path, E_TransferSyntax syntax);
  // Loads a small file without the items that stand in no sequence.
  OFCondition loadRepaired(const char *path);
  // As the header says, or in a syntax that is known better.
  OFCondition parse(DcmInputStream &stream, E_TransferSyntax syntax = EXS_Unknown) {
    format.transferInit();
    OFCondition parsed = EC_Normal;
    if (syntax == EXS_Unknown) {
      parsed = format.read(stream, EXS_Unknown, EGL_noChange, maximumReadLength);
    } else {
      parsed = format.getMetaInfo()->read(stream, EXS_Unknown, EGL_noChange, maximumReadLength);
      if (parsed.good()) parsed = dataset().read(stream, syntax, EGL_noChange, maximumReadLength);
    }
    format.transferEnd();
    return parsed;
  }
  DcmDataset &dataset() { return *format.getDataset(); }
  // Takes note of the elements that were loaded; texts become UTF-8.
  void index();
  // One of the data set's own elements, or null.
  DcmElement *element(uint32_t tag) const;
  DcmElement *element(const DcmTagKey &key) const {
    return element(uint32_t(key.getGroup()) << 16 | key.getElement());
  }
};

namespace cdcmtk {

// Files up to this many bytes are repaired, which holds them in memory.
const off_t largestRepaired = off_t(128) << 20;

inline DcmTagKey key(uint32_t tag) {
  return DcmTagKey(static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xffff));
}

inline void say(char *message, size_t capacity, const char *text) {
  if (message && capacity) snprintf(message, capacity, "%s", text);
}

// Runs `body` and turns whatever it throws into a code.
template <typename Body>
int guarded(char *message, size_t capacity, Body body) {
  try {
    return body();
  } catch (const std::bad_alloc &) {
    say(message, capacity, "out of memory");
    return CDCMTK_NO_MEMORY;
  } catch (const std::exception &error) {
    say(message, capacity, error.what());
    return CDCMTK_INTERNAL;
  } catch (...) {
    say(message, capacity, "unknown exception");
    return CDCMTK_INTERNAL;
  }
}

// The item where a frame's value of `tag` stands, if anywhere: per-frame group, shared group, or the data set.
DcmItem *itemHolding(cdcmtk_file &file, const DcmTagKey &tag, long frame);

// Turns the texts of a loaded file into UTF-8 as its Specific Character Set says, misspelt or not. Where there is none,
// or a text has other bytes, they stay.
void convertTexts(cdcmtk_file &file);

// Bytes that are valid UTF-8 as they are, others by the fallback, or where that isn't theirs either as Latin-1: what
// leaves a file is always text.
OFString utf8(cdcmtk_file &file, const OFString &bytes);

// How a codestream begins: JPEG and JPEG-LS with SOI, JPEG 2000 with SOC and SIZ or the JP2 signature box, RLE with
// up to 15 segments of which the first follows the header.
enum class Signature { none, jpeg, jpeg2000, rle };
Signature signatureOf(const uint8_t *bytes, size_t length);

// Loads a file again whose data set or pixels have another transfer syntax than the header names, where it can be told
// which.
OFCondition reconcile(const char *path, std::unique_ptr<cdcmtk_file> &file, OFCondition loaded);

// Deflated data sets beyond this are refused.
const uint64_t largestInflated = uint64_t(512) << 20;

// True for a file whose data set is larger than `limit` bytes once inflated: of one that says that it is deflated, or
// of any.
bool inflatesBeyond(const char *path, uint64_t limit, bool whateverItSays = false);

}  // namespace cdcmtk
