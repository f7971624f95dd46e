/// Options and signals of radiologynetd, for its help and its manual page.
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
      "Annotate the open studies and exit within ten seconds; the rest is read again at the next start."
    ),
    (
      "SIGHUP",
      "Read the configuration again. What needs a restart is named in the journal; a faulty file changes nothing."
    ),
  ]
}
