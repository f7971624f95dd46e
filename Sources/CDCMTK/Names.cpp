// The names of persons in a data set.
#include "Shared.hpp"

#include <cstring>
#include <string>

namespace {

void append(cdcmtk_file &file, DcmObject &object, std::string &names, int depth) {
  if (depth > 16 || names.size() > (1u << 16)) return;
  if (object.getVR() == EVR_PN) {
    OFString value;
    if (static_cast<DcmElement &>(object).getOFStringArray(value).good() && !value.empty()) {
      value = cdcmtk::utf8(file, value);
      names.append(value.c_str(), value.size()) += '\n';
    }
    return;
  }
  // Frames contain no names, and there are thousands of them.
  auto *sequence =
      object.getTag() == DCM_PerFrameFunctionalGroupsSequence ? nullptr : dynamic_cast<DcmSequenceOfItems *>(&object);
  if (!sequence) return;
  for (unsigned long i = 0; i < sequence->card(); ++i) {
    DcmItem &item = *sequence->getItem(i);
    for (DcmObject *inner = nullptr; (inner = item.nextInContainer(inner));) append(file, *inner, names, depth + 1);
  }
}

}  // namespace

extern "C" char *cdcmtk_person_names(cdcmtk_file *file) {
  char *copy = nullptr;
  cdcmtk::guarded(nullptr, 0, [&] {
    std::string names;
    for (const auto &element : file->elements) append(*file, *element.second, names, 0);
    copy = strdup(names.c_str());
    return 0;
  });
  return copy;
}
