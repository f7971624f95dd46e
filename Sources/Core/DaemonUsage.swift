/// What radiologynetd understands: its help and its manual page.
package enum DaemonUsage {
  package static let options = """
      --config FILE  the configuration, usually /etc/radiologynet/radiologynet.toml
      --once         take what is in the input folder, annotate it, and exit
      --version      print the version
      --help         print this
    """

  package static let signals = [
    (
      "SIGTERM, SIGINT",
      "Annotate the studies that are open and end, within ten seconds; what is left is read again at the next start."
    ),
    (
      "SIGHUP",
      "Read the configuration again. What needs a restart is named in the journal; a faulty file changes nothing."
    ),
  ]
}
