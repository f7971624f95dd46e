/// Words of reports that say how something was seen, not what or where: they name no cluster, however unevenly they are
/// spread. In the languages that have stop words; see StopWords.swift of Features.
enum FillerWords {
  static let all = Set(
    (english + " " + german + " " + croatian).split(separator: " ").map(String.init))

  private static let english = """
    yes no not none without nil and with the of or left right both bilateral bilaterally side sided multiple several single \
    many large small high low higher lower increased decreased mild moderate severe marked slight minimal extensive new old \
    previous prior recent acute chronic stable unchanged normal abnormal negative positive unremarkable evidence evident \
    seen see noted note shown show shows showing demonstrate demonstrates demonstrated demonstrating reveal reveals \
    revealed suggest suggests suggesting suggestive consistent compatible likely possible probably probable appearance \
    appears appear present presence absent finding findings impression diagnosis differential history clinical indication \
    comparison technique study studies exam examination image images imaging scan scans film films view views slice slices \
    patient patients year years old man woman male female boy girl day days week weeks month months case cases discussion \
    report factor factors area areas region regions level levels part parts aspect located location locate measuring measures \
    measure size approximately also well due however within along contrast enhanced unenhanced axial coronal sagittal \
    weighted sequence sequences mr mri ct cr dx us xa mg nm pt xray ray rays radiograph radiographs radiography \
    radiographic plain tomography computed magnetic resonance ultrasound exact most more less usually often may can \
    treatment therapy performed obtained given type types common commonly include includes including found signal \
    intensity density diagnosed underwent symptoms symptom pain presented presents presenting \
    mm cm cc ml kg hu ap pa lateral department emergency
    """

  private static let german = """
    ja nein kein keine keinen keiner nicht ohne links rechts beidseits beidseitig seitlich mehrere multiple einzelne große \
    großer großes kleine kleiner kleines geringe geringer gering mäßig mäßige deutlich deutliche ausgeprägt leicht leichte \
    neu neue alt alte bekannt bekannte unverändert unauffällig normal regelrecht nachweis hinweis zeichen befund befunde \
    beurteilung anamnese fragestellung indikation technik vergleich voraufnahme voruntersuchung untersuchung aufnahme \
    aufnahmen bild bilder bildgebung patient patientin jahre jahr tage woche wochen monat monate zeigt zeigen dargestellt \
    darstellung abgrenzbar sichtbar bereich region höhe größe etwa ca bis verdacht vereinbar möglich wahrscheinlich am \
    ehesten axial koronar sagittal sequenz sequenzen kontrastmittel kontrastmittelgabe nativ röntgen mrt ct sonographie
    """

  private static let croatian = """
    da ne nema bez lijevo desno lijeva desna lijevi desni obostrano više nekoliko veliki velika mali mala manji veći \
    umjereno blago izrazito novi nova stari stara poznat uredan uredna uredno nalaz nalazi mišljenje zaključak anamneza \
    indikacija tehnika usporedba pregled snimka snimke slika slike pacijent bolesnik bolesnica godina godine dan dana \
    mjesec prikazuje vidi vide vidljiv vidljivo prikaz područje razini veličine oko moguće vjerojatno aksijalno \
    koronarno sagitalno sekvence kontrast kontrasta nativno rtg mr ct uzv
    """
}
