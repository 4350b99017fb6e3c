// swift-tools-version: 6.2
import PackageDescription

let houseSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

// What is for programs that run a server among other services: `.package(url: …, traits: ["Service"])`.
let isService = TargetDependencyCondition.when(traits: ["Service"])
// What only smtp-probe's load generator needs; who builds another product does not even fetch it.
let isLoad = TargetDependencyCondition.when(traits: ["Load"])

// The tools' command lines. A program that uses the library leaves the trait out, and does not fetch the package:
// `.package(url: …, traits: [])`.
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser", condition: .when(traits: ["Tools"]))

let package = Package(
    name: "SMTPKit",
    products: [
        .library(name: "SMTPKit", targets: ["SMTPKit"]),
        // The protocol alone: it links neither the event loop nor OpenSSL.
        .library(name: "SMTPCore", targets: ["SMTPCore"]),
        // A server among the services of a program: its life, its log, its metrics. Empty without the trait Service.
        .library(name: "SMTPKitService", targets: ["SMTPKitService"]),
        // A server for the tests of programs that send mail.
        .library(name: "SMTPTestKit", targets: ["SMTPTestKit"]),
        .executable(name: "smtpd-lite", targets: ["smtpd-lite"]),
        .executable(name: "smtp-probe", targets: ["smtp-probe"]),
        .executable(name: "smtp-codes", targets: ["smtp-codes"]),
    ],
    traits: [
        .default(enabledTraits: ["Tools"]),
        .trait(name: "Tools", description: "smtpd-lite, smtp-probe and smtp-codes, with swift-argument-parser"),
        .trait(
            name: "Service", description: "SMTPKitService, with swift-log, swift-metrics and swift-service-lifecycle"),
        .trait(name: "Load", description: "smtp-probe load, with HdrHistogram"),
    ],
    dependencies: [
        // The event loop. SMTP is what this project exists for; readiness notification is not.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        // Options, help, completion scripts and manual pages of the three tools.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        // What servers in Swift log to, are measured by and are ended by. Only SMTPKitService links them, and without
        // its trait they are not even fetched.
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.5.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
        // Latencies of smtp-probe load: percentiles to three digits in fixed memory, in the format that the tools
        // around HdrHistogram read. It brings swift-numerics: two packages of 1.1 MiB when they are checked out.
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
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
        // Domain names beyond ASCII (IDNA 2008), by the system's libidn2.
        .systemLibrary(
            name: "CIDN2", path: "Sources/SMTPKit/CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
        // Unicode normalization for SASLprep. libidn2 loads this library anyway.
        .systemLibrary(
            name: "CUnistring", path: "Sources/SMTPKit/CUnistring", providers: [.apt(["libunistring-dev"])]),
        // A call of the C library that Swift's own module of it leaves out.
        .systemLibrary(name: "CGNUExtensions", path: "Sources/SMTPKit/CGNUExtensions"),
        // The start of programs with limits of their own, which posix_spawn cannot set.
        .target(name: "CSpawn", path: "Sources/SMTPKit/CSpawn"),
        .target(
            name: "SMTPTLS",
            dependencies: ["SMTPCore", "COpenSSL", "CUnistring"],
            path: "Sources/SMTPKit/TLS",
            swiftSettings: houseSettings
        ),
        .target(
            name: "SMTPKit",
            dependencies: [
                "CCrypt",
                "CIDN2",
                "CGNUExtensions",
                "CSpawn",
                "SMTPCore",
                "SMTPTLS",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Sources/SMTPKit/Network",
            swiftSettings: houseSettings
        ),
        // Text made fit for terminals. All three tools link it; it needs nothing but the C library.
        .target(name: "ToolSupport", path: "Sources/SMTPKit/ToolSupport", swiftSettings: houseSettings),
        // What the command lines of smtpd-lite and smtp-probe have in common.
        .target(
            name: "CommandLineSupport", dependencies: ["ToolSupport"], path: "Sources/SMTPKit/CommandLine",
            swiftSettings: houseSettings),
        .target(
            name: "SMTPKitService",
            dependencies: [
                "SMTPKit",
                .product(name: "Logging", package: "swift-log", condition: isService),
                .product(name: "Metrics", package: "swift-metrics", condition: isService),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: isService),
            ],
            swiftSettings: houseSettings
        ),
        .target(name: "SMTPTestKit", dependencies: ["SMTPKit"], swiftSettings: houseSettings),
        .executableTarget(
            name: "content-filter",
            dependencies: [
                "SMTPKit", "SMTPKitService",
                .product(name: "Logging", package: "swift-log", condition: isService),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: isService),
                .product(name: "UnixSignals", package: "swift-service-lifecycle", condition: isService),
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
        // PCRE2 of the system: regular expressions on Unicode, in a time that is bounded.
        .systemLibrary(
            name: "CPCRE2", path: "Sources/smtpd-lite/CPCRE2", pkgConfig: "libpcre2-8",
            providers: [.apt(["libpcre2-dev"])]),
        .executableTarget(
            name: "smtpd-lite",
            dependencies: [
                "CPCRE2", "CommandLineSupport", "SMTPKit",
                argumentParser,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            exclude: ["CPCRE2"],
            swiftSettings: houseSettings
        ),
        // GNU Readline of the system, which no other tool may link: it is under the GPL.
        .systemLibrary(
            name: "CReadline", path: "Sources/smtp-probe/CReadline", providers: [.apt(["libreadline-dev"])]),
        // zlib of the system: HdrHistogram's exchange format is compressed.
        .systemLibrary(
            name: "CZlib", path: "Sources/smtp-probe/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .executableTarget(
            name: "smtp-probe",
            dependencies: [
                "CReadline", "CommandLineSupport", "SMTPKit", argumentParser,
                .target(name: "CZlib", condition: isLoad),
                .product(name: "Histogram", package: "hdrhistogram-swift", condition: isLoad),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            exclude: ["CReadline", "CZlib"],
            swiftSettings: houseSettings
        ),
        // What tests share: when they run, the programs that they start, where they may write, and chance.
        .target(
            name: "ProcessSupport", dependencies: ["CGNUExtensions"], path: "Tests/ProcessSupport",
            swiftSettings: houseSettings),
        // What fuzz targets and the replay of their corpus share.
        .target(
            name: "FuzzSupport", path: "Tests/FuzzSupport", exclude: ["Corpus"], swiftSettings: houseSettings),
        // Dialogues as text files, and what takes a session through them.
        .target(
            name: "TranscriptSupport", dependencies: ["SMTPCore", "SMTPTLS"], path: "Tests/TranscriptSupport",
            swiftSettings: houseSettings),
        .testTarget(
            name: "SMTPCoreTests",
            dependencies: ["FuzzSupport", "ProcessSupport", "SMTPCore", "SMTPTLS", "TranscriptSupport"],
            exclude: ["Registry/Fixtures", "Transcripts"], swiftSettings: houseSettings),
        .testTarget(
            name: "SMTPTLSTests", dependencies: ["FuzzSupport", "ProcessSupport", "SMTPCore", "SMTPTLS", "COpenSSL"],
            swiftSettings: houseSettings),
        .testTarget(
            name: "SMTPKitTests",
            dependencies: [
                "FuzzSupport", "ProcessSupport", "SMTPKit", "SMTPTLS", "TranscriptSupport",
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: houseSettings
        ),
        // Links neither the event loop nor TLS: it has to start in about a millisecond.
        .executableTarget(
            name: "smtp-codes",
            dependencies: ["SMTPCore", "ToolSupport", argumentParser],
            swiftSettings: houseSettings
        ),
        .testTarget(
            name: "SmtpCodesTests",
            dependencies: ["ProcessSupport", "SMTPCore", "smtp-codes"],
            exclude: ["Corpus"],
            swiftSettings: houseSettings
        ),
        .testTarget(
            name: "SMTPKitServiceTests",
            dependencies: [
                "ProcessSupport", "SMTPKit", "SMTPKitService", "SMTPTestKit", "TranscriptSupport",
                .product(name: "Logging", package: "swift-log", condition: isService),
                .product(name: "MetricsTestKit", package: "swift-metrics", condition: isService),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: isService),
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
            dependencies: [
                "CommandLineSupport", "FuzzSupport", "ProcessSupport", "SMTPKit", "smtpd-lite", "TranscriptSupport",
            ],
            swiftSettings: houseSettings),
        .testTarget(
            name: "Campaigns", dependencies: ["ProcessSupport", "smtp-probe", "smtpd-lite", "TranscriptSupport"],
            path: "Tests/Campaigns",
            swiftSettings: houseSettings),
        .testTarget(
            name: "SmtpProbeTests",
            dependencies: [
                "CommandLineSupport", "FuzzSupport", "ProcessSupport", "SMTPKit", "smtp-probe", "TranscriptSupport",
                argumentParser,
            ],
            swiftSettings: houseSettings),
    ]
)
