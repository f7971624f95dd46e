#pragma once
// C interface to toml++. No exception crosses it.
#ifdef __cplusplus
extern "C" {
#endif

// Parses TOML text. On success returns 0 and sets *json to a JSON object
// {"values": {...}, "lines": {"dotted.key": line}}; on failure returns the line of the error (at least 1)
// and sets *json to a description. The caller frees *json with ctoml_free either way.
int ctoml_to_json(const char *text, char **json);
void ctoml_free(char *json);

#ifdef __cplusplus
}
#endif
