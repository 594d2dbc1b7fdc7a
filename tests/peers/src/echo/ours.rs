//! The echo server on stage 04.
