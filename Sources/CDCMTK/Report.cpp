// Structured reports: their texts, and the documents that they replace.
#include "Shared.hpp"

#include <cstring>
#include <string>

namespace {

void appendText(cdcmtk_file &file, DcmItem &item, std::string &text, int depth) {
  if (depth > 32 || text.size() > (1u << 20)) return;
  OFString type;
  if (item.findAndGetOFString(DCM_ValueType, type).good() && type == "TEXT") {
    OFString value;
    if (item.findAndGetOFStringArray(DCM_TextValue, value).good() && !value.empty()) {
      value = cdcmtk::utf8(file, value);
      text.append(value.c_str(), value.size());
      text += '\n';
    }
  }
  DcmSequenceOfItems *content = nullptr;
  if (item.findAndGetSequence(DCM_ContentSequence, content).bad() || !content) return;
  for (unsigned long i = 0; i < content->card(); ++i) appendText(file, *content->getItem(i), text, depth + 1);
}

// The instances that are named in a sequence of references by study and series.
void appendInstances(DcmSequenceOfItems &sequence, std::string &uids, int depth) {
  if (depth > 8) return;
  for (unsigned long i = 0; i < sequence.card() && uids.size() < (1u << 16); ++i) {
    DcmItem &item = *sequence.getItem(i);
    OFString uid;
    if (item.findAndGetOFString(DCM_ReferencedSOPInstanceUID, uid).good() && !uid.empty())
      uids.append(uid.c_str(), uid.size()) += '\n';
    for (DcmObject *inner = nullptr; (inner = item.nextInContainer(inner));)
      if (auto *inside = dynamic_cast<DcmSequenceOfItems *>(inner)) appendInstances(*inside, uids, depth + 1);
  }
}

}  // namespace

extern "C" char *cdcmtk_report_text(cdcmtk_file *file) {
  char *copy = nullptr;
  cdcmtk::guarded(nullptr, 0, [&] {
    std::string text;
    appendText(*file, file->dataset(), text, 0);
    copy = strdup(text.c_str());
    return 0;
  });
  return copy;
}

extern "C" char *cdcmtk_references(cdcmtk_file *file, uint32_t sequence) {
  char *copy = nullptr;
  cdcmtk::guarded(nullptr, 0, [&] {
    std::string uids;
    if (auto *items = dynamic_cast<DcmSequenceOfItems *>(file->element(sequence))) appendInstances(*items, uids, 0);
    copy = strdup(uids.c_str());
    return 0;
  });
  return copy;
}
