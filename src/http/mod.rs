//! One client for all that goes out: TLS, limits, retries, and credentials bound to their hosts.
