"""A till that splits bills."""
