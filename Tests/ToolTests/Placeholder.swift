
import Testing
