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
        // A server among the services of a program: its life, its log, its metrics.
        .library(name: "SMTPKitService", targets: ["SMTPKitService"]),
        // A server for the tests of programs that send mail.
        .library(name: "SMTPTestKit", targets: ["SMTPTestKit"]),
        .executable(name: "smtpd-lite", targets: ["smtpd-lite"]),
        .executable(name: "smtp-probe", targets: ["smtp-probe"]),
        .executable(name: "smtp-codes", targets: ["smtp-codes"]),
    ],
    dependencies: [
        // The event loop. SMTP is what this project exists for; readiness notification is not.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        // Options, help, completion scripts and manual pages of the three tools.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        // What servers in Swift log to, are measured by and are ended by. Only SMTPKitService links them.
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.5.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
        // The documentation, of which a build links nothing.
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
    ],
    targets: [
        .target(name: "SMTPCore", path: "Sources/SMTPKit/Core", swiftSettings: houseSettings),
        // OpenSSL 3 of the system: it carries the distribution's fixes, trust store and policy.
        .systemLibrary(
            name: "COpenSSL",
            path: "Sources/SMTPKit/COpenSSL",
            pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"])]
        ),
        // Password hashes of the system: bcrypt, SHA-512-crypt and others.
        .systemLibrary(name: "CCrypt", path: "Sources/SMTPKit/CCrypt", providers: [.apt(["libcrypt-dev"])]),
        // A call of the C library that Swift's own module of it leaves out.
        .systemLibrary(name: "CGNUExtensions", path: "Sources/SMTPKit/CGNUExtensions"),
        .target(
            name: "SMTPTLS",
            dependencies: ["SMTPCore", "COpenSSL"],
            path: "Sources/SMTPKit/TLS",
            swiftSettings: houseSettings
        ),
        .target(
            name: "SMTPKit",
            dependencies: [
                "CCrypt",
                "CGNUExtensions",
                "SMTPCore",
                "SMTPTLS",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Sources/SMTPKit/Network",
            swiftSettings: houseSettings
        ),
        // What the command lines of the tools have in common.
        .target(name: "CommandLineSupport", path: "Sources/SMTPKit/CommandLine", swiftSettings: houseSettings),
        .target(
            name: "SMTPKitService",
            dependencies: [
                "SMTPKit",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: houseSettings
        ),
        .target(name: "SMTPTestKit", dependencies: ["SMTPKit"], swiftSettings: houseSettings),
        .executableTarget(
            name: "content-filter",
            dependencies: [
                "SMTPKit", "SMTPKitService",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Examples/content-filter",
            swiftSettings: houseSettings
        ),
        // What hooks cost: no more than a server to measure.
        .executableTarget(
            name: "bench-hooks",
            dependencies: [
                "SMTPKit",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Benchmarks/hooks",
            swiftSettings: houseSettings
        ),
        .executableTarget(
            name: "lmtp-sink", dependencies: ["SMTPKit"], path: "Examples/lmtp-sink", swiftSettings: houseSettings),
        .executableTarget(
            name: "smtpd-lite",
            dependencies: [
                "CommandLineSupport", "SMTPKit",
                argumentParser,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: houseSettings
        ),
        // GNU Readline of the system, which no other tool may link: it is under the GPL.
        .systemLibrary(
            name: "CReadline", path: "Sources/smtp-probe/CReadline", providers: [.apt(["libreadline-dev"])]),
        .executableTarget(
            name: "smtp-probe",
            dependencies: ["CReadline", "CommandLineSupport", "SMTPKit", argumentParser],
            exclude: ["CReadline"],
            swiftSettings: houseSettings
        ),
        // Programs that tests run, and where they may write.
        .target(name: "ProcessSupport", path: "Tests/ProcessSupport", swiftSettings: houseSettings),
        // Dialogues as text files, and what takes a session through them.
        .target(
            name: "TranscriptSupport", dependencies: ["SMTPCore", "SMTPTLS"], path: "Tests/TranscriptSupport",
            swiftSettings: houseSettings),
        .testTarget(
            name: "SMTPCoreTests", dependencies: ["SMTPCore", "SMTPTLS", "TranscriptSupport"],
            exclude: ["Registry/Fixtures", "Transcripts"], swiftSettings: houseSettings),
        .testTarget(name: "SMTPTLSTests", dependencies: ["SMTPTLS", "COpenSSL"], swiftSettings: houseSettings),
        .testTarget(
            name: "SMTPKitTests",
            dependencies: [
                "ProcessSupport", "SMTPKit", "SMTPTLS", "TranscriptSupport",
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: houseSettings
        ),
        // Links neither the event loop nor TLS: it has to start in about a millisecond.
        .executableTarget(
            name: "smtp-codes",
            dependencies: ["SMTPCore", argumentParser],
            swiftSettings: houseSettings
        ),
        .testTarget(
            name: "SmtpCodesTests",
            dependencies: ["ProcessSupport", "SMTPCore", "smtp-codes"],
            swiftSettings: houseSettings
        ),
        .testTarget(
            name: "SMTPKitServiceTests",
            dependencies: [
                "SMTPKit", "SMTPKitService", "SMTPTestKit", "TranscriptSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: houseSettings
        ),
        .testTarget(
            name: "SMTPTestKitTests", dependencies: ["ProcessSupport", "SMTPKit", "SMTPTestKit", "TranscriptSupport"],
            swiftSettings: houseSettings),
        .testTarget(
            name: "ExampleTests",
            dependencies: [
                "ProcessSupport", "TranscriptSupport", "bench-hooks", "content-filter", "lmtp-sink", "smtpd-lite",
            ],
            swiftSettings: houseSettings),
        .testTarget(
            name: "ToolTests",
            dependencies: ["CommandLineSupport", "ProcessSupport", "SMTPKit", "smtpd-lite", "TranscriptSupport"],
            swiftSettings: houseSettings),
        .testTarget(
            name: "SmtpProbeTests",
            dependencies: [
                "CommandLineSupport", "ProcessSupport", "SMTPKit", "smtp-probe", "TranscriptSupport", argumentParser,
            ],
            swiftSettings: houseSettings),
    ]
)
