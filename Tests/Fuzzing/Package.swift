// swift-tools-version: 6.2
import PackageDescription

// Fuzzers of everything that reads bytes from outside, run by `deploy/fuzz`. A package of its own,
// because unsafe flags bar a package from being depended on and because a whole build with
// sanitizers is no part of an ordinary one. `Rooms` is a link to the sources of Tamis: what is
// `package` there is so here, and is compiled once more, with its branches counted.

let sanitizers = "-sanitize=fuzzer,address"
let watched: [SwiftSetting] = [.swiftLanguageMode(.v6), .unsafeFlags([sanitizers])]
let sources: [SwiftSetting] =
    watched + [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ]

/// Each is `Sources/fuzz-NAME`, with `Seeds/NAME` and `Dictionaries/NAME`.
let fuzzers = ["answers", "charsets", "dates", "feeds", "html", "jsonfeed", "opml", "pages"]

let package = Package(
    name: "tamis-fuzzing",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")
    ],
    targets: [
        .target(
            name: "News", dependencies: [.product(name: "Crypto", package: "swift-crypto")],
            path: "Rooms/News", resources: [.embedInCode("AddressRules.txt")],
            swiftSettings: sources),
        .target(name: "Markup", path: "Rooms/Markup", swiftSettings: sources),
        .target(
            name: "FeedParsing", dependencies: ["News", "Markup"], path: "Rooms/FeedParsing",
            swiftSettings: sources),
        .target(
            name: "PageExtraction", dependencies: ["News", "Markup"], path: "Rooms/PageExtraction",
            swiftSettings: sources),
        .target(
            name: "Promises", dependencies: ["News", "Markup", "FeedParsing", "PageExtraction"],
            swiftSettings: sources),
        .target(name: "Fuzzing", swiftSettings: sources),
    ]
        + fuzzers.map { name in
            .executableTarget(
                name: "fuzz-\(name)", dependencies: ["Fuzzing", "Promises"], swiftSettings: sources,
                linkerSettings: [.unsafeFlags(["-use-ld=lld", sanitizers])])
        }
)
