public import FairleadModel

/// A client of the account: several may be connected, each with ids of its own.
struct PaperClient: BitwiseCopyable {
    var number: UInt32
    /// Counts its connections; answers to an older one are dropped.
    var connection: UInt32 = 0
    var isConnected = false
    var lastArrival = Timestamp.never
    var lastAnswer = Timestamp.never
    /// The newest parent of which an order has been forgotten.
    var horizon = IntentID.none

    init(number: UInt32) { self.number = number }

    /// True when an order of this id may have been forgotten.
    func mayHaveForgotten(_ id: ClientOrderID) -> Bool {
        if horizon.isNone { return false }
        if id.epoch != horizon.epoch { return id.epoch < horizon.epoch }
        return id.parent <= horizon.parent
    }

    mutating func forget(_ id: ClientOrderID) {
        if !mayHaveForgotten(id) { horizon = id.intent }
    }
}

extension PaperVenue {
    /// Connects a client, or connects it anew: answers to its older connection are dropped. False when the table of
    /// clients is full, or the number is the venue's own.
    @discardableResult
    public mutating func connect(client number: UInt32, at now: Timestamp) -> Bool {
        advance(to: now)
        guard number != Self.liquidator else { return false }
        if let index = clientIndex(number) {
            clients[index].connection += 1
            clients[index].isConnected = true
            clients[index].lastAnswer = .never
            return true
        }
        guard clients.count < capacities.clients else { return false }
        clients.append(PaperClient(number: number))
        clients[clients.count - 1].isConnected = true
        return true
    }

    /// Disconnects a client: its orders live on, its answers are dropped, its requests on their way still arrive.
    public mutating func disconnect(client number: UInt32, at now: Timestamp) {
        advance(to: now)
        guard let index = clientIndex(number) else { return }
        clients[index].isConnected = false
        clients[index].connection += 1
    }

    public func isConnected(client number: UInt32) -> Bool {
        guard let index = clientIndex(number) else { return false }
        return clients[index].isConnected
    }

    /// Sends a request on its way; it arrives after the entry delay, behind the client's earlier ones.
    ///
    /// `number` comes back with the answer. False when the client is not connected: the request is not taken. When too
    /// many requests are on their way it is answered `throttled` at once.
    @discardableResult
    public mutating func request(
        _ request: PaperRequest,
        number: UInt32 = 0,
        client: UInt32,
        at now: Timestamp
    ) -> Bool {
        advance(to: now)
        guard let index = clientIndex(client), clients[index].isConnected else { return false }
        guard arrivals.count < capacities.requests else {
            refuseUntaken(request, number: number, clientIndex: index)
            return true
        }
        let delay = entryDelay.draw(&random)
        let arrival = max(time + delay, clients[index].lastArrival)
        clients[index].lastArrival = arrival
        queueSequence += 1
        arrivals.push(
            PaperArrival(
                time: arrival,
                sequence: queueSequence,
                client: client,
                connection: clients[index].connection,
                number: number,
                request: request
            )
        )
        return true
    }

    func clientIndex(_ number: UInt32) -> Int? {
        for index in clients.indices where clients[index].number == number { return index }
        return nil
    }

    /// Queues an answer behind the client's earlier ones. Dropped when `connection` is no longer the client's.
    mutating func answer(_ response: PaperResponse, to client: UInt32, number: UInt32 = 0, connection: UInt32? = nil) {
        guard let index = clientIndex(client), clients[index].isConnected else { return }
        if let connection, connection != clients[index].connection { return }
        guard answers.count < capacities.answers else {
            overrun(index)
            return
        }
        let delay = answerDelay.draw(&random)
        let due = max(time + delay, clients[index].lastAnswer)
        clients[index].lastAnswer = due
        push(response, to: index, number: number, due: due)
    }

    /// A client that doesn't drain loses its connection rather than one answer in silence.
    private mutating func overrun(_ index: Int) {
        clients[index].connection += 1
        push(.disconnected, to: index, number: 0, due: time)
        clients[index].isConnected = false
    }

    private mutating func push(_ response: PaperResponse, to index: Int, number: UInt32, due: Timestamp) {
        queueSequence += 1
        answers.push(
            PaperAnswer(
                time: due,
                sequence: queueSequence,
                client: clients[index].number,
                connection: clients[index].connection,
                number: number,
                response: response
            )
        )
    }

    /// True when the connection that an answer is for still stands.
    func isHeard(_ answer: PaperAnswer) -> Bool {
        guard let index = clientIndex(answer.client) else { return false }
        return clients[index].connection == answer.connection
    }

    private mutating func refuseUntaken(_ request: PaperRequest, number: UInt32, clientIndex: Int) {
        let client = clients[clientIndex].number
        switch request {
        case .submit(let order):
            answer(.rejected(rejection(order.id, .throttled)), to: client, number: number)
        case .cancel(let id):
            answer(.cancelRejected(rejection(id, .throttled)), to: client, number: number)
        case .amend(let amendment):
            answer(.replaceRejected(rejection(amendment.id, .throttled)), to: client, number: number)
        case .query(let id):
            answer(.forgotten(id), to: client, number: number)
        case .list(let listing):
            answer(.listing(listing), to: client, number: number)
        case .time:
            answer(.time(time), to: client, number: number)
        }
    }

    func rejection(_ id: ClientOrderID, _ reason: RejectReason) -> OrderRejection {
        OrderRejection(id: id, reason: reason, venueTime: time)
    }
}
