#pragma once
// C interface to DCMTK: reading files, and writing the simulator's synthetic ones. Opaque handles, int codes; no C++
// type and no exception crosses it. Tags are given as 0xggggeeee.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  CDCMTK_OK = 0,
  CDCMTK_NOT_DICOM = 1,    // neither a preamble nor a plausible first element
  CDCMTK_UNREADABLE = 2,   // the file can't be opened or read
  CDCMTK_MALFORMED = 3,    // DCMTK refused the data set or the pixel data
  CDCMTK_UNSUPPORTED = 4,  // no decoder for this transfer syntax
  CDCMTK_TRUNCATED = 5,    // fewer pixel bytes than rows, columns and frames declare
  CDCMTK_NO_MEMORY = 6,
  CDCMTK_TOO_LARGE = 8,  // a deflated data set that would fill memory
  CDCMTK_INTERNAL = 7,   // any other exception
};

enum {
  CDCMTK_PIXELS_NONE = 0,
  CDCMTK_PIXELS_INTEGER = 1,
  CDCMTK_PIXELS_FLOAT = 2,
  CDCMTK_PIXELS_DOUBLE = 3,
};

typedef struct cdcmtk_file cdcmtk_file;

typedef struct {
  uint32_t kind;  // CDCMTK_PIXELS_*
  uint32_t rows, columns, frames;
  uint32_t samples, bits_allocated, bits_stored, high_bit;
  uint32_t is_signed, planar, encapsulated;
} cdcmtk_pixels;

// Registers the codecs and silences DCMTK's log. Call once, before any other function.
void cdcmtk_start(void);

// The part of cdcmtk_start that changes the environment, which no other thread may read meanwhile: call it before
// starting threads.
void cdcmtk_choose_dictionary(void);

// Opens a file. Files up to 32 MiB are held in memory; large elements of larger files stay on disk. `message` receives
// DCMTK's message on failure. `fallback` is the character set of texts that are not UTF-8 if the file names no known
// one: a defined term (PS3.3 C.12.1.1.2) or an iconv name.
int cdcmtk_open(const char *path, const char *fallback, cdcmtk_file **file, char *message, size_t capacity);
void cdcmtk_close(cdcmtk_file *file);

// The whole file, or NULL if it is too large to be held in memory.
const uint8_t *cdcmtk_content(cdcmtk_file *file, size_t *length);

// The element's value in UTF-8, several values joined by '\'. `frame` < 0 looks in the main data set;
// otherwise the per-frame functional groups of that frame, then the shared ones, then the main data set.
// Returns the length (copied up to `capacity`), or -1 when the element is absent.
long cdcmtk_string(cdcmtk_file *file, uint32_t tag, long frame, uint8_t *buffer, size_t capacity);

// An element of a sequence's item in UTF-8. Returns the length (copied up to `capacity`), 0 when the item lacks the
// element, -1 when there is no such item.
long cdcmtk_item_string(cdcmtk_file *file, uint32_t sequence, uint32_t item, uint32_t tag, uint8_t *buffer,
                        size_t capacity);

// The transfer syntax UID of the file as stored.
const char *cdcmtk_transfer_syntax(cdcmtk_file *file);

// The text of an SR document: TEXT content items in document order, one per line. Free with cdcmtk_free.
char *cdcmtk_report_text(cdcmtk_file *file);

// Every Referenced SOP Instance UID at any depth of a sequence, one per line. Free with cdcmtk_free.
char *cdcmtk_references(cdcmtk_file *file, uint32_t sequence);

// Every person's name of the data set, at any depth, one value per line. Free with cdcmtk_free.
char *cdcmtk_person_names(cdcmtk_file *file);

// Values of a 16-bit array element: `sequence` != 0 looks inside that sequence's first item.
// Returns the number of words (copied up to `capacity`), or -1 when absent.
long cdcmtk_words(cdcmtk_file *file, uint32_t sequence, uint32_t tag, long frame, uint16_t *words, size_t capacity);

// Describes the pixels; `kind` is CDCMTK_PIXELS_NONE if there are none.
void cdcmtk_describe(cdcmtk_file *file, cdcmtk_pixels *pixels);

// Decodes one frame into `buffer` (row-major, host byte order) and writes the colour model of the result.
// `planar` is updated to the layout of the result. A native frame that is smaller than `buffer` ends in zeros.
int cdcmtk_frame(cdcmtk_file *file, uint32_t frame, uint8_t *buffer, size_t capacity, char model[17], uint32_t *planar,
                 char *message, size_t message_capacity);

// A native frame of `length` bytes in place, valid until the file is closed; NULL if the file isn't held in memory or
// its byte order isn't the machine's.
const uint8_t *cdcmtk_native(cdcmtk_file *file, uint32_t frame, size_t length);

// One encapsulated frame's bytes as stored, its fragments joined. Call it with NULL for the length, then with a buffer
// for the bytes.
int cdcmtk_encapsulated(cdcmtk_file *file, uint32_t frame, size_t *length, uint8_t *bytes);

void cdcmtk_free(void *memory);

// Writing.
typedef struct cdcmtk_writer cdcmtk_writer;
cdcmtk_writer *cdcmtk_writer_create(void);
void cdcmtk_writer_destroy(cdcmtk_writer *writer);
int cdcmtk_writer_string(cdcmtk_writer *writer, uint32_t tag, const char *value);
int cdcmtk_writer_text_item(cdcmtk_writer *writer, const char *concept_name, const char *text);
int cdcmtk_writer_pixels(cdcmtk_writer *writer, const uint8_t *bytes, size_t length, int wide);
// Stores the file in the given transfer syntax, encoding the pixels if the syntax requires it.
int cdcmtk_writer_save(cdcmtk_writer *writer, const char *path, const char *transfer_syntax, char *message,
                       size_t capacity);

#ifdef __cplusplus
}
#endif
