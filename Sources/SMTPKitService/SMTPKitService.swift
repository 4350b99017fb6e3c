@_exported public import SMTPKit

#if !Service
/// What stands here without the package trait `Service`, so that the compiler can say so.
@available(*, unavailable, message: "add traits: [\"Service\"] where your Package.swift names this package")
public enum LogObserver {}

/// What stands here without the package trait `Service`, so that the compiler can say so.
@available(*, unavailable, message: "add traits: [\"Service\"] where your Package.swift names this package")
public enum MetricsObserver {}
#endif
