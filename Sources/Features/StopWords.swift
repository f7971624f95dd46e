/// Function words that say nothing about a diagnosis. Negations stay: "no fracture" is a finding.
enum StopWords {
  static func words(_ language: String) -> Set<String> {
    switch language {
    case "english", "porter": english
    case "german": german
    case "serbian": croatian
    default: []
    }
  }

  private static func list(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
  }

  private static let english = list(
    """
    a about above after again all also although am an and any are as at be because been before being
    below between both but by can could did do does doing down during each either few for from further
    had has have having he her here hers him his how however i if in into is it its itself just may me
    might more most must my of off on once only or other our out over own same she should so some such
    than that the their them then there these they this those through to too under until up upon very
    was we were what when where whether which while who whom why will with within would you your
    """)

  private static let german = list(
    """
    aber als am an auch auf aus bei beim bis das dass dem den der des die diese dieser dieses doch dort
    durch ein eine einem einen einer eines er es für gegen hat hier im in ist ja jede jeder kann können
    man mehr mit nach noch nun nur ob oder sehr sein seine sich sie sind so sowie über um und uns unter
    vom von vor war waren wegen weiter welche wenn werden wie wir wird wo wurde wurden zu zum zur zwischen
    """)

  private static let croatian = list(
    """
    a ali bi bih bila bili bilo bio da do dok ga gdje i ih ili im iz ja je jer još kao kada kako kod koja
    koje koji koju li me među mi mu na nad naj nakon njega njih no o od on ona oni ono ova ovaj ove ovo
    pa po pod pored prema pri s sa sam se si smo su šta što ta taj te ti to u uz već vi za zbog što
    """)
}
