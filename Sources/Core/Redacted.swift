/// A value that identifies a person. It can be used, never printed: every description, mirror and
/// interpolation gives `<redacted>`.
public struct Redacted<Value: Sendable>: Sendable, CustomStringConvertible,
  CustomDebugStringConvertible,
  CustomReflectable
{
  /// The value itself; each use of this name is a place to look at when reviewing privacy.
  public let revealed: Value

  public init(_ value: Value) { revealed = value }

  public var description: String { "<redacted>" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Redacted: Equatable where Value: Equatable {}
extension Redacted: Hashable where Value: Hashable {}
