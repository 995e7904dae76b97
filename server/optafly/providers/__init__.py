"""Those who answer: each provider streams text and then one Completion, or raises a ProviderError."""
