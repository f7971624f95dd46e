/// Endings of inflected names: Horvata, Horvatovim, Marije, Müllers, Kowalskiego.
enum NameEndings {
  /// The bases that a name's forms begin with, from its key.
  static func bases(_ key: String) -> [String] {
    let count = key.utf8.count
    guard count >= 3, let last = key.utf8.last else { return [] }
    var bases = [key]
    if "aeiouy".utf8.contains(last) { bases.append(String(key.dropLast())) }
    if count >= 5, let base = withoutFleetingVowel(key) { bases.append(base) }
    // Marija and Юлия, Юлии.
    if key.hasSuffix("ija") || key.hasSuffix("iya") { bases.append(String(key.dropLast(2))) }
    for ending in ["ova", "eva", "as", "is", "os", "us"]
    where key.hasSuffix(ending) && count >= ending.utf8.count + 4 {
      bases.append(String(key.dropLast(ending.count)))
    }
    return bases
  }

  /// Whether a word with this ending is a form of its base of `length` bytes.
  static func isEnding(_ ending: Substring, of length: Int) -> Bool {
    // "any" is not a form of Ana.
    common.contains(ending) && (length >= 3 || ending != "y")
      || length >= 4 && (ending.isEmpty || others.contains(ending))
  }

  static let longest = 5

  /// Petar and Petra, Vrabec and Vrabca.
  private static func withoutFleetingVowel(_ key: String) -> String? {
    var letters = Array(key.utf8)
    let place = letters.count - 2
    guard "ae".utf8.contains(letters[place]), !"aeiouy".utf8.contains(letters[place - 1]),
      "ckrln".utf8.contains(letters[place + 1])
    else { return nil }
    letters.remove(at: place)
    return String(decoding: letters, as: UTF8.self)
  }

  private static func list(_ text: String) -> Set<Substring> { Set(text.split(separator: " ")) }

  /// Slavic cases and possessives, German and English genitives.
  private static let common = list(
    """
    a e i o u y s es ov ova ove ovi ovu ovo ovom ovim ovih ovoj ovog ovou ev eva eve evi evu evo evom \
    evim evih evoj evog em om im am in ina ine inu inom inoj ini ima ama ami ah ja je ju ji jem jom jin \
    jina owi owa owie ow ego emu ej iego iemu iej iem ym ymi ou ski ska ske sku oj og oga uju omu oy ey yu uyu
    """)
  /// Hungarian, Finnish, Turkish, Lithuanian, Greek, Romanian and German endings that would turn short names into
  /// words.
  private static let others = list(
    """
    sche schen scher nak nek val vel tol hoz hez nal nel ban ben t ot et n lla lle lta sta ssa nin nun un \
    da de dan den ya ye ui ai as is os us en ens ul ului lui skog skom ovima ovoga
    """)
}
