import Core

extension Command {
  static let reviewers = Command(
    name: "reviewers", summary: "who may review in a browser, each with a token",
    usage: "reviewers [list | add NAME | remove NAME]",
    details: """
      Lists the people who have a token for the live pages. Their names are in the events of what they decide.

        add NAME     prints a token for NAME, once: only its hash is kept. A known NAME gets a new token.
        remove NAME  ends NAME's sessions at once

      The token in review.token of the state folder still opens the pages, without a name.
      """,
    examples: ["reviewers", "reviewers add \"A. Novak\"", "reviewers remove \"A. Novak\""]
  ) { invocation in
    let words = try invocation.words(atMost: 2)
    let folder = try invocation.configuration().state.directory
    try asOwner(of: folder) {
      var reviewers = try Reviewers(stateDirectory: folder)
      switch (words.first ?? "list", words.count) {
      case ("list", 0...1):
        if invocation.json {
          print(JSON.array(reviewers.names.map(JSON.string)).encoded)
        } else {
          for name in reviewers.names { print(name) }
        }
      case ("add", 2):
        guard let token = reviewers.add(words[1]) else { throw UsageError(Remark.rule) }
        try reviewers.save()
        print(invocation.json ? JSON.object([("token", .string(token))]).encoded : token)
      case ("remove", 2):
        guard reviewers.remove(words[1]) else {
          throw CommandError("no reviewer is called \(words[1].printable)", .data)
        }
        try reviewers.save()
      default: throw UsageError("usage: radiologynetctl \(invocation.command.usage)")
      }
    }
  }
}
