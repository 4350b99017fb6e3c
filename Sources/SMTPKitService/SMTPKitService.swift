@_exported public import SMTPKit

#if !Service
/// A placeholder without the package trait `Service`, so that the compiler can name the trait.
@available(*, unavailable, message: "add traits: [\"Service\"] where your Package.swift names this package")
public enum LogObserver {}

/// A placeholder without the package trait `Service`, so that the compiler can name the trait.
@available(*, unavailable, message: "add traits: [\"Service\"] where your Package.swift names this package")
public enum MetricsObserver {}
#endif
