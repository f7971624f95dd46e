import Intake
import Testing

@Suite struct AssemblerTests {
  private let start = ContinuousClock.now

  private func assembler() -> StudyAssembler<[Int]> { StudyAssembler(quiet: 60, maximumOpen: 600) }

  @Test func `a study is complete after the quiet time`() {
    var assembler = assembler()
    assembler.update("a", now: start, initial: []) { $0.append(1) }
    assembler.update("a", now: start + .seconds(50), initial: []) { $0.append(2) }
    let early = assembler.complete(now: start + .seconds(100), limit: 9)
    #expect(early.isEmpty)
    #expect(assembler.nextDeadline == start + .seconds(110))
    let complete = assembler.complete(now: start + .seconds(110), limit: 9)
    #expect(complete.map(\.content) == [[1, 2]])
    #expect(assembler.count == 0)
  }

  @Test func `a study that never gets quiet is complete at the cap`() {
    var assembler = assembler()
    var completed = 0
    for second in stride(from: 0, through: 700, by: 30) {
      assembler.update("a", now: start + .seconds(second), initial: []) { $0.append(second) }
      completed += assembler.complete(now: start + .seconds(second), limit: 9).count
    }
    #expect(completed == 1)
  }

  @Test func `studies don't wait for each other, and a batch has its limit`() {
    var assembler = assembler()
    for key in ["c", "a", "b"] { assembler.update(key, now: start, initial: []) { _ in } }
    assembler.update("d", now: start + .seconds(30), initial: []) { _ in }
    let batches = [
      assembler.complete(now: start + .seconds(60), limit: 2),
      assembler.complete(now: start + .seconds(60), limit: 2), assembler.flush(),
    ]
    #expect(batches.map { $0.map(\.key) } == [["a", "b"], ["c"], ["d"]])
  }
}
