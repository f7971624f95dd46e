import Core

extension Command {
  static let completion = Command(
    name: "completion", summary: "print the completions of a shell",
    usage: "completion bash | completion zsh | completion fish",
    details: """
      Prints a script that completes commands, their words and options, labels of clusters, numbers of generations,
      bundles, keys of quarantined files, and files. The package installs it for all three shells.
      """,
    examples: [
      "completion bash > /etc/bash_completion.d/radiologynetctl",
      "completion fish > ~/.config/fish/completions/radiologynetctl.fish",
    ]
  ) { invocation in
    let script: String
    switch try invocation.words(atMost: 1).first {
    case "bash": script = bash
    case "zsh": script = zsh
    case "fish": script = fish
    case let other:
      throw UsageError("completion takes bash, zsh or fish, not \(other ?? "nothing")")
    }
    print(invocation.json ? JSON.object([("script", .string(script))]).encoded : script)
  }

  private static let names = all.map(\.name).joined(separator: " ")

  /// The words of a command that don't depend on the store.
  private var fixedWords: [String] {
    let commands = name == Command.help.name ? Command.all.map(\.name) : []
    return keywords + commands + Invocation.options
  }

  /// One `case` branch per command. In `bash` and `zsh`, `$candidates` is the command that prints what the store holds.
  private static func branches(_ body: (_ words: String, _ kind: String?) -> String) -> String {
    all.map { command in
      let line = body(command.fixedWords.joined(separator: " "), command.completedFromStore)
      return "    \(command.name)) \(line) ;;"
    }.joined(separator: "\n")
  }

  private static var bash: String {
    """
    # bash completion of radiologynetctl
    _radiologynetctl() {
      local current=${COMP_WORDS[COMP_CWORD]} command= word words kind= place
      local previous=${COMP_WORDS[COMP_CWORD-1]}
      local -a tool=("${COMP_WORDS[0]}")
      COMPREPLY=()
      if [[ $previous == --config ]]; then
        COMPREPLY=($(compgen -f -- "$current"))
        return
      fi
      for ((place = 1; place < COMP_CWORD; place++)); do
        word=${COMP_WORDS[place]}
        if [[ $word == --config ]]; then
          tool+=(--config "${COMP_WORDS[++place]}")
        elif [[ -z $command && " \(names) " == *" $word "* ]]; then
          command=$word
        fi
      done
      case $command in
    \(branches { words, kind in "words=\"\(words)\"\(kind.map { "; kind=\($0)" } ?? "")" })
        *) words="\(names) \(Invocation.options.joined(separator: " "))" ;;
      esac
      if [[ -n $kind && $current != -* ]]; then
        words+=" $("${tool[@]}" candidates $kind 2>/dev/null)"
      fi
      COMPREPLY=($(compgen -W "$words" -- "$current"))
      if [[ -n $command && $current != -* ]]; then COMPREPLY+=($(compgen -f -- "$current")); fi
    }
    complete -o filenames -F _radiologynetctl radiologynetctl
    """
  }

  private static var zsh: String {
    let described = all.map {
      "    '\($0.name):\($0.summary.replacing("'", with: "'\\''"))'"
    }.joined(separator: "\n")
    return """
      #compdef radiologynetctl
      _radiologynetctl() {
        local -a commands tool
        commands=(
      \(described)
        )
        local command= word place
        tool=($words[1])
        if [[ $words[CURRENT-1] == --config ]]; then
          _files
          return
        fi
        for ((place = 2; place < CURRENT; place++)); do
          word=$words[place]
          if [[ $word == --config ]]; then
            tool+=(--config $words[++place])
          elif [[ -z $command ]] && (( ${commands[(I)$word:*]} )); then
            command=$word
          fi
        done
        case $command in
      \(branches { words, kind in
        "compadd -- \(words)"
          + (kind.map { " ${(f)\"$($tool candidates \($0) 2>/dev/null)\"}" } ?? "") + "; _files"
      })
          *) _describe command commands; compadd -- \(Invocation.options.joined(separator: " ")) ;;
        esac
      }
      _radiologynetctl "$@"
      """
  }

  private static var fish: String {
    var lines = ["# fish completion of radiologynetctl"]
    func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "\\'"))'" }
    lines.append("complete -c radiologynetctl -l config -r -F -d 'configuration file'")
    lines.append("complete -c radiologynetctl -l json -d 'print JSON'")
    lines.append("complete -c radiologynetctl -l help -d 'show help'")
    for command in all {
      lines.append(
        "complete -c radiologynetctl -n __fish_use_subcommand -f -a \(command.name) "
          + "-d \(quoted(command.summary))")
      let words = command.fixedWords.filter { !Invocation.options.contains($0) }
      let held = command.completedFromStore.map {
        " (radiologynetctl candidates \($0) 2>/dev/null)"
      }
      guard !words.isEmpty || held != nil else { continue }
      lines.append(
        "complete -c radiologynetctl -n '__fish_seen_subcommand_from \(command.name)' "
          + "-a \(quoted(words.joined(separator: " ") + (held ?? "")))")
    }
    return lines.joined(separator: "\n")
  }
}
