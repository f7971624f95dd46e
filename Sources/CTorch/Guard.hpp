#pragma once
#include <algorithm>
#include <cstring>
#include <exception>
#include <string>

// Runs `body`; returns 0, or 1 with libtorch's message in `message` if it throws.
template <typename Body>
int guarded(char *message, size_t capacity, Body body) {
  std::string problem;
  try {
    body();
    return 0;
  } catch (const std::exception &error) {
    problem = error.what();
  } catch (...) {
    problem = "an unknown error in libtorch";
  }
  if (capacity > 0) {
    // libtorch appends a backtrace after the first line.
    problem = problem.substr(0, std::min(problem.find('\n'), capacity - 1));
    memcpy(message, problem.c_str(), problem.size() + 1);
  }
  return 1;
}

// oneDNN generates machine code at run time, which the service's unit forbids (MemoryDenyWriteExecute), and its sums
// differ in the last bits: off unless requested and this process may execute generated code.
void allow_code(bool wanted);
