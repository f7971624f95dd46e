import Core

/// Why a frame gave no picture.
enum PixelError: Error {
  /// The file is sound, but this project does not read such pixels.
  case unsupported(UnsupportedPixels)
  /// The file is damaged.
  case corrupt(Rejection)
}

/// Pixels that are not read. Raw values are the `decode_path` of annotations.
enum UnsupportedPixels: String {
  case bitsAllocated = "unsupported_bits_allocated"
  case frameTooLarge = "frame_too_large"
  case palette = "unsupported_palette"
  case photometricInterpretation = "unsupported_photometric_interpretation"
  case samplesPerPixel = "unsupported_samples_per_pixel"
  /// The UID follows after a colon.
  case transferSyntax = "unsupported_transfer_syntax"
}
