"""The hands: one file, one outside system. A hand looks and acts; it never decides."""
