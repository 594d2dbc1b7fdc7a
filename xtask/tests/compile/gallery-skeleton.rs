//! Two programs, each to be rejected.

// == moved ==

// == escapes ==
