import Core
import Features
import Reclustering
import StudyIntake
import Training

/// Messages from other threads to the pipeline's thread.
enum Message: Sendable {
  case intake(IntakeMessage)
  case control(JSON, BlockingQueue<JSON>)
  case trained(Result<ModelBundle, any Error>)
  case fitted(Recluster.Request, Result<Recluster?, any Error>)
  case tried(Result<EncoderTrial.Outcome, any Error>)
  case judged(Result<DriftMonitor.Finding?, any Error>)
  case reload
  case stop
}

/// Puts intake's messages into the mailbox.
struct MailboxReceiver: IntakeReceiver {
  let mailbox: BlockingQueue<Message>
  let pulse: Pulse

  func send(_ message: IntakeMessage) { mailbox.send(.intake(message)) }
  func post(_ message: IntakeMessage) { mailbox.post(.intake(message)) }
  func scanAdvanced() { pulse.beat(.scan) }
  func scanFailed(_ problem: String) { pulse.miss(.scan, problem) }
}
