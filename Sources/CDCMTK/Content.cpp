// A DCMTK stream over a file in memory. DCMTK's own stream over a buffer copies every value; this one leaves large
// values in place until they are needed, like DCMTK's stream over a file.
#include "Shared.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "dcmtk/dcmdata/dcistrma.h"

namespace {

class Producer final : public DcmProducer {
 public:
  Producer(const cdcmtk::Content &content, offile_off_t at) : content(content), at(at) {}

  OFBool good() const override { return state.good(); }
  OFCondition status() const override { return state; }
  OFBool eos() override { return avail() == 0; }
  offile_off_t avail() override { return static_cast<offile_off_t>(content.length) - at; }
  offile_off_t read(void *buffer, offile_off_t length) override {
    const offile_off_t from = at;
    const offile_off_t count = skip(length);
    if (count > 0) memcpy(buffer, content.bytes.get() + from, static_cast<size_t>(count));
    if (content.groupLength)
      correct(static_cast<uint8_t *>(buffer), static_cast<size_t>(from), static_cast<size_t>(count));
    return count;
  }
  offile_off_t skip(offile_off_t length) override {
    const offile_off_t count = std::clamp(length, offile_off_t(0), avail());
    at += count;
    return count;
  }
  void putback(offile_off_t count) override {
    if (count > at) {
      state = EC_PutbackFailed;
    } else {
      at -= count;
    }
  }

 private:
  const cdcmtk::Content &content;
  offile_off_t at;
  OFCondition state = EC_Normal;

  // Replaces the wrong group length with the right one.
  void correct(uint8_t *buffer, size_t from, size_t count) const {
    const size_t at = cdcmtk::Content::groupLengthAt;
    for (size_t place = std::max(from, at); place < std::min(from + count, at + 4); ++place)
      buffer[place - from] = static_cast<uint8_t>(content.groupLength >> 8 * (place - at));
  }
};

class Factory final : public DcmInputStreamFactory {
 public:
  Factory(const cdcmtk::Content &content, offile_off_t at) : content(content), at(at) {}

  DcmInputStream *create() const override;
  DcmInputStreamFactory *clone() const override { return new Factory(content, at); }
  DcmInputStreamFactoryType ident() const override { return DFT_DcmInputFileStreamFactory; }

 private:
  const cdcmtk::Content &content;
  const offile_off_t at;
};

class Stream final : public DcmInputStream {
 public:
  Stream(const cdcmtk::Content &content, offile_off_t at)
      : DcmInputStream(&producer), content(content), start(at), producer(content, at) {}

  // Deflated data passes through a filter and has no offset in the file.
  DcmInputStreamFactory *newFactory() const override {
    if (currentProducer() != &producer) return nullptr;
    last = start + tell();
    return new Factory(content, last);
  }

  // Offset of the last value that a factory was made for.
  mutable offile_off_t last = 0;

 private:
  const cdcmtk::Content &content;
  const offile_off_t start;
  Producer producer;
};

DcmInputStream *Factory::create() const {
  return new Stream(content, at);
}

// Reads until the buffer is full or the file ends; -1 for an error.
ssize_t readFully(int file, uint8_t *buffer, size_t capacity) {
  size_t length = 0;
  while (length < capacity) {
    const ssize_t count = read(file, buffer + length, capacity - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -1;
    if (count == 0) break;
    length += static_cast<size_t>(count);
  }
  return static_cast<ssize_t>(length);
}

}  // namespace

int cdcmtk::Content::read(const char *path) {
  const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return errno;
  struct stat information;
  int error = fstat(file, &information) == 0 ? 0 : errno;
  // Reading a pipe would wait for its writer.
  if (error == 0 && !S_ISREG(information.st_mode)) error = EINVAL;
  if (error == 0) {
    size = information.st_size;
    isWhole = size <= largestHeld;
    error = fill(file, isWhole ? static_cast<size_t>(size) : headLength);
    if (error == 0) measureMetaHeader();
    if (error == 0 && groupLength && !isWhole && size <= largestRepaired && lseek(file, 0, SEEK_SET) == 0) {
      // DCMTK's stream over a file would trust the header.
      isWhole = true;
      error = fill(file, static_cast<size_t>(size));
    }
  }
  close(file);
  return error;
}

int cdcmtk::Content::fill(int file, size_t capacity) {
  bytes.reset(new uint8_t[capacity]);
  const ssize_t count = readFully(file, bytes.get(), capacity);
  length = count < 0 ? 0 : static_cast<size_t>(count);
  return count < 0 ? errno : 0;
}

// The meta header ends where its group does, whatever its first element says.
void cdcmtk::Content::measureMetaHeader() {
  const uint8_t *all = bytes.get();
  const auto number = [all](size_t at) {
    return uint32_t(all[at]) | uint32_t(all[at + 1]) << 8 | uint32_t(all[at + 2]) << 16 | uint32_t(all[at + 3]) << 24;
  };
  const size_t start = groupLengthAt + 4;
  static const uint8_t head[] = {'D', 'I', 'C', 'M', 2, 0, 0, 0, 'U', 'L', 4, 0};
  if (length < start || memcmp(all + 128, head, sizeof head) != 0) return;
  size_t at = start;
  while (at + 12 <= length && all[at] == 2 && all[at + 1] == 0) {
    const DcmVR vr(std::string(reinterpret_cast<const char *>(all + at + 4), 2).c_str());
    if (!vr.isStandard()) return;
    const bool isLong = vr.usesExtendedLengthEncoding();
    const size_t value = isLong ? number(at + 8) : all[at + 6] | all[at + 7] << 8;
    at += isLong ? 12 : 8;
    if (value > length - at) return;
    at += value;
  }
  if (at > start && at - start != number(groupLengthAt)) groupLength = static_cast<uint32_t>(at - start);
}

OFCondition cdcmtk_file::loadHeld(E_TransferSyntax syntax) {
  Stream stream(*content, 0);
  const OFCondition parsed = parse(stream, syntax);
  lastValue = stream.last;
  return parsed;
}
