/// Of all executables, and in every bundle's manifest.
public let softwareVersion = "0.1.0"
