/// Of all executables, and in every bundle's manifest.
package let softwareVersion = "0.1.0"
