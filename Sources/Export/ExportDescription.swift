/// What the makers of a data set say about it.
package struct ExportDescription: Sendable, Equatable {
  package var title = "Annotated radiological images"
  package var licence = "none given; ask the hospital whose archive it comes from"
  package var creator = "an installation of radiologynet"

  package init() {}
}
