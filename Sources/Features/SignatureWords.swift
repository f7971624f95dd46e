import Core

/// Words after which a report names who wrote, read or ordered it.
enum SignatureWords {
  /// The rest of the line is a signature.
  static let phrases = list(
    """
    electronically signed; digitally signed; signed by; dictated by; transcribed by; reported by; report by; read by
    interpreted by; reviewed by; verified by; validated by; approved by; authenticated by; finalized by; finalised by
    prepared by; referred by; ordered by; attending physician; attending radiologist
    referring physician; ordering physician; requesting physician; reading physician; signing radiologist
    consultant radiologist; reporting radiologist; patient name; name of patient; kind regards; best regards
    yours sincerely; gez; gezeichnet; validiert durch; befundet durch; befundet von; elektronisch signiert
    elektronisch unterschrieben; elektronisch freigegeben; freigegeben durch; freigegeben von; vidiert durch
    vidiert von; diktiert von; unterzeichnet von; freundlichen grüßen; kollegialen grüßen; überweisender arzt
    name des patienten; potpisao; potpisala; potpis; elektronički potpisano; očitao; očitala; verificirao
    verificirala; odobrio; odobrila; specijalist radiologije; specijalist radiolog; spec radiologije; ime i prezime
    s poštovanjem; podpisano; podpisał; podpisała; opisał; opisała; opis wykonał; opis wykonała; lekarz opisujący
    popsal; popsala; podepsal; podepsala; signé par; signé électroniquement; validé par; dicté par; relu par
    bien confraternellement; firmato; refertato da; medico refertante; medico radiologo; firmado; informado por
    validado por; medico informante; assinado por; assinado eletronicamente; laudado por; ondertekend door
    verslagen door; geautoriseerd door; signerat av; signert av; underskrevet af; dikterat av; granskat av
    allekirjoittanut; leletező orvos; aláírta; imza; raporlayan; onaylayan; подписал; подписала; подпись
    описал; описала; υπογραφή; 报告医生; 审核医生; 报告医师; 审核医师; 医师签名; 読影医; 報告医; 판독의
    """)

  /// The same if a colon follows.
  static let roles = list(
    """
    radiologist; radiologe; radiologin; radiolog; radiologue; physician; doctor; arzt; ärztin; liječnik; liječnica
    lekarz; lékař; médecin; medico; médico; arts; läkare; lege; orvos; врач; ιατρός; consultant; resident; author
    autor; verfasser; befunder; untersucher; zuweiser; einsender; technologist; sonographer; radiographer; mtra; name
    ime; signature; unterschrift; read; dictated; dictation; signed; reported; reviewed; approved; verified; typed
    transcribed; interpreted; finalized; diktat; diktiert; erstellt; geschrieben; gelesen; validiert; befundet; vidiert
    freigegeben; schreibkraft; relu; dicté; validé; signé; tapé; firmado; validado; refertato; redatto; by; durch; von; par; 医生; 医师; 医師
    """)

  /// Titles before a name.
  static let titles = Set(
    ["dr", "drs", "prof", "professor", "doz", "dozent", "prim", "docent", "dott", "dra"])

  /// Forms of address before a name; the name has a capital.
  static let addresses = Set(
    [
      "Mr", "Mrs", "Ms", "Miss", "Herr", "Herrn", "Frau", "Gosp", "Gospodin", "Gospođa", "Gđa",
      "Pan", "Pani",
      "Monsieur", "Madame", "Mme", "Señor", "Señora", "Signor", "Signora", "Mevrouw", "Dhr", "Mevr",
    ])

  /// Degrees between title and name.
  static let degrees = Set(
    [
      "med", "univ", "sc", "mr", "dent", "habil", "spec", "priv", "doz", "dipl", "ing", "phil",
      "rer", "nat", "vet",
      "mag", "medic", "hc", "ssa",
    ])

  /// Degrees after a name, without their dots.
  static let suffixes = Set([
    "md", "phd", "mbbs", "frcr", "mrcp", "frcpc", "facr", "franzcr", "ebir", "mudr", "dmd",
  ])

  private static func list(_ text: String) -> [[String]] {
    text.split(whereSeparator: { $0 == ";" || $0.isNewline }).map { phrase($0) }
  }

  /// The words of a phrase, normalised for comparison.
  static func phrase(_ text: some StringProtocol) -> [String] {
    Tokenizer.words(String(text)).map(PersonNames.spelling)
  }
}
