import Core

/// Why a frame could not be rendered.
enum PixelError: Error {
  /// The file is sound, but its pixels are not supported.
  case unsupported(UnsupportedPixels)
  /// The file is damaged.
  case corrupt(Rejection)
}

/// Kinds of unsupported pixels. Raw values are the `decode_path` of annotations.
enum UnsupportedPixels: String {
  case bitsAllocated = "unsupported_bits_allocated"
  case frameTooLarge = "frame_too_large"
  case palette = "unsupported_palette"
  case photometricInterpretation = "unsupported_photometric_interpretation"
  case samplesPerPixel = "unsupported_samples_per_pixel"
  /// A colon and the UID follow.
  case transferSyntax = "unsupported_transfer_syntax"
}
