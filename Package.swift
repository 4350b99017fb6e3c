// swift-tools-version: 6.2
import PackageDescription

let houseSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "SMTPKit",
    products: [
        .library(name: "SMTPKit", targets: ["SMTPKit"]),
        .executable(name: "smtpd-lite", targets: ["smtpd-lite"]),
    ],
    dependencies: [
        // The event loop. SMTP is what this project exists for; readiness notification is not.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        // Options, help, completion scripts and manual pages of the three tools.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    ],
    targets: [
        .target(name: "SMTPCore", path: "Sources/SMTPKit/Core", swiftSettings: houseSettings),
        .target(
            name: "SMTPKit",
            dependencies: [
                "SMTPCore",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Sources/SMTPKit/Network",
            swiftSettings: houseSettings
        ),
        .executableTarget(
            name: "smtpd-lite",
            dependencies: [
                "SMTPKit",
                argumentParser,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: houseSettings
        ),
        // Dialogues as text files, and what takes a session through them.
        .target(
            name: "TranscriptSupport", dependencies: ["SMTPCore"], path: "Tests/TranscriptSupport",
            swiftSettings: houseSettings),
        .testTarget(
            name: "SMTPCoreTests", dependencies: ["SMTPCore", "TranscriptSupport"], exclude: ["Transcripts"],
            swiftSettings: houseSettings),
        .testTarget(
            name: "SMTPKitTests", dependencies: ["SMTPKit", "TranscriptSupport"], swiftSettings: houseSettings),
        .testTarget(name: "ToolTests", dependencies: ["smtpd-lite", "TranscriptSupport"], swiftSettings: houseSettings),
    ]
)
