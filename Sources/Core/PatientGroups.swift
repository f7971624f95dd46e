/// Groups studies by patient: studies that are linked, in any number of steps, by common keys. A union–find over
/// studies and keys.
package struct PatientGroups {
  private var parents: [Int] = []
  private var numbers: [String: Int] = [:]
  /// For each root the first key of its group.
  private var firsts: [Int: (order: Int, key: String)] = [:]
  private var order = 0

  package init() {}

  /// Links a study with a key of its patient.
  ///
  /// - Parameters:
  ///   - number: the key of the number alone. A number without an issuer may belong to any issuer, so it links that
  ///     number of all issuers once it occurs; until then the same number of two issuers is two patients.
  ///   - whole: the key of number and issuer; equal to `number` without an issuer.
  package mutating func link(study: String, number: String, whole: String) {
    let (study, whole) = (node("study " + study), key(whole, isBare: whole == number))
    join(study, whole)
    let number = node("number " + number)
    members[number, default: []].append(whole)
    if isBare.contains(whole) { bare.insert(number) }
    guard bare.contains(number) else { return }
    for member in members[number] ?? [] { join(number, member) }
    members[number] = [whole]
  }

  private var members: [Int: [Int]] = [:]
  private var bare: Set<Int> = []
  private var isBare: Set<Int> = []

  private mutating func key(_ whole: String, isBare bare: Bool) -> Int {
    let key = node("key " + whole)
    if bare { isBare.insert(key) }
    if firsts[root(key)] == nil {
      firsts[root(key)] = (order, whole)
      order += 1
    }
    return key
  }

  /// The key of a study's patient: the earliest of all linked keys; `nil` if it has none. It stays the same while
  /// others are added, unless two groups merge.
  package mutating func patient(of study: String) -> String? {
    guard let node = numbers["study " + study] else { return nil }
    return firsts[root(node)]?.key
  }

  private mutating func node(_ name: String) -> Int {
    if let known = numbers[name] { return known }
    numbers[name] = parents.count
    parents.append(parents.count)
    return parents.count - 1
  }

  private mutating func root(_ node: Int) -> Int {
    var node = node
    while parents[node] != node {
      parents[node] = parents[parents[node]]
      node = parents[node]
    }
    return node
  }

  private mutating func join(_ first: Int, _ second: Int) {
    let (first, second) = (root(first), root(second))
    guard first != second else { return }
    parents[second] = first
    let keys = [firsts[first], firsts[second]].compactMap { $0 }
    firsts[first] = keys.min { $0.order < $1.order }
  }
}
