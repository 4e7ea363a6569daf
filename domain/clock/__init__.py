"""The register's own clock: what was called to mind when, so that several clocks never do it twice."""
