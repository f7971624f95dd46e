// Converts the text of a data set to UTF-8.
#include "Shared.hpp"

#include <algorithm>
#include <cctype>
#include <string>

#include "dcmtk/dcmdata/dcspchrs.h"
#include "dcmtk/ofstd/ofchrenc.h"

namespace {

bool isValid(const OFString &text) {
  const auto *bytes = reinterpret_cast<const unsigned char *>(text.data());
  const size_t length = text.size();
  // Most texts are ASCII, which is checked many bytes at a time.
  unsigned char any = 0;
  for (size_t i = 0; i < length; ++i) any |= bytes[i];
  if (any < 0x80) return true;
  for (size_t i = 0; i < length;) {
    const unsigned char first = bytes[i];
    const size_t more = first < 0x80                    ? 0
                        : first >= 0xc2 && first < 0xe0 ? 1
                        : first >= 0xe0 && first < 0xf0 ? 2
                        : first >= 0xf0 && first < 0xf5 ? 3
                                                        : length;
    if (more >= length - i) return false;
    for (size_t k = 1; k <= more; ++k)
      if ((bytes[i + k] & 0xc0) != 0x80) return false;
    // Overlong forms, surrogates, and code points beyond Unicode.
    if ((first == 0xe0 && bytes[i + 1] < 0xa0) || (first == 0xed && bytes[i + 1] > 0x9f) ||
        (first == 0xf0 && bytes[i + 1] < 0x90) || (first == 0xf4 && bytes[i + 1] > 0x8f))
      return false;
    i += more + 1;
  }
  return true;
}

// The defined term (PS3.3 C.12.1.1.2) that a writer meant; empty for no character set or an unknown one.
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

// Japanese with escape sequences, which DCMTK refuses when built with glibc's iconv.
bool isJapanese(const OFString &written) {
  for (const char *number : {"IR 87", "IR 159", "IR87", "IR159"})
    if (written.find(number) != OFString_npos) return true;
  return false;
}

}  // namespace

class cdcmtk::Charset {
 public:
  // Selects the set that a file names.
  bool select(const OFString &written) {
    if (written.empty() || written == "ISO_IR 6") return false;
    const std::string meant = term(written);
    if (set.selectCharacterSet(written).good() || (!meant.empty() && set.selectCharacterSet(meant.c_str()).good())) {
      kind = Kind::standard;
    } else if ((isJapanese(written) || isJapanese(meant.c_str())) &&
               encoding.selectEncoding("ISO-2022-JP-2", "UTF-8").good()) {
      kind = Kind::japanese;
    }
    return kind != Kind::none;
  }

  // Selects the set that a site's configuration names.
  void selectAny(const OFString &name) {
    if (select(name)) return;
    // Latin-9, which DCMTK doesn't know yet.
    const OFString known = term(name) == "ISO_IR 203" ? "ISO-8859-15" : name;
    if (encoding.selectEncoding(known, "UTF-8").good()) kind = Kind::other;
  }

  bool convert(const OFString &bytes, OFString &text) {
    switch (kind) {
      case Kind::none:
        return false;
      case Kind::standard:
        if (set.convertString(bytes, text, "\\\r\n\t\f^=").bad()) return false;
        break;
      case Kind::other:
        if (encoding.convertString(bytes, text).bad()) return false;
        break;
      case Kind::japanese:
        if (!convertJapanese(bytes, text)) return false;
    }
    return isValid(text);
  }

  // Converts value by value: DCMTK gives up on a whole sequence at the first text that isn't valid in the set.
  void convert(DcmElement &element) {
    if (auto *sequence = dynamic_cast<DcmSequenceOfItems *>(&element)) {
      for (unsigned long i = 0; i < sequence->card(); ++i) {
        DcmItem &item = *sequence->getItem(i);
        for (DcmObject *inner = nullptr; (inner = item.nextInContainer(inner));)
          convert(static_cast<DcmElement &>(*inner));
      }
    } else if (kind == Kind::standard) {
      (void)element.convertCharacterSet(set);
    } else if (isText(element.ident())) {
      OFString bytes, text;
      if (element.getOFStringArray(bytes).good() && !bytes.empty() && convert(bytes, text))
        (void)element.putOFStringArray(text);
    }
  }

 private:
  enum class Kind { none, standard, japanese, other } kind = Kind::none;
  DcmSpecificCharacterSet set;
  OFCharacterEncoding encoding;

  static bool isText(DcmEVR vr) {
    return vr == EVR_LO || vr == EVR_LT || vr == EVR_PN || vr == EVR_SH || vr == EVR_ST || vr == EVR_UC || vr == EVR_UT;
  }

  // ISO-2022-JP covers the 7-bit part. Bytes of 8 bits are half-width katakana (JIS X 0201), which it lacks.
  bool convertJapanese(const OFString &bytes, OFString &text) {
    text.clear();
    OFString part, converted;
    const auto flush = [&] {
      if (part.empty()) return true;
      if (encoding.convertString(part, converted).bad()) return false;
      text += converted;
      part.clear();
      return true;
    };
    for (size_t i = 0; i < bytes.size(); ++i) {
      const auto byte = static_cast<unsigned char>(bytes[i]);
      if (byte == 0x1b && bytes.compare(i, 3, "\x1b)I") == 0) {
        i += 2;
      } else if (byte < 0x80) {
        part += bytes[i];
      } else {
        if (byte < 0xa1 || byte > 0xdf || !flush()) return false;
        const unsigned character = 0xff61 + byte - 0xa1;
        text += static_cast<char>(0xef);
        text += static_cast<char>(0x80 | (character >> 6 & 0x3f));
        text += static_cast<char>(0x80 | (character & 0x3f));
      }
    }
    return flush();
  }
};

void cdcmtk::convertTexts(cdcmtk_file &file) {
  OFString written;
  DcmElement *named = file.element(DCM_SpecificCharacterSet);
  if (!named || named->getOFStringArray(written).bad()) return;
  Charset set;
  if (!set.select(written)) return;
  for (const auto &element : file.elements) set.convert(*element.second);
}

OFString cdcmtk::utf8(cdcmtk_file &file, const OFString &bytes) {
  // With escape sequences (ISO 2022), ASCII bytes encode other character sets.
  const bool isReadable = isValid(bytes);
  if (isReadable && bytes.find('\x1b') == OFString_npos) return bytes;
  if (!file.fallback) {
    file.fallback = std::make_shared<Charset>();
    file.fallback->selectAny(file.fallbackName);
  }
  OFString text;
  if (file.fallback->convert(bytes, text)) return text;
  if (isReadable) return bytes;
  text.clear();
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
