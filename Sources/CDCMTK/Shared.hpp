#pragma once
// Shared by the shim's C++ files: the file handle and the exception barrier.
#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcfcache.h"
#include "dcmtk/dcmdata/dctk.h"

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
// The character set that texts are converted from.
class Charset;
}  // namespace cdcmtk

struct cdcmtk_file {
  // Outlives the elements, whose values are read from it.
  const std::shared_ptr<const cdcmtk::Content> content;
  DcmFileFormat format;
  DcmFileCache cache;
  OFString transferSyntax;
  // The character set of texts if nothing else determines it, and its converter, once there is one.
  OFString fallbackName;
  std::shared_ptr<cdcmtk::Charset> fallback;
  bool hasFrameGroups = false;
  // Set at the first request.
  std::optional<cdcmtk_pixels> pixels;
  // The data set's own elements in tag order: DCMTK searches its list from the start each time.
  std::vector<std::pair<uint32_t, DcmElement *>> elements;
  // Offset of the last value that was left in the content, 0 if unknown.
  offile_off_t lastValue = 0;
  // Elements longer than this stay in the file until they are needed.
  static constexpr Uint32 maximumReadLength = 4096;

  explicit cdcmtk_file(std::shared_ptr<const cdcmtk::Content> content) : content(std::move(content)) {}

  OFCondition load(const char *path) {
    return content->isWhole ? loadHeld()
                            : format.loadFile(path, EXS_Unknown, EGL_noChange, maximumReadLength, ERM_autoDetect);
  }
  // Loads a file that is held in memory. The loaded elements refer to its content.
  OFCondition loadHeld(E_TransferSyntax syntax = EXS_Unknown);
  // Loads a file whose header names the wrong transfer syntax.
  OFCondition loadAs(const char *path, E_TransferSyntax syntax);
  // Loads a small file without the items that are outside any sequence.
  OFCondition loadRepaired(const char *path);
  // Parses in the header's transfer syntax, or in the given one.
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
  // Indexes the loaded elements and converts texts to UTF-8.
  void index();
  // One of the data set's own elements, or null.
  DcmElement *element(uint32_t tag) const;
  DcmElement *element(const DcmTagKey &key) const { return element(uint32_t(key.getGroup()) << 16 | key.getElement()); }
};

namespace cdcmtk {

// Largest file, in bytes, that is repaired; a repair holds the file in memory.
const off_t largestRepaired = off_t(128) << 20;

inline DcmTagKey key(uint32_t tag) {
  return DcmTagKey(static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xffff));
}

inline void say(char *message, size_t capacity, const char *text) {
  if (message && capacity) snprintf(message, capacity, "%s", text);
}

// Runs `body` and turns any exception into a code.
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

// The item that holds a frame's value of `tag`, if any: per-frame group, shared group, or the data set.
DcmItem *itemHolding(cdcmtk_file &file, const DcmTagKey &tag, long frame);

// Converts the texts of a loaded file to UTF-8 by its Specific Character Set, even if that is misspelt. Without one, or
// if a text is invalid in it, the bytes stay.
void convertTexts(cdcmtk_file &file);

// Returns valid UTF-8 unchanged and converts other bytes from the fallback or, if that fails too, from Latin-1: text
// from a file is always valid.
OFString utf8(cdcmtk_file &file, const OFString &bytes);

// The signature of a codestream: JPEG and JPEG-LS begin with SOI, JPEG 2000 with SOC and SIZ or the JP2 signature box,
// RLE with up to 15 segments of which the first follows the header.
enum class Signature { none, jpeg, jpeg2000, rle };
Signature signatureOf(const uint8_t *bytes, size_t length);

// Reloads a file if its header names the wrong transfer syntax for the data set or the pixels and the right one can be
// detected.
OFCondition reconcile(const char *path, std::unique_ptr<cdcmtk_file> &file, OFCondition loaded);

// Deflated data sets larger than this are refused.
const uint64_t largestInflated = uint64_t(512) << 20;

// True if a file's data set is larger than `limit` bytes once inflated. Checks files that declare themselves deflated,
// or with `whateverItSays` any file.
bool inflatesBeyond(const char *path, uint64_t limit, bool whateverItSays = false);

}  // namespace cdcmtk
