// Opening a file and reading its elements.
#include "Shared.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "dcmtk/dcmjpeg/djdecode.h"
#include "dcmtk/oflog/oflog.h"

namespace {

// A DICOM file without a preamble begins with an element of a low even group. Checking its first bytes keeps text files
// and pictures out.
bool plausibleStart(const unsigned char *bytes, size_t length) {
  if (length < 16) return false;
  const unsigned little = bytes[0] | bytes[1] << 8, big = bytes[0] << 8 | bytes[1];
  if (little == 0x0002 || little == 0x0008) return bytes[3] <= 0x30;
  return big == 0x0008 && bytes[2] <= 0x30;
}

// CDCMTK_OK, or the reason that the file can't be DICOM.
int sniff(const cdcmtk::Content &content, char *message, size_t capacity) {
  if (content.length >= 132 && memcmp(content.bytes.get() + 128, "DICM", 4) == 0) return CDCMTK_OK;
  if (plausibleStart(content.bytes.get(), content.length)) return CDCMTK_OK;
  cdcmtk::say(message, capacity, content.length == 0 ? "empty file" : "no DICOM preamble or first element");
  return CDCMTK_NOT_DICOM;
}

// Whether a file's first page contains `text`.
bool beginsWith(const cdcmtk::Content &content, const char *text) {
  const size_t length = std::min(content.length, cdcmtk::Content::headLength);
  return memmem(content.bytes.get(), length, text, strlen(text)) != nullptr;
}

// Writers make mistakes between elements. The elements before and after one are still good, but the file must have been
// read to its end: a truncated file would pass for an object without pixels.
OFCondition loadTolerantly(const char *path, std::unique_ptr<cdcmtk_file> &file, OFCondition first) {
  const auto complete = [&](const OFCondition &loaded) {
    return loaded.good() && file->dataset().tagExists(DCM_PixelData);
  };
  // DCMTK 3.6.7 crashes on some files when both flags are set.
  dcmStopParsingAfterElement.set(DCM_UndefinedTagKey);
  dcmIgnoreParsingErrors.set(OFTrue);
  const auto content = file->content;
  file = std::make_unique<cdcmtk_file>(content);
  OFCondition loaded = file->load(path);
  dcmIgnoreParsingErrors.set(OFFalse);
  dcmStopParsingAfterElement.set(DCM_PixelData);
  // The last value may follow the pixels.
  file->lastValue = 0;
  if (complete(loaded)) return loaded;
  file = std::make_unique<cdcmtk_file>(content);
  loaded = file->loadRepaired(path);
  // The repair walked the file to its end.
  return loaded.good() ? loaded : first;
}

}  // namespace

void cdcmtk_file::index() {
  // A data set contains only elements.
  DcmDataset &all = dataset();
  for (DcmObject *object = nullptr; (object = all.nextInContainer(object));)
    elements.emplace_back(uint32_t(object->getGTag()) << 16 | object->getETag(), static_cast<DcmElement *>(object));
  std::sort(elements.begin(), elements.end());
  cdcmtk::convertTexts(*this);
  hasFrameGroups = element(DCM_SharedFunctionalGroupsSequence) || element(DCM_PerFrameFunctionalGroupsSequence);
}

DcmElement *cdcmtk_file::element(uint32_t tag) const {
  const auto found = std::lower_bound(elements.begin(), elements.end(), tag,
                                      [](const auto &one, uint32_t other) { return one.first < other; });
  return found != elements.end() && found->first == tag ? found->second : nullptr;
}

DcmItem *cdcmtk::itemHolding(cdcmtk_file &file, const DcmTagKey &tag, long frame) {
  DcmItem &dataset = file.dataset();
  if (frame < 0 || !file.hasFrameGroups) return &dataset;
  const struct {
    DcmTagKey groups;
    unsigned long index;
  } places[] = {{DCM_PerFrameFunctionalGroupsSequence, static_cast<unsigned long>(frame)},
                {DCM_SharedFunctionalGroupsSequence, 0}};
  for (const auto &place : places) {
    DcmSequenceOfItems *groups = nullptr;
    if (dataset.findAndGetSequence(place.groups, groups).bad() || place.index >= groups->card()) continue;
    // Each macro is a sequence of the standard (PS3.3 C.7.6.16); vendors' additions have odd groups.
    DcmItem &group = *groups->getItem(place.index);
    for (DcmObject *object = nullptr; (object = group.nextInContainer(object));) {
      auto *macro = object->getGTag() % 2 == 0 ? dynamic_cast<DcmSequenceOfItems *>(object) : nullptr;
      DcmItem *item = macro && macro->card() > 0 ? macro->getItem(0) : nullptr;
      DcmElement *element = nullptr;
      if (item && item->findAndGetElement(tag, element).good() && element && !element->isEmpty()) return item;
    }
  }
  return &dataset;
}

extern "C" void cdcmtk_choose_dictionary(void) {
  // Only the standard's, which comes first in the default path: no private attributes are read.
  const std::string paths = DCM_DICT_DEFAULT_PATH;
  setenv(DCM_DICT_ENVIRONMENT_VARIABLE, paths.substr(0, paths.find(ENVIRONMENT_PATH_SEPARATOR)).c_str(), 0);
}

extern "C" void cdcmtk_start(void) {
  // Keep one file's memory for the next: otherwise the kernel takes it back and clears it again page by page. Frames
  // above 32 MB are still returned.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_TOP_PAD, 16 << 20);
  cdcmtk::guarded(nullptr, 0, [] {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    // Ignore trailing padding and whatever else some writers leave after the pixels.
    dcmStopParsingAfterElement.set(DCM_PixelData);
    // Some headers name the wrong encoding.
    dcmAutoDetectDatasetXfer.set(OFTrue);
    // Some writers give the VR UN to attributes that they don't know or don't care about.
    dcmEnableUnknownVRConversion.set(OFTrue);
    // Colours stay as stored: the first component of YBR models is the luminance that is needed.
    DJDecoderRegistration::registerCodecs(EDC_never, EUC_default, EPC_colorByPixel);
    // Load the dictionary now, so that the first file need not wait for it.
    cdcmtk_choose_dictionary();
    dcmDataDict.rdlock();
    dcmDataDict.rdunlock();
    return 0;
  });
}

extern "C" int cdcmtk_open(const char *path, const char *fallback, cdcmtk_file **file, char *message, size_t capacity) {
  *file = nullptr;
  return cdcmtk::guarded(message, capacity, [&] {
    auto content = std::make_shared<cdcmtk::Content>();
    if (const int error = content->read(path)) {
      cdcmtk::say(message, capacity, strerror(error));
      return static_cast<int>(CDCMTK_UNREADABLE);
    }
    const int sniffed = sniff(*content, message, capacity);
    if (sniffed != CDCMTK_OK) return sniffed;
    // If the header names its transfer syntax after the first page, only the worker's memory limit applies.
    if (beginsWith(*content, UID_DeflatedExplicitVRLittleEndianTransferSyntax) &&
        cdcmtk::inflatesBeyond(path, cdcmtk::largestInflated)) {
      cdcmtk::say(message, capacity, "the deflated data set is larger than 512 MiB");
      return static_cast<int>(CDCMTK_TOO_LARGE);
    }
    auto opened = std::make_unique<cdcmtk_file>(std::move(content));
    OFCondition loaded = opened->load(path);
    loaded = cdcmtk::reconcile(path, opened, loaded);
    if (loaded.bad() && loaded != EC_EndOfStream && loaded != EC_InvalidStream && loaded != EC_StreamNotifyClient)
      loaded = loadTolerantly(path, opened, loaded);
    if (loaded.bad()) {
      cdcmtk::say(message, capacity, loaded.text());
      return static_cast<int>(CDCMTK_MALFORMED);
    }
    opened->transferSyntax = DcmXfer(opened->dataset().getOriginalXfer()).getXferID();
    OFString named;
    DcmMetaInfo *meta = opened->format.getMetaInfo();
    // The detected encoding overrides the header, unless DCMTK doesn't know the syntax that the header names.
    if (meta && meta->findAndGetOFString(DCM_TransferSyntaxUID, named).good() && !named.empty() &&
        DcmXfer(named.c_str()).getXfer() == EXS_Unknown)
      opened->transferSyntax = named;
    opened->fallbackName = fallback;
    opened->index();
    *file = opened.release();
    return static_cast<int>(CDCMTK_OK);
  });
}

extern "C" void cdcmtk_close(cdcmtk_file *file) {
  delete file;
}

extern "C" const uint8_t *cdcmtk_content(cdcmtk_file *file, size_t *length) {
  *length = file->content->length;
  return file->content->isWhole ? file->content->bytes.get() : nullptr;
}

extern "C" const char *cdcmtk_transfer_syntax(cdcmtk_file *file) {
  return file->transferSyntax.c_str();
}

extern "C" long cdcmtk_string(cdcmtk_file *file, uint32_t tag, long frame, uint8_t *buffer, size_t capacity) {
  long length = -1;
  cdcmtk::guarded(nullptr, 0, [&] {
    const DcmTagKey key = cdcmtk::key(tag);
    DcmItem *item = key.getGroup() == 0x0002 ? file->format.getMetaInfo() : cdcmtk::itemHolding(*file, key, frame);
    DcmElement *element = nullptr;
    if (item == &file->dataset()) {
      element = file->element(tag);
    } else if (item) {
      (void)item->findAndGetElement(key, element);
    }
    OFString value;
    if (!element || element->getOFStringArray(value).bad()) return 0;
    value = cdcmtk::utf8(*file, value);
    length = static_cast<long>(value.size());
    memcpy(buffer, value.data(), value.size() < capacity ? value.size() : capacity);
    return 0;
  });
  return length;
}

extern "C" long cdcmtk_item_string(cdcmtk_file *file, uint32_t sequence, uint32_t item, uint32_t tag, uint8_t *buffer,
                                   size_t capacity) {
  long length = -1;
  cdcmtk::guarded(nullptr, 0, [&] {
    auto *items = dynamic_cast<DcmSequenceOfItems *>(file->element(sequence));
    if (!items || item >= items->card()) return 0;
    length = 0;
    OFString value;
    if (items->getItem(item)->findAndGetOFStringArray(cdcmtk::key(tag), value).bad()) return 0;
    value = cdcmtk::utf8(*file, value);
    length = static_cast<long>(value.size());
    memcpy(buffer, value.data(), value.size() < capacity ? value.size() : capacity);
    return 0;
  });
  return length;
}

extern "C" long cdcmtk_words(cdcmtk_file *file, uint32_t sequence, uint32_t tag, long frame, uint16_t *words,
                             size_t capacity) {
  long count = -1;
  cdcmtk::guarded(nullptr, 0, [&] {
    DcmItem *item = &file->dataset();
    if (sequence) {
      item = cdcmtk::itemHolding(*file, cdcmtk::key(sequence), frame);
      if (!item || item->findAndGetSequenceItem(cdcmtk::key(sequence), item, 0).bad()) return 0;
    }
    DcmElement *element = nullptr;
    if (!item || item->findAndGetElement(cdcmtk::key(tag), element).bad()) return 0;
    Uint16 *values = nullptr;
    Sint16 *signedValues = nullptr;
    if (element->getUint16Array(values).good() && values) {
      // An 8-bit LUT packs two entries in each word; the caller gets words either way.
    } else if (element->getSint16Array(signedValues).good() && signedValues) {
      values = reinterpret_cast<Uint16 *>(signedValues);
    } else {
      return 0;
    }
    const size_t available = element->getLength() / sizeof(uint16_t);
    memcpy(words, values, sizeof(uint16_t) * (available < capacity ? available : capacity));
    count = static_cast<long>(available);
    return 0;
  });
  return count;
}

extern "C" void cdcmtk_free(void *memory) {
  free(memory);
}
