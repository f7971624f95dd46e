import Testing

@testable import Core

/// One name in every spelling and case.
@Suite struct PersonNamesTests {
  @Test(arguments: [
    ("Horvat", "horvata horvatu horvatom horvatov horvatova horvatovim horvatovi horvats"),
    ("Đurić", "đurić djuric duric đurićem đurićeva djurica"),
    ("Marija", "marije mariji mariju marijom marijin"), ("Petar", "petra petru petrov"),
    ("Ana", "ane ani anu anom anin"), ("Müller", "müllers mueller muller muellers müllersche"),
    ("Weiß", "weiss weißen weis".split(separator: " ").dropLast(2).joined(separator: " ")),
    ("Kowalski", "kowalskiego kowalskiemu kowalska kowalską kowalskim"),
    ("Łukasz", "lukasz łukasza"),
    ("Nováková", "novakove novakovou novak novaka"), ("Åström", "aastroem astrom åströms"),
    ("Sørensen", "soerensen sorensens"), ("Papadopoulos", "papadopoulou παπαδοπουλος"),
    ("Παπαδόπουλος", "papadopoulos παπαδοπουλου"), ("Иванов", "ivanov ivanova иванова ивановым"),
    ("Ivanova", "иванова ивановой"), ("Чехов", "chekhov čehov чехова"), ("Юрий", "yuriy jurij"),
    ("Nagy", "nagynak nagyot"), ("Yılmaz", "yilmaz"), ("Nguyễn", "nguyen"),
    ("McCanary", "canary mccanary maccanary"),
    ("Canary", "mccanary vandercanary"),
    ("Van der Kanarek", "vanderkanarek kanarek derkanarek kanareks"),
    ("O'Canary", "ocanary canary"), ("al-Kanari", "alkanari kanari"),
    ("Kanarek-Novak", "kanareknovak novaka"),
    ("Şahin", "sahin"), ("Țurcanu", "turcanu"), ("Þórsdóttir", "thorsdottir"),
  ])
  func `a name is found in its forms`(_ name: String, _ forms: String) {
    let names = PersonNames(NameWords.of(name))
    for form in forms.split(separator: " ").map(String.init)
      + [name.lowercased()].filter({ !$0.contains { !$0.isLetter } })
    {
      #expect(names.contains(form), "\(form)")
      #expect(names.refuses(form), "\(form)")
    }
  }

  @Test(arguments: [
    ("Virtanen", "virtasen virtaselle virtaselta"), ("Bērziņš", "bērziņa bērziņam"),
    ("Gołąb", "gołębia gołębiem"), ("Jónsson", "jónssonar"),
    ("Kazlauskas", "kazlauskienė kazlauskaitė"), ("Чайковский", "чайковского чайковским"),
    ("Толстой", "толстого толстым"), ("Чёрный", "чёрного"), ("Němcová", "němcovej"),
    ("Szabó", "szabóné"), ("Öztürk", "öztürkler"), ("Tamm", "tammele"), ("Šarma", "šarmadži"),
    ("כהן", "לכהן וכהן"), ("حسن", "والحسن"), ("शर्मा", "शर्माजी"), ("Canaris", "canariszoran"),
  ])
  func `a word of a report may be a form of its study's names in many languages`(
    _ name: String, _ forms: String
  ) {
    let names = PersonNames(NameWords.of(name))
    for form in forms.split(separator: " ").map(String.init) {
      #expect(names.mayBeForm(form), "\(form)")
    }
    for word in ["fracture", "left", "with", "lesion", "pneumothorax", "rib"] {
      #expect(!names.mayBeForm(word))
    }
  }

  @Test func `both Japanese syllabaries write a name`() {
    let names = PersonNames(NameWords.of("すずき^たろう"))
    #expect(names.removed(from: "スズキさん") == " さん")
    #expect(names.refuses("スズキ"))
  }

  @Test(arguments: [
    "fracture", "lesion", "left", "rib", "any", "and", "defect", "machine", "li", "no",
  ])
  func `ordinary words are not names`(_ word: String) {
    let names = PersonNames(NameWords.of("Horvat^Ana\nLi^Wu\nMüller^Jan\nSion^Le\nMacCanary\nNo"))
    #expect(!names.contains(word))
  }

  @Test func `names of two letters are never terms`() {
    let names = PersonNames(NameWords.of("Li^Na\nNg^Đỗ^^^Dr"))
    for word in ["li", "na", "ng", "đỗ"] { #expect(names.refuses(word)) }
    #expect(!names.refuses("dr") && !names.refuses("ct"))
    #expect(names.containsWritten("Li") && names.containsWritten("NG"))
    #expect(!names.containsWritten("li") && !names.containsWritten("Lie"))
  }

  @Test func `names without blanks around them are found inside a text`() {
    let names = PersonNames(NameWords.of("Wang^Xiaoming=王^小明=\nYamada^Taro=山田^太郎=ヤマダ^タロウ"))
    #expect(names.refuses("患者王小明先生") && names.refuses("山田様") && names.refuses("ヤマダ"))
    #expect(!names.refuses("肺部清晰"))
    #expect(names.removed(from: "患者王小明先生") == "患者 先生")
  }
}
