// The limit that decoding is measured against: DCMTK's and OpenJPEG's own decoders in a loop, nothing after them.
// scripts/benchmark builds it. It parses every file and decodes up to three of its frames, evenly spread, to stored
// values.
//
//     bare-decode FOLDER [PROCESSES]      prints the number of DICOM files and of frames
#include <dcmtk/dcmdata/dcfcache.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

#include "COpenJPEG.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace {

// The number of decoded frames; -1 if it isn't a DICOM file.
long decode(const std::string &path) {
  DcmFileFormat file;
  if (file.loadFile(path.c_str(), EXS_Unknown, EGL_noChange, 4096, ERM_fileOnly).bad()) return -1;
  DcmDataset &dataset = *file.getDataset();
  DcmElement *element = nullptr;
  if (dataset.findAndGetElement(DCM_PixelData, element).bad()) return 0;
  auto *pixels = dynamic_cast<DcmPixelData *>(element);
  if (!pixels) return 0;
  Sint32 frames = 1;
  if (dataset.findAndGetSint32(DCM_NumberOfFrames, frames).bad() || frames < 1) frames = 1;
  const E_TransferSyntax syntax = dataset.getOriginalXfer();
  Uint32 size = 0;
  DcmFileCache cache;
  long decoded = 0;
  const Sint32 wanted = std::min<Sint32>(3, frames);
  for (Sint32 i = 0; i < wanted; ++i) {
    const Sint32 frame = (2 * i + 1) * frames / (2 * wanted);
    if (syntax == EXS_JPEG2000LosslessOnly || syntax == EXS_JPEG2000) {
      DcmPixelSequence *sequence = nullptr;
      DcmPixelItem *item = nullptr;
      Uint8 *bytes = nullptr;
      Uint16 rows = 0, columns = 0, samples = 1, bits = 8;
      dataset.findAndGetUint16(DCM_Rows, rows);
      dataset.findAndGetUint16(DCM_Columns, columns);
      dataset.findAndGetUint16(DCM_SamplesPerPixel, samples);
      dataset.findAndGetUint16(DCM_BitsAllocated, bits);
      if (pixels->getEncapsulatedRepresentation(syntax, nullptr, sequence).bad() ||
          sequence->getItem(item, frame + 1).bad() || item->getUint8Array(bytes).bad())
        continue;
      std::vector<Uint8> buffer(size_t(rows) * columns * samples * (bits / 8));
      uint32_t whole = 0, precision = 0, isSigned = 0;
      decoded += copenjpeg_decode(bytes, item->getLength(), columns, rows, samples, bits / 8, &whole, buffer.data(),
                                  &precision, &isSigned) == COPENJPEG_OK;
      continue;
    }
    if (pixels->getUncompressedFrameSize(&dataset, size).bad()) continue;
    std::vector<Uint8> buffer(size + 1);
    Uint32 fragment = 0;
    OFString model;
    decoded += pixels->getUncompressedFrame(&dataset, frame, fragment, buffer.data(), size, model, &cache).good();
  }
  return decoded;
}

}  // namespace

int main(int count, char **words) {
  if (count < 2) {
    fprintf(stderr, "usage: bare-decode FOLDER [PROCESSES]\n");
    return 64;
  }
  OFLog::configure(OFLogger::FATAL_LOG_LEVEL);
  DcmRLEDecoderRegistration::registerCodecs();
  DJDecoderRegistration::registerCodecs();
  DJLSDecoderRegistration::registerCodecs();
  std::vector<std::string> paths;
  for (const auto &entry : std::filesystem::recursive_directory_iterator(words[1]))
    if (entry.is_regular_file()) paths.push_back(entry.path());

  struct Shared {
    std::atomic<size_t> next{0};
    std::atomic<long> files{0}, frames{0};
  };
  void *memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto *shared = new (memory) Shared;
  const int processes = count > 2 ? atoi(words[2]) : 1;
  for (int i = 0; i < processes; ++i) {
    if (fork() != 0) continue;
    for (size_t at; (at = shared->next++) < paths.size();) {
      const long frames = decode(paths[at]);
      if (frames < 0) continue;
      shared->files += 1;
      shared->frames += frames;
    }
    _exit(0);
  }
  while (wait(nullptr) > 0) {
  }
  printf("%ld files, %ld frames\n", shared->files.load(), shared->frames.load());
}
