import Core
import Embeddings
import Store
import StudyIntake

extension Pipeline {
  /// Reads the configuration again and applies what can change at run time. An invalid configuration changes nothing.
  func reload() throws {
    let newer: Configuration
    do { newer = try Configuration(contentsOf: configuration.path) } catch {
      return warn("SIGHUP: the configuration stays as it was: \(error)")
    }
    let (result, taken, waiting) = configuration.adopting(newer)
    configuration = result
    progress.reclusters.change(interval: result.recluster.every)
    buffer.adopt(result)
    annotator?.configuration = result
    Log.info(
      taken.isEmpty
        ? "SIGHUP: nothing new to take over" : "SIGHUP: took over \(taken.joined(separator: ", "))")
    if !waiting.isEmpty {
      warn("SIGHUP: changed, but waiting for a restart: \(waiting.joined(separator: ", "))")
    }
    try store.transaction {
      try store.append(
        AnnotationEvents.lifecycle(
          "reloaded",
          ["taken": .array(taken.map(JSON.string)), "waiting": .array(waiting.map(JSON.string))]),
        time: timestamp())
    }
  }
}
