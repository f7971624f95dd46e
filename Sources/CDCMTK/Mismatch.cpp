// Some headers name the wrong transfer syntax. DCMTK detects the native ones itself; this file detects whether the
// pixels are encapsulated, and with which codec.
#include "Shared.hpp"

#include <algorithm>
#include <cstring>

#include "dcmtk/dcmdata/dcistrmf.h"
#include "dcmtk/dcmdata/dcpixseq.h"
#include "dcmtk/dcmdata/dcpxitem.h"

namespace {

enum class Codec { other, native, rle, jpeg, jpegLS, jpeg2000 };

Codec codecOf(E_TransferSyntax syntax) {
  switch (syntax) {
    case EXS_RLELossless:
      return Codec::rle;
    case EXS_JPEGLSLossless:
    case EXS_JPEGLSLossy:
      return Codec::jpegLS;
    case EXS_JPEG2000LosslessOnly:
    case EXS_JPEG2000:
      return Codec::jpeg2000;
    default:
      if (syntax >= EXS_JPEGProcess1 && syntax <= EXS_JPEGProcess14SV1) return Codec::jpeg;
      return syntax != EXS_Unknown && !DcmXfer(syntax).isEncapsulated() ? Codec::native : Codec::other;
  }
}

// Whether the codec of the syntax `said` decodes a codestream of the syntax `found`.
bool decodes(E_TransferSyntax said, E_TransferSyntax found) {
  if (codecOf(said) != codecOf(found)) return false;
  switch (found) {
    case EXS_JPEGProcess1:
      return said == EXS_JPEGProcess1 || said == EXS_JPEGProcess2_4;
    case EXS_JPEGProcess2_4:
    case EXS_JPEGProcess10_12:
      return said == found;
    case EXS_JPEGProcess14SV1:
      return said == EXS_JPEGProcess14SV1 || said == EXS_JPEGProcess14;
    default:
      return true;
  }
}

// The syntax by the first frame header of a JPEG stream, which may follow tables and comments.
E_TransferSyntax jpegSyntax(const Uint8 *bytes, size_t length) {
  for (size_t at = 2; at + 4 <= length && bytes[at] == 0xff;) {
    const Uint8 marker = bytes[at + 1];
    if (marker == 0xff) {
      ++at;
      continue;
    }
    switch (marker) {
      case 0xc0:
        return EXS_JPEGProcess1;
      case 0xc1:
        return EXS_JPEGProcess2_4;
      case 0xc2:
        return EXS_JPEGProcess10_12;
      case 0xc3:
        return EXS_JPEGProcess14SV1;
      case 0xf7:
        return EXS_JPEGLSLossless;
      case 0xda:
        return EXS_Unknown;
    }
    at += 2 + (size_t(bytes[at + 2]) << 8 | bytes[at + 3]);
  }
  return EXS_Unknown;
}

// The transfer syntax of a codestream; EXS_Unknown for any other bytes.
E_TransferSyntax syntaxOf(const Uint8 *bytes, size_t length) {
  switch (cdcmtk::signatureOf(bytes, length)) {
    case cdcmtk::Signature::jpeg:
      return jpegSyntax(bytes, length);
    case cdcmtk::Signature::jpeg2000:
      return EXS_JPEG2000LosslessOnly;
    case cdcmtk::Signature::rle:
      return EXS_RLELossless;
    case cdcmtk::Signature::none:
      return EXS_Unknown;
  }
  return EXS_Unknown;
}

DcmPixelData *pixelsOf(cdcmtk_file &file) {
  DcmElement *element = nullptr;
  file.dataset().findAndGetElement(DCM_PixelData, element);
  return dynamic_cast<DcmPixelData *>(element);
}

E_TransferSyntax syntaxOfFirstFragment(cdcmtk_file &file) {
  DcmPixelData *pixels = pixelsOf(file);
  DcmPixelSequence *sequence = nullptr;
  DcmPixelItem *fragment = nullptr;
  if (!pixels || pixels->getEncapsulatedRepresentation(file.dataset().getOriginalXfer(), nullptr, sequence).bad() ||
      !sequence || sequence->getItem(fragment, 1).bad())
    return EXS_Unknown;
  // Enough for the tables and comments that precede a JPEG frame header.
  Uint8 head[16384];
  const Uint32 length = std::min<Uint32>(fragment->getLength(), sizeof head);
  return length && fragment->getPartialValue(head, 0, length).good() ? syntaxOf(head, length) : EXS_Unknown;
}

}  // namespace

cdcmtk::Signature cdcmtk::signatureOf(const uint8_t *bytes, size_t length) {
  static const uint8_t jpeg[] = {0xff, 0xd8, 0xff}, codestream[] = {0xff, 0x4f, 0xff, 0x51},
                       box[] = {0, 0, 0, 0x0c, 0x6a, 0x50}, rle[] = {0, 0, 0, 64, 0, 0, 0};
  if (length < 8) return Signature::none;
  if (memcmp(bytes, jpeg, sizeof jpeg) == 0) return Signature::jpeg;
  if (memcmp(bytes, codestream, sizeof codestream) == 0 || memcmp(bytes, box, sizeof box) == 0)
    return Signature::jpeg2000;
  const bool isRLE = bytes[0] >= 1 && bytes[0] <= 15 && memcmp(bytes + 1, rle, sizeof rle) == 0;
  return isRLE ? Signature::rle : Signature::none;
}

OFCondition cdcmtk_file::loadAs(const char *path, E_TransferSyntax syntax) {
  if (content->isWhole) return loadHeld(syntax);
  DcmInputFileStream stream(path, 0);
  return parse(stream, syntax);
}

OFCondition cdcmtk::reconcile(const char *path, std::unique_ptr<cdcmtk_file> &file, OFCondition loaded) {
  const auto content = file->content;
  const auto again = [&](E_TransferSyntax syntax, auto isRight) {
    auto other = std::make_unique<cdcmtk_file>(content);
    if (other->loadAs(path, syntax).bad() || !isRight(*other)) return false;
    file = std::move(other);
    return true;
  };
  const auto isStudy = [](cdcmtk_file &other) { return other.dataset().tagExists(DCM_StudyInstanceUID); };
  const auto hasNativePixels = [](cdcmtk_file &other) {
    const DcmPixelData *pixels = pixelsOf(other);
    return pixels && pixels->getLengthField() != DCM_UndefinedLength;
  };
  OFString named;
  DcmMetaInfo *meta = file->format.getMetaInfo();
  if (!meta || meta->findAndGetOFString(DCM_TransferSyntaxUID, named).bad()) return loaded;
  const E_TransferSyntax said = DcmXfer(named.c_str()).getXfer();
  if (loaded.bad()) {
    const bool isNamed = said == EXS_DeflatedLittleEndianExplicit;
    // A truncated file has no pixels, or pixels of undefined length.
    const bool isRead =
        isNamed
            ? again(EXS_LittleEndianExplicit, isStudy)
            : (DcmXfer(said).isEncapsulated() && again(EXS_LittleEndianExplicit, hasNativePixels)) ||
                  (!inflatesBeyond(path, largestInflated, true) && again(EXS_DeflatedLittleEndianExplicit, isStudy));
    if (!isRead) return loaded;
  }
  const DcmPixelData *pixels = pixelsOf(*file);
  if (!pixels) return EC_Normal;
  E_TransferSyntax syntax = file->dataset().getOriginalXfer();
  if (codecOf(syntax) == Codec::native && pixels->getLengthField() == DCM_UndefinedLength) {
    // Any encapsulated syntax will do to get at the fragments.
    syntax = EXS_RLELossless;
    if (!again(syntax, isStudy)) return EC_Normal;
  }
  if (codecOf(syntax) == Codec::native || codecOf(syntax) == Codec::other) return EC_Normal;
  const E_TransferSyntax found = syntaxOfFirstFragment(*file);
  if (found != EXS_Unknown && !decodes(syntax, found)) again(found, isStudy);
  return EC_Normal;
}
