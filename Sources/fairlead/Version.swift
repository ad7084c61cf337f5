import FairleadPublication

/// What this build calls itself.
enum Version {
    static let text = "0.1.0"
    static let controlProtocol = 1
    #if DEBUG
        static let build = "debug build"
    #else
        static let build = "release build"
    #endif
    static let identity = SoftwareIdentity(version: text, build: build)
}
