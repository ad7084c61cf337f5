import FairleadConfiguration
import FairleadModel
import FairleadReport
import Testing

@testable import FairleadComparison

@Suite struct ArrivalRunnerTests {
    private static let plan: ComparisonPlan = {
        var plan = ComparisonPlan()
        plan.interval = .seconds(4)
        plan.block = .seconds(8)
        plan.resamples = 200
        return plan
    }()

    /// Goal: every arm executes every arrival wholly by the deadline, at the venue's own fees. Method: most of a minute
    /// of the synthetic market, all arms.
    @Test func everyArmFillsEveryArrival() throws {
        let recording = try ComparisonFixture.synthetic(seconds: 50, Self.plan)
        let result = try ComparisonFixture.run(recording, Self.plan)
        let headline = Self.plan.fees[0]
        for arm in result.arms {
            #expect(arm.results.count >= 12)
            for one in arm.results {
                #expect(!one.isRefused, "\(arm.name): \(one.veto?.name ?? "refused")")
                #expect(one.left == .zero, "\(arm.name) at \(one.arrival.time.text(.milliseconds))")
                let charged = Money(raw8: one.fills.reduce(0) { $0 + $1.fee }).double
                let computed = one.feeBps(headline) * Money.notional(one.middle, one.quantity).double / 10_000
                // The venue rounds each fill's fee up to 10^-8.
                #expect(abs(charged - computed) < 1e-6)
                let end = one.arrival.time + Self.plan.deadline + Self.plan.grace
                #expect(one.arrival.time + (try #require(one.duration)) <= end)
            }
        }
        let taker = try #require(result.arms.first { $0.name == ComparisonArm.baseline })
        #expect(taker.results.allSatisfy { $0.makerFilled == .zero && $0.slippageBps > -5 })
        let maker = try #require(result.arms.first { $0.name == "always_maker_stay" })
        #expect(maker.results.allSatisfy { $0.startedAsMaker })
        let slices = try #require(result.arms.first { $0.name == "plain_twap" })
        #expect(slices.results.allSatisfy { $0.fills.count >= 5 && $0.makerFilled == .zero })
    }

    /// Goal: an arrival's outcome depends on nothing but itself, and the report on nothing but the inputs. Method: the
    /// same arrivals in reverse order, and the report twice.
    @Test func theSameInputsGiveTheSameReport() throws {
        let recording = try ComparisonFixture.synthetic(seconds: 36, Self.plan)
        let again = try ComparisonFixture.synthetic(seconds: 36, Self.plan)
        let arms = ComparisonArm.all.filter { $0.name == ComparisonArm.baseline || $0.name == "thresholds" }
        let first = try ComparisonFixture.run(recording, Self.plan, arms: arms)
        let second = try ComparisonFixture.run(again, Self.plan, arms: arms)
        let (one, other) = (
            ComparisonFixture.report(first, Self.plan), ComparisonFixture.report(second, Self.plan)
        )
        #expect(one.csv == other.csv)
        #expect(one.json == other.json)
        #expect(ComparisonPage(one).text == ComparisonPage(other).text)
        let runner = try ArrivalRunner(recording, arms[1], Self.plan, ComparisonFixture.documents)
        let backward = try Self.plan.arrivals(of: recording).reversed().map { try runner.run($0) }
        for (a, b) in zip(backward.reversed(), first.arms[1].results) { #expect(a.fills == b.fills) }
    }

    /// Goal: arrivals that share an account are all executed, each once, and the policy learns of them. Method: the
    /// chains of a plan over two minutes, of the threshold policy and of adaptive routing.
    @Test(arguments: ["thresholds", "adaptive"]) func chainsHoldEveryArrival(name: String) throws {
        let recording = try ComparisonFixture.synthetic(seconds: 60, Self.plan)
        let arrivals = Self.plan.arrivals(of: recording)
        let chains = Self.plan.chains(arrivals.count, stride: 1)
        #expect(chains.joined().sorted() == Array(arrivals.indices))
        let arm = try #require(ComparisonArm.all.first { $0.name == name })
        let documents = ComparisonFixture.documents
        let runner = try ArrivalRunner(recording, arm, Self.plan, documents, isChained: true)
        for chain in chains {
            let sides = Set(chain.map { arrivals[$0].side })
            #expect(sides.count == 1)
            let results = try runner.chain(chain.map { arrivals[$0] })
            #expect(results.allSatisfy { $0.left == .zero && !$0.isRefused })
            // It is asked each time, and what it learns in the account stands behind its later choices.
            let samples = results.compactMap(\.arm).map { $0.samples[.joinShort] + $0.samples[.take] }
            #expect(samples.count == (name == "adaptive" ? results.count : 0))
            #expect(samples.count < 2 || samples[0] == 0 && samples[samples.count - 1] > 0)
        }
    }

    /// Goal: in an account of its own adaptive routing knows nothing and does what the thresholds do, which the docs
    /// say; and it is on there, not off. Method: the fills of each arrival under both, and the arm's configuration.
    @Test func adaptiveKnowsNothingInAnAccountOfItsOwn() throws {
        let recording = try ComparisonFixture.synthetic(seconds: 36, Self.plan)
        let arms = ComparisonArm.all.filter { $0.name == "adaptive" || $0.name == "thresholds" }
        let result = try ComparisonFixture.run(recording, Self.plan, arms: arms)
        #expect(result.arms.count == 2 && !result.arms[0].results.isEmpty)
        for (one, other) in zip(result.arms[0].results, result.arms[1].results) { #expect(one.fills == other.fills) }
        #expect(result.arms[0].results.allSatisfy { $0.arm == nil })
        #expect(result.arms[1].results.allSatisfy { $0.arm?.reason == .fewSamples })
        let arm = try #require(arms.last)
        let runner = try ArrivalRunner(recording, arm, Self.plan, ComparisonFixture.documents, isChained: true)
        #expect(runner.configuration.engine.adaptive.mode == .live)
        #expect(runner.configuration.engine.adaptive.minimumSamples == 5)
    }

    /// Goal: the report's parts agree with each other, and no arm beats hindsight. Method: the report of a short run.
    @Test func theReportHoldsTogether() throws {
        let recording = try ComparisonFixture.synthetic(seconds: 36, Self.plan)
        let result = try ComparisonFixture.run(recording, Self.plan)
        let statistics = result.statistics(Self.plan.fees[0])
        for row in statistics.arms {
            #expect(statistics.hindsight.mean <= row.net.mean + 1e-9)
            #expect(abs(row.slippage + row.fees - row.net.mean) < 1e-9)
            #expect(row.tail >= row.net.mean - 1e-9)
            if let saving = row.saving { #expect(saving.mean <= statistics.bound.mean + 1e-9) }
        }
        let report = ComparisonFixture.report(result, Self.plan)
        #expect(report.csv.split(separator: "\n").count == 1 + ComparisonArm.all.count)
        let page = ComparisonPage(report).text
        for arm in ComparisonArm.all { #expect(page.contains(arm.name)) }
        #expect(report.json["recordings"]?[0]?["sections"]?[0]?["arms"]?.array?.count == ComparisonArm.all.count)
    }

    /// Goal: on a real recording the router as configured costs at least a basis point less than taking, and what it
    /// measures repeats. Method: the first arrivals of BTCUSDT of 2024-08-08 with its whole book, twice.
    @Test(.enabled(if: ComparisonFixture.isPresent(), "no recordings beside the project: skipped"))
    func theRouterSavesOnARecording() throws {
        var plan = ComparisonPlan()
        plan.limit = 40
        let recording = try ComparisonFixture.recorded(ComparisonFixture.bitcoin, plan)
        let arms = ComparisonArm.all.filter { $0.name == ComparisonArm.baseline || $0.name == "thresholds" }
        let result = try ComparisonFixture.run(recording, plan, arms: arms)
        let rows = result.statistics(plan.fees[0]).arms
        #expect(rows.allSatisfy { $0.arrivals == 80 && $0.refused == 0 && $0.completed == 0 })
        // Half a spread of one tick, and the fee.
        #expect(abs(rows[0].net.mean - 5.01) < 0.02)
        #expect(try #require(rows[1].saving?.mean) > 1)
        var few = plan
        few.limit = 6
        let again = try ComparisonFixture.run(recording, few, arms: arms)
        for (arm, repeated) in zip(result.arms, again.arms) {
            for (one, other) in zip(arm.results, repeated.results) { #expect(one.fills == other.fills) }
        }
    }
}
