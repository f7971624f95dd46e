import Core
import Foundation
import Web

/// `/metrics` for Prometheus and `/healthz` for load balancers and people, where the configuration wants them.
enum MetricsServer {
  /// - Returns: the server, which serves as long as it is kept; `nil` when metrics are off.
  /// - Throws: `FileError` when nobody may listen there.
  static func start(_ address: ListenAddress?, _ board: VitalsBoard) throws -> HTTPServer? {
    guard let address else { return nil }
    let started = Date()
    return try HTTPServer(address) { request in
      switch request.path {
      case "/metrics":
        HTTPServer.Answer(
          PrometheusText(board, started: started).text,
          contentType: "text/plain; version=0.0.4; charset=utf-8")
      case "/healthz":
        switch board.healthIssues {
        case []: HTTPServer.Answer("ok\n")
        case let healthIssues:
          HTTPServer.Answer(healthIssues.joined(separator: "\n") + "\n", status: 503)
        }
      default: .notFound
      }
    }
  }
}
