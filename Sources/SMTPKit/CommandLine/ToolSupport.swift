// What needs nothing but the C library is in a module of its own, which smtp-codes links without the rest.
@_exported public import ToolSupport
