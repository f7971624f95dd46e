import Core
import Store

/// What a reviewer who is logged in may do: forms that a daemon adds to the pages.
package struct Reviewing: Sendable {
  /// The session's form key, which a form from another website lacks.
  private let key: String
  /// `nil` for a token without a name.
  private let reviewer: String?
  /// What undoing would take back, such as "c0004 accepted"; `nil` for nothing.
  private let undo: String?

  package init(key: String, reviewer: String?, undo: String?) {
    self.key = key
    self.reviewer = reviewer
    self.undo = undo
  }

  private var hidden: String { "<input type=\"hidden\" name=\"key\" value=\"\(key)\">" }

  private var signature: String {
    reviewer.map { "<p class=\"soft\">You review as \($0.escaped).</p>" } ?? ""
  }

  /// Names, accepts or rejects a cluster. What has no name yet is offered one, which is saved only with a verdict.
  ///
  /// - Parameter path: where it is posted, from the root.
  func form(_ cluster: ClusterProfile, path: String) -> String {
    let name = cluster.record.name ?? cluster.suggestedName
    return """
      <form class="review" method="post" action="/\(path)" aria-label="Review of \(cluster.label)">
      \(hidden)
      <input type="hidden" name="suggested" value="\(cluster.record.name == nil ? cluster.suggestedName.escaped : "")">
      <label class="wide">Name <kbd>n</kbd><br><input name="name" maxlength="\(ClusterName.longest)" value="\(name.escaped)" data-key="n"></label>
      <label class="wide">Comment<br><input name="comment" maxlength="\(Remark.longestComment)" autocomplete="off"></label>
      <div class="buttons">
      <button>Save name</button>
      <button name="trust" value="\(ClusterTrust.accepted.rawValue)" data-key="a">Accept <kbd>a</kbd></button>
      <button name="trust" value="\(ClusterTrust.rejected.rawValue)" data-key="r">Reject <kbd>r</kbd></button>
      <button name="trust" value="\(ClusterTrust.unreviewed.rawValue)">Neither</button>
      </div>
      \(signature)
      </form>
      """
  }

  /// Takes back this session's last review.
  var undoForm: String {
    guard let undo else { return "" }
    return """
      <form class="review" method="post" action="/undo" aria-label="Undo">
      \(hidden)<button data-key="u">Undo <kbd>u</kbd></button> <span>\(undo.escaped)</span>
      </form>
      """
  }

  /// Accepts or rejects the clusters that are ticked in the table of clusters; `table` has the boxes.
  func bulk(_ table: String) -> String {
    """
    <form method="post" action="/reviews" aria-label="Review of several clusters">
    \(hidden)
    <div class="review"><span>The ticked clusters:</span>
    <label>Comment <input name="comment" maxlength="\(Remark.longestComment)" autocomplete="off"></label>
    <div class="buttons">
    <button name="trust" value="\(ClusterTrust.accepted.rawValue)">Accept</button>
    <button name="trust" value="\(ClusterTrust.rejected.rawValue)">Reject</button>
    <button name="trust" value="\(ClusterTrust.unreviewed.rawValue)">Neither</button>
    </div></div>
    \(table)
    </form>
    """
  }

  func box(_ cluster: ClusterProfile) -> String {
    "<input type=\"checkbox\" name=\"cluster\" value=\"\(cluster.label)\" aria-label=\"\(cluster.label)\">"
  }

  /// Moves a unit to another cluster, out of its own, or back.
  func move(_ unit: String, from label: String, to clusters: [ClusterProfile]) -> String {
    """
    <form class="review" method="post" action="/\(PagePath.study(unit))" aria-label="Move the study">
    \(hidden)
    <label class="wide">Move to<br><select name="to">\(options(clusters, besides: label))<option value="out">out of \(label)</option><option value="free">where the models put it</option></select></label>
    <label class="wide">Comment<br><input name="comment" maxlength="\(Remark.longestComment)" autocomplete="off"></label>
    <button>Move</button>
    </form>
    """
  }

  /// Proposes to the next recluster that a cluster be merged with another, or split.
  func proposals(_ cluster: ClusterProfile, others: [ClusterProfile]) -> String {
    """
    <h2>Propose</h2>
    <form class="review" method="post" action="/proposals" aria-label="Proposal about \(cluster.label)">
    \(hidden)<input type="hidden" name="cluster" value="\(cluster.label)">
    <label class="wide">Merge with<br><select name="with">\(options(others, besides: cluster.label))</select></label>
    <label class="wide">Comment<br><input name="comment" maxlength="\(Remark.longestComment)" autocomplete="off"></label>
    <div class="buttons"><button name="what" value="merge">Propose to merge</button>
    <button name="what" value="split">Propose to split \(cluster.label)</button>
    <button name="what" value="withdraw">Withdraw</button></div>
    </form>
    """
  }

  private func options(_ clusters: [ClusterProfile], besides label: String) -> String {
    clusters.filter { $0.label != label }.map {
      "<option value=\"\($0.label)\">\($0.label) \($0.title.escaped)</option>"
    }.joined()
  }
}
