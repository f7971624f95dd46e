import Core

extension Command {
  static let completion = Command(
    name: "completion", summary: "print the completions of a shell",
    usage: "completion bash | completion zsh | completion fish",
    details: """
      Prints a script that completes commands, their words and options, and files. The package installs it for
      all three shells.
      """,
    examples: [
      "completion bash > /etc/bash_completion.d/radiologynetctl",
      "completion fish > ~/.config/fish/completions/radiologynetctl.fish",
    ]
  ) { invocation in
    switch try invocation.words(atMost: 1).first {
    case "bash": print(bash)
    case "zsh": print(zsh)
    case "fish": print(fish)
    case let other:
      throw UsageError("completion takes bash, zsh or fish, not \(other ?? "nothing")")
    }
  }

  private static let options = ["--config", "--json", "--help", "--version"]
  private static let names = Command.all.map(\.name).joined(separator: " ")

  /// One `case` branch per command.
  private static func branches(_ body: (String) -> String) -> String {
    Command.all.map { command in
      "    \(command.name)) \(body((command.keywords + ["--json", "--help"]).joined(separator: " "))) ;;"
    }.joined(separator: "\n")
  }

  private static var bash: String {
    """
    # bash completion of radiologynetctl
    _radiologynetctl() {
      local current=${COMP_WORDS[COMP_CWORD]} command= word words
      local previous=${COMP_WORDS[COMP_CWORD-1]}
      COMPREPLY=()
      if [[ $previous == --config ]]; then
        COMPREPLY=($(compgen -f -- "$current"))
        return
      fi
      for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        if [[ " \(names) " == *" $word "* ]]; then
          command=$word
          break
        fi
      done
      case $command in
    \(branches { "words=\"\($0)\"" })
        *) words="\(names) \(options.joined(separator: " "))" ;;
      esac
      COMPREPLY=($(compgen -W "$words" -- "$current"))
      if [[ -n $command && $current != -* ]]; then COMPREPLY+=($(compgen -f -- "$current")); fi
    }
    complete -o filenames -F _radiologynetctl radiologynetctl
    """
  }

  private static var zsh: String {
    let described = Command.all.map {
      "    '\($0.name):\($0.summary.replacing("'", with: "'\\''"))'"
    }.joined(separator: "\n")
    return """
      #compdef radiologynetctl
      _radiologynetctl() {
        local -a commands
        commands=(
      \(described)
        )
        local command= word
        if [[ $words[CURRENT-1] == --config ]]; then
          _files
          return
        fi
        for word in ${words[2,CURRENT-1]}; do
          if (( ${commands[(I)$word:*]} )); then
            command=$word
            break
          fi
        done
        case $command in
      \(branches { "compadd -- \($0); _files" })
          *) _describe command commands; compadd -- \(options.joined(separator: " ")) ;;
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
    for command in Command.all {
      lines.append(
        "complete -c radiologynetctl -n __fish_use_subcommand -f -a \(command.name) "
          + "-d \(quoted(command.summary))")
      guard !command.keywords.isEmpty else { continue }
      lines.append(
        "complete -c radiologynetctl -n '__fish_seen_subcommand_from \(command.name)' "
          + "-a \(quoted(command.keywords.joined(separator: " ")))")
    }
    return lines.joined(separator: "\n")
  }
}
