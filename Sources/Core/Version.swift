/// The version of all executables, also in every bundle's manifest.
package let softwareVersion = "0.1.0"
