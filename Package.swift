// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

// Overlapping accesses are looked for in debug builds, in which all tests run. In a release the machine would look at every list,
// map and text for them, each time.
let fast = settings + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

let package = Package(
    name: "relsh",
    products: [.executable(name: "relsh", targets: ["relsh"])],
    dependencies: [
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    ],
    targets: [
        .target(name: "Lang", swiftSettings: fast),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CSQLite"),
        .target(name: "CLibEdit", linkerSettings: [.linkedLibrary("edit")]),
        .target(
            name: "Builtins",
            dependencies: [
                "CMalloc", "CSQLite", "Lang",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: fast),
        .executableTarget(name: "relsh", dependencies: ["CLibEdit", "Lang", "Builtins"], swiftSettings: settings),

        .target(
            name: "TestSupport", dependencies: ["Lang", "Builtins"], path: "Tests/Support", swiftSettings: settings),
        .testTarget(name: "LangTests", dependencies: ["Lang", "Builtins", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "BuiltinsTests",
            dependencies: [
                "Lang", "Builtins", "TestSupport", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(name: "RelshTests", dependencies: ["relsh", "Lang", "Builtins"], swiftSettings: settings),
        .testTarget(
            name: "EndToEnd",
            exclude: [
                "Support/connect-proxy.py", "Support/fault-proxy.py", "Support/gh-stand-in.py",
                "Support/moto-server.py", "Support/token-server.py", "Support/web-hook.py",
            ],
            swiftSettings: settings),
    ]
)

// libFuzzer brings the `main` of these, so that they can only be linked with its runtime, which `make fuzz` asks for.
if Context.environment["RELSH_FUZZ"] != nil {
    package.targets += ["Syntax", "Run"].map { name in
        .executableTarget(
            name: "Fuzz\(name)", dependencies: ["TestSupport"], path: "Tests/Fuzz/\(name)",
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])])
    }
}
