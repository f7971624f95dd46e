#pragma once
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace cdcmtk {

// A file's bytes: all of them, so that the file is read only once, or the first page of a large file.
struct Content {
  // Up to this size glibc keeps the memory from one file to the next, see cdcmtk_start.
  static constexpr off_t largestHeld = off_t(32) << 20;
  static constexpr size_t headLength = 4096;

  std::unique_ptr<uint8_t[]> bytes;
  size_t length = 0;
  // Size of the whole file.
  off_t size = 0;
  bool isWhole = false;

  // The correct group length of the meta header if the file's is wrong; 0 if it is right.
  uint32_t groupLength = 0;
  static constexpr size_t groupLengthAt = 140;

  // Returns 0 or an error number.
  int read(const char *path);

 private:
  int fill(int file, size_t capacity);
  void measureMetaHeader();
};

}  // namespace cdcmtk
