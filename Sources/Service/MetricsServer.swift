import Core
import Foundation
import Web

/// `/metrics` for Prometheus and `/healthz` for load balancers and people, if they are configured.
enum MetricsServer {
  /// - Returns: the server, which runs as long as it is retained; `nil` if metrics are off.
  /// - Throws: `FileError` when it can't listen at the address.
  static func start(_ address: ListenAddress?, _ board: VitalsBoard) throws -> HTTPServer? {
    guard let address else { return nil }
    return try HTTPServer(address) { request in
      switch request.path {
      case "/metrics":
        HTTPServer.Answer(
          PrometheusText(board).text,
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
