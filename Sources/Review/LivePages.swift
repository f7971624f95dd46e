import Core
import Store

/// The parts of pages that only a daemon serves.
package enum LivePages {
  /// - Parameter key: the session's form key, which a form from another website lacks.
  package static func form(_ cluster: ClusterProfile, key: String) -> String {
    let choices = ClusterTrust.allCases.map { trust in
      let isChosen = cluster.record.trust == trust.rawValue ? " checked" : ""
      return
        "<label><input type=\"radio\" name=\"trust\" value=\"\(trust.rawValue)\"\(isChosen)> \(trust.rawValue)</label>"
    }.joined(separator: "\n")
    return """
      <form class="review" method="post">
      <input type="hidden" name="key" value="\(key)">
      <label>Name<br><input name="name" maxlength="\(ClusterName.longest)" size="32" value="\((cluster.record.name ?? "").escaped)"></label>
      <div role="group" aria-label="Trust">\(choices)</div>
      <button>Save</button>
      </form>
      """
  }

  package static func login(wrong: Bool) -> Page {
    Page(
      "login", title: "Review",
      """
      \(wrong ? "<p class=\"warn\" role=\"alert\">This is not the token.</p>" : "")
      <p>The token is in <code>review.token</code> in the state folder, readable to the group of the service.</p>
      <form class="review" method="post" action="/login">
      <label>Token<br><input type="password" name="token" size="40" autocomplete="current-password" autofocus required></label>
      <button>Continue</button>
      </form>
      """)
  }

  package static var waiting: Page {
    Page(
      "waiting", title: "Reading the archive",
      "<meta http-equiv=\"refresh\" content=\"2\"><p>This page reloads until that is done.</p>"
    )
  }

  package static func message(_ title: String, _ text: String) -> Page {
    Page("message", title: title, "<p>\(text.escaped)</p><p><a href=\"/\">All clusters</a></p>")
  }
}
