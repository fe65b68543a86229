// swift-tools-version: 6.2
import PackageDescription

// The floors of Sources/ARCHITECTURE.md, lowest first. A target imports only what stands below it;
// `deploy/test` builds with undeclared imports refused, and TidyTests checks the rest.

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let http: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]
let commandLine: [Target.Dependency] = [
    .product(name: "ArgumentParser", package: "swift-argument-parser"),
    .product(name: "Logging", package: "swift-log"),
    .product(name: "TOMLKit", package: "TOMLKit"),
]

let houseRules: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]
/// Pure targets touch no pointer, so any unsafe construct in them is a build error.
let pureRules = houseRules + [.strictMemorySafety()]

let package = Package(
    name: "tamis",
    products: [
        .executable(name: "tamis", targets: ["tamis"]),
        .executable(name: "tamis-bench", targets: ["tamis-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        // Floor 1
        .target(
            name: "News", dependencies: [crypto],
            resources: [.embedInCode("AddressRules.txt")], swiftSettings: pureRules),
        .target(name: "Markup", swiftSettings: pureRules),
        .target(name: "CSwiftRuntime"),
        .target(name: "CAllocator", linkerSettings: [.linkedLibrary("jemalloc")]),
        .target(name: "Isolation", dependencies: ["CSwiftRuntime"], swiftSettings: houseRules),
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        // Floor 2
        .target(name: "FeedParsing", dependencies: ["News", "Markup"], swiftSettings: pureRules),
        .target(
            name: "PageExtraction", dependencies: ["News", "Markup"], swiftSettings: pureRules),
        .target(name: "Deduplication", dependencies: ["News"], swiftSettings: pureRules),
        .target(
            name: "ArticleStore", dependencies: ["News"], exclude: ["FORMAT.md"],
            swiftSettings: houseRules),
        .target(
            name: "Fetching",
            dependencies: ["News", "Markup", "Isolation", "CCurl", "CAllocator"],
            swiftSettings: houseRules),
        .target(name: "ControlAPI", dependencies: ["News"] + http, swiftSettings: houseRules),
        // Floor 3
        .target(
            name: "Ingestion",
            dependencies: [
                "News", "Markup", "Isolation", "FeedParsing", "PageExtraction", "Deduplication",
                "ArticleStore", "Fetching", "ControlAPI",
            ],
            swiftSettings: houseRules),
        // Floor 4
        .executableTarget(
            name: "tamis",
            dependencies: [
                "News", "Isolation", "FeedParsing", "PageExtraction", "Deduplication",
                "ArticleStore", "Fetching", "ControlAPI", "Ingestion",
            ] + commandLine,
            swiftSettings: houseRules),
        .executableTarget(
            name: "tamis-bench",
            dependencies: [
                "News", "Isolation", "FeedParsing", "PageExtraction", "Deduplication",
                "ArticleStore", "Fetching", "Ingestion",
            ],
            swiftSettings: houseRules),

        .target(
            name: "Promises", dependencies: ["News", "Markup", "FeedParsing", "PageExtraction"],
            path: "Tests/Fuzzing/Sources/Promises", swiftSettings: houseRules),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: houseRules),
        .testTarget(name: "TidyTests", swiftSettings: houseRules),
        .testTarget(name: "NewsTests", dependencies: ["News"], swiftSettings: houseRules),
        .testTarget(
            name: "MarkupTests", dependencies: ["Markup", "Promises"], swiftSettings: houseRules),
        .testTarget(
            name: "FeedParsingTests", dependencies: ["FeedParsing", "News", "Promises"],
            exclude: ["Fixtures"], swiftSettings: houseRules),
        .testTarget(
            name: "PageExtractionTests", dependencies: ["PageExtraction", "News", "Promises"],
            exclude: ["Fixtures"], swiftSettings: houseRules),
        .testTarget(
            name: "DeduplicationTests", dependencies: ["Deduplication", "News"],
            swiftSettings: houseRules),
        .testTarget(
            name: "CAllocatorTests", dependencies: ["CAllocator"], swiftSettings: houseRules),
        .testTarget(name: "IsolationTests", dependencies: ["Isolation"], swiftSettings: houseRules),
        .testTarget(
            name: "FetchingTests", dependencies: ["Fetching", "News", "Isolation", "TestSupport"],
            swiftSettings: houseRules),
        .testTarget(
            name: "ArticleStoreTests", dependencies: ["ArticleStore", "News", "TestSupport"],
            swiftSettings: houseRules),
        .testTarget(
            name: "ControlAPITests", dependencies: ["ControlAPI", "News"],
            swiftSettings: houseRules),
        .testTarget(
            name: "IngestionTests",
            dependencies: [
                "Ingestion", "News", "ArticleStore", "ControlAPI", "Deduplication", "FeedParsing",
                "Fetching", "Markup", "PageExtraction", "TestSupport",
            ],
            swiftSettings: houseRules),
        .testTarget(
            name: "TamisTests", dependencies: ["tamis", "News", "TestSupport"],
            swiftSettings: houseRules),
    ]
)
