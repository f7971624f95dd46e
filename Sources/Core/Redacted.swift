/// A value that identifies a person. It can be used but never printed: every description, mirror and interpolation
/// gives `<redacted>`.
package struct Redacted<Value: Sendable>: Sendable, CustomStringConvertible,
  CustomDebugStringConvertible,
  CustomReflectable
{
  /// The value itself; a privacy review looks at each use of this name.
  package let revealed: Value

  package init(_ value: Value) { revealed = value }

  package var description: String { "<redacted>" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Redacted: Equatable where Value: Equatable {}
extension Redacted: Hashable where Value: Hashable {}
