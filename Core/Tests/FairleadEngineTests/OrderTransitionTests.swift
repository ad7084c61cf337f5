import FairleadEngine
import FairleadModel
import Testing

/// The whole transition table as a page: a row an input, a column a state. `=` stays, `~` repeated, `!` out of order,
/// `L` a late fill, `R` resumes, letters go to the state of that column.
private let matrix = """
    input              C S U A W P X E F N J D
    submitted          S ~ ! ! ! ! ! ! ! ! ! !
    accepted           ! W W ~ ~ ~ ~ ~ ~ ~ ! ~
    rejected           ! J J ! ! ! J ! ! ! ~ !
    partlyFilled       ! P P P P = = = L L L L
    completelyFilled   ! F F F F F F F L L L L
    cancelRequested    ! X = X X X ~ X ! ! ! !
    cancelled          ! N N N N N N N ~ ~ ! ~
    expired            ! D D D D D D D ~ ~ ! ~
    cancelRejected     ! ! = ! ! ! R ! ~ ~ ~ ~
    cancelUnanswered   ! ! ~ ! ! ! = ! ~ ~ ~ ~
    replaceRequested   ! ! ! E E E ! ! ! ! ! !
    replaced           ! ! ! ! ! ! ~ R ! ! ! !
    replaceRejected    ! ! ! ! ! ! ~ R ~ ~ ! ~
    replaceUnanswered  ! ! ! ! ! ! ~ = ~ ~ ! ~
    submitUnanswered   ! U ~ ~ ~ ~ ~ ~ ~ ~ ~ ~
    neverSent          ! N N ! ! ! N ! ! ~ ! ~
    presumedDead       ! ! D ! ! ! D D ! ~ ! ~
    """

private let columns: [(Character, OrderState)] = [
    ("C", .created), ("S", .submitted), ("U", .pendingUnknown), ("A", .accepted), ("W", .working),
    ("P", .partiallyFilled), ("X", .pendingCancel), ("E", .pendingReplace), ("F", .filled), ("N", .cancelled),
    ("J", .rejected), ("D", .expired),
]

private func expected(_ cell: Character, from state: OrderState) -> OrderStep? {
    switch cell {
    case "=": .to(state)
    case "~": .repeated
    case "!": .outOfOrder
    case "L": .lateFill
    case "R": .resume
    default: columns.first { $0.0 == cell }.map { .to($0.1) }
    }
}

/// Goal: every pair of state and input does what the page says. Method: walk page and table together; no pair is left
/// out.
@Test func everyPairOfStateAndInput() throws {
    var lines = matrix.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    let header = lines.removeFirst().dropFirst().map { Character($0) }
    #expect(header == columns.map(\.0))
    #expect(lines.count == OrderInput.allCases.count)
    for (line, input) in zip(lines, OrderInput.allCases) {
        try #require(line.first == "\(input)")
        for (cell, column) in zip(line.dropFirst(), columns) {
            let step = OrderTransition.step(from: column.1, on: input)
            #expect(step == expected(Character(cell), from: column.1), "\(input) in \(column.1)")
        }
    }
}

/// Goal: an ended order never lives again. Method: from each terminal state no input leads to another state.
@Test func terminalStatesAbsorb() {
    for state in OrderState.allCases where state.isTerminal {
        for input in OrderInput.allCases {
            switch OrderTransition.step(from: state, on: input) {
            case .to(let target): Issue.record("\(state) goes to \(target) on \(input)")
            case .resume: Issue.record("\(state) resumes on \(input)")
            case .repeated, .lateFill, .outOfOrder: break
            }
        }
    }
}
