// From the bytes of a data set to text in UTF-8.
#include "Shared.hpp"

#include <algorithm>
#include <cctype>
#include <string>

#include "dcmtk/dcmdata/dcspchrs.h"

namespace {

bool isValid(const OFString &text) {
  const auto *bytes = reinterpret_cast<const unsigned char *>(text.data());
  const size_t length = text.size();
  // Most are ASCII, which is seen many bytes at a time.
  unsigned char any = 0;
  for (size_t i = 0; i < length; ++i) any |= bytes[i];
  if (any < 0x80) return true;
  for (size_t i = 0; i < length;) {
    const unsigned char first = bytes[i];
    const size_t more = first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2
                        : first >= 0xf0 && first < 0xf5 ? 3 : length;
    if (more >= length - i) return false;
    for (size_t k = 1; k <= more; ++k)
      if ((bytes[i + k] & 0xc0) != 0x80) return false;
    // Overlong forms, surrogates, and what lies beyond Unicode.
    if ((first == 0xe0 && bytes[i + 1] < 0xa0) || (first == 0xed && bytes[i + 1] > 0x9f) ||
        (first == 0xf0 && bytes[i + 1] < 0x90) || (first == 0xf4 && bytes[i + 1] > 0x8f))
      return false;
    i += more + 1;
  }
  return true;
}

// The defined term (PS3.3 C.12.1.1.2) that a writer meant; empty where it names no set, or one that isn't known.
std::string term(const OFString &written) {
  std::string plain;
  for (const char character : written)
    if (isalnum(static_cast<unsigned char>(character)))
      plain += static_cast<char>(toupper(static_cast<unsigned char>(character)));
  if (plain == "UTF8" || plain == "UNICODE") return "ISO_IR 192";
  if (plain == "LATIN1" || plain == "ISO88591") return "ISO_IR 100";
  if (plain == "LATIN2" || plain == "ISO88592") return "ISO_IR 101";
  if (plain == "GB18030" || plain == "GBK") return plain;
  const size_t place = plain.rfind("IR");
  if (place == std::string::npos) return "";
  const std::string number = plain.substr(place + 2);
  for (const char *twoBytes : {"87", "159", "149", "58"})
    if (number == twoBytes) return "\\ISO 2022 IR " + number;
  return number == "6" ? "" : "ISO_IR " + number;
}

// The character set to convert from, as DCMTK wants it.
bool select(DcmSpecificCharacterSet &set, const OFString &written) {
  if (written.empty() || written == "ISO_IR 6") return false;
  if (set.selectCharacterSet(written).good()) return true;
  const std::string meant = term(written);
  return !meant.empty() && set.selectCharacterSet(meant.c_str()).good();
}

// Value by value: DCMTK gives up a whole sequence at the first text that has other bytes.
void convert(DcmElement &element, DcmSpecificCharacterSet &set) {
  auto *sequence = dynamic_cast<DcmSequenceOfItems *>(&element);
  if (!sequence) {
    (void)element.convertCharacterSet(set);
    return;
  }
  for (unsigned long i = 0; i < sequence->card(); ++i) {
    DcmItem &item = *sequence->getItem(i);
    for (DcmObject *inner = nullptr; (inner = item.nextInContainer(inner));)
      convert(static_cast<DcmElement &>(*inner), set);
  }
}

}  // namespace

void cdcmtk::convertTexts(cdcmtk_file &file) {
  OFString written;
  DcmElement *named = file.element(DCM_SpecificCharacterSet);
  if (!named || named->getOFStringArray(written).bad()) return;
  DcmSpecificCharacterSet set;
  if (!select(set, written)) return;
  for (const auto &element : file.elements) convert(*element.second, set);
}

OFString cdcmtk::utf8(const OFString &bytes) {
  if (isValid(bytes)) return bytes;
  OFString text;
  for (const char character : bytes) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x80) {
      text += character;
    } else {
      text += static_cast<char>(0xc0 | byte >> 6);
      text += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return text;
}
