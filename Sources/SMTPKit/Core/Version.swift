/// The version of the library and of its tools, by Semantic Versioning.
///
/// Scripts and manual pages take it from here.
public enum SMTPKitVersion {
    /// The version, such as `0.2.0`.
    public static let version = "0.1.0"
}
