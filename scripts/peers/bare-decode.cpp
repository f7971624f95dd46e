// The limit that decoding is measured against: DCMTK's and OpenJPEG's own decoders in a loop, nothing after them.
// Every file is parsed and at most three of its frames, spread evenly, are decoded to stored values.
//
//     g++ -O2 -o bare-decode bare-decode.cpp $(pkg-config --cflags --libs dcmtk libopenjp2) ...: see scripts/benchmark
//     bare-decode FOLDER [PROCESSES]      prints the number of DICOM files and of frames
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcfcache.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

#include <openjpeg-2.5/openjpeg.h>

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

struct Memory {
  const Uint8 *bytes;
  size_t length, at;
};

OPJ_SIZE_T readMemory(void *target, OPJ_SIZE_T wanted, void *user) {
  auto &memory = *static_cast<Memory *>(user);
  if (memory.at >= memory.length) return static_cast<OPJ_SIZE_T>(-1);
  const size_t count = std::min<size_t>(wanted, memory.length - memory.at);
  memcpy(target, memory.bytes + memory.at, count);
  memory.at += count;
  return count;
}

bool openJPEG(Uint8 *bytes, size_t length) {
  Memory memory{bytes, length, 0};
  opj_codec_t *codec = opj_create_decompress(OPJ_CODEC_J2K);
  opj_stream_t *stream = opj_stream_create(1 << 16, OPJ_TRUE);
  opj_stream_set_user_data(stream, &memory, nullptr);
  opj_stream_set_user_data_length(stream, length);
  opj_stream_set_read_function(stream, readMemory);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  opj_image_t *image = nullptr;
  const bool good = opj_setup_decoder(codec, &parameters) && opj_read_header(stream, codec, &image) &&
                    opj_decode(codec, stream, image);
  opj_image_destroy(image);
  opj_stream_destroy(stream);
  opj_destroy_codec(codec);
  return good;
}

// How many frames were decoded; -1 for what is no DICOM file.
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
      if (pixels->getEncapsulatedRepresentation(syntax, nullptr, sequence).bad() ||
          sequence->getItem(item, frame + 1).bad() || item->getUint8Array(bytes).bad())
        continue;
      decoded += openJPEG(bytes, item->getLength());
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
