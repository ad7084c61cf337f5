// swift-tools-version: 6.2
import PackageDescription

/// One list of settings for every Swift target, so that no target is quietly less strict than another.
/// `MUTANTS=1 swift test` compiles the seeded bugs that prove the tests; a release never holds them.
let strict: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .treatAllWarnings(as: .error),
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (Context.environment["MUTANTS"] == "1" ? [.define("MUTANTS")] : [])

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: [.target(name: name)] + (name == "FairleadModel" ? [] : ["FairleadModel"])
            + dependencies,
        exclude: ["FairleadModel": ["Fixtures"], "FairleadPublication": ["Golden"]][name] ?? [],
        swiftSettings: strict
    )
}

let modules = [
    "FairleadModel", "FairleadSchema", "FairleadConfiguration", "FairleadEngine", "FairleadJournal",
    "FairleadMarketData", "FairleadPaper", "FairleadNode", "FairleadPublication", "FairleadComparison",
    "FairleadReport", "FairleadSimulation",
]

let package = Package(
    name: "fairlead-core",
    products: (["CPlatform"] + modules).map { .library(name: $0, targets: [$0]) }
        + ["fairlead-simulate", "fairlead-bench"].map { .executable(name: $0, targets: [$0]) },
    targets: [
        .target(name: "CPlatform"),
        .target(name: "CPrefetch"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CMallocCount", path: "Tests/CMallocCount"),
        module("FairleadModel", ["CCrypto"]),
        module("FairleadSchema", ["FairleadModel"]),
        module("FairleadConfiguration", ["FairleadModel"]),
        module("FairleadEngine", ["FairleadModel", "CPrefetch"]),
        module("FairleadJournal", ["FairleadModel", "CPlatform", "CCrypto"]),
        module("FairleadMarketData", ["FairleadModel", "CZlib", "CCrypto"]),
        module("FairleadPaper", ["FairleadModel", "FairleadMarketData"]),
        module(
            "FairleadNode",
            [
                "FairleadModel", "FairleadConfiguration", "FairleadEngine", "FairleadJournal", "FairleadMarketData",
                "FairleadPaper",
            ]
        ),
        module(
            "FairleadComparison",
            ["FairleadModel", "FairleadConfiguration", "FairleadJournal", "FairleadMarketData", "FairleadNode"]
        ),
        module("FairleadReport", ["FairleadModel", "FairleadMarketData", "FairleadNode", "FairleadComparison"]),
        module(
            "FairleadPublication",
            [
                "FairleadModel", "FairleadSchema", "FairleadConfiguration", "FairleadEngine", "FairleadJournal",
                "FairleadNode",
            ]
        ),
        // One entry per decoder of bytes from outside; the corpus test and the fuzzer feed the same ones.
        .target(
            name: "FairleadFuzz",
            dependencies: [
                "FairleadModel", "FairleadConfiguration", "FairleadJournal", "FairleadMarketData", "FairleadPaper",
            ],
            path: "Fuzz/Entries",
            swiftSettings: strict
        ),
        tests("FairleadFuzz", ["FairleadConfiguration", "FairleadJournal", "FairleadMarketData", "FairleadPaper"]),
        module(
            "FairleadSimulation",
            [
                "FairleadModel", "FairleadConfiguration", "FairleadEngine", "FairleadJournal", "FairleadMarketData",
                "FairleadPaper", "FairleadNode", "FairleadPublication",
            ]
        ),
        .executableTarget(
            name: "fairlead-simulate",
            dependencies: [
                "FairleadModel", "FairleadConfiguration", "FairleadJournal", "FairleadNode", "FairleadSimulation",
            ],
            path: "Sources/FairleadSimulate",
            swiftSettings: strict
        ),
        // Raw clocks, files and memory counts are most of it: safe memory is not asked for.
        .executableTarget(
            name: "fairlead-bench",
            dependencies: [
                "FairleadModel", "FairleadConfiguration", "FairleadEngine", "FairleadJournal", "FairleadMarketData",
                "FairleadPaper", "FairleadNode",
            ],
            path: "Benchmarks",
            swiftSettings: [
                .swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]
        ),
        tests("FairleadModel", ["FairleadSchema"]),
        tests("FairleadConfiguration"),
        tests("FairleadEngine", ["CMallocCount"]),
        tests("FairleadJournal", ["CMallocCount"]),
        tests("FairleadMarketData", ["CMallocCount", "CZlib"]),
        tests("FairleadPaper", ["FairleadMarketData", "CMallocCount"]),
        tests("FairleadNode", ["FairleadEngine", "FairleadJournal", "FairleadMarketData", "FairleadPaper"]),
        tests(
            "FairleadComparison",
            ["FairleadConfiguration", "FairleadMarketData", "FairleadNode", "FairleadReport"]
        ),
        .testTarget(
            name: "FairleadReportTests",
            dependencies: [
                "FairleadReport", "FairleadModel", "FairleadConfiguration", "FairleadJournal", "FairleadMarketData",
                "FairleadNode",
            ],
            exclude: ["Golden"],
            swiftSettings: strict
        ),
        tests(
            "FairleadPublication",
            [
                "FairleadConfiguration", "FairleadEngine", "FairleadJournal", "FairleadMarketData", "FairleadNode",
                "FairleadSchema",
            ]
        ),
        tests(
            "FairleadSimulation",
            ["FairleadConfiguration", "FairleadEngine", "FairleadJournal", "FairleadNode", "FairleadPaper"]
        ),
    ]
        + (Context.environment["FUZZ"] == "1"
            ? [
                .executableTarget(
                    name: "fairlead-fuzz",
                    dependencies: ["FairleadFuzz"],
                    path: "Fuzz/Runner",
                    swiftSettings: strict + [.unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"])],
                    linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]
                )
            ] : [])
)

// `ENGINE_ONLY=1` leaves the engine and its tests: what `scripts/rule-mutants` builds, in half the time.
if Context.environment["ENGINE_ONLY"] == "1" {
    let kept: Set = ["CCrypto", "CPrefetch", "CMallocCount", "FairleadModel", "FairleadEngine", "FairleadEngineTests"]
    package.targets.removeAll { !kept.contains($0.name) }
    package.products.removeAll { !kept.contains($0.name) }
}
