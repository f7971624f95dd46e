import Core
import Features
import Reclustering
import StudyIntake
import Training

/// What the pipeline's thread receives from all others.
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

/// Intake's way into the mailbox.
struct MailboxReceiver: IntakeReceiver {
  let mailbox: BlockingQueue<Message>
  let pulse: Pulse

  func send(_ message: IntakeMessage) { mailbox.send(.intake(message)) }
  func post(_ message: IntakeMessage) { mailbox.post(.intake(message)) }
  func scanAdvanced() { pulse.beat(.scan) }
  func scanFailed(_ problem: String) { pulse.miss(.scan, problem) }
}
