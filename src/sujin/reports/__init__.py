"""Windows out: bulletins and returns, each a template over the metric catalogue. Empty for now."""
