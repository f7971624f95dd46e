// Writing files, for the simulator and the tests.
#include "Shared.hpp"

#include <cstring>

#include "dcmtk/dcmdata/dcrleerg.h"
#include "dcmtk/dcmjpeg/djencode.h"
#include "dcmtk/dcmjpls/djencode.h"

struct cdcmtk_writer {
  DcmFileFormat format;
};

extern "C" cdcmtk_writer *cdcmtk_writer_create(void) {
  try {
    // Only writing needs the encoders.
    static const bool registered = [] {
      DcmRLEEncoderRegistration::registerCodecs();
      DJEncoderRegistration::registerCodecs();
      DJLSEncoderRegistration::registerCodecs();
      return true;
    }();
    (void)registered;
    return new cdcmtk_writer;
  } catch (...) {
    return nullptr;
  }
}

extern "C" void cdcmtk_writer_destroy(cdcmtk_writer *writer) {
  delete writer;
}

extern "C" int cdcmtk_writer_string(cdcmtk_writer *writer, uint32_t tag, const char *value) {
  return cdcmtk::guarded(nullptr, 0, [&] {
    DcmElement *element = nullptr;
    OFCondition put = DcmItem::newDicomElement(element, DcmTag(cdcmtk::key(tag)));
    if (put.good()) put = element->putString(value);
    if (put.good()) put = writer->format.getDataset()->insert(element, OFTrue);
    if (put.bad()) delete element;
    return put.good() ? CDCMTK_OK : CDCMTK_MALFORMED;
  });
}

extern "C" int cdcmtk_writer_text_item(cdcmtk_writer *writer, const char *concept_name, const char *text) {
  return cdcmtk::guarded(nullptr, 0, [&] {
    DcmItem *item = nullptr, *concept_item = nullptr;
    OFCondition put = writer->format.getDataset()->findOrCreateSequenceItem(DCM_ContentSequence, item, -2);
    if (put.good()) put = item->putAndInsertString(DCM_RelationshipType, "CONTAINS");
    if (put.good()) put = item->putAndInsertString(DCM_ValueType, "TEXT");
    if (put.good()) put = item->findOrCreateSequenceItem(DCM_ConceptNameCodeSequence, concept_item, -2);
    if (put.good()) put = concept_item->putAndInsertString(DCM_CodeValue, "121071");
    if (put.good()) put = concept_item->putAndInsertString(DCM_CodingSchemeDesignator, "DCM");
    if (put.good()) put = concept_item->putAndInsertString(DCM_CodeMeaning, concept_name);
    if (put.good()) put = item->putAndInsertString(DCM_TextValue, text);
    return put.good() ? CDCMTK_OK : CDCMTK_MALFORMED;
  });
}

extern "C" int cdcmtk_writer_pixels(cdcmtk_writer *writer, const uint8_t *bytes, size_t length, int wide) {
  return cdcmtk::guarded(nullptr, 0, [&] {
    DcmDataset *dataset = writer->format.getDataset();
    const OFCondition put =
        wide ? dataset->putAndInsertUint16Array(DCM_PixelData, reinterpret_cast<const Uint16 *>(bytes),
                                                static_cast<unsigned long>(length / 2))
             : dataset->putAndInsertUint8Array(DCM_PixelData, bytes, static_cast<unsigned long>(length));
    return put.good() ? CDCMTK_OK : CDCMTK_MALFORMED;
  });
}

extern "C" int cdcmtk_writer_save(cdcmtk_writer *writer, const char *path, const char *transfer_syntax, char *message,
                                  size_t capacity) {
  return cdcmtk::guarded(message, capacity, [&] {
    const E_TransferSyntax syntax = DcmXfer(transfer_syntax).getXfer();
    OFCondition done = writer->format.getDataset()->chooseRepresentation(syntax, nullptr);
    if (done.good()) done = writer->format.saveFile(path, syntax);
    if (done.bad()) cdcmtk::say(message, capacity, done.text());
    return done.good() ? CDCMTK_OK : CDCMTK_MALFORMED;
  });
}
