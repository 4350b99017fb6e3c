/// The version of the library and of its tools.
///
/// It follows [Semantic Versioning](https://semver.org/). The tools print it, and scripts read it from this file.
public enum SMTPKitVersion {
    /// The version of this build, such as `0.2.0`.
    public static let current = "0.2.0"
}
