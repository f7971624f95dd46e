#include "CTOML.h"

#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>

// One parse doesn't need the distribution's compiled toml++.
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

namespace {

void quote(std::ostream &out, std::string_view text) {
  out << '"';
  for (unsigned char c : text) {
    if (c == '"' || c == '\\') {
      out << '\\' << c;
    } else if (c < 0x20) {
      char escaped[8];
      snprintf(escaped, sizeof escaped, "\\u%04x", c);
      out << escaped;
    } else {
      out << c;
    }
  }
  out << '"';
}

void collect(const toml::table &table, const std::string &prefix, std::ostream &lines, bool &first) {
  for (auto &&[key, value] : table) {
    const std::string path = prefix + std::string(key.str());
    lines << (first ? "" : ",");
    first = false;
    quote(lines, path);
    lines << ':' << key.source().begin.line;
    if (const auto *inner = value.as_table()) collect(*inner, path + ".", lines, first);
  }
}

char *copy(const std::string &text) {
  return strdup(text.c_str());
}

}  // namespace

extern "C" int ctoml_to_json(const char *text, char **json) {
  try {
    const toml::table table = toml::parse(std::string_view(text));
    std::ostringstream out;
    out << "{\"values\":" << toml::json_formatter{table} << ",\"lines\":{";
    bool first = true;
    collect(table, "", out, first);
    out << "}}";
    *json = copy(out.str());
    return 0;
  } catch (const toml::parse_error &error) {
    *json = copy(std::string(error.description()));
    return error.source().begin.line > 0 ? static_cast<int>(error.source().begin.line) : 1;
  } catch (const std::exception &error) {
    *json = copy(error.what());
    return 1;
  } catch (...) {
    *json = copy("unknown error");
    return 1;
  }
}

extern "C" void ctoml_free(char *json) {
  free(json);
}
