#pragma once
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace cdcmtk {

// A file's bytes: all of them, so that it is read only once, or the first of a large one.
struct Content {
  // What glibc keeps from one file to the next, see cdcmtk_start.
  static constexpr off_t largestHeld = off_t(32) << 20;
  static constexpr size_t headLength = 4096;

  std::unique_ptr<uint8_t[]> bytes;
  size_t length = 0;
  // Of the whole file.
  off_t size = 0;
  bool isWhole = false;

  // The length that the group length of the meta header should say, where it says another; 0 where it is right.
  uint32_t groupLength = 0;
  static constexpr size_t groupLengthAt = 140;

  // Returns 0 or the number of what is wrong.
  int read(const char *path);

 private:
  int fill(int file, size_t capacity);
  void measureMetaHeader();
};

}  // namespace cdcmtk
