// swift-tools-version: 6.2
import PackageDescription

/// The same list of settings as in Core's manifest: no target is quietly less strict than another.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func core(_ name: String) -> Target.Dependency { .product(name: name, package: "Core") }

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]

let package = Package(
    name: "fairlead",
    products: [
        .executable(name: "fairlead", targets: ["fairlead"])
    ],
    dependencies: [
        .package(path: "Core"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        .target(
            name: "FairleadTransport",
            dependencies: nio + [core("FairleadNode")],
            swiftSettings: strict
        ),
        .target(
            name: "FairleadStore",
            dependencies: [
                .product(name: "GRDB", package: "GRDB.swift"), core("FairleadModel"), core("FairleadConfiguration"),
                core("FairleadEngine"), core("FairleadJournal"), core("FairleadNode"), core("FairleadPublication"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "FairleadRuntime",
            dependencies: nio + [
                "FairleadTransport", "FairleadStore", core("FairleadModel"), core("FairleadConfiguration"),
                core("FairleadEngine"), core("FairleadJournal"), core("FairleadMarketData"), core("FairleadPaper"),
                core("FairleadNode"), core("FairleadPublication"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "fairlead",
            dependencies: [
                "FairleadRuntime", "FairleadStore", "FairleadTransport", core("FairleadModel"),
                core("FairleadConfiguration"), core("FairleadEngine"), core("FairleadJournal"),
                core("FairleadMarketData"), core("FairleadNode"),
                core("FairleadPublication"), core("FairleadComparison"), core("FairleadReport"), core("CPlatform"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "fairlead-history-bench",
            dependencies: [
                "FairleadStore", core("FairleadModel"), core("FairleadConfiguration"), core("FairleadEngine"),
                core("FairleadJournal"), core("FairleadNode"),
            ],
            path: "Sources/FairleadHistoryBench",
            swiftSettings: strict
        ),
        .testTarget(
            name: "FairleadRuntimeTests",
            dependencies: nio + [
                "FairleadRuntime", "FairleadStore", "FairleadTransport", core("FairleadModel"),
                core("FairleadConfiguration"), core("FairleadPublication"),
                core("FairleadJournal"), core("FairleadNode"), core("FairleadPaper"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "FairleadStoreTests",
            dependencies: [
                "FairleadStore", core("FairleadModel"), core("FairleadConfiguration"), core("FairleadEngine"),
                core("FairleadJournal"), core("FairleadMarketData"), core("FairleadNode"), core("FairleadPaper"),
                core("FairleadPublication"), .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "FairleadCommandTests",
            dependencies: [
                "fairlead", "FairleadRuntime", "FairleadStore", "FairleadTransport", core("FairleadModel"),
                core("FairleadConfiguration"), core("FairleadMarketData"), core("FairleadNode"),
                core("FairleadPaper"), core("FairleadComparison"),
                core("FairleadReport"), core("FairleadPublication"), core("CPlatform"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["Golden"],
            swiftSettings: strict
        ),
    ]
)
