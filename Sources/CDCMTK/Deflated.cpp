// DCMTK inflates deflated data sets in memory, so their size is measured first, in a few kilobytes.
#include "Shared.hpp"

#include <zlib.h>

#include "dcmtk/dcmdata/dcistrmf.h"

namespace {

// Offset of the data set if the file declares itself deflated, or with `whateverItSays` of any file; 0 otherwise.
offile_off_t deflatedOffset(const char *path, bool whateverItSays) {
  DcmInputFileStream stream(path, 0);
  if (!stream.good()) return 0;
  DcmMetaInfo meta;
  meta.transferInit();
  const OFCondition read = meta.read(stream, EXS_Unknown, EGL_noChange, cdcmtk_file::maximumReadLength);
  meta.transferEnd();
  OFString syntax;
  if (read.bad() || meta.findAndGetOFString(DCM_TransferSyntaxUID, syntax).bad()) return 0;
  return whateverItSays || syntax == UID_DeflatedExplicitVRLittleEndianTransferSyntax ? stream.tell() : 0;
}

}  // namespace

bool cdcmtk::inflatesBeyond(const char *path, uint64_t limit, bool whateverItSays) {
  const offile_off_t offset = deflatedOffset(path, whateverItSays);
  if (offset <= 0) return false;
  const std::unique_ptr<FILE, int (*)(FILE *)> file(fopen(path, "rb"), fclose);
  z_stream inflater = {};
  if (!file || fseeko(file.get(), offset, SEEK_SET) != 0 || inflateInit2(&inflater, -MAX_WBITS) != Z_OK) return false;
  Bytef input[16384], output[65536];
  uint64_t total = 0;
  int state = Z_OK;
  while (state == Z_OK && total <= limit) {
    if (inflater.avail_in == 0) {
      inflater.avail_in = static_cast<uInt>(fread(input, 1, sizeof input, file.get()));
      inflater.next_in = input;
      if (inflater.avail_in == 0) break;
    }
    inflater.avail_out = sizeof output;
    inflater.next_out = output;
    state = inflate(&inflater, Z_NO_FLUSH);
    total += sizeof output - inflater.avail_out;
  }
  inflateEnd(&inflater);
  return total > limit;
}
