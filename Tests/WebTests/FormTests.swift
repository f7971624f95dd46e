import Testing
import Web

@Suite struct FormTests {
  @Test func `fields are decoded`() {
    let form = Form("name=CT+%26+%3Chead%3E&empty=&alone")
    #expect(form["name"] == "CT & <head>")
    #expect(form["empty"]?.isEmpty == true && form["alone"]?.isEmpty == true)
    #expect(form["none"] == nil)
  }

  @Test func `ticked boxes are all there, a single field is the last`() {
    let form = Form("cluster=c0001&cluster=c0002&trust=a&trust=b")
    #expect(form.all("cluster") == ["c0001", "c0002"])
    #expect(form["trust"] == "b" && form.all("other").isEmpty)
  }
}
