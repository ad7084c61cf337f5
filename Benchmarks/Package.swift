// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "fairlead-benchmarks",
    dependencies: [.package(name: "fairlead-core", path: "../Core")],
    targets: [
        .executableTarget(
            name: "fairlead-bench",
            dependencies: [
                .product(name: "FairleadModel", package: "fairlead-core"),
                .product(name: "FairleadEngine", package: "fairlead-core"),
                .product(name: "FairleadJournal", package: "fairlead-core"),
                .product(name: "FairleadMarketData", package: "fairlead-core"),
                .product(name: "FairleadPaper", package: "fairlead-core"),
                .product(name: "FairleadConfiguration", package: "fairlead-core"),
                .product(name: "FairleadNode", package: "fairlead-core"),
            ],
            swiftSettings: strict
        )
    ]
)
