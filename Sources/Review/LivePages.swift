import Core
import Store

/// Pages that only a daemon serves.
package enum LivePages {
  package static func login(wrong: Bool) -> Page {
    Page(
      "login", title: "Review",
      """
      \(wrong ? "<p class=\"warn\" role=\"alert\">This is not the token.</p>" : "")
      <p>Your own token is what <code>radiologynetctl reviewers add</code> printed. Another one, without a name, is in
      <code>review.token</code> in the state folder, readable to the group of the service.</p>
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
